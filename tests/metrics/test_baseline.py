"""Percent worse than before the change: never green without a baseline, never the wrong way round."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pytest

from deploytui.metrics.baseline import MISSING, Captured, baseline_of
from deploytui.metrics.board import Level, Sample
from deploytui.metrics.collector import Collector
from deploytui.plan.model import Band, GaugeSpec, Limit
from deploytui.plan.source import GaugeSource, HttpSource
from tests.metrics.make import START


@dataclass(frozen=True)
class Known:
    value: float


def one(at_s: float, value: float | None, error: str = "") -> Sample:
    return Sample(START, at_s, value, error=error)


def pair(ok: Band | None = None, every_s: int = 5) -> tuple[GaugeSpec, GaugeSpec]:
    latency = GaugeSpec("latency", "Latency", HttpSource("http://a", "latency"), ok=ok, every_s=every_s)
    slower = GaugeSpec(
        "slower",
        "Degradation",
        GaugeSource("latency"),
        unit="%",
        is_relative=True,
        breach=Band(Limit(">", 50)),
    )
    return latency, slower


def level(desk: Collector, mono_s: float) -> tuple[Level, str]:
    reading = next(one for one in desk.board(mono_s).readings if one.id == "slower")
    return reading.level, reading.why


def test_the_middle_and_the_spread_of_what_was_measured() -> None:
    samples = [one(i, value) for i, value in enumerate((10, 12, 11, 90, 13, None, math.nan))]
    assert baseline_of(samples) == Captured(12, 2, 5)
    assert baseline_of(samples[:4]) == "4 samples, a baseline needs 5 or more"
    assert baseline_of([]) == "0 samples, a baseline needs 5 or more"
    assert Captured(1, 0, 19).is_few
    assert not Captured(1, 0, 20).is_few


def test_without_a_baseline_there_is_no_data() -> None:
    desk = Collector(pair())
    desk.take("latency", one(0, 100))
    assert level(desk, 0) == (Level.NO_DATA, MISSING)


@pytest.mark.parametrize(
    ("ok", "value", "expected"),
    [
        (None, 120, Level.OK),
        (None, 151, Level.BREACH),
        (None, 10, Level.OK),
        (Band(Limit(">", 99)), 151, Level.OK),
        (Band(Limit(">=", 99)), 49, Level.BREACH),
    ],
)
def test_higher_is_worse_unless_the_measured_limit_says_otherwise(
    ok: Band | None, value: float, expected: Level
) -> None:
    desk = Collector(pair(ok))
    desk.set_baselines({"latency": Known(100)})
    desk.take("latency", one(0, value))
    assert level(desk, 0)[0] is expected


def test_what_cannot_be_compared_is_no_data() -> None:
    desk = Collector(pair())
    desk.set_baselines({"latency": Known(0)})
    desk.take("latency", one(0, 100))
    assert level(desk, 0)[0] is Level.NO_DATA
    desk.set_baselines({"latency": Known(100)})
    desk.take("latency", one(5, None, "connection refused"))
    assert level(desk, 5) == (Level.NO_DATA, "connection refused")


def test_it_is_as_stale_as_what_it_looks_at() -> None:
    desk = Collector(pair(every_s=60))
    desk.set_baselines({"latency": Known(100)})
    desk.take("latency", one(0, 100))
    assert level(desk, 100)[0] is Level.OK
    assert level(desk, 200)[0] is Level.STALE


def test_capturing_looks_at_the_measured_gauge_and_not_at_the_percent() -> None:
    desk = Collector(pair())
    for i in range(6):
        desk.take("latency", one(i * 5, 100 + i))
    assert desk.capture() == {"latency": Captured(102.5, 2.5, 6)}


def test_a_gauge_can_be_compared_with_itself() -> None:
    spec = GaugeSpec(
        "rate", "Rate", HttpSource("http://a", "latency"), is_relative=True, breach=Band(Limit("<", -20))
    )
    desk = Collector([spec])
    desk.set_baselines({"rate": Known(100)})
    desk.take("rate", one(0, 70))
    assert desk.board(0).readings[0].level is Level.BREACH
    assert desk.capture() == {"rate": "1 samples, a baseline needs 5 or more"}


def test_a_second_pair_of_limits_sees_the_same_value() -> None:
    latency, _ = pair()
    strict = GaugeSpec("strict", "Strict", GaugeSource("latency"), breach=Band(Limit(">", 90)))
    desk = Collector([strict, latency])
    desk.take("latency", one(0, 100))
    assert [(r.id, r.level, r.value) for r in desk.board(0).readings] == [
        ("strict", Level.BREACH, 100),
        ("latency", Level.OK, 100),
    ]


def test_why_the_measured_gauge_is_not_read_is_why_this_one_is_not() -> None:
    desk = Collector(pair(), {"latency": "app_url is not set"})
    assert level(desk, 0) == (Level.NO_DATA, "app_url is not set")


def test_gauges_that_lead_in_a_circle_say_so() -> None:
    a, b = (GaugeSpec(x, x, GaugeSource(y)) for x, y in ("ab", "ba"))
    assert all("leads back" in reading.why for reading in Collector([a, b]).board(0).readings)
