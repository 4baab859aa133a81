"""Limits as gauges state them, and those that stand in the text of an item."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploytui.plan.limit import limit_in_text, parse_limit
from deploytui.plan.model import Limit


@pytest.mark.parametrize(
    ("text", "metric", "op", "value", "unit"),
    [
        ("Response times < 500ms", "Response times", "<", 500, "ms"),
        ("CPU usage normal (< 50%)", "CPU usage normal", "<", 50, "%"),
        ("Uptime > 99.9%", "Uptime", ">", 99.9, "%"),
        ("User satisfaction > 4.0/5", "User satisfaction", ">", 4.0, "/5"),
        ("System unavailable > 15 minutes", "System unavailable", ">", 15, "minutes"),
        ("Error rate < 0.1%", "Error rate", "<", 0.1, "%"),
        ("Trust score ≥ 80", "Trust score", ">=", 80, ""),
        ("Latency ≤ 2 s", "Latency", "<=", 2, "s"),
        ("p95 <= 1,500 ms", "p95", "<=", 1500, "ms"),
        ("Fehlerrate < 0,5 %", "Fehlerrate", "<", 0.5, "%"),
        ("Response time (p95): < 2s", "Response time (p95)", "<", 2, "s"),
        ("Throughput > 10 MB/s", "Throughput", ">", 10, "MB/s"),
        ("内存占用（< 50MB）", "内存占用", "<", 50, "MB"),
        ("启动 < 30 秒", "启动", "<", 30, "秒"),
        ("Error rate (5xx < 1%)", "Error rate 5xx", "<", 1, "%"),
        ("Error rate < 1% with the new version", "Error rate", "<", 1, "%"),
        ("< 500ms response times", "response times", "<", 500, "ms"),
        ("Performance degradation > 50%", "Performance degradation", ">", 50, "%"),
    ],
)
def test_reads_the_limit_of_a_text(text: str, metric: str, op: str, value: float, unit: str) -> None:
    assert limit_in_text(text) == Limit(op, value, unit, metric)


@pytest.mark.parametrize(
    "text",
    [
        "100%",
        "T-30",
        "T-30 Visual polish",
        "Load testing passed (50+ users)",
        "Node.js runtime installed (v16+ or v18+)",
        "A -> 5 B",
        "A => 5 B",
        "shift << 3",
        "<b>bold</b>",
        "FLAG=1 set",
        "Merge <branch> into main",
        "Step 10: Monitor application logs",
        "CPU < 1_0",
        "CPU < ١٢",
        "CPU < 1٢",
        "",
    ],
)
def test_sees_no_limit_where_there_is_none(text: str) -> None:
    assert limit_in_text(text) is None


@pytest.mark.parametrize(
    "text", ["<" * 2000, "< 1" * 600, "(" * 1000 + "< 5", "< " + "9" * 1990, "≥" + " " * 1990]
)
def test_hostile_texts_stay_quick(text: str) -> None:
    start = time.perf_counter()
    limit_in_text(text)
    assert time.perf_counter() - start < 0.1


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    limit = limit_in_text(text)
    assert limit is None or limit.op in ("<", "<=", ">", ">=")


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("< 0.1", Limit("<", 0.1)),
        ("<=5", Limit("<=", 5)),
        (" >= -3.5 ", Limit(">=", -3.5)),
        ("= 0", Limit("=", 0)),
        ("!= 1e3", Limit("!=", 1000)),
    ],
)
def test_reads_a_stated_limit(text: str, limit: Limit) -> None:
    assert parse_limit(text) == limit


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "<",
        "< x",
        "< nan",
        "< inf",
        "< 1e999",
        "== 3",
        "=> 3",
        "< 5%",
        "< " + "9" * 400,
        "< 1_0",
        "< ١٢",
        "< 1e٢",
    ],
)
def test_refuses_what_is_no_limit(text: str) -> None:
    with pytest.raises(ValueError, match="a limit such as"):
        parse_limit(text)
