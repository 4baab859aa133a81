"""What an answer of Prometheus' instant query means. Pure: empty is not zero, and not ok."""

from __future__ import annotations

from urllib.parse import quote

from deploytui.base.text import quoted
from deploytui.base.units import parse_number
from deploytui.probes.answer import Answer
from deploytui.probes.probe import Told
from deploytui.probes.variable import Filled, Secret

_NOT_ITS = Told(error="the answer is not one of Prometheus")
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


def told_by(answer: Answer) -> Told:
    """The one number of the answer, or why there is none. Prometheus' own error texts are not shown."""
    if answer.status in (401, 403):
        return Told(error=f"answered {answer.status}: the token is missing or not accepted")
    if answer.status is None or 300 <= answer.status < 400:
        return Told(error=answer.words)
    try:
        body = answer.json()
    except ValueError:
        return _NOT_ITS if answer.is_good else Told(error=answer.words)
    match body:
        case {"status": "error"}:
            words = _REFUSED.get(str(body.get("errorType")), "Prometheus refused the query")
            return Told(error=f"{words} (answered {answer.status})")
        case dict() if not answer.is_good:
            return Told(error=answer.words)
        case dict() if body.get("warnings"):
            return Told(error="the answer is partial: Prometheus warns that it did not see everything")
        case {"status": "success", "data": {"resultType": str(kind), "result": result}}:
            return Told(error=_NO_NUMBER[kind]) if kind in _NO_NUMBER else _result(kind, result)
        case _:
            return _NOT_ITS


def _result(kind: str, result: object) -> Told:
    match kind, result:
        case "scalar", _:
            return _number(result)
        case "vector", []:
            return Told(error="empty result: no series matches the query")
        case "vector", [{"value": pair}]:
            return _number(pair)
        case "vector", [_]:
            return Told(error="the query answers a histogram, not a number")
        case "vector", [*series]:
            words = "narrow the query to one, or put sum() or max() around it"
            return Told(error=f"{len(series)} series match: {words}")
        case _:
            return _NOT_ITS


def _number(pair: object) -> Told:
    match pair:
        case [_, str(text)]:
            try:
                return Told(parse_number(text))
            except ValueError:
                return Told(error=f"the value {quoted(text)} is not a number")
    return _NOT_ITS
