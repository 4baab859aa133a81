"""Time in breach across a restart: what was measured counts on, the pause does not and is named, and nothing is made up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploytui.metrics.board import Level, Reading, Sample
from deploytui.metrics.carry import MOST_PAUSE_S
from deploytui.metrics.collector import Collector
from deploytui.metrics.history import History
from deploytui.plan.model import GaugeSpec
from tests.metrics.make import START, band, gauge

DOWN = gauge(band("= 1"), band("= 0", for_s=900), measure="up", unit="", every_s=5)
NOW = START + timedelta(hours=2)


def night(
    spec: GaugeSpec = DOWN,
    *,
    down_s: int = 240,
    pause_s: int = 180,
    told: Level | None = Level.WATCH,
    bad: float | None = 0.0,
) -> Collector:
    """A desk that begins after a pause, with ten good minutes and so much past the limit before it."""
    history = History()
    history.know("g", 10)
    for ago in range(600 + down_s, 0, -5):
        at = NOW - timedelta(seconds=pause_s + ago)
        history.add("g", at, bad if ago <= down_s else 1.0)
    desk = Collector([spec], told={} if told is None else {"g": told}, history=history)
    desk.carry_on(NOW)
    return desk


def feed(desk: Collector, value: float | None, seconds: range, total: int | None = None) -> Reading:
    for second in seconds:
        sample = Sample(NOW + timedelta(seconds=second), 5000.0 + second, value, total=total)
        desk.take("g", sample)
    return desk.board(5000.0 + seconds[-1]).readings[0]


def test_four_of_fifteen_minutes_go_on_after_the_pause() -> None:
    desk = night()
    reading = feed(desk, 0.0, range(0, 5, 5))
    assert reading.level is Level.WATCH
    assert "breach = 0 for 3 min of 15 min" in reading.why
    assert reading.why.endswith("not measured 03:57-04:00Z")
    assert feed(desk, 0.0, range(5, 600, 5)).level is Level.WATCH
    assert feed(desk, 0.0, range(600, 700, 5)).level is Level.BREACH


def test_a_breach_that_was_journaled_is_still_one_and_is_no_news() -> None:
    desk = night(down_s=1500, told=Level.BREACH)
    reading = feed(desk, 0.0, range(0, 5, 5))
    assert reading.level is Level.BREACH
    assert 540 <= reading.in_level_s <= 620
    assert "not measured 03:57-04:00Z" in reading.why
    assert desk.changes() == []
    assert "not measured" not in feed(desk, 1.0, range(5, 2000, 5)).why


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        ({"told": Level.PLANNED_STOP}, 0.0),
        ({"pause_s": MOST_PAUSE_S + 60}, 0.0),
        ({"bad": None}, 0.0),
        ({"down_s": 0}, 0.0),
        ({}, 1.0),
        ({}, None),
    ],
)
def test_what_is_not_carried(changes: dict[str, object], value: float | None) -> None:
    desk = night(**changes)  # type: ignore[arg-type]
    feed(desk, value, range(0, 5, 5))
    reading = feed(desk, 0.0, range(5, 10, 5))
    assert reading.level is not Level.BREACH
    assert "not measured" not in reading.why
    assert " min of 15 min" not in reading.why


def test_a_short_pause_is_not_named_and_a_restart_of_the_target_forgets_it() -> None:
    desk = night(pause_s=20)
    reading = feed(desk, 0.0, range(0, 5, 5))
    assert "for 3 min of 15 min" in reading.why
    assert "not measured" not in reading.why
    desk = night()
    desk.restart({""})
    assert "for 0 s of 15 min" in feed(desk, 0.0, range(0, 5, 5)).why


def test_too_few_answers_wait_with_it() -> None:
    spec = gauge(band("< 0.1"), band("> 5", for_s=900, samples=100), unit="%")
    desk = night(spec, bad=8.0)
    assert "min of 15 min" not in feed(desk, 8.0, range(0, 10, 5), total=20).why
    assert "for 3 min of 15 min" in feed(desk, 8.0, range(10, 15, 5), total=100).why


@given(st.integers(0, 1200), st.integers(0, 2000), st.sampled_from([None, *Level]))
def test_a_pause_never_counts_and_a_good_value_is_never_a_breach(
    down_s: int, pause_s: int, told: Level | None
) -> None:
    desk = night(down_s=down_s, pause_s=pause_s, told=told)
    first = feed(desk, 0.0, range(0, 5, 5))
    assert first.in_level_s <= down_s + 5
    if told is not Level.BREACH:
        assert first.level is not Level.BREACH
    assert (
        feed(night(down_s=down_s, pause_s=pause_s, told=told), 1.0, range(0, 5, 5)).level is not Level.BREACH
    )
