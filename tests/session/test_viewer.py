"""What is drawn: the seed's day at 02:42:07Z, before it and after it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from deploytui.base.clock import FrozenClock
from deploytui.metrics.board import Board, Level, Reading
from deploytui.session.act import CheckItem, FailItem, SkipItem, StartItem
from deploytui.session.alarm import alarm_view, roll_back_by, rollback_text
from deploytui.session.status import status_payload, status_text
from deploytui.session.view import Progress
from deploytui.session.viewer import Viewer
from tests.session.fake import ANA, GO_LIVE, Driven, opened, small_plan

NIGHT = datetime(2025, 11, 22, tzinfo=UTC)


def at(clock: str) -> datetime:
    hour, minute, second = (int(part) for part in clock.split(":"))
    return NIGHT.replace(hour=hour, minute=minute, second=second)


def reading(level: Level, **fields) -> Reading:
    base = {"id": "errors", "title": "Error rate", "target": "app", "unit": "%", "why": "0.42 %, ok is < 0.1"}
    return Reading(**{**base, "level": level, "value": 0.42, "age_s": 3.0, "in_level_s": 37.0, **fields})


@pytest.mark.parametrize(
    ("clock", "text", "level"),
    [
        ("02:42:07", "ROLLBACK FITS UNTIL 03:25Z, 42 min left", None),
        ("03:10:01", "ROLLBACK FITS UNTIL 03:25Z, 14 min left", Level.WATCH),
        ("03:25:00", "ROLLBACK FITS UNTIL 03:25Z, 0 s left", Level.WATCH),
        (
            "03:31:00",
            "ROLLBACK NOW ENDS 04:06Z, 6 min after Deployment Execution; before 06:00Z if started by 05:25Z",
            Level.WATCH,
        ),
        (
            "05:25:01",
            "ROLLBACK NOW ENDS 06:01Z, 2 h 01 after Deployment Execution; it fits no window any more",
            Level.BREACH,
        ),
    ],
)
def test_the_last_minute_to_roll_back(clock, text, level) -> None:
    session, _ = opened()
    full, _, _, severity = rollback_text(session, at(clock))
    assert (full, severity) == (text, level)


def test_the_last_minute_counts_the_sum_of_the_budgets_not_the_stated_total() -> None:
    session, _ = opened()
    first, last = roll_back_by(session)
    assert (first.start_by, last.start_by) == (at("03:25:00"), at("05:25:00"))


def test_stages_count_tonight_and_round_time_left_down() -> None:
    session, _ = opened()
    for step in range(1, 7):
        session.perform(CheckItem(f"exec.{step}"), ANA)
    pre, execution, post = Viewer(session).glance(at("02:42:07")).stages
    assert (execution.counts.done, execution.counts.total, execution.ends_at) == (6, 14, at("04:00:00"))
    assert execution.left_s == 77 * 60 + 53
    assert (pre.counts.total, pre.earlier) == (5, 1)
    assert post.counts.total == 1  # Day 1 goes on long after the night
    assert execution.progress is Progress.CURRENT
    assert post.progress is Progress.OPEN


def test_a_stage_with_a_failed_item_is_never_done() -> None:
    session, _ = opened()
    session.perform(FailItem("post.1"), ANA)
    assert Viewer(session).glance(at("04:30:00")).stages[2].progress is Progress.FAILED


def test_the_timeline_is_in_order_of_time_with_now_between() -> None:
    session, clock = opened()
    clock.advance(42 * 60)
    rows = Viewer(session).glance(clock.now()).timeline
    assert rows[0].title == "earlier: 1, not in this session"
    titled = [row.title for row in rows[1:]]
    assert titled == [
        "Pre-Deployment",
        "Deployment Execution",
        "Day 1",
        "NOW",
        "rollback fits until",
        "Post-Deployment",
        "window closes",
        "no forecast",
    ]
    execution = rows[2]
    assert (execution.detail, execution.clock, execution.fraction) == ("78 min left", "02:00", 0.35)
    assert rows[1].detail == "5 open"  # nobody worked in it here, so it is not an overrun


def test_a_phase_that_was_worked_in_and_is_not_finished_runs_over() -> None:
    session, clock = opened()
    session.perform(CheckItem("exec.1"), ANA)
    clock.advance(2 * 3600 + 5 * 60 + 1)
    rows = Viewer(session).glance(clock.now()).timeline
    execution = next(row for row in rows if row.phase == "exec")
    assert (execution.detail, execution.is_over) == ("6 min over", True)


def test_the_alarm_row_shows_the_worst_and_counts_the_rest() -> None:
    session, _ = opened()
    session.board = Board((reading(Level.WATCH), reading(Level.BREACH, id="down", title="Unavailable")))
    row = alarm_view(session, GO_LIVE)
    assert row.level is Level.BREACH
    assert row.text.startswith("BREACH unavailable")
    assert row.more == 1


def test_no_data_is_never_calmly_counted_as_fresh() -> None:
    session, _ = opened()
    never = reading(Level.NO_DATA, value=None, age_s=None, why="app_url is not set")
    session.board = Board((reading(Level.OK), never))
    row = alarm_view(session, GO_LIVE)
    assert row.level is None
    assert row.text == "no alarms, 1 gauges fresh, oldest 3 s, 1 without data"
    session.board = Board((reading(Level.NO_DATA, value=None, age_s=9.0, why="connection refused"),))
    assert alarm_view(session, GO_LIVE).level is Level.NO_DATA


def test_what_settles_is_no_alarm_and_is_counted() -> None:
    session, _ = opened()
    session.board = Board((reading(Level.OK), reading(Level.SETTLING, settling="12 s of 1 min")))
    row = alarm_view(session, GO_LIVE)
    assert (row.level, row.text) == (None, "no alarms, 2 gauges fresh, oldest 3 s, 1 settling")


def test_rows_say_who_and_when_and_why() -> None:
    session, clock = opened()
    viewer = Viewer(session)
    session.perform(StartItem("exec.1"), ANA)
    clock.advance(185)
    assert viewer.item_row("exec.1", clock.now()).right == "3 min ANA 02:00"
    session.perform(CheckItem("exec.1"), ANA)
    assert viewer.item_row("exec.1", clock.now()).right == "ANA 02:03"
    session.perform(SkipItem("val.2", "not in this release"), ANA)
    assert viewer.item_row("val.2", clock.now()).label == "skipped, not in this release: No errors in logs"
    assert viewer.item_row("val.2", clock.now()).sub == "0 of 2"
    session.perform(FailItem("val.1"), ANA)
    assert viewer.item_row("val.1", clock.now()).label.startswith("FAILED, reason due")
    assert viewer.item_row("infra.lb", clock.now()).status == "set_aside"


def test_a_bound_item_without_a_sample_says_no_data() -> None:
    session, clock = opened()
    assert Viewer(session).item_row("val.1", clock.now()).right == "no data"


def test_filter_jump_and_next_open() -> None:
    session, _ = opened()
    viewer = Viewer(session)
    assert list(viewer.checklist_rows("exec", "ERRORS")) == [("group", "val"), ("item", "val.2")]
    assert viewer.step("exec", 7) == "exec.7"
    assert viewer.step("exec", 70) == ""
    session.perform(CheckItem("exec.1"), ANA)
    assert viewer.next_open("exec", "val.2b") == "exec.2"
    assert viewer.next_open("infra") == ""


def test_looking_ahead_is_said() -> None:
    session, clock = opened()
    clock.advance(60)
    viewer = Viewer(session)
    assert viewer.looking("post", clock.now()).startswith("LOOKING AHEAD")
    assert viewer.looking("exec", clock.now()) == ""
    assert viewer.looking("infra", clock.now()) == "not in this session"


def test_identity_shows_the_local_clock_only_where_it_differs() -> None:
    session, _ = opened()
    assert Viewer(session).glance(GO_LIVE).identity.local_clock is None
    away = FrozenClock(GO_LIVE, timezone(timedelta(hours=-3), "BRT"))
    there = Driven(small_plan(), session.store, away, session.store.events())
    identity = Viewer(there).glance(GO_LIVE).identity
    assert identity.environment == "PROD"
    assert identity.local_clock == ("23:00:00", "BRT")
    assert identity.local_date == "Fri 21 Nov"


def test_status_has_every_promised_field() -> None:
    session, clock = opened()
    session.perform(CheckItem("exec.1"), ANA)
    clock.advance(42 * 60)
    payload = status_payload(session, clock.now(), session.store.lease(), True, session.store.head())
    assert payload["roll_back_by"] == "2025-11-22T03:25:00Z"
    assert payload["roll_back_by_last"] == "2025-11-22T05:25:00Z"
    assert payload["stage"] == "execution"
    assert payload["window"]["remaining_s"] == 78 * 60
    counts = payload["counts"]
    assert counts["total"] == sum(
        count for word, count in counts.items() if word not in ("total", "set_aside")
    )
    assert counts["set_aside"] == 1
    lines = status_text(session, clock.now(), session.store.lease(), True)
    assert any("02 Step 2" in line for line in lines)
