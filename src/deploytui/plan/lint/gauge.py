"""Gauges that cannot do what they are for: samples that never come together, and secrets that stand in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import assert_never
from urllib.parse import parse_qsl, urlsplit

from deploytui.base.units import write_duration
from deploytui.plan.lint.subject import ERROR, WARNING, Hit, Subject, rule
from deploytui.plan.model import GaugeSpec, followed
from deploytui.plan.source import CommandSource, LocalSource, PortSource, Source, WebSource

_VARIABLE = re.compile(r"\$\{[^{}]*\}")
_SECRET_NAME = re.compile(
    r"(?:.*[-_])?(?:token|secret|password|passwd|pwd|passphrase|credentials?|api[-_]?key|access[-_]?key|private[-_]?key|auth)"
    r"|key|sig|signature",
    re.I,
)
_OPTION = re.compile(r"--?([\w-]+)(?:=(.*))?", re.S)
_HEADER = re.compile(
    r"(?:proxy-)?authorization:\s*\S+\s+(\S+)|(?:x-api-key|private-token|x-auth-token):\s*(\S+)", re.I
)


@rule(
    "samples-unreachable",
    WARNING,
    "the limit is never entered: what it should say is never said, however bad or good it gets",
    "ask for fewer answers, ask more often, or count over a longer time",
)
def _too_few(subject: Subject) -> Iterator[Hit]:
    for spec in subject.plan.gauges:
        measured = _measured(subject, spec)
        if measured is None or not measured.source.window_s or (spec is not measured and spec.is_relative):
            continue
        most = -(-measured.source.window_s // measured.every_s)
        for name, band in (("ok", spec.ok), ("breach", spec.breach)):
            if band is None or band.samples <= most:
                continue
            over = write_duration(measured.source.window_s)
            message = (
                f"the gauge {spec.id} is {name} only after {band.samples} answers within {over}, and asks every"
                f" {write_duration(measured.every_s)}: {most} is the most there can be, so it never is"
            )
            yield Hit(spec.line, message, spec.id, _reachable(measured, band.samples, most))


def _reachable(measured: GaugeSpec, samples: int, most: int) -> str:
    """What would do: fewer answers, asking more often, or a longer window."""
    every_s, over_s = measured.source.window_s // samples, samples * measured.every_s
    often = f"every: {write_duration(every_s)}, " if every_s else ""
    return f"samples: {most} or fewer; or {often}over: {write_duration(over_s)} in {measured.id}"


def _measured(subject: Subject, spec: GaugeSpec) -> GaugeSpec | None:
    """The gauge that asks: itself, or the one that it looks at. None where it leads to nothing, or round in a circle."""
    *between, last = followed(spec, subject.gauges)
    # A comparison rests on answers, not on a window.
    return None if last.looks_at or any(one.is_relative for one in between) else last


@rule(
    "literal-secret",
    ERROR,
    "everybody who has the file has the secret, and so has every copy and every commit of it",
    "token_env or token_file, or a variable with env and secret",
)
def _literal_secret(subject: Subject) -> Iterator[Hit]:
    for spec in subject.plan.gauges:
        if what := _in_source(spec.source):
            yield Hit(spec.line, f"the gauge {spec.id} has {what} in the checklist itself", spec.id)
    for variable in subject.plan.variables:
        if variable.is_secret and variable.value:
            message = f"the variable {variable.name} is secret, and its value stands in the checklist"
            yield Hit(variable.line, message, None)
    for box in subject.boxes:
        if box.item.run is not None and (what := _in_command(box.item.run.argv)):
            yield Hit(box.item.line, f'"{box.item.text}" has {what} in the checklist itself', box.item.id)


def _in_source(source: Source) -> str:
    match source:
        case WebSource():
            return _in_url(source.address) or _in_url(source.proxy)
        case PortSource():
            return _in_url(source.address)
        case CommandSource():
            return _in_command(source.command)
        case LocalSource():
            return ""
        case _:
            assert_never(source)


def _in_url(text: str) -> str:
    """What kind of secret a URL holds as plain text; "" for none."""
    if "://" not in text:
        return ""
    place, _, query = _VARIABLE.sub("$", text).partition("?")
    try:
        login = urlsplit(place).netloc.rpartition("@")[0]
    except ValueError:
        return ""
    name, _, password = login.partition(":")
    if password.strip("$") or (name and "$" not in login):
        return "a login"
    named = (key for key, value in parse_qsl(query) if value.strip("$") and _SECRET_NAME.fullmatch(key))
    return next((f"a value for {key}" for key in named), "")


def _in_command(argv: Sequence[str]) -> str:
    plain = [_VARIABLE.sub("$", word) for word in argv]
    for place, word in enumerate(plain):
        if what := _in_url(argv[place]):
            return what
        header = _HEADER.search(word)
        if header is not None and (header[1] or header[2]).strip("$\"'"):
            return "an access token"
        option = _OPTION.fullmatch(word)
        if option is None or not _SECRET_NAME.fullmatch(option[1]) or option[1] in ("key", "sig"):
            continue
        value = option[2] if option[2] is not None else next(iter(plain[place + 1 :]), "-")
        if value.strip("$") and not value.startswith("-"):
            return f"a value for --{option[1]}"
    return ""
