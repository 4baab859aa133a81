"""Holds, moves, promises, locks, forecasts, restores and clock steps: the clock of a night."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from deploytui.base.clock import AcceleratedClock, FrozenClock
from deploytui.base.errors import Refused
from deploytui.journal.fact import ClockStepped
from deploytui.plan.model import Condition, Edge, Group, Item, Mark, Phase, Plan, Stage
from deploytui.session.act import (
    AddNote,
    CheckItem,
    FailItem,
    HoldWork,
    MakePromise,
    MoveEdge,
    OverrideItem,
    RaiseTrigger,
    ResumeWork,
    SettlePromise,
    SkipItem,
    StartItem,
)
from deploytui.session.alarm import alarm_view, alarms
from deploytui.session.card import card_text, decision_card, restore_loses
from deploytui.session.forecast import forecasts, must_end_by, must_end_text, worked_s, worst_case
from deploytui.session.measuring import ClockWatch
from deploytui.session.viewer import Viewer
from tests.session.fake import ANA, GO_LIVE, opened, small_plan


def timed_plan(known: int = 10) -> Plan:
    """Ten steps of ten minutes, the first `known` of which say so; a backup, a stop, first traffic and a lock."""
    marks = {1: (Mark.STOPS,), 5: (Mark.TRAFFIC,)}
    steps = tuple(
        Item(
            f"exec.{n}",
            f"Step {n}",
            is_ordered=True,
            duration_s=600 if n <= known else None,
            marks=marks.get(n, ()),
            not_before=Edge(offset_s=3600) if n == 9 else None,
        )
        for n in range(1, 11)
    )
    plan = small_plan()
    pre, execution, post = plan.stages
    prep = pre.phases[1]
    backed = Group("prep", "Prep", (Item("pre.backup", "Database backed up", marks=(Mark.BACKUP,)),))
    exec_phase = Phase(
        "exec",
        "Deployment Execution",
        (Group("steps", "Deployment Steps", steps, is_ordered=True),),
        execution.phases[0].window,
    )
    stages = (
        Stage(pre.name, (pre.phases[0], Phase("pre", prep.title, (backed,), prep.window))),
        Stage(execution.name, (exec_phase,)),
        post,
    )
    return replace(plan, stages=stages)


# -- holds ---------------------------------------------------------------------------------------------


def test_a_hold_stops_the_work_clock_and_moves_the_forecast_not_the_window() -> None:
    session, clock = opened(plan=timed_plan())
    session.perform(StartItem("exec.1"), ANA)
    before = forecasts(session, clock.now())["exec"]
    assert before.end_at == GO_LIVE + timedelta(minutes=100)
    session.perform(HoldWork("waiting for the DBA", 600), ANA)
    assert forecasts(session, clock.now())["exec"].end_at == GO_LIVE + timedelta(minutes=110)
    clock.advance(720)
    assert Viewer(session).item_row("exec.1", clock.now()).right.startswith("0 of 10 min")
    assert worked_s(session.state, GO_LIVE, clock.now()) == 0
    assert any("HOLD OVER by 2 min" in alarm.text for alarm in alarms(session, clock.now()))
    session.perform(ResumeWork(), ANA)
    clock.advance(60)
    assert worked_s(session.state, GO_LIVE, clock.now()) == 60
    assert session.spans()["exec"].end_at == GO_LIVE + timedelta(hours=2)
    assert forecasts(session, clock.now())["exec"].end_at == GO_LIVE + timedelta(minutes=112)


def test_a_hold_needs_a_reason_and_an_end_and_is_seen_while_it_lasts() -> None:
    session, clock = opened()
    with pytest.raises(Refused, match="reason"):
        session.perform(HoldWork(" ", 600), ANA)
    with pytest.raises(Refused, match="expected end"):
        session.perform(HoldWork("why", 0), ANA)
    with pytest.raises(Refused, match="nothing is on hold"):
        session.perform(ResumeWork(), ANA)
    session.perform(HoldWork("waiting", 600), ANA)
    with pytest.raises(Refused, match="on hold already"):
        session.perform(HoldWork("again", 600), ANA)
    row = alarm_view(session, clock.now() + timedelta(minutes=4))
    assert row.level is None
    assert row.short == "ON HOLD 4 min, until 02:10Z"
    assert row.text == "ON HOLD 4 min: waiting, until 02:10Z"
    assert "on hold" in session.propose(CheckItem("exec.1")).caution


# -- moves ---------------------------------------------------------------------------------------------


def test_a_move_moves_the_window_and_keeps_the_planned_one() -> None:
    session, _ = opened()
    session.perform(MoveEdge("exec.end", 1800, "agreed on the bridge"), ANA)
    assert session.spans()["exec"].end_at == GO_LIVE + timedelta(minutes=150)
    assert session.planned_spans()["exec"].end_at == GO_LIVE + timedelta(hours=2)


def test_a_moved_go_live_moves_every_window() -> None:
    session, _ = opened()
    session.perform(MoveEdge("go-live", -600, "early"), ANA)
    assert session.go_live == GO_LIVE - timedelta(minutes=10)
    assert session.spans()["post"].start_at == GO_LIVE + timedelta(minutes=110)
    assert session.planned_spans()["post"].start_at == GO_LIVE + timedelta(hours=2)


@pytest.mark.parametrize(
    ("edge", "seconds", "why"),
    [
        ("exec.middle", 60, "no edge"),
        ("nope.end", 60, "no edge"),
        ("exec.end", -7200, "end before"),
        ("exec.end", 0, "duration"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(edge, seconds, why) -> None:
    session, _ = opened()
    with pytest.raises(Refused, match=why):
        session.perform(MoveEdge(edge, seconds, "x"), ANA)


def test_end_means_the_end_of_the_phase_the_night_is_in() -> None:
    session, clock = opened()
    clock.advance(60)
    assert session.edge("end") == "exec.end"
    assert session.edge("go-live") == "go-live"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-50, 90).filter(bool), max_size=6))
def test_moves_add_up_and_planned_stays(minutes: list[int]) -> None:
    session, _ = opened()
    total = 0
    for by in minutes:
        try:
            session.perform(MoveEdge("exec.end", by * 60, "x"), ANA)
        except Refused:
            continue
        total += by
    assert session.spans()["exec"].end_at == GO_LIVE + timedelta(minutes=120 + total)
    assert session.planned_spans()["exec"].end_at == GO_LIVE + timedelta(hours=2)


# -- promises and updates ------------------------------------------------------------------------------


def test_a_promise_counts_down_and_then_names_whom_to_ask() -> None:
    session, clock = opened()
    session.perform(MakePromise("Kim", 600, "exec.3"), ANA)
    clock.advance(361)
    assert alarm_view(session, clock.now()).text == "Kim promised 02:10Z · 3 min left"
    clock.advance(360)
    assert [alarm.text for alarm in alarms(session, clock.now())] == ["OVERDUE 3 min: ask Kim"]
    made = session.state.promises[0].seq
    session.perform(SettlePromise(made, False), ANA)
    assert session.state.promises[0].was_kept is False
    assert alarms(session, clock.now()) == []
    with pytest.raises(Refused, match="no open promise"):
        session.perform(SettlePromise(made, True), ANA)


def test_a_bridge_that_is_told_nothing_is_reminded() -> None:
    session, clock = opened()
    clock.advance(31 * 60)
    assert any("UPDATE DUE" in alarm.text for alarm in alarms(session, clock.now()))
    session.perform(AddNote("all well"), ANA)
    assert alarms(session, clock.now()) == []


# -- locks and overrides -------------------------------------------------------------------------------


def test_a_planned_lock_opens_by_time_or_by_reason() -> None:
    session, clock = opened(plan=timed_plan())
    with pytest.raises(Refused, match="locked until 03:00Z"):
        session.perform(CheckItem("exec.9"), ANA)
    session.perform(CheckItem("exec.8"), ANA)
    assert "exec.9" not in session.state.items  # it does not start by itself while it is locked
    session.perform(CheckItem("exec.9", why_now="DBA asked for it"), ANA)
    assert session.events[-2].fact.why_now == "DBA asked for it"
    other, clock = opened(plan=timed_plan())
    clock.advance(3600)
    other.perform(CheckItem("exec.9"), ANA)


def test_an_override_needs_a_reason_and_is_counted_apart() -> None:
    session, _ = opened()
    with pytest.raises(Refused, match="reason"):
        session.perform(OverrideItem("val.1", ""), ANA)
    session.perform(OverrideItem("val.1", "known and accepted"), ANA)
    counts = session.tally.phase("exec")
    assert (counts.overridden, counts.done) == (1, 0)


# -- forecasts -----------------------------------------------------------------------------------------


def test_no_forecast_below_four_fifths_known_and_it_says_why() -> None:
    session, clock = opened(plan=timed_plan(known=7))
    forecast = forecasts(session, clock.now())["exec"]
    assert forecast.end_at is None
    assert forecast.why == "no forecast: 3 steps without a duration"
    session, clock = opened(plan=timed_plan(known=8))
    assert forecasts(session, clock.now())["exec"].end_at == GO_LIVE + timedelta(minutes=80)


def test_a_phase_that_was_entered_early_is_worked_on_and_does_not_wait_for_its_window() -> None:
    """So it is too where the clock was set back to before the window."""
    session, clock = opened(plan=timed_plan())
    for item in ("pre.backup", "exec.1"):
        session.perform(CheckItem(item, why_now="early"), ANA)
    clock.jump(-1800)
    forecast = forecasts(session, clock.now())["exec"]
    assert forecast.start_at == clock.now() == GO_LIVE - timedelta(minutes=30)
    assert forecast.end_at == clock.now() + timedelta(minutes=90)


def test_a_late_execution_makes_the_next_phase_start_late() -> None:
    session, clock = opened(plan=timed_plan())
    clock.advance(3600)
    assert forecasts(session, clock.now())["post"].start_at == GO_LIVE + timedelta(minutes=160)


def test_work_goes_on_after_its_window_and_the_next_phase_waits_for_it() -> None:
    session, clock = opened(plan=timed_plan())
    for step in range(1, 6):
        session.perform(CheckItem(f"exec.{step}", why_now="early"), ANA)
    clock.advance(130 * 60)
    found = forecasts(session, clock.now())
    assert session.current_phase() == "post"
    assert found["exec"].end_at == GO_LIVE + timedelta(minutes=170)  # 06 has used up its time, four are left
    assert found["post"].start_at == GO_LIVE + timedelta(minutes=170)
    session.perform(CheckItem("post.1"), ANA)  # who goes on has left it behind
    assert "exec" not in forecasts(session, clock.now())


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 300), st.integers(0, 10))
def test_a_forecast_never_lies_in_the_past(minutes: int, done: int) -> None:
    session, clock = opened(plan=timed_plan())
    for step in range(1, done + 1):
        session.perform(CheckItem(f"exec.{step}", why_now="early"), ANA)
    clock.advance(minutes * 60)
    for forecast in forecasts(session, clock.now()).values():
        assert forecast.start_at is None or forecast.start_at >= clock.now()
        assert forecast.end_at is None or forecast.end_at >= clock.now()


def test_a_step_must_leave_room_for_what_follows_and_a_rollback() -> None:
    session, clock = opened(plan=timed_plan())
    # 35 minutes of rollback before 04:00, and 7 steps of ten minutes after step 3.
    assert must_end_by(session, "exec.3", clock.now()) == GO_LIVE + timedelta(minutes=120 - 35 - 70)
    assert must_end_by(session, "post.1", clock.now()) is None
    # What was dealt with since leaves more room, and a hold none.
    session.perform(SkipItem("exec.6", "not in this release"), ANA)
    assert must_end_by(session, "exec.3", clock.now()) == GO_LIVE + timedelta(minutes=120 - 35 - 60)
    # What failed before it, and what is still open before it once it has begun, is still to be done then.
    session.perform(FailItem("exec.1", "3 errors"), ANA)
    assert must_end_by(session, "exec.3", clock.now()) == GO_LIVE + timedelta(minutes=120 - 35 - 70)
    session.perform(StartItem("exec.3"), ANA)
    assert must_end_by(session, "exec.3", clock.now()) == GO_LIVE + timedelta(minutes=120 - 35 - 80)
    assert must_end_text(session, "exec.3", clock.now()) == "02:05Z, or the rollback no longer fits"
    assert must_end_text(session, "post.1", clock.now()) == ""
    late = must_end_text(session, "exec.3", clock.now() + timedelta(minutes=6))
    assert late == "02:05Z, which is past: with what is left the rollback no longer fits"


def test_the_parts_of_a_step_are_not_work_behind_it() -> None:
    plan = timed_plan()
    before, execution, after = plan.stages
    phase = execution.phases[0]
    steps = phase.groups[0].items
    parted = replace(steps[2], items=(Item("exec.3a", "A part", duration_s=300),))
    group = replace(phase.groups[0], items=(*steps[:2], parted, *steps[3:]))
    stages = (before, replace(execution, phases=(replace(phase, groups=(group, *phase.groups[1:])),)), after)
    session, clock = opened(plan=replace(plan, stages=stages))
    assert must_end_by(session, "exec.3", clock.now()) == GO_LIVE + timedelta(minutes=120 - 35 - 70)


def test_the_worst_case_is_the_end_and_then_a_rollback() -> None:
    session, clock = opened(plan=timed_plan())
    assert worst_case(session, clock.now()) == GO_LIVE + timedelta(minutes=135)


# -- restore and card ----------------------------------------------------------------------------------


def test_what_a_restore_would_lose() -> None:
    session, clock = opened(plan=timed_plan(), at=GO_LIVE - timedelta(minutes=80))
    assert restore_loses(session, clock.now()) == "no backup ticked: there is nothing to restore"
    session.perform(CheckItem("pre.backup"), ANA)
    assert restore_loses(session, clock.now()) == "DB RESTORE LOSES all since 00:40Z"
    clock.advance(84 * 60)
    session.perform(CheckItem("exec.1"), ANA)
    assert restore_loses(session, clock.now()) == "DB RESTORE LOSES 00:40Z-02:04Z"
    clock.advance(58 * 60)
    session.perform(CheckItem("exec.5"), ANA)
    assert restore_loses(session, clock.now()) == "DB RESTORE LOSES 00:40Z-02:04Z and all since 03:02Z"
    pitr, _ = opened(plan=replace(timed_plan(), rollback=replace(timed_plan().rollback, restore="pitr")))
    assert restore_loses(pitr, clock.now()) == ""


def test_the_card_says_forward_back_and_by_when() -> None:
    session, clock = opened(plan=timed_plan())
    session.perform(MakePromise("Kim", 600), ANA)
    text = card_text(decision_card(session, clock.now()))
    assert "called now it ends 02:35Z" in text
    assert "03:25Z, 85 min left: after that a rollback outlasts Deployment Execution" in text
    assert "Kim: 02:10Z" in text
    assert "go on to the end, then roll back: ends 04:15Z" in text


def test_the_card_of_a_plan_without_budgets_says_nothing_of_a_rollback() -> None:
    session, clock = opened(plan=replace(small_plan(), rollback=replace(small_plan().rollback, stages=())))
    names = [name for name, _ in decision_card(session, clock.now()).lines]
    assert "back" not in names
    assert "decide by" not in names


# -- clocks --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wall_s", "mono_s", "step"),
    [
        (1, 1, None),
        (5, 1, None),
        (7, 1, ClockStepped(6, False)),
        (-0.5, 1, ClockStepped(-2, False)),
        (3601, 1, ClockStepped(3600, False)),
        (-3599, 1, ClockStepped(-3600, False)),
        (600, 600, ClockStepped(600, True)),
    ],
)
def test_clock_steps(wall_s, mono_s, step) -> None:
    watch = ClockWatch(GO_LIVE, 100.0)
    assert watch.look(GO_LIVE + timedelta(seconds=wall_s), 100.0 + mono_s) == step


def test_an_accelerated_clock_keeps_what_has_passed_when_its_speed_changes() -> None:
    inner = FrozenClock(datetime(2026, 1, 1, tzinfo=UTC))
    clock = AcceleratedClock(inner, GO_LIVE, 180)
    inner.advance(10)
    assert clock.now() == GO_LIVE + timedelta(minutes=30)
    clock.set_speed(1)
    inner.advance(10)
    assert clock.now() == GO_LIVE + timedelta(minutes=30, seconds=10)
    assert clock.monotonic_s() == 1810


def test_every_event_of_the_clock_has_words() -> None:
    session, _ = opened()
    session.perform(HoldWork("waiting", 600), ANA)
    session.perform(ResumeWork(), ANA)
    session.perform(MoveEdge("exec.end", 1800, "agreed"), ANA)
    session.perform(MakePromise("Kim", 600), ANA)
    session.perform(SettlePromise(session.state.promises[0].seq, True), ANA)
    texts = [row.text for row in Viewer(session).journal_rows(5)]
    assert texts == [
        "promise kept",
        "Kim promised 02:10Z",
        "the end of Deployment Execution moved +30 min: agreed",
        "the hold is over",
        "HOLD: waiting, expected to end 02:10Z",
    ]


def test_no_trigger_stands_on_the_card_without_how_it_stands() -> None:
    plan = timed_plan()
    triggers = (Item("tr.loss", "Data loss"), Item("tr.errors", "Errors", when=Condition("errors", "breach")))
    session, clock = opened(plan=replace(plan, rollback=replace(plan.rollback, triggers=triggers)))
    lines = [text for name, text in decision_card(session, clock.now()).lines if name == "trigger"]
    assert len(lines) == len(triggers)
    for trigger, line in zip(triggers, lines, strict=True):
        assert line.startswith(f"{trigger.text}: ")
    session.perform(RaiseTrigger(triggers[0].id), ANA)
    lines = [text for name, text in decision_card(session, clock.now()).lines if name == "trigger"]
    assert lines[0] == f"FIRED {triggers[0].text}: raised by ANA 02:00Z"
