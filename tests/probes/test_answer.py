"""What an answer means to each measure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploytui.base.text import clean_line
from deploytui.plan.source import HttpSource
from deploytui.probes.answer import Answer, told_by

GOOD = Answer(0.212, 200, headers={"x-queue": "12"}, body=b'{"db": {"pools": [{"free": 7}], "is_up": true}}')
REFUSED = Answer(0.001, fault="connection refused")
UNKNOWN = Answer(0.001, fault="no such host", is_counted=False)


@pytest.mark.parametrize(
    ("measure", "path", "answer", "value"),
    [
        ("up", "", GOOD, 1),
        ("up", "", Answer(0.1, 503), 0),
        ("up", "", Answer(0.1, 302), 0),
        ("up", "", REFUSED, 0),
        ("up", "", UNKNOWN, None),
        ("error_rate", "", GOOD, 0),
        ("error_rate", "", Answer(0.1, 404), 1),
        ("error_rate", "", REFUSED, 1),
        ("error_rate", "", UNKNOWN, None),
        ("status", "", Answer(0.1, 503), 503),
        ("status", "", REFUSED, None),
        ("latency", "", GOOD, 212),
        ("p95", "", GOOD, 212),
        ("latency", "", Answer(0.1, 503), None),
        ("latency", "", REFUSED, None),
        ("header", "X-Queue", GOOD, 12),
        ("header", "X-Other", GOOD, None),
        ("field", "db.pools.0.free", GOOD, 7),
        ("field", "db.is_up", GOOD, 1),
        ("field", "db.pools", GOOD, None),
        ("field", "db.pools.9.free", GOOD, None),
        ("field", "db.nope", GOOD, None),
        ("field", "a", Answer(0.1, 200, body=b"not json"), None),
        ("field", "a", Answer(0.1, 200, body=b"[" * 60_000), None),
        ("field", "a", Answer(0.1, 200, body=b'{"a": 1' + b"0" * 400 + b"}"), None),
        ("header", "X-Queue", Answer(0.1, 200, headers={"x-queue": "1_0"}), None),
        ("field", "a", Answer(0.1, 200, body=b'{"a": "1_0"}'), None),
        ("field", "a", Answer(0.1, 200, body='{"a": "١٢"}'.encode()), None),
        ("field", "a.١", Answer(0.1, 200, body=b'{"a": [5, 6]}'), None),
        ("body", "is_up", GOOD, 1),
        ("body", "is_down", GOOD, 0),
        ("body", "is_up", REFUSED, None),
    ],
)
def test_value_of_an_answer(measure: str, path: str, answer: Answer, value: float | None) -> None:
    seen = told_by(HttpSource("", measure, path=path), "ms", answer)
    assert seen.value == value
    assert seen.error or value is not None


def test_latency_in_the_gauges_unit() -> None:
    assert told_by(HttpSource("", "latency"), "s", GOOD).value == 0.212
    assert told_by(HttpSource("", "latency"), "ms", Answer(0.00001, 200)).value == 0.1


@given(st.binary(max_size=200), st.text(max_size=20))
def test_a_hostile_body_never_raises_and_never_speaks(body: bytes, path: str) -> None:
    answer = Answer(0.1, 200, headers={"x": body.decode("latin-1")}, body=body)
    for measure, where in (("field", path), ("body", path), ("header", "x")):
        seen = told_by(HttpSource("", measure, path=where), "", answer)
        assert seen.error == clean_line(seen.error)
