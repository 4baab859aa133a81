"""Rollback triggers, lapses and acknowledgements in the alarm row; every event has words."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from deploytui.journal.event import Event
from deploytui.journal.fact import AlarmAcked, ItemLapsed, Unknown
from deploytui.metrics.board import Board, Level, Reading
from deploytui.plan.model import Condition, Item, PlannedStop, Rollback
from deploytui.session.act import CheckItem, RaiseTrigger, ShelveTrigger
from deploytui.session.alarm import alarm_view, alarms
from deploytui.session.event_text import journal_row
from deploytui.session.stop import rest_board
from deploytui.session.trigger import Trigger, triggers_now
from deploytui.session.viewer import Viewer
from tests.session.fake import ANA, GO_LIVE, opened, small_plan

STOP = PlannedStop("exec.1", "exec.5", max_s=1500, settle_s=180, targets=("app",))


def plan():
    base = small_plan()
    triggers = (
        Item("rb.errors", "Error rate > 5%", when=Condition("errors", "breach")),
        Item("rb.down", "Unavailable > 15 minutes", when=Condition("down", "breach", for_s=900)),
        Item("rb.loss", "Data loss occurring"),
    )
    return replace(base, rollback=replace(base.rollback, triggers=triggers), planned_stops=(STOP,))


def reading(gauge: str, level: Level, in_level_s: float = 60.0) -> Reading:
    return Reading(gauge, gauge, "app", "%", level, "7 %, breach is > 5", 7.0, 1.0, in_level_s)


def stands(session, now=GO_LIVE) -> list[Trigger]:
    return [trigger.stands for trigger in triggers_now(session.plan, session.state, session.board, now)]


def test_a_trigger_fires_on_breach_and_after_its_time_and_never_without_data() -> None:
    session, _ = opened(plan=plan())
    assert stands(session) == [Trigger.NOT_MEASURED, Trigger.NOT_MEASURED, Trigger.BY_HAND]
    session.board = Board((reading("errors", Level.BREACH), reading("down", Level.BREACH, 240)))
    assert stands(session) == [Trigger.FIRED, Trigger.CLEAR, Trigger.BY_HAND]
    text = triggers_now(session.plan, session.state, session.board, GO_LIVE)[1].text
    assert text.endswith("for 4 min of 15 min")
    session.board = Board((reading("errors", Level.SETTLING), reading("down", Level.SETTLING, 900)))
    assert stands(session) == [Trigger.CLEAR, Trigger.CLEAR, Trigger.BY_HAND]
    session.board = Board((reading("errors", Level.STALE), reading("down", Level.BREACH, 900)))
    assert stands(session) == [Trigger.NOT_MEASURED, Trigger.FIRED, Trigger.BY_HAND]


def test_a_planned_stop_rests_a_trigger_and_its_overrun_is_an_alarm() -> None:
    session, clock = opened(plan=plan())
    session.perform(CheckItem("exec.1"), ANA)
    down = Board((reading("down", Level.BREACH, 1000),))
    clock.advance(1000)
    session.board = rest_board(down, session.plan, session.state, clock.now())
    assert stands(session, clock.now())[1] is Trigger.RESTS
    assert alarms(session, clock.now()) == []
    clock.advance(620)
    session.board = rest_board(down, session.plan, session.state, clock.now())
    assert stands(session, clock.now())[1] is Trigger.FIRED
    texts = [alarm.text for alarm in alarms(session, clock.now())]
    assert texts[0].startswith("ROLLBACK TRIGGER Unavailable")
    assert "PLANNED STOP RAN OVER by 2 min" in texts


def test_a_shelved_trigger_comes_back_by_itself() -> None:
    session, clock = opened(plan=plan())
    session.board = Board((reading("errors", Level.BREACH),))
    session.perform(ShelveTrigger("rb.errors", "known", 600), ANA)
    assert stands(session, clock.now())[0] is Trigger.SHELVED
    assert stands(session, clock.now() + timedelta(seconds=600))[0] is Trigger.FIRED


def test_a_trigger_raised_by_hand_is_the_worst_alarm() -> None:
    session, clock = opened(plan=plan())
    session.board = Board((reading("errors", Level.WATCH),))
    session.perform(RaiseTrigger("rb.loss"), ANA)
    row = alarm_view(session, clock.now())
    assert (row.level, row.more) == (Level.BREACH, 1)
    assert row.text.startswith("ROLLBACK TRIGGER Data loss occurring: raised by ANA")


def test_an_acknowledged_alarm_stands_behind_the_others_until_it_begins_anew() -> None:
    session, clock = opened(plan=plan())
    session.board = Board((reading("errors", Level.BREACH, 60), reading("down", Level.WATCH, 60)))
    worst = alarms(session, clock.now())[0]
    assert alarm_view(session, clock.now()).hint == "a ack"
    session.perform(AlarmAcked(worst.key, worst.short), ANA)
    assert alarms(session, clock.now())[0].key != worst.key
    assert len(alarms(session, clock.now())) == 3
    for alarm in alarms(session, clock.now()):
        session.perform(AlarmAcked(alarm.key, ""), ANA)
    assert alarm_view(session, clock.now()).hint == "acknowledged"
    clock.advance(100)
    session.board = Board((reading("errors", Level.BREACH, 10),))
    assert alarm_view(session, clock.now()).hint == "a ack"


def test_a_lapse_is_on_the_row_and_in_the_alarm_row() -> None:
    session, clock = opened(plan=plan())
    session.perform(CheckItem("val.1"), ANA)
    session.perform(ItemLapsed("val.1", "now 1.9 %"), ANA)
    assert Viewer(session).item_row("val.1", clock.now()).right == "NO LONGER OK since 02:00"
    assert "NO LONGER OK since 02:00Z Response times < 500ms: now 1.9 %" in [
        alarm.text for alarm in alarms(session, clock.now())
    ]


def test_the_page_lists_every_trigger_with_its_number() -> None:
    session, clock = opened(plan=plan())
    lines = Viewer(session).triggers_detail(clock.now()).lines
    assert [name for name, _ in lines if name] == ["1 not measured", "2 not measured", "3 by hand"]
    bare, clock = opened(plan=replace(small_plan(), rollback=Rollback()))
    assert Viewer(bare).triggers_detail(clock.now()).lines == (("", "this plan has none"),)


def test_an_event_of_a_newer_program_is_shown_by_its_name() -> None:
    session, _ = opened(plan=plan())
    row = journal_row(Event(1, "e", 0, Unknown("newer.kind"), GO_LIVE), session.index)
    assert row.text == "unknown event newer.kind"
