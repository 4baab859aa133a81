"""Windows of raw samples: percentiles, error rates, and how much is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploytui.metrics.window import Series, judge, percentile
from tests.metrics.make import gauge, sample


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=200), st.sampled_from([50, 95, 99]))
def test_a_percentile_was_really_seen_and_covers_its_share(values: list[float], percent: int) -> None:
    found = percentile(values, percent)
    assert found in values
    assert sum(value <= found for value in values) * 100 >= percent * len(values)
    assert sum(value < found for value in values) * 100 < percent * len(values) or found == min(values)


@pytest.mark.parametrize(("percent", "value"), [(50, 50), (95, 95), (99, 99)])
def test_percentiles_of_one_to_a_hundred(percent: int, value: int) -> None:
    assert percentile(range(100, 0, -1), percent) == value


def test_a_share_comes_with_its_counts() -> None:
    window = [sample(i, float(i < 2)) for i in range(476)]
    seen = judge(gauge(measure="error_rate", unit="%"), window, window[-1])
    assert (seen.hits, seen.total) == (2, 476)
    assert seen.value == pytest.approx(0.42, abs=0.01)


def test_lost_answers_are_no_part_of_a_percentile_but_the_newest_one_decides() -> None:
    window = [sample(0, 10.0), sample(5, None, "timed out"), sample(10, 30.0)]
    seen = judge(gauge(measure="p50"), window, window[-1])
    assert (seen.value, seen.total) == (10.0, 2)
    lost = [*window, sample(15, None, "timed out")]
    assert judge(gauge(measure="p50"), lost, lost[-1]).value is None


def test_which_measures_need_a_window() -> None:
    windowed = ("p50", "p95", "p99", "error_rate")
    assert all(gauge(measure=measure).source.window_s for measure in windowed)
    assert not any(gauge(measure=measure).source.window_s for measure in ("up", "status", "latency", ""))


@given(st.lists(st.floats(0, 30), max_size=100))
def test_a_series_keeps_its_span_and_its_newest(steps: list[float]) -> None:
    series, mono_s = Series(60), 0.0
    for step_s in steps:
        mono_s += step_s
        series.append(sample(mono_s, 1.0))
        kept = list(series)
        assert kept[-1].mono_s == mono_s
        assert all(mono_s - each.mono_s < 60 for each in kept)


def test_a_series_is_bounded_in_number() -> None:
    series = Series(60, most=10)
    for i in range(1000):
        series.append(sample(i / 1000, 1.0))
    assert len(list(series)) == 10
