"""Which alarms are news: each once, worse again, back again after a while, and never what was there at the start."""

from __future__ import annotations

from deploytui.metrics.board import Level
from deploytui.session.alarm import AGAIN_S, Alarm, AlarmNews


def alarm(key: str, level: Level = Level.WATCH) -> Alarm:
    return Alarm(level, f"{level} {key}", key, key)


NOBODY: frozenset[str] = frozenset()


def told(herald: AlarmNews, at_s: float, *alarms: Alarm, acked: frozenset[str] = NOBODY) -> list[str]:
    return [one.key for one in herald.news(alarms, acked, at_s)]


def test_what_was_there_at_the_first_look_is_no_news() -> None:
    herald = AlarmNews()
    assert told(herald, 0, alarm("a")) == []
    assert told(herald, 1, alarm("a"), alarm("b")) == ["b"]
    assert told(herald, 2, alarm("a"), alarm("b")) == []


def test_worse_is_news_and_better_is_none() -> None:
    herald = AlarmNews()
    told(herald, 0)
    assert told(herald, 1, alarm("a")) == ["a"]
    assert told(herald, 2, alarm("a", Level.BREACH)) == ["a"]
    assert told(herald, 3, alarm("a")) == []
    assert told(herald, 4, alarm("a", Level.BREACH)) == []


def test_what_flaps_is_told_once_and_what_comes_back_later_again() -> None:
    herald = AlarmNews()
    told(herald, 0)
    assert told(herald, 1, alarm("a")) == ["a"]
    for second in range(2, 40, 2):
        assert told(herald, second) == told(herald, second + 1, alarm("a")) == []
    assert told(herald, 39 + AGAIN_S, alarm("a")) == ["a"]


def test_an_alarm_that_lasts_is_told_once_however_long() -> None:
    herald = AlarmNews()
    told(herald, 0)
    assert sum(bool(told(herald, second, alarm("a"))) for second in range(1, 1000)) == 1


def test_what_somebody_has_seen_is_no_news_and_the_worst_comes_first() -> None:
    herald = AlarmNews()
    told(herald, 0)
    found = told(
        herald, 1, alarm("a"), alarm("b", Level.BREACH), alarm("c", Level.BREACH), acked=frozenset({"c"})
    )
    assert found == ["b", "a"]


def test_what_the_journal_knows_of_a_gauge_is_no_news_once_it_answers() -> None:
    herald = AlarmNews({"a": "watch", "b": "ok", "c": "breach"})
    told(herald, 0)
    assert told(herald, 20, alarm("a"), alarm("b"), alarm("c", Level.BREACH)) == ["b"]
    assert told(herald, 21, alarm("a", Level.BREACH)) == ["a"]
