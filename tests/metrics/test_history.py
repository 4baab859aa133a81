"""The gauges' past: bounded, no spike lost, gaps that stay gaps, and lines that stand still."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploytui.metrics.collector import Collector
from deploytui.metrics.history import DAY, HOUR, TIERS, WEEK, Bucket, Cell, History, Tier
from tests.metrics.make import band, gauge, sample

START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def told(values: dict[int, float | None], hold_s: float = 10) -> History:
    """A history of gauge g, by seconds after the start."""
    history = History()
    history.know("g", hold_s)
    for second, value in values.items():
        history.add("g", START + timedelta(seconds=second), value)
    return history


def trace(history: History, second: int, columns: int = 360, tier: Tier = HOUR) -> list[Cell | None]:
    return list(history.trace("g", tier, START + timedelta(seconds=second), columns))


def test_a_step_keeps_the_lowest_and_the_highest() -> None:
    history = told({0: 5.0, 3: 900.0, 7: 4.0, 10: 6.0})
    assert trace(history, 10)[-2:] == [Cell(4.0, 900.0), Cell(6.0, 6.0)]


def test_a_spike_of_one_second_is_seen_in_every_tier_and_at_every_width() -> None:
    history = told({second: 900.0 if second == 1800 else 5.0 for second in range(3600)})
    for tier in TIERS:
        for columns in (8, 40, 196):
            cells = [cell for cell in trace(history, 3600, columns, tier) if cell]
            assert max(cell.high for cell in cells if cell.high is not None) == 900.0, (tier, columns)


def test_not_measured_is_a_gap_and_asked_in_vain_is_said() -> None:
    history = told({0: 1.0, 10: None, 40: 2.0})
    assert trace(history, 40)[-5:] == [Cell(1, 1), Cell(None, None), Cell(None, None), None, Cell(2, 2)]


def test_a_gauge_that_is_asked_once_a_minute_has_no_gap_in_between() -> None:
    history = told({0: 1.0, 60: 2.0, 600: 3.0}, hold_s=120)
    cells = trace(history, 600)[-61:]
    assert cells[:6] == [Cell(1, 1)] * 6
    assert cells[6:19] == [Cell(2, 2)] * 13
    assert cells[19:60] == [None] * 41
    assert cells[60] == Cell(3, 3)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_no_value(value: float) -> None:
    assert trace(told({0: value}), 0)[-1] == Cell(None, None)


def test_columns_stand_still_until_the_next_one_begins() -> None:
    history = told({second: float(second) for second in range(0, 3600, 10)})
    first = trace(history, 3601, 40)
    assert trace(history, 3601 + 40, 40) == first
    moved = trace(history, 3601 + 90, 40)
    assert moved[:-1] == first[1:]


def test_the_clock_may_go_back_and_forth() -> None:
    history = told({0: 1.0, 86400 * 400: 2.0})
    history.add("g", START + timedelta(seconds=10), 3.0)
    assert trace(history, 10)[-1] == Cell(3, 3)


def test_what_is_drained_is_each_step_that_ended_once() -> None:
    history = told({0: 1.0, 5: 2.0, 10: 3.0})
    number = int(START.timestamp()) // 10
    assert history.drain() == [Bucket(10, number, "g", 1.0, 2.0)]
    assert history.drain() == []
    assert {bucket.step_s for bucket in history.drain(whole=True)} == {10, 60, 600}
    assert history.drain(whole=True) == []


def test_a_file_gives_back_what_was_drained_and_longer_steps_learn_it() -> None:
    before = told({second: float(second % 50) for second in range(3600)})
    buckets = [bucket for bucket in before.drain(whole=True) if bucket.step_s == HOUR.step_s]
    older = History()
    older.fill(buckets)
    now = History()
    now.know("g", 10)
    now.take_over(older)
    for tier in TIERS:
        assert trace(now, 3599, 60, tier) == trace(before, 3599, 60, tier)


def test_what_was_heard_while_the_file_was_read_is_not_lost() -> None:
    older = History()
    older.fill([Bucket(10, int(START.timestamp()) // 10, "g", 1.0, 1.0), Bucket(10, 5, "unknown", 1.0, 1.0)])
    now = told({30: 7.0})
    trace(now, 30)
    now.take_over(older)
    assert trace(now, 30)[-4:] == [Cell(1, 1), Cell(1, 1), None, Cell(7, 7)]
    now.add("g", START + timedelta(seconds=40), 8.0)
    assert trace(now, 40)[-1] == Cell(8, 8)


def test_memory_is_bounded_whatever_the_length() -> None:
    history = History()
    history.know("g", 10)
    sizes = []
    for day in range(60):
        for minute in range(0, 1440, 5):
            history.add("g", START + timedelta(days=day, minutes=minute), 1.0)
        history.drain()
        sizes.append(sum(len(ring.numbers) for ring in history.rings["g"]))
    assert set(sizes) == {361 + 1441 + 1009}
    assert all(cell is not None for cell in trace(history, 60 * 86400 - 300, 20, WEEK))


@given(
    st.lists(
        st.tuples(st.integers(0, 7200), st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True))),
        max_size=60,
    ),
    st.integers(1, 200),
)
def test_no_value_is_ever_made_up(samples: list[tuple[int, float | None]], columns: int) -> None:
    history = told({})
    said = set()
    for second, value in samples:
        history.add("g", START + timedelta(seconds=second), value)
        said.add(value)
    for tier in TIERS:
        for cell in trace(history, 7200, columns, tier):
            assert cell is None or cell == (None, None) or {cell.low, cell.high} <= said


def test_the_desk_tells_what_each_gauge_shows_not_what_was_asked() -> None:
    desk = Collector([gauge(band("< 1"), measure="error_rate", unit="%", over_s=60, every_s=1)])
    for second in range(10):
        desk.take("g", sample(second, 1.0 if second == 9 else 0.0))
    cell = desk.history.trace("g", HOUR, START + timedelta(seconds=9), 360)[-1]
    assert cell == Cell(0.0, 10.0)
    assert desk.history.trace("unknown", DAY, START, 3) == (None, None, None)
