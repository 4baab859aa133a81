"""What one HTTP answer, or the lack of one, means to each measure. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, field

from deploytui.base.text import quoted
from deploytui.base.units import is_whole_number, parse_number
from deploytui.metrics.board import Sample
from deploytui.plan.source import HttpSource


class Answer(Struct, frozen=True):
    """`status` is None where there was no answer; `fault` then says why, in our own words. Of an answer that is a
    redirect it says why it was not followed.

    `is_counted` tells a request that the target did not serve (refused, reset, timed out: a value for `up` and
    `error_rate`) from one that could not be put at all (no such host, no route), which says nothing of it.
    Header names are in lower case; `body` is its beginning only.
    """

    took_s: float
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


def sample_of(source: HttpSource, unit: str, answer: Answer, at: datetime, mono_s: float) -> Sample:
    """The gauge's sample. A quick error page is no response time: latencies and contents count good answers only."""
    measure = source.measure
    if measure == "status":
        return Sample(at, mono_s, answer.status, error=answer.words)
    if measure in ("up", "error_rate"):
        is_one = answer.is_good if measure == "up" else not answer.is_good
        value = float(is_one) if answer.is_counted else None
        return Sample(at, mono_s, value, error=answer.words)
    if not answer.is_good:
        return Sample(at, mono_s, None, error=answer.words)
    match measure:
        case "header":
            found = _header(answer, source.path)
        case "field":
            found = _field(answer.body, source.path)
        case "body":
            found = float(source.path.encode() in answer.body)
        case _:
            found = answer.took_s if unit == "s" else math.ceil(answer.took_s * 10_000) / 10
    return Sample(at, mono_s, None, error=found) if isinstance(found, str) else Sample(at, mono_s, found)


def _header(answer: Answer, name: str) -> float | str:
    text = answer.headers.get(name.lower())
    if text is None:
        return f"the answer has no header {quoted(name)}"
    return _number(text, f"the header {quoted(name)}")


def _field(body: bytes, path: str) -> float | str:
    """The number at a dotted path (`db.pools.0.free`) of a JSON body; true is 1 and false is 0."""
    try:
        node = json.loads(body)
    except (ValueError, RecursionError):
        return "the body is not JSON, or longer than 64 KiB"
    for part in path.split("."):
        if isinstance(node, dict) and part in node:
            node = node[part]
        elif isinstance(node, list) and is_whole_number(part) and int(part) < len(node):
            node = node[int(part)]
        else:
            return f"the body has no field {quoted(path)}"
    return _number(node, f"the field {quoted(path)}")


def _number(found: object, what: str) -> float | str:
    if not isinstance(found, str | int | float):
        return f"{what} is not a number"
    try:
        return parse_number(found) if isinstance(found, str) else float(found)
    except (ValueError, OverflowError):
        return f"{what} is not a number"
