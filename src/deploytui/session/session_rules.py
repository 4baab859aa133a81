"""What is allowed of the session as a whole: notes, phases, holds, moves, promises, baselines, triggers, findings, its
end. Pure: a state and an act in, facts out. Those for an item are in `rules.py`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import assert_never

from msgspec.structs import replace

from deploytui.base.errors import Refused
from deploytui.base.text import clean_block, clean_line, quoted, shorten
from deploytui.base.units import MAX_DURATION_S, clock_z, iso
from deploytui.journal import fact
from deploytui.journal.event import Draft
from deploytui.journal.fact import Fact
from deploytui.journal.state import GO_LIVE, Pace, SessionState
from deploytui.plan.index import PlanIndex
from deploytui.plan.model import StageName
from deploytui.plan.schedule import shift
from deploytui.session import act as acts
from deploytui.session.act import By, SessionAct
from deploytui.session.answer import Question, Unanswered, line, required
from deploytui.session.transition import agreed_spans, entering

NOTE_MAX = 16_000
SHELF_MAX_S = 24 * 3600
OUTCOMES = ("done", "done-with-exceptions", "rolled-back", "abandoned")


def session_facts(index: PlanIndex, state: SessionState, act: SessionAct, now: datetime) -> list[Fact]:
    """What `act` appends; an empty list when it is already so. `Refused` says why it may not."""
    match act:
        case acts.AddNote(text, item):
            if not (text := clean_block(text).strip()):
                raise Unanswered(Question.TEXT, "the note is empty")
            return [fact.NoteAdded(shorten(text, NOTE_MAX), item)]
        case acts.EnterPhase(phase):
            if phase not in index.phases:
                raise Refused(f"there is no phase {quoted(phase)}")
            return [] if phase in state.entered else [entering(index, state, phase, now)]
        case acts.HoldWork(reason, expected_s):
            if state.hold is not None:
                raise Refused(f"on hold already: {state.hold.reason}")
            reason = required(reason, "a reason to hold")
            return [
                fact.HoldBegan(reason, _until(now, expected_s, "a hold needs an expected end, such as 10m"))
            ]
        case acts.ResumeWork():
            if state.hold is None:
                raise Refused("nothing is on hold")
            return [fact.HoldEnded()]
        case acts.MoveEdge():
            return [_move(index, state, act)]
        case acts.MakePromise(who, due_s, item):
            who = required(who, "who promised it", Question.WHO)
            return [fact.PromiseMade(who, _until(now, due_s, "a promise needs a time, such as 10m"), item)]
        case acts.SettlePromise(number, was_kept):
            if not any(made.seq == number and made.was_kept is None for made in state.promises):
                raise Refused("there is no open promise with that number")
            return [fact.PromiseSettled(number, was_kept)]
        case acts.CaptureBaseline():
            return [_baseline(index, state, act)]
        case acts.RaiseTrigger(trigger, is_raised):
            _check_trigger(index, trigger)
            said = state.triggers.get(trigger)
            if (said is not None and said.raised_at is not None) is is_raised:
                return []
            return [fact.TriggerRaised(trigger) if is_raised else fact.TriggerCleared(trigger)]
        case acts.ShelveTrigger(trigger, reason, for_s):
            _check_trigger(index, trigger)
            reason = required(reason, "a reason to shelve")
            form = "a trigger is shelved for a time, such as 30m, and at most 24h"
            return [fact.TriggerShelved(trigger, reason, _until(now, for_s, form, SHELF_MAX_S))]
        case acts.AcceptFinding():
            return [_accept(act, now)]
        case acts.CloseSession(outcome):
            if outcome not in OUTCOMES:
                raise Refused(f"the outcome is one of {', '.join(OUTCOMES)}")
            return [fact.SessionClosed(outcome)]
        case fact.PlanFileChanged():
            return [replace(act, why=clean_line(act.why))]
        case fact.AlarmAcked() | fact.LevelChanged() | fact.ClockStepped() | fact.RehearsalPaced():
            return [act]
        case _:
            assert_never(act)


def _until(now: datetime, seconds: int, form: str, most_s: int = MAX_DURATION_S) -> str:
    """When so many seconds are over."""
    if not 0 < seconds <= most_s:
        raise Refused(form)
    return iso(now + timedelta(seconds=seconds))


def _move(index: PlanIndex, state: SessionState, act: acts.MoveEdge) -> Fact:
    reason = required(act.reason, "a reason to move")
    if not act.seconds or abs(act.seconds) > MAX_DURATION_S:
        raise Refused("a move is a duration such as +30m or -10m")
    if act.edge == GO_LIVE:
        if (state.go_live or index.plan.go_live) is None:
            raise Refused("there is no go-live to move")
        return fact.EdgeMoved(act.edge, act.seconds, reason)
    phase, _, end = act.edge.rpartition(".")
    spans = agreed_spans(index.plan, state)
    if phase not in spans or end not in ("start", "end"):
        edges = ", ".join(f"{name}.end" for name in spans)
        raise Refused(f"there is no edge {quoted(act.edge)}; it is {GO_LIVE} or one of {edges}")
    span = shift(spans, {act.edge: act.seconds})[phase]
    if span.end_at <= span.start_at:
        raise Refused(f"{index.phases[phase].title} would end before it starts")
    return fact.EdgeMoved(act.edge, act.seconds, reason)


def _baseline(index: PlanIndex, state: SessionState, act: acts.CaptureBaseline) -> Fact:
    """Before the change only: what comes after it is what the baseline is there to judge."""
    if any(index.stage_of.get(phase) is StageName.EXECUTION for phase in state.entered):
        raise Refused("the baseline is locked: execution has begun")
    known = state.baselines.get(act.gauge)
    if known is not None and not line(act.reason):
        why = f"captured {clock_z(known.at)} by {known.by}; the command `replace the baseline` asks why"
        raise Unanswered(Question.REASON, why)
    reason = line(act.reason) if known is not None else ""
    return fact.BaselineCaptured(act.gauge, repr(act.value), repr(act.spread), act.samples, reason)


def _check_trigger(index: PlanIndex, trigger: str) -> None:
    if not any(known.id == trigger for known in index.plan.rollback.triggers):
        raise Refused(f"there is no rollback trigger {quoted(trigger)}")


def _accept(act: acts.AcceptFinding, now: datetime) -> Fact:
    why = required(act.reason, "a reason to accept a finding")
    if act.until:
        try:
            is_past = date.fromisoformat(act.until) < now.date()
        except ValueError:
            raise Refused("a finding is accepted until a day such as 2026-12-31") from None
        if is_past:
            raise Refused(f"{act.until} is past: a finding is accepted until a day to come")
    return fact.FindingAccepted(act.code, act.subject, shorten(act.message, NOTE_MAX), why, act.until)


def paced(pace: Pace) -> fact.RehearsalPaced:
    """A rehearsal's pace, so that a script beside it knows what time it is there."""
    # A second of the wall is minutes there: the instants keep their fractions, and the speed is text like all numbers.
    return fact.RehearsalPaced(pace.at.isoformat(), pace.real_at.isoformat(), f"{pace.speed:g}")


def opening(
    by: By,
    go_live: datetime | None,
    entered: str | None,
    set_aside: tuple[str, ...],
    elsewhere: str = "",
    variables: tuple[str, ...] = (),
) -> list[Draft]:
    """The first events of a session: opened, what was set aside, and the phase it starts in."""
    facts: list[Fact] = [fact.SessionOpened(iso(go_live) if go_live else "", variables)]
    if set_aside:
        facts.append(fact.PhasesSetAside(set_aside, line(elsewhere)))
    if entered:
        facts.append(fact.PhaseEntered(entered))
    return [by.draft(one) for one in facts]
