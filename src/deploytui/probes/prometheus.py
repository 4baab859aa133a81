"""What an answer of Prometheus' instant query means. Pure: empty is not zero, and not ok."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import quote

from deploytui.base.text import quoted
from deploytui.base.units import parse_number
from deploytui.metrics.board import Sample
from deploytui.probes.answer import Answer
from deploytui.probes.variable import Filled, Secret

_NOT_ITS = "the answer is not one of Prometheus"
_REFUSED = {
    "bad_data": "Prometheus cannot read the query",
    "timeout": "the query took Prometheus too long",
    "canceled": "Prometheus gave the query up",
    "execution": "Prometheus cannot evaluate the query",
    "unavailable": "Prometheus is not ready",
    "internal": "Prometheus failed inside",
    "not_found": "Prometheus does not know what was asked",
}
_NO_NUMBER = {
    "string": "the query answers a text, not a number",
    "matrix": "the query answers a range of values, not one: leave the [range] out or put a function around it",
}


def query_url(base: Filled, query: Filled) -> Filled:
    """The address of the instant query below a server's base address."""
    url = f"{base.text.reveal().strip().rstrip('/')}/api/v1/query?query="
    text = Secret(url + quote(query.text.reveal(), safe=""))
    return Filled(text, f"{base.shown.strip().rstrip('/')}/api/v1/query?query={quote(query.shown, safe='')}")


def sample_of(answer: Answer, at: datetime, mono_s: float) -> Sample:
    """The one number of the answer, or why there is none. Prometheus' own error texts are not shown."""
    found = answer.fault if answer.status is None else _value(answer)
    return Sample(at, mono_s, None, error=found) if isinstance(found, str) else Sample(at, mono_s, found)


def _value(answer: Answer) -> float | str:
    if answer.status in (401, 403):
        return f"answered {answer.status}: the token is missing or not accepted"
    if answer.status is not None and 300 <= answer.status < 400:
        return answer.words
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError):
        return _NOT_ITS if answer.is_good else answer.words
    if not isinstance(body, dict):
        return _NOT_ITS
    if body.get("status") == "error":
        words = _REFUSED.get(str(body.get("errorType")), "Prometheus refused the query")
        return f"{words} (answered {answer.status})"
    if not answer.is_good:
        return answer.words
    if body.get("warnings"):
        return "the answer is partial: Prometheus warns that it did not see everything"
    data = body.get("data")
    return _result(data) if body.get("status") == "success" and isinstance(data, dict) else _NOT_ITS


def _result(data: dict[str, Any]) -> float | str:
    kind, result = data.get("resultType"), data.get("result")
    if kind in _NO_NUMBER:
        return _NO_NUMBER[kind]
    if not isinstance(result, list):
        return _NOT_ITS
    if kind == "scalar":
        return _number(result)
    if kind != "vector":
        return _NOT_ITS
    if not result:
        return "empty result: no series matches the query"
    if len(result) > 1:
        return f"{len(result)} series match: narrow the query to one, or put sum() or max() around it"
    series = result[0]
    if not isinstance(series, dict) or "value" not in series:
        return "the query answers a histogram, not a number"
    return _number(series["value"])


def _number(pair: object) -> float | str:
    if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[1], str):
        return _NOT_ITS
    try:
        return parse_number(pair[1])
    except ValueError:
        return f"the value {quoted(pair[1])} is not a number"
