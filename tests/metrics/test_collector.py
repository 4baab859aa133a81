"""The gauge desk: samples in, a board and the changes of level out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from deploytui.metrics.board import Level, LevelChange
from deploytui.metrics.collector import Collector
from deploytui.plan.source import GaugeSource
from tests.metrics.make import START, band, gauge, sample


def words(changes: list[LevelChange]) -> list[str]:
    return [f"{change.before.value} to {change.after.value}" for change in changes]


def test_the_board_keeps_the_order_of_the_plan() -> None:
    specs = [replace(gauge(), id=name) for name in ("c", "a", "b")]
    desk = Collector(specs, {"a": "app_url is not set (--set app_url=…)"})
    desk.take("b", sample(0, 1.0))
    board = desk.board(1)
    assert [reading.id for reading in board.readings] == ["c", "a", "b"]
    assert [reading.level for reading in board.readings] == [Level.NO_DATA, Level.NO_DATA, Level.OK]
    assert board.readings[1].why == "app_url is not set (--set app_url=…)"


def test_changes_are_told_once_with_their_reason() -> None:
    desk = Collector([gauge(band("< 500"))])
    desk.take("g", sample(0, 100.0))
    assert desk.changes() == []  # the first good level is no news
    desk.take("g", sample(5, 900.0))
    desk.take("g", sample(10, 900.0))
    changed = desk.changes()
    assert words(changed) == ["ok to watch"]
    assert (changed[0].gauge, changed[0].why) == ("g", "900 ms, ok is < 500")
    assert changed[0].at == START + timedelta(seconds=5)
    assert desk.changes() == []


def test_a_first_level_that_is_bad_is_news() -> None:
    desk = Collector([gauge(band("< 500"))])
    desk.take("g", sample(0, 900.0))
    assert words(desk.changes()) == ["no_data to watch"]


def test_settling_after_the_start_is_no_news() -> None:
    desk = Collector([gauge(band("< 500", for_s=10))])
    for i in range(4):
        desk.take("g", sample(5 * i, 1.0))
    assert desk.changes() == []
    assert desk.board(15).readings[0].level is Level.OK


@pytest.mark.parametrize(
    ("told", "first"),
    [
        *((level, Level.WATCH) for level in (Level.WATCH, Level.BREACH, Level.NO_DATA)),
        *((level, Level.SETTLING) for level in (None, Level.OK, Level.STALE, Level.PLANNED_STOP)),
    ],
)
def test_what_was_bad_before_a_restart_does_not_begin_with_settling(told: Level | None, first: Level) -> None:
    desk = Collector([gauge(band("< 500", for_s=10))], told={} if told is None else {"g": told})
    desk.take("g", sample(0, 1.0))
    assert desk.board(0).readings[0].level is first


def test_a_settling_that_fails_is_news_at_once() -> None:
    desk = Collector([gauge(band("< 500", for_s=10))])
    desk.take("g", sample(0, 1.0))
    desk.take("g", sample(5, 900.0))
    assert words(desk.changes()) == ["no_data to watch"]


def test_answers_that_are_lost_while_they_settle_are_news() -> None:
    desk = Collector([gauge(band("< 500", for_s=10))])
    desk.take("g", sample(0, 1.0))
    desk.take("g", sample(5, None, "connection refused"))
    assert words(desk.changes()) == ["watch to no_data"]


def test_what_became_of_a_level_that_the_journal_has_is_news() -> None:
    desk = Collector([gauge(band("< 500"))], told={"g": Level.BREACH})
    assert desk.board(0).readings[0].level is Level.NO_DATA
    assert desk.changes() == []
    desk.take("g", sample(5, 1.0))
    assert words(desk.changes()) == ["breach to ok"]


def test_an_answer_that_never_was_is_no_change_but_a_lost_one_is() -> None:
    desk = Collector([gauge(band("< 500"))])
    desk.take("g", sample(0, None, "connection refused"))
    assert desk.changes() == []
    desk.take("g", sample(5, 1.0))
    desk.take("g", sample(10, None, "connection refused"))
    assert words(desk.changes()) == ["no_data to ok", "ok to no_data"]


def test_stale_is_found_by_looking_and_dated_by_the_gauges_own_time() -> None:
    desk = Collector([gauge(band("< 500"))])
    desk.take("g", sample(0, 1.0))
    assert desk.board(10).readings[0].level is Level.OK
    assert desk.board(12).readings[0].level is Level.STALE
    changed = desk.changes()
    assert words(changed) == ["ok to stale"]
    assert changed[0].at == START + timedelta(seconds=12)


def test_a_silence_that_nobody_looked_at_is_told_as_well() -> None:
    desk = Collector([gauge(band("< 500"))])
    desk.take("g", sample(0, 1.0))
    desk.take("g", sample(60, 1.0))
    assert words(desk.changes()) == ["ok to stale", "stale to ok"]


def test_a_windowed_gauge_is_judged_by_its_window() -> None:
    spec = gauge(band("< 0.1"), band("> 5", samples=20), measure="error_rate", unit="%", over_s=100)
    desk = Collector([spec])
    for i in range(18):
        desk.take("g", sample(5 * i, 0.0))
    desk.take("g", sample(90, 1.0, "answered 500"))
    seen = desk.board(90).readings[0]
    assert (seen.level, seen.hits, seen.total) == (Level.WATCH, 1, 19)
    assert seen.why.startswith("5.26 % (1 of 19), ok is < 0.1")
    assert seen.why.endswith("breach needs 20 answers, there are 19, last error: answered 500")
    desk.take("g", sample(95, 1.0, "answered 500"))
    assert desk.board(95).readings[0].level is Level.BREACH
    assert (desk.board(95).readings[0].hits, desk.board(95).readings[0].total) == (2, 20)


def test_a_restart_keeps_the_newest_sample_only_and_for_its_targets_only() -> None:
    rate = replace(gauge(band("< 1"), measure="error_rate", unit="%", over_s=300), id="rate", target="app")
    ratio = replace(rate, id="ratio", source=GaugeSource("rate"))
    other = replace(rate, id="other", target="db")
    desk = Collector([rate, ratio, other])
    for i in range(10):
        for name in ("rate", "other"):
            desk.take(name, sample(5 * i, float(i < 9)))
    assert [reading.value for reading in desk.board(45).readings] == [90, 90, 90]
    desk.restart({"app"})
    assert [reading.value for reading in desk.board(45).readings] == [0, 0, 90]
    assert [reading.total for reading in desk.board(45).readings] == [1, 1, 10]
    assert [reading.level for reading in desk.board(45).readings] == [Level.OK, Level.OK, Level.WATCH]


def test_a_restart_before_the_first_sample_is_none() -> None:
    desk = Collector([replace(gauge(), target="app")])
    desk.restart({"app"})
    assert desk.board(0).readings[0].why == "no answer yet"


def test_a_gauge_that_is_asked_less_often_is_not_stale_in_between_nor_are_those_that_look_at_it() -> None:
    looks = replace(gauge(band("< 500")), id="looks", source=GaugeSource("g"))
    desk = Collector([gauge(band("< 500")), looks])
    desk.take("g", sample(0, 100.0))
    assert {reading.level for reading in desk.board(40).readings} == {Level.STALE}
    desk.pace(("g",), 45)
    assert {reading.level for reading in desk.board(40).readings} == {Level.OK}
    desk.take("g", sample(45, 100.0))
    desk.pace(("g",), 1)  # the plan's own pace is the fastest
    assert {reading.level for reading in desk.board(50).readings} == {Level.OK}
    assert {reading.level for reading in desk.board(85).readings} == {Level.STALE}
