"""The look ahead: marked moments with their letters, where they stand in time, and what the bars are drawn on."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from deploytui.plan.model import Gate, Item, Plan
from deploytui.plan.schedule import Span
from deploytui.session.act import (
    CheckItem,
    HoldWork,
    MakePromise,
    ResumeWork,
    SettlePromise,
    SkipItem,
    StartItem,
)
from deploytui.session.axis import axes
from deploytui.session.outlook import Outlook
from deploytui.session.session import Session
from deploytui.session.timeline import timeline_rows
from deploytui.session.view import Progress, TimelineRow
from tests.session.fake import ANA, GO_LIVE, opened, small_plan
from tests.session.test_night_clock import timed_plan


def at(minutes: float) -> datetime:
    return GO_LIVE + timedelta(minutes=minutes)


def is_passed(row: TimelineRow) -> bool:
    return row.progress is Progress.DONE


def marked(session: Session, now: datetime) -> dict[str, TimelineRow]:
    return {marker.sign: marker for marker in Outlook(session).look(now).markers}


def rows_of(session: Session, now: datetime) -> list[TimelineRow]:
    return list(timeline_rows(session, now, Outlook(session).look(now)))


def with_gate(plan: Plan) -> Plan:
    """The timed plan with a go / no-go after its backup, ten minutes of work before it."""
    pre = plan.stages[0].phases[1]
    backup = replace(pre.groups[0].items[0], duration_s=600)
    group = replace(pre.groups[0], items=(backup, Item("pre.go", "Go or no-go", gate=Gate())))
    phases = (plan.stages[0].phases[0], replace(pre, groups=(group,)))
    return replace(plan, stages=(replace(plan.stages[0], phases=phases), *plan.stages[1:]))


def test_a_moment_has_the_time_of_its_tick() -> None:
    session, clock = opened(plan=timed_plan())
    clock.advance(4 * 60)
    session.perform(CheckItem("exec.1"), ANA)
    stop = marked(session, clock.now())["S"]
    assert (stop.title, stop.at, is_passed(stop)) == ("stop", at(4), True)


def test_a_moment_that_is_ahead_stands_where_the_durations_before_it_put_it() -> None:
    session, clock = opened(plan=timed_plan())
    traffic = marked(session, clock.now())["T"]
    assert (traffic.at, is_passed(traffic)) == (at(40), False)
    session.perform(HoldWork("waiting", 600), ANA)
    assert marked(session, clock.now())["T"].at == at(50)


def test_without_durations_nobody_knows_when_and_it_says_so() -> None:
    session, clock = opened(plan=timed_plan(known=0))
    traffic = marked(session, clock.now())["T"]
    assert (traffic.at, traffic.detail) == (None, "no time yet")
    row = next(row for row in rows_of(session, clock.now()) if row.sign == "T")
    assert (row.at, row.clock, row.detail) == (None, "", "no time yet")


def test_nothing_is_expected_in_the_past() -> None:
    session, clock = opened(plan=timed_plan())
    for minutes in range(0, 300, 7):
        now = at(minutes)
        for marker in Outlook(session).look(now).markers:
            assert is_passed(marker) or marker.at is None or marker.at > now
    assert clock.now() == GO_LIVE


def test_a_gate_is_marked_before_and_after_it() -> None:
    session, clock = opened(at(-60), with_gate(timed_plan()), entered="pre")
    assert marked(session, clock.now())["G"].at == at(-50)
    clock.advance(20 * 60)
    session.perform(CheckItem("pre.go"), ANA)
    gate = marked(session, clock.now())["G"]
    assert (gate.title, gate.phase, gate.at, is_passed(gate)) == ("go/no-go", "pre", at(-40), True)


def test_what_was_skipped_has_no_moment() -> None:
    session, clock = opened(plan=timed_plan())
    session.perform(SkipItem("exec.1", "nothing to stop"), ANA)
    assert "S" not in marked(session, clock.now())


def test_a_lock_is_marked_until_its_item_is_done() -> None:
    session, clock = opened(plan=timed_plan())
    lock = marked(session, clock.now())["L"]
    assert (lock.title, lock.at, is_passed(lock)) == ("step 09 opens", at(60), False)
    assert is_passed(marked(session, at(60))["L"])
    assert not is_passed(marked(session, at(59.9))["L"])
    session.perform(CheckItem("exec.9", why_now="early"), ANA)
    assert "L" not in marked(session, clock.now())


def test_when_the_work_will_end_and_how_late_that_is() -> None:
    session, clock = opened(plan=timed_plan())
    ends = marked(session, clock.now())["F"]
    assert (ends.title, ends.at, ends.is_over) == ("Deployment Execution ends", at(100), False)
    session.perform(StartItem("exec.1"), ANA)
    late = marked(session, at(60))["F"]
    assert (late.at, late.detail, late.is_over) == (at(150), "30 min late", True)


def test_a_phase_that_will_start_late_says_when_rounded_up() -> None:
    session, clock = opened(plan=timed_plan())
    session.perform(StartItem("exec.1"), ANA)
    clock.advance(60 * 60 + 30)
    row = next(row for row in rows_of(session, clock.now()) if row.phase == "post" and row.kind == "phase")
    assert (row.detail, row.is_over) == ("late: 04:31Z", True)  # 04:30:30
    early, clock = opened(plan=timed_plan())
    row = next(row for row in rows_of(early, clock.now()) if row.phase == "post" and row.kind == "phase")
    assert (row.detail, row.is_over) == ("in 2 h 00", False)


def test_no_forecast_counts_what_has_no_duration() -> None:
    session, clock = opened(plan=timed_plan(known=7))
    ends = marked(session, clock.now())["F"]
    assert (ends.title, ends.at, ends.detail) == ("no forecast", None, "3 without duration")


def test_a_moment_that_comes_moves_no_other_line_of_the_pane() -> None:
    session, clock = opened(plan=timed_plan(known=0))
    before = len(rows_of(session, clock.now()))
    session.perform(CheckItem("exec.1"), ANA)
    session.perform(CheckItem("exec.5"), ANA)
    assert len(rows_of(session, clock.now())) == before


def test_a_hold_and_a_promise_are_marked_until_they_are_settled() -> None:
    session, clock = opened()
    session.perform(HoldWork("waiting for the DBA", 600), ANA)
    session.perform(MakePromise("Kim", 300, "exec.1"), ANA)
    found = marked(session, clock.now())
    assert (found["H"].title, found["H"].at, found["H"].detail) == ("hold: waiting for the DBA", at(10), "")
    assert (found["P"].title, found["P"].at, found["P"].is_over) == ("Kim promised", at(5), False)
    late = marked(session, at(11.5))
    assert (late["H"].detail, late["P"].detail) == ("2 min over", "OVERDUE")
    session.perform(ResumeWork(), ANA)
    session.perform(SettlePromise(session.state.promises[0].seq, True), ANA)
    assert not {"H", "P"} & set(marked(session, clock.now()))


def test_a_set_aside_phase_has_no_moments() -> None:
    session, clock = opened(at(-60), with_gate(timed_plan()), set_aside=("infra", "pre"))
    assert "G" not in marked(session, clock.now())


def test_the_look_ahead_is_new_after_an_act() -> None:
    session, clock = opened(plan=timed_plan())
    outlook = Outlook(session)
    before = outlook.look(clock.now())
    assert outlook.look(clock.now()) is before
    session.perform(CheckItem("exec.1"), ANA)
    assert outlook.look(clock.now()) is not before


# -- the axis ------------------------------------------------------------------------------------------


def axis_of(session: Session, minutes: float, shown: str, which: int = 0) -> Span:
    found = axes(session, at(minutes), shown)
    assert found is not None
    return Span(found[which].start_at, found[which].end_at)


def test_the_axis_is_the_stage_that_is_looked_at_and_the_night_stays_readable() -> None:
    session, _ = opened()
    assert axis_of(session, 42, "exec") == Span(at(0), at(120))
    assert axis_of(session, 42, "post") == Span(at(30), at(240))  # now is near enough to be on it
    assert axis_of(session, -60, "pre") == Span(at(-120), at(0))  # infra, weeks before, is not
    assert axis_of(session, 42, "day1") == Span(at(0), at(24 * 60))


def test_the_whole_holds_everything_that_is_in_the_session_and_now() -> None:
    session, _ = opened()
    assert axis_of(session, 42, "exec", 1) == Span(at(-120), at(24 * 60))
    assert axis_of(session, 30 * 60, "exec", 1).end_at > at(30 * 60)
    whole, _ = opened(set_aside=())
    assert axis_of(whole, 42, "exec", 1).start_at < at(-17 * 24 * 60)


def test_an_overrun_widens_the_axis_in_steps_and_not_every_minute() -> None:
    session, _ = opened()
    ends = [axis_of(session, minute, "exec").end_at for minute in range(120, 150)]
    assert all(end > at(minute) for minute, end in zip(range(120, 150), ends, strict=True))
    assert len(set(ends)) == 2


def test_a_plan_without_windows_has_no_axis() -> None:
    plan = small_plan()
    stages = tuple(
        replace(stage, phases=tuple(replace(phase, window=None) for phase in stage.phases))
        for stage in plan.stages
    )
    session, clock = opened(plan=replace(plan, stages=stages))
    assert axes(session, clock.now(), "exec") is None
