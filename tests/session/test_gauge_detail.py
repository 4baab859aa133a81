"""The page of a gauge: nothing left out, gaps by their times, and only those tiers of the past that say more."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from deploytui.journal.state import Baseline
from deploytui.metrics.board import Asked, Board, Level, Reading
from deploytui.metrics.history import DAY, HOUR, History
from deploytui.plan.model import Band, Condition, GaugeSpec, Item, Limit
from deploytui.plan.source import (
    CommandSource,
    GaugeSource,
    HostSource,
    HttpSource,
    PrometheusSource,
    TlsSource,
)
from deploytui.session.gauge_detail import GaugePage, gauge_page
from deploytui.session.session import Session
from tests.session.fake import GO_LIVE, opened, small_plan

ERRORS = GaugeSpec(
    "errors", "Error rate", HttpSource("${app}/health", "error_rate", over_s=300), "app", "%", every_s=5,
    timeout_s=3, ok=Band(Limit("<", 0.1), 60), breach=Band(Limit(">", 5), 300, samples=100),
)  # fmt: skip
SLOWER = GaugeSpec("slower", "Degradation", GaugeSource("latency"), "app", "%", is_relative=True)
LATENCY = GaugeSpec("latency", "Response time", HttpSource("${app}/health", "p95"), "app", "ms")
NOW = GO_LIVE + timedelta(hours=2)
READING = Reading("errors", "Error rate", "app", "%", Level.WATCH, "0.42 % (2 of 476), ok is < 0.1", 0.42, 1.0, 37,
                  2, 476, "< 0.1", "> 5", 0.1, 5.0)  # fmt: skip


def session() -> Session:
    plan = small_plan()
    rollback = replace(plan.rollback, triggers=(Item("rb.e", "Error rate > 5%", when=Condition("errors")),))
    plan = replace(plan, gauges=(ERRORS, SLOWER, LATENCY), rollback=rollback)
    found, _ = opened(GO_LIVE, plan)
    found.board = Board((READING,))
    return found


def history(gauge: str = "errors", *stretches: tuple[int, int]) -> History:
    """Measured every ten seconds in these stretches of minutes before now."""
    told = History()
    told.know(gauge, 10)
    for begin, end in stretches:
        for second in range(begin * 60, end * 60, -10):
            told.add(gauge, NOW - timedelta(seconds=second), 0.2 if second % 600 else 0.42)
    return told


def page(told: History | None = None, gauge: str = "errors", asked: Asked | None = None) -> GaugePage:
    return gauge_page(session(), gauge, told or history(), asked or Asked("GET x", "{}"), NOW)


def test_everything_that_is_known_now() -> None:
    lines = page().now.lines
    assert lines[:4] == (
        ("value", "0.42 % (2 of 476)"),
        ("level", "watch for 37 s"),
        ("why", "0.42 % (2 of 476), ok is < 0.1"),
        ("age", "1 s"),
    )
    assert ("ok", "< 0.1 % for 1 min") in lines
    assert ("breach", "> 5 % for 5 min, of 100 or more") in lines
    assert ("target", "app") in lines
    assert ("trigger", "Error rate > 5%") in lines


def test_what_is_asked_and_what_came_back() -> None:
    assert page(asked=Asked("GET x", '{"a": 1}')).asked.lines == (
        ("asks", "GET x"), ("", "every 5 s, for at most 3 s"), ("answer", '{"a": 1}'),
    )  # fmt: skip
    assert page(asked=Asked("TCP")).asked.lines[-1] == ("answer", "none that is a text")


def test_the_past_in_words_with_its_gaps_by_their_times() -> None:
    ((tier, words),) = page(history("errors", (50, 40), (30, 0))).tiers
    assert tier is HOUR
    assert words == "0.20 to 0.42 %; not measured 03:20-03:30Z"
    assert page(history()).tiers == ((HOUR, "no value"),)


def test_a_longer_past_is_shown_once_it_says_more() -> None:
    tiers = page(history("errors", (300, 240), (30, 0))).tiers
    assert [tier for tier, _ in tiers] == [HOUR, DAY]
    assert "not measured 00:00-03:30Z" in tiers[1][1]


def test_a_baseline_is_shown_with_spread_and_count_where_it_counts() -> None:
    found = session()
    told = history("slower")
    before = dict(gauge_page(found, "slower", told, Asked(""), NOW).now.lines)
    assert before["baseline"] == "not captured (B)"
    baseline = Baseline(212.0, 8.0, 40, GO_LIVE)
    found.state = replace(found.state, baselines=found.state.baselines.set("latency", baseline))
    for gauge in ("slower", "latency"):
        lines = dict(gauge_page(found, gauge, told, Asked(""), NOW).now.lines)
        assert lines["baseline"] == "212 ms, the middle half of 40 samples within 8 ms, 02:00Z"
    assert "baseline" not in dict(gauge_page(found, "errors", told, Asked(""), NOW).now.lines)


def test_questions_in_words() -> None:
    said = [
        ERRORS.question("https://app/health"),
        LATENCY.question(),
        SLOWER.question(),
        replace(ERRORS, source=PrometheusSource("http://prom:9090", query="up")).question(),
        replace(ERRORS, source=CommandSource(command=("ssh", "db 1"), read="exit")).question(),
        replace(ERRORS, source=TlsSource("app:443")).question(),
        replace(ERRORS, source=HostSource("disk", path="/var")).question(),
        replace(ERRORS, source=HttpSource("http://a/", "field", path="db.free")).question(),
    ]
    assert said == [
        "GET https://app/health: the share of errors over 5 min",
        "GET ${app}/health: p95 over 1 min",
        "the gauge latency, compared with its baseline",
        "Prometheus http://prom:9090: up",
        "exit status of: ssh 'db 1'",
        "days that the certificate of app:443 is still valid",
        "disk of this machine, /var",
        "GET http://a/: the field db.free",
    ]
