"""Gauges with their sources and bands, and the planned stops that name their targets."""

from __future__ import annotations

import re
from collections.abc import Callable

from deploytui.base.text import clean_line
from deploytui.plan.key import ADDRESS, HOST, HOST_PARTS, MAX_COMMAND, MEASURES, PROXY, SOURCE_KINDS, URL
from deploytui.plan.limit import parse_limit
from deploytui.plan.model import Band, GaugeSpec, PlannedStop, Source
from deploytui.plan.node import Mapping, Node, Scalar, Sequence
from deploytui.plan.part.context import Context
from deploytui.plan.part.field import Fields, fields, table, word
from deploytui.plan.part.item import GAUGE, ITEM, read_argv
from deploytui.plan.part.report import Report, describe

_URL = re.compile(r"(https?://|\$\{)\S+")
_PROXY = re.compile(r"(http://|\$\{)\S+")
_HOST = re.compile(r"[^\s/:@\[\]]+|[0-9A-Fa-f:.]+")
_ADDRESS = re.compile(r"\S+:[0-9]{1,5}")
# Which keys go with which kind; anything else beside it is a misunderstanding worth a message.
_BESIDE: dict[str, frozenset[str]] = {
    "host": frozenset({"path"}),
    "http": frozenset({"measure", "over", "path", "token_env", "token_file", "redirects", "proxy"}),
    "prometheus": frozenset({"query", "token_env", "token_file", "redirects", "proxy"}),
    "command": frozenset({"read"}),
}
_NEEDS_PATH = ("header", "field", "body")


def build_gauges(context: Context, node: Node | None) -> tuple[GaugeSpec, ...]:
    if node is None:
        return ()
    built = []
    for name, value in table(context.report, node, "gauges"):
        gauge_id = context.ids.claim(name)
        gauge = _build_gauge(context, gauge_id or "gauges", value)
        if gauge is not None:
            built.append(gauge)
    return tuple(built)


def _build_gauge(context: Context, gauge_id: str, node: Node) -> GaugeSpec | None:
    found = fields(context.report, node, "gauge", gauge_id)
    if found is None:
        return None
    unit = found.line_text("unit") or ""
    return GaugeSpec(
        id=gauge_id,
        title=found.line_text("title") or gauge_id,
        source=_build_source(context, found.get("source")),
        target=found.line_text("target") or "",
        unit=unit,
        every_s=_at_least_a_second(found, "every", 5),
        timeout_s=_at_least_a_second(found, "timeout", 3),
        ok=_build_band(found, "ok", unit),
        breach=_build_band(found, "breach", unit),
        is_relative=found.choice("relative", ("baseline",), "") == "baseline",
        host=found.line_text("host") or "",
        line=found.line,
    )


def _at_least_a_second(found: Fields, key: str, default: int) -> int:
    seconds = found.optional_duration(key)
    if seconds == 0:
        found.report.add(found.get(key) or found.node, "no time at all", "1s or more", key=key)
    return seconds or default


def _build_band(found: Fields, key: str, unit: str) -> Band | None:
    node = found.get(key)
    if node is None:
        return None
    if not isinstance(node, Mapping):
        limit = found.word(key, lambda text: parse_limit(text, unit))
        return None if limit is None else Band(limit)
    inner = fields(found.report, node, "band", key)
    limit = None if inner is None else inner.word("limit", lambda text: parse_limit(text, unit))
    if inner is None or limit is None:
        return None
    return Band(limit, inner.duration("for"), inner.count("times", 1), inner.count("samples", 0))


def _build_source(context: Context, node: Node | None) -> Source:
    found = None if node is None else fields(context.report, node, "source", "source")
    if found is None:
        return Source("")
    report = context.report
    kinds = [kind for kind in SOURCE_KINDS if found.has(kind)]
    if len(kinds) != 1:
        stated = " and ".join(kinds) or "no kind of source"
        report.add(found.node, stated, f"exactly one of {', '.join(SOURCE_KINDS)}", key="source")
        return Source("")
    kind = kinds[0]
    _refuse_strangers(found, kind)
    measure = found.choice("measure", MEASURES, "")
    if kind == "http" and not found.has("measure"):
        report.add(found.node, "an http source without measure", " or ".join(MEASURES), key="measure")
    if measure in _NEEDS_PATH and not found.has("path"):
        report.add(found.node, f"measure {measure} without path", "the name or text to look for", key="path")
    if kind == "prometheus" and not found.has("query"):
        report.add(found.node, "a prometheus source without query", 'the key "query"', key="query")
    return Source(
        kind=kind,
        address=_address(context, found, kind),
        measure=measure,
        over_s=found.duration("over"),
        path=found.line_text("path") or "",
        query=found.block_text("query") or "",
        command=read_argv(report, found, "command"),
        read=found.choice("read", ("number", "exit"), "number"),
        token_env=found.line_text("token_env") or "",
        token_file=found.line_text("token_file") or "",
        has_redirects=not _is_none(found.get("redirects")),
        redirect_hosts=_redirect_hosts(found),
        proxy=found.word("proxy", _matching(_PROXY, PROXY.expected)) or "",
        values=found.lines("scripted"),
        line=found.line,
    )


def _refuse_strangers(found: Fields, kind: str) -> None:
    allowed = _BESIDE.get(kind, frozenset()) | {kind}
    for name, value in found.node.entries:
        if found.has(name.text) and name.text not in allowed:
            others = ", ".join(sorted(allowed - {kind})) or "nothing"
            found.report.add(value, f"{name.text} beside {kind}", f"beside {kind}: {others}", key=name.text)


def _is_none(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.text.strip() == "none"


def _redirect_hosts(found: Fields) -> tuple[str, ...]:
    node = found.get("redirects")
    if node is None or _is_none(node):
        return ()
    if isinstance(node, Scalar):
        found.report.add(node, describe(node), "none, or a list of hosts", key="redirects")
        return ()
    read = _matching(_HOST, HOST.expected)
    hosts = (
        word(found.report, each, read, HOST.expected, "redirects") for each in found.list_of("redirects")
    )
    return tuple(host for host in hosts if host is not None)


def _address(context: Context, found: Fields, kind: str) -> str:
    if kind == "host":
        return found.choice("host", HOST_PARTS, "")
    if kind == "gauge":
        return context.references.want(found.get("gauge"), "gauge", GAUGE) or ""
    if kind in ("http", "prometheus"):
        return found.word(kind, _matching(_URL, URL.expected)) or ""
    if kind in ("tls", "tcp"):
        return found.word(kind, _matching(_ADDRESS, ADDRESS.expected)) or ""
    return ""


def _matching(pattern: re.Pattern[str], expected: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        text = text.strip()
        fits = pattern.fullmatch(text) or ("${" in text and pattern is _ADDRESS)
        if not fits or len(text) > MAX_COMMAND or clean_line(text) != text:
            raise ValueError(expected)
        return text

    return read


def build_planned_stops(
    context: Context, node: Node | None, targets: frozenset[str]
) -> tuple[PlannedStop, ...]:
    """One mapping or a list of them."""
    if node is None:
        return ()
    nodes = node.items if isinstance(node, Sequence) else [node]
    built = (_build_planned_stop(context, inner, targets) for inner in nodes)
    return tuple(stop for stop in built if stop is not None)


def _build_planned_stop(context: Context, node: Node, targets: frozenset[str]) -> PlannedStop | None:
    found = fields(context.report, node, "planned_stop", "planned_stop")
    if found is None:
        return None
    named = found.lines("targets")
    _check_targets(context.report, found, named, targets)
    return PlannedStop(
        from_item=context.references.want(found.get("from"), "from", ITEM) or "",
        to_item=context.references.want(found.get("to"), "to", ITEM) or "",
        max_s=_at_least_a_second(found, "max", 0),
        settle_s=found.duration("settle", 180),
        targets=named,
    )


def _check_targets(report: Report, found: Fields, named: tuple[str, ...], targets: frozenset[str]) -> None:
    for node, name in zip(found.list_of("targets") if named else (), named, strict=False):
        if name not in targets:
            report.add_unknown(node, name, "the target of a gauge", targets, key="targets")
