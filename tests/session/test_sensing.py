"""Sensed items and planned stops: what counts, what never does, and what is said when it no longer holds."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from deploytui.base.errors import Refused
from deploytui.journal.fact import AlarmAcked, ItemChecked, ItemLapsed, ItemRecovered
from deploytui.journal.state import ItemStatus
from deploytui.metrics.board import Board, Level, Reading
from deploytui.plan.model import (
    Band,
    Condition,
    GaugeSpec,
    Group,
    Item,
    Limit,
    Phase,
    Plan,
    PlannedStop,
    Rollback,
    Stage,
)
from deploytui.plan.source import ScriptedSource
from deploytui.session.act import (
    SYSTEM,
    By,
    CaptureBaseline,
    CheckItem,
    EnterPhase,
    RaiseTrigger,
    ShelveTrigger,
)
from deploytui.session.event_text import journal_row
from deploytui.session.sensing import SETTLE_S, Sensing
from deploytui.session.session import Session
from deploytui.session.stop import overrun_text, rest_board, resting, stops_now
from tests.session.fake import ANA, GO_LIVE, opened, small_plan

ROBOT = By(SYSTEM)


def bound_plan(dwell_s: int = 60, ticks: str = "self", stops: tuple[PlannedStop, ...] = ()) -> Plan:
    plan = small_plan()
    pre, execution, post = plan.stages
    validation = Item(
        "val.1", "Error rate < 0.1%", when=Condition("errors", "ok", dwell_s, ticks), needs=("exec.5",)
    )
    steps = execution.phases[0].groups[0]
    exec_phase = Phase(
        "exec", "Execution", (steps, Group("val", "Validation", (validation,))), execution.phases[0].window
    )
    rollback = Rollback(triggers=(Item("rb.loss", "Data loss occurring"),), stages=plan.rollback.stages)
    return replace(
        plan, stages=(pre, Stage(execution.name, (exec_phase,)), post), planned_stops=stops, rollback=rollback
    )


def board(level: Level, age_s: float = 1.0, value: float = 0.02) -> Board:
    return Board((Reading("errors", "Error rate", "app", "%", level, "0.02 % (1 of 5000)", value, age_s),))


class Night:
    """A session, its sensing and a board that goes on once a second."""

    def __init__(self, plan: Plan, at: datetime = GO_LIVE) -> None:
        self.session, self.clock = opened(plan=plan, at=at)
        self.sensing = Sensing(self.session.index)

    def pass_s(self, seconds: int, level: Level, value: float = 0.02) -> list[object]:
        acts: list[object] = []
        for _ in range(seconds):
            self.clock.advance(1)
            found = self.sensing.look(
                self.session.state, board(level, value=value), self.clock.now(), self.clock.monotonic_s()
            )
            for act in found:
                self.session.perform(act, ROBOT)
            acts += found
        return acts

    def ready(self) -> None:
        """Its need done, and settled."""
        self.session.perform(CheckItem("exec.5"), ANA)
        self.clock.advance(SETTLE_S)

    def status(self) -> ItemStatus:
        said = self.session.state.items.get("val.1")
        return said.status if said else ItemStatus.OPEN


def test_a_healthy_old_version_never_ticks() -> None:
    night = Night(bound_plan())
    assert night.pass_s(600, Level.OK) == []  # its need is not done
    assert night.status() is ItemStatus.OPEN


def test_it_ticks_itself_with_evidence_after_its_dwell() -> None:
    night = Night(bound_plan())
    night.ready()
    assert night.pass_s(60, Level.OK) == []
    assert night.sensing.held_s("val.1", night.clock.monotonic_s()) == 59
    assert night.pass_s(1, Level.OK) == [ItemChecked("val.1", "Error rate: 0.02 % (1 of 5000)", auto=True)]
    said = night.session.state.items["val.1"]
    assert (said.status, said.by, said.evidence) == (
        ItemStatus.DONE,
        SYSTEM,
        "Error rate: 0.02 % (1 of 5000)",
    )


@pytest.mark.parametrize(
    "level", [Level.NO_DATA, Level.STALE, Level.PLANNED_STOP, Level.WATCH, Level.SETTLING, Level.BREACH]
)
def test_anything_but_the_level_asked_for_starts_the_dwell_again(level) -> None:
    night = Night(bound_plan())
    night.ready()
    night.pass_s(50, Level.OK)
    night.pass_s(1, level)
    assert night.pass_s(59, Level.OK) == []
    assert night.status() is ItemStatus.OPEN


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 80), st.sampled_from([Level.NO_DATA, Level.STALE, Level.WATCH, Level.SETTLING])
        ),
        max_size=6,
    )
)
def test_it_never_ticks_without_the_level(parts) -> None:
    night = Night(bound_plan())
    night.ready()
    for seconds, level in parts:
        assert night.pass_s(seconds, level) == []
    assert night.status() is ItemStatus.OPEN


def test_a_person_ticks_where_the_plan_says_so() -> None:
    night = Night(bound_plan(ticks="person"))
    night.ready()
    assert night.pass_s(200, Level.OK) == []
    assert night.sensing.held_s("val.1", night.clock.monotonic_s()) is not None


def test_what_was_ok_and_no_longer_is_says_so_and_is_not_unticked() -> None:
    night = Night(bound_plan())
    night.ready()
    night.pass_s(70, Level.OK)
    assert night.pass_s(3, Level.BREACH) == [ItemLapsed("val.1", "0.02 % (1 of 5000)")]
    assert "val.1" in night.session.state.lapsed
    assert night.status() is ItemStatus.DONE
    assert night.pass_s(3, Level.NO_DATA) == []  # no data proves nothing
    assert night.pass_s(2, Level.OK) == [ItemRecovered("val.1")]
    assert "val.1" not in night.session.state.lapsed


def test_a_good_value_that_has_not_held_yet_lapses_nothing_and_a_bad_one_does() -> None:
    limited = GaugeSpec("errors", "Error rate", ScriptedSource(), ok=Band(Limit("<", 0.1), for_s=60))
    night = Night(replace(bound_plan(), gauges=(limited,)))
    night.ready()
    night.pass_s(62, Level.OK)
    assert night.session.state.items["val.1"].status is ItemStatus.DONE
    assert night.pass_s(30, Level.WATCH) == []  # 0.02 %: good, and settling after a gap
    assert night.pass_s(1, Level.WATCH, value=0.3) == [ItemLapsed("val.1", "0.02 % (1 of 5000)")]


def test_sensing_never_speaks_over_a_person_or_ahead_of_a_phase() -> None:
    night = Night(bound_plan())
    night.session.perform(ItemChecked("post.1", "x", auto=True), ROBOT)  # its phase is not entered
    assert "post.1" not in night.session.state.items
    night.session.perform(CheckItem("val.1"), ANA)
    before = night.session.state.seq
    night.session.perform(ItemChecked("val.1", "x", auto=True), ROBOT)
    night.session.perform(ItemLapsed("val.2", "x"), ROBOT)
    assert night.session.state.seq == before


# -- planned stops -------------------------------------------------------------------------------------

STOP = PlannedStop("exec.1", "exec.5", max_s=1500, settle_s=180, targets=("app",))


def stopped() -> tuple[Session, Night]:
    night = Night(bound_plan(stops=(STOP,)))
    night.session.perform(CheckItem("exec.1"), ANA)
    return night.session, night


def test_a_planned_stop_rests_its_targets_only() -> None:
    session, night = stopped()
    night.clock.advance(600)
    rested = rest_board(board(Level.BREACH), session.plan, session.state, night.clock.now()).readings[0]
    assert rested.level is Level.PLANNED_STOP
    assert rested.why == "15 min of it left; it says: 0.02 % (1 of 5000)"
    other = Board((replace(board(Level.BREACH).readings[0], target="db"),))
    assert rest_board(other, session.plan, session.state, night.clock.now()) == other


def test_a_stop_past_its_max_rests_nothing_and_says_by_how_much() -> None:
    session, night = stopped()
    night.clock.advance(1500 + 121)
    assert resting(session.plan, session.state, night.clock.now()) == {}
    assert (
        overrun_text(stops_now(session.plan, session.state, night.clock.now())[0])
        == "PLANNED STOP RAN OVER by 3 min"
    )
    assert rest_board(board(Level.BREACH), session.plan, session.state, night.clock.now()) == board(
        Level.BREACH
    )


def test_after_the_stop_it_settles_before_anything_counts() -> None:
    session, night = stopped()
    night.clock.advance(300)
    session.perform(CheckItem("exec.5"), ANA)
    night.clock.advance(179)
    assert "app" in resting(session.plan, session.state, night.clock.now())
    night.clock.advance(1)
    assert stops_now(session.plan, session.state, night.clock.now()) == []


def test_a_start_that_came_too_late_does_not_settle() -> None:
    session, night = stopped()
    night.clock.advance(1501)
    session.perform(CheckItem("exec.5"), ANA)
    assert resting(session.plan, session.state, night.clock.now()) == {}


def test_inside_a_stop_nothing_is_armed() -> None:
    night = Night(bound_plan(stops=(STOP,)))
    night.session.perform(CheckItem("exec.5"), ANA)
    night.session.perform(CheckItem("exec.1"), ANA)
    placed = night.session.index.by_id["val.1"]
    reading = board(Level.OK).readings[0]
    assert night.sensing.not_armed(placed, night.session.state, reading, night.clock.now())


# -- baselines, triggers, alarms -----------------------------------------------------------------------


def test_a_baseline_is_kept_with_its_spread_and_size_and_locked_in_execution() -> None:
    session, _ = opened(entered="pre")
    session.perform(CaptureBaseline("latency", 212.5, 3.25, 60), ANA)
    baseline = session.state.baselines["latency"]
    assert (baseline.value, baseline.spread, baseline.samples) == (212.5, 3.25, 60)
    assert (baseline.by, baseline.reason, baseline.first) == ("ANA", "", None)
    session.perform(EnterPhase("exec"), ANA)
    with pytest.raises(Refused, match="locked"):
        session.perform(CaptureBaseline("latency", 900.0, 3.25, 60), ANA)


def test_a_baseline_is_replaced_only_for_a_reason_and_keeps_the_first() -> None:
    session, clock = opened(entered="pre")
    session.perform(CaptureBaseline("latency", 212.5, 3.25, 60, reason="not asked for"), ANA)
    assert session.state.baselines["latency"].reason == ""
    clock.advance(60)
    for reason in ("", "  "):
        with pytest.raises(Refused, match="by ANA; the command `replace the baseline` asks why"):
            session.perform(CaptureBaseline("latency", 230.0, 4.0, 40, reason=reason), ANA)
    for value, reason in ((230.0, "the cache was cold"), (240.0, "again")):
        session.perform(CaptureBaseline("latency", value, 4.0, 40, reason=reason), By("KIM"))
    found = session.state.baselines["latency"]
    assert (found.value, found.by, found.reason) == (240.0, "KIM", "again")
    assert found.first is not None
    assert (found.first.value, found.first.by) == (212.5, "ANA")
    assert [event.fact.value for event in session.events if event.kind == "baseline.captured"] == [
        "212.5", "230.0", "240.0",
    ]  # fmt: skip
    row = journal_row(session.events[-1], session.index)
    assert row.text == "baseline of latency replaced, again: 240 over 40 samples"


def test_triggers_are_raised_by_hand_and_shelved_for_a_time() -> None:
    session, _ = opened(plan=bound_plan())
    session.perform(RaiseTrigger("rb.loss"), ANA)
    assert session.state.triggers["rb.loss"].raised_by == "ANA"
    session.perform(RaiseTrigger("rb.loss", False), ANA)
    assert session.state.triggers["rb.loss"].raised_at is None
    session.perform(ShelveTrigger("rb.loss", "known", 1800), ANA)
    assert session.state.triggers["rb.loss"].shelved_until == GO_LIVE + timedelta(minutes=30)
    for act in (
        ShelveTrigger("rb.loss", "", 60),
        ShelveTrigger("rb.loss", "x", 90_000),
        RaiseTrigger("nope"),
    ):
        with pytest.raises(Refused):
            session.perform(act, ANA)


def test_an_alarm_that_was_seen_is_in_the_journal() -> None:
    session, _ = opened()
    session.perform(AlarmAcked("errors", "WATCH error rate"), ANA)
    assert session.state.acked["errors"] == GO_LIVE


def test_entering_a_phase_records_what_was_left_in_the_one_before() -> None:
    session, _ = opened()
    session.perform(EnterPhase("post"), ANA)
    fact = session.events[-1].fact
    assert (fact.before, fact.open, fact.done, fact.stage) == (
        "exec",
        14,
        0,
        "post-deploy",
    )
