"""What one HTTP answer, or the lack of one, means to each measure; and as a person may read it: cleaned, bounded, and
without what was sent as a secret. Pure."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from msgspec import Struct, field

from deploytui.base.mask import LEAST_SECRET, encoded
from deploytui.base.text import clean_block, quoted
from deploytui.base.units import is_whole_number, parse_number
from deploytui.plan.source import HttpSource
from deploytui.probes.probe import Told
from deploytui.probes.variable import MASK, Address, Secret

MOST_SHOWN = 2000  # characters


class Answer(Struct, frozen=True):
    """`status` is None where there was no answer; `fault` then says why, in our own words. Of an answer that is a
    redirect it says why it was not followed.

    `is_counted` tells a request that the target did not serve (refused, reset, timed out: a value for `up` and
    `error_rate`) from one that could not be put at all (no such host, no route), which says nothing of it.
    Header names are in lower case; `body` is its beginning only; `took_s` counts for good ones.
    """

    took_s: float = 0.0
    status: int | None = None
    fault: str = ""
    is_counted: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def words(self) -> str:
        """Why the answer is no good one; empty when it is."""
        if self.status is None:
            return self.fault
        if 300 <= self.status < 400:
            return f"answered {self.status}, {self.fault or 'a redirect, not followed'}"
        return "" if self.is_good else f"answered {self.status}"

    def json(self) -> Any:
        """The body read as JSON. Raises ValueError where it is none."""
        try:
            return json.loads(self.body)
        except RecursionError:
            raise ValueError from None


def told_by(source: HttpSource, unit: str, answer: Answer) -> Told:
    """What the gauge says. A quick error page is no response time: latencies and contents count good answers only."""
    match source.measure:
        case "status":
            return Told(answer.status, answer.words)
        case "up":
            return Told(float(answer.is_good) if answer.is_counted else None, answer.words)
        case "error_rate":
            return Told(float(not answer.is_good) if answer.is_counted else None, answer.words)
    if not answer.is_good:
        return Told(error=answer.words)
    match source.measure:
        case "header":
            what = f"the header {quoted(source.path)}"
            text = answer.headers.get(source.path.lower())
            return Told(error=f"the answer has no {what[4:]}") if text is None else _number(text, what)
        case "field":
            return _field(answer, source.path)
        case "body":
            return Told(float(source.path.encode() in answer.body))
        case _:
            return Told(answer.took_s if unit == "s" else math.ceil(answer.took_s * 10_000) / 10)


def _field(answer: Answer, path: str) -> Told:
    """The number at a dotted path (`db.pools.0.free`) of a JSON body; true is 1 and false is 0."""
    try:
        node = answer.json()
    except ValueError:
        return Told(error="the body is not JSON, or longer than 64 KiB")
    for part in path.split("."):
        if isinstance(node, dict) and part in node:
            node = node[part]
        elif isinstance(node, list) and is_whole_number(part) and int(part) < len(node):
            node = node[int(part)]
        else:
            return Told(error=f"the body has no field {quoted(path)}")
    return _number(node, f"the field {quoted(path)}")


def _number(found: object, what: str) -> Told:
    try:
        if isinstance(found, str | int | float):
            return Told(parse_number(found) if isinstance(found, str) else float(found))
    except (ValueError, OverflowError):
        pass
    return Told(error=f"{what} is not a number")


def sent_secrets(address: Address, token: Secret | None, proxy: Address | None = None) -> tuple[Secret, ...]:
    """What the target or its proxy is told and nobody else should read: the token, the logins, and the values behind the
    question mark, which the program never shows either. A Prometheus query is no secret."""
    logins = [one.login.reveal() for one in (address, proxy) if one is not None and one.login is not None]
    _, _, query = address.target.reveal().partition("?")
    texts = [token.reveal() if token is not None else "", *logins]
    texts += [login.partition(":")[2] for login in logins]
    texts += [value for name, value in parse_qsl(query) if name != "query"]
    return tuple(Secret(text) for text in texts if text)


def http_text(answer: Answer, secrets: Iterable[Secret]) -> str:
    """Its status and the beginning of its body, or what went wrong."""
    if answer.status is None:
        return answer.fault
    head = f"status {answer.status}, {len(answer.body)} bytes read"
    body = body_text(answer.body, secrets)
    return f"{head}\n{body}" if body else head


def body_text(body: bytes, secrets: Iterable[Secret] = ()) -> str:
    """The beginning of a body. A secret that was sent may come back in it, also encoded."""
    text = body.decode("utf-8", "replace")
    for secret in secrets:
        if len(plain := secret.reveal()) >= LEAST_SECRET:
            forms = sorted({plain, *encoded(plain)}, key=len, reverse=True)
            text = re.sub("|".join(map(re.escape, forms)), MASK, text, flags=re.IGNORECASE)
    text = text.strip()
    cut = f" … {len(text) - MOST_SHOWN} more characters" if len(text) > MOST_SHOWN else ""
    return clean_block(text[:MOST_SHOWN]) + cut
