"""What is allowed now, and what an act becomes in the journal. Pure: a state and an act in, drafts out."""

from __future__ import annotations

from copy import copy
from datetime import date, datetime, timedelta
from typing import assert_never

from msgspec import Struct

from deploytui.base.errors import Refused
from deploytui.base.text import clean_block, clean_line, quoted, shorten
from deploytui.base.units import MAX_DURATION_S, clock_z, iso
from deploytui.journal.event import Draft
from deploytui.journal.fact import (
    AlarmAcked,
    BaselineCaptured,
    ClockStepped,
    EdgeMoved,
    FindingAccepted,
    HoldBegan,
    HoldEnded,
    LevelChanged,
    NoteAdded,
    PhaseEntered,
    PhasesSetAside,
    PlanFileChanged,
    PromiseMade,
    PromiseSettled,
    RehearsalPaced,
    SessionClosed,
    SessionOpened,
    TriggerCleared,
    TriggerRaised,
    TriggerShelved,
)
from deploytui.journal.state import GO_LIVE, Inserted, Pace, SessionState
from deploytui.plan.index import PlanIndex
from deploytui.plan.model import Plan, StageName
from deploytui.plan.schedule import shift
from deploytui.session.act import (
    AcceptFinding,
    AckAlarm,
    Act,
    AddNote,
    By,
    CaptureBaseline,
    CloseSession,
    EnterPhase,
    HoldWork,
    ItemAct,
    MakePromise,
    MoveEdge,
    RaiseTrigger,
    RecordClockStep,
    RecordLevel,
    RecordPace,
    RecordPlanFile,
    ResumeWork,
    SetAside,
    SettlePromise,
    ShelveTrigger,
)
from deploytui.session.agreement import agreed_spans
from deploytui.session.answer import Question, Unanswered
from deploytui.session.item_rules import REASON_MAX, ItemRules, draft, entering, required
from deploytui.session.unplanned import with_unplanned

NOTE_MAX = 16_000
SHELF_MAX_S = 24 * 3600
OUTCOMES = ("done", "done-with-exceptions", "rolled-back", "abandoned")


class Rules(Struct, frozen=True):
    """The rules of one plan. `now` is used for planned times only, never for order."""

    index: PlanIndex
    items: ItemRules

    def drafts(self, state: SessionState, act: Act, by: By, now: datetime) -> list[Draft]:
        """What `act` appends; an empty list when it is already so. `Refused` says why it may not."""
        if state.is_closed and not isinstance(act, AddNote):
            raise Refused(f"the session is closed ({state.outcome}); only notes are taken")
        if isinstance(act, ItemAct):
            return self.items.drafts(state, act, by, now)
        match act:
            case AddNote():
                return self._note(act, by)
            case EnterPhase(phase):
                return self._enter(state, phase, by, now)
            case HoldWork():
                return self._hold(state, act, by, now)
            case ResumeWork():
                if state.hold is None:
                    raise Refused("nothing is on hold")
                return [draft(HoldEnded(), by)]
            case MoveEdge():
                return self._move(state, act, by)
            case MakePromise():
                return self._promise(act, by, now)
            case SettlePromise():
                return self._settle(state, act, by)
            case CaptureBaseline():
                return self._baseline(state, act, by)
            case RaiseTrigger() | ShelveTrigger():
                return self._trigger(state, act, by, now)
            case AcceptFinding():
                return self._accept(act, by, now)
            case CloseSession(outcome):
                if outcome not in OUTCOMES:
                    raise Refused(f"the outcome is one of {', '.join(OUTCOMES)}")
                return [draft(SessionClosed(outcome), by)]
            # What the program itself records: no rule can forbid a fact.
            case AckAlarm(alarm, text):
                return [draft(AlarmAcked(alarm, text), by)]
            case SetAside(phases):
                return [draft(PhasesSetAside(phases), by)]
            case RecordLevel(gauge, before, after, why):
                return [draft(LevelChanged(gauge, before, after, why), by)]
            case RecordPlanFile(became, sha256, why):
                return [draft(PlanFileChanged(became, sha256, clean_line(why)), by)]
            case RecordPace(pace):
                return [paced(pace, by)]
            case RecordClockStep(seconds, was_suspended):
                return [draft(ClockStepped(seconds, was_suspended), by)]
            case _:
                assert_never(act)

    def _note(self, act: AddNote, by: By) -> list[Draft]:
        if not (text := clean_block(act.text).strip()):
            raise Unanswered(Question.TEXT, "the note is empty")
        return [draft(NoteAdded(shorten(text, NOTE_MAX), act.item), by)]

    def _accept(self, act: AcceptFinding, by: By, now: datetime) -> list[Draft]:
        why = required(act.why, "a reason to accept a finding")
        if act.until:
            try:
                is_past = date.fromisoformat(act.until) < now.date()
            except ValueError:
                raise Refused("a finding is accepted until a day such as 2026-12-31") from None
            if is_past:
                raise Refused(f"{act.until} is past: a finding is accepted until a day to come")
        message = shorten(act.message, NOTE_MAX)
        return [draft(FindingAccepted(act.code, act.subject, message, why, act.until), by)]

    def _enter(self, state: SessionState, phase: str, by: By, now: datetime) -> list[Draft]:
        if phase not in self.index.phases:
            raise Refused(f"there is no phase {quoted(phase)}")
        return [] if phase in state.entered else [entering(self.index, state, phase, by, now)]

    def _hold(self, state: SessionState, act: HoldWork, by: By, now: datetime) -> list[Draft]:
        if state.hold is not None:
            raise Refused(f"on hold already: {state.hold.reason}")
        reason = required(act.reason, "a reason to hold")
        if not 0 < act.expected_s <= MAX_DURATION_S:
            raise Refused("a hold needs an expected end, such as 10m")
        expected_at = iso(now + timedelta(seconds=act.expected_s))
        return [draft(HoldBegan(reason, expected_at), by)]

    def _move(self, state: SessionState, act: MoveEdge, by: By) -> list[Draft]:
        reason = required(act.reason, "a reason to move")
        if not act.seconds or abs(act.seconds) > MAX_DURATION_S:
            raise Refused("a move is a duration such as +30m or -10m")
        go_live = state.go_live or self.index.plan.go_live
        if act.edge == GO_LIVE:
            if go_live is None:
                raise Refused("there is no go-live to move")
        else:
            self._check_edge(state, act)
        return [draft(EdgeMoved(act.edge, act.seconds, reason), by)]

    def _check_edge(self, state: SessionState, act: MoveEdge) -> None:
        phase, _, end = act.edge.rpartition(".")
        spans = agreed_spans(self.index.plan, state)
        if phase not in spans or end not in ("start", "end"):
            edges = ", ".join(f"{name}.end" for name in spans)
            raise Refused(f"there is no edge {quoted(act.edge)}; it is {GO_LIVE} or one of {edges}")
        span = shift(spans, {act.edge: act.seconds})[phase]
        if span.end_at <= span.start_at:
            raise Refused(f"{self.index.phases[phase].title} would end before it starts")

    def _promise(self, act: MakePromise, by: By, now: datetime) -> list[Draft]:
        who = required(act.who, "who promised it", Question.WHO)
        if not 0 < act.due_s <= MAX_DURATION_S:
            raise Refused("a promise needs a time, such as 10m")
        return [draft(PromiseMade(who, iso(now + timedelta(seconds=act.due_s)), act.item), by)]

    def _settle(self, state: SessionState, act: SettlePromise, by: By) -> list[Draft]:
        made = next((promise for promise in state.promises if promise.seq == act.promise), None)
        if made is None or made.was_kept is not None:
            raise Refused("there is no open promise with that number")
        return [draft(PromiseSettled(act.promise, act.was_kept), by)]

    def _baseline(self, state: SessionState, act: CaptureBaseline, by: By) -> list[Draft]:
        """Before the change only: what comes after it is what the baseline is there to judge."""
        if any(self.index.stage_of.get(phase) is StageName.EXECUTION for phase in state.entered):
            raise Refused("the baseline is locked: execution has begun")
        known = state.baselines.get(act.gauge)
        if known is not None and not clean_line(act.reason).strip():
            why = f"captured {clock_z(known.at)} by {known.by}; the command `replace the baseline` asks why"
            raise Unanswered(Question.REASON, why)
        reason = required(act.reason, "a reason to replace the baseline") if known is not None else ""
        value, spread = repr(act.value), repr(act.spread)
        return [draft(BaselineCaptured(act.gauge, value, spread, act.samples, reason), by)]

    def _trigger(
        self, state: SessionState, act: RaiseTrigger | ShelveTrigger, by: By, now: datetime
    ) -> list[Draft]:
        if not any(trigger.id == act.trigger for trigger in self.index.plan.rollback.triggers):
            raise Refused(f"there is no rollback trigger {quoted(act.trigger)}")
        if isinstance(act, ShelveTrigger):
            reason = required(act.reason, "a reason to shelve")
            if not 0 < act.for_s <= SHELF_MAX_S:
                raise Refused("a trigger is shelved for a time, such as 30m, and at most 24h")
            until = iso(now + timedelta(seconds=act.for_s))
            return [draft(TriggerShelved(act.trigger, reason, until), by)]
        said = state.triggers.get(act.trigger)
        if (said is not None and said.raised_at is not None) is act.is_raised:
            return []
        return [draft(TriggerRaised(act.trigger) if act.is_raised else TriggerCleared(act.trigger), by)]


class RulesOfPlan:
    """The rules over a plan as it is worked through: made anew where an item was inserted or taken out again, so that
    whoever reads the old ones is not disturbed. Used on one thread; `copy` is for another one."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._inserted: tuple[Inserted, ...] | None = None
        self._rules: Rules

    def of(self, state: SessionState) -> Rules:
        """The rules that hold in `state`."""
        if self._inserted != state.inserted:
            index = PlanIndex(with_unplanned(self.plan, state.inserted))
            self._inserted, self._rules = state.inserted, Rules(index, ItemRules(index))
        return self._rules

    def copy(self) -> RulesOfPlan:
        """The same rules as they are now, made anew apart from these."""
        return copy(self)


def follower_text(driver: str) -> str:
    """Why whoever follows may not act; `driver` is who drives, "" for nobody."""
    if not driver:
        return "following: nobody drives; leave and use `resume` to drive"
    return f"following: {driver} drives; leave and use `resume --take-over --reason` to drive"


def paced(pace: Pace, by: By) -> Draft:
    """A rehearsal's pace, so that a script beside it knows what time it is there."""
    # A second of the wall is minutes there: the instants keep their fractions, and the speed is text like all numbers.
    fact = RehearsalPaced(pace.at.isoformat(), pace.real_at.isoformat(), f"{pace.speed:g}")
    return draft(fact, by)


def opening(
    by: By,
    go_live: datetime | None,
    entered: str | None,
    set_aside: tuple[str, ...],
    elsewhere: str = "",
    variables: tuple[str, ...] = (),
) -> list[Draft]:
    """The first events of a session: opened, what was set aside, and the phase it starts in."""
    drafts = [draft(SessionOpened(iso(go_live) if go_live else "", variables), by)]
    if set_aside:
        where = shorten(clean_line(elsewhere).strip(), REASON_MAX)
        drafts.append(draft(PhasesSetAside(set_aside, where), by))
    if entered:
        drafts.append(draft(PhaseEntered(entered), by))
    return drafts
