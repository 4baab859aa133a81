"""What is allowed now, and what an act becomes in the journal. Pure: a state and an act in, drafts out."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from msgspec import Struct

from deploytui.base.errors import Refused
from deploytui.base.text import clean_block, clean_line, quoted, shorten
from deploytui.base.units import MAX_DURATION_S, clock_z, iso
from deploytui.journal.event import Draft, Kind, Value
from deploytui.journal.state import GO_LIVE, Pace, SessionState
from deploytui.plan.index import PlanIndex
from deploytui.plan.model import StageName
from deploytui.plan.schedule import shift
from deploytui.session.act import (
    AcceptFinding,
    AckAlarm,
    Act,
    AddNote,
    By,
    CaptureBaseline,
    CheckItem,
    CloseSession,
    EnterPhase,
    FailItem,
    HoldWork,
    InsertItem,
    LapseItem,
    MakePromise,
    MoveEdge,
    OverrideItem,
    RaiseTrigger,
    ReasonItem,
    RecordClockStep,
    RecordLevel,
    RecordPace,
    RecordPlanFile,
    RecoverItem,
    ResumeWork,
    SenseItem,
    SetAside,
    SettlePromise,
    ShelveTrigger,
    SkipItem,
    StartItem,
    UndoLast,
)
from deploytui.session.agreement import agreed_spans
from deploytui.session.answer import Question, Unanswered
from deploytui.session.item_rules import REASON_MAX, ItemRules, draft, entering, required

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
        match act:
            case CheckItem():
                return self.items.check(state, act, by, now)
            case StartItem():
                return self.items.start(state, act, by, now)
            case SkipItem():
                return self.items.skip(state, act, by, now)
            case FailItem():
                return self.items.fail(state, act, by, now)
            case OverrideItem():
                return self.items.override(state, act, by, now)
            case ReasonItem():
                return self.items.give_reason(state, act, by)
            case UndoLast():
                return self.items.undo(state, act, by)
            case InsertItem():
                return self.items.insert(state, act, by)
            case SenseItem():
                return self.items.sense(state, act, by)
            case LapseItem():
                return self.items.lapse(state, act, by)
            case RecoverItem():
                return self.items.recover(state, act, by)
            case _:
                return self._session_drafts(state, act, by, now)

    def _session_drafts(self, state: SessionState, act: Act, by: By, now: datetime) -> list[Draft]:
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
                return [draft(Kind.HOLD_ENDED, by, {})]
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
                return [draft(Kind.SESSION_CLOSED, by, {"outcome": outcome})]
            case _:
                return [_recorded(act, by)]

    def _note(self, act: AddNote, by: By) -> list[Draft]:
        if not (text := clean_block(act.text).strip()):
            raise Unanswered(Question.TEXT, "the note is empty")
        payload: dict[str, Value] = {"text": shorten(text, NOTE_MAX)}
        if act.item:
            payload["item"] = act.item
        return [draft(Kind.NOTE_ADDED, by, payload)]

    def _accept(self, act: AcceptFinding, by: By, now: datetime) -> list[Draft]:
        why = required(act.why, "a reason to accept a finding")
        if act.until:
            try:
                is_past = date.fromisoformat(act.until) < now.date()
            except ValueError:
                raise Refused("a finding is accepted until a day such as 2026-12-31") from None
            if is_past:
                raise Refused(f"{act.until} is past: a finding is accepted until a day to come")
        payload: dict[str, Value] = {
            "code": act.code,
            "item_of": act.subject,
            "message": shorten(act.message, NOTE_MAX),
            "why": why,
            "until": act.until,
        }
        return [draft(Kind.FINDING_ACCEPTED, by, payload)]

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
        return [draft(Kind.HOLD_BEGAN, by, {"reason": reason, "expected_at": expected_at})]

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
        return [draft(Kind.EDGE_MOVED, by, {"edge": act.edge, "seconds": act.seconds, "reason": reason})]

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
        payload: dict[str, Value] = {"who": who, "due_at": iso(now + timedelta(seconds=act.due_s))}
        if act.item:
            payload["item"] = act.item
        return [draft(Kind.PROMISE_MADE, by, payload)]

    def _settle(self, state: SessionState, act: SettlePromise, by: By) -> list[Draft]:
        made = next((promise for promise in state.promises if promise.seq == act.promise), None)
        if made is None or made.was_kept is not None:
            raise Refused("there is no open promise with that number")
        return [draft(Kind.PROMISE_SETTLED, by, {"promise": act.promise, "kept": act.was_kept})]

    def _baseline(self, state: SessionState, act: CaptureBaseline, by: By) -> list[Draft]:
        """Before the change only: what comes after it is what the baseline is there to judge."""
        if any(self.index.stage_of.get(phase) is StageName.EXECUTION for phase in state.entered):
            raise Refused("the baseline is locked: execution has begun")
        known = state.baselines.get(act.gauge)
        if known is not None and not clean_line(act.reason).strip():
            why = f"captured {clock_z(known.at)} by {known.by}; the command `replace the baseline` asks why"
            raise Unanswered(Question.REASON, why)
        # Numbers as text: a canonical body holds no floats.
        payload: dict[str, Value] = {
            "gauge": act.gauge,
            "value": repr(act.value),
            "spread": repr(act.spread),
            "samples": act.samples,
        }
        if known is not None:
            payload["reason"] = required(act.reason, "a reason to replace the baseline")
        return [draft(Kind.BASELINE_CAPTURED, by, payload)]

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
            payload: dict[str, Value] = {"trigger": act.trigger, "reason": reason, "until": until}
            return [draft(Kind.TRIGGER_SHELVED, by, payload)]
        said = state.triggers.get(act.trigger)
        if (said is not None and said.raised_at is not None) is act.is_raised:
            return []
        kind = Kind.TRIGGER_RAISED if act.is_raised else Kind.TRIGGER_CLEARED
        return [draft(kind, by, {"trigger": act.trigger})]


def _recorded(act: Act, by: By) -> Draft:
    """What the program itself records: no rule can forbid a fact."""
    payload: dict[str, Value]
    match act:
        case SetAside(phases):
            return draft(Kind.PHASES_SET_ASIDE, by, {"phases": list(phases)})
        case RecordLevel(gauge, before, after, why):
            payload = {"gauge": gauge, "before": before, "after": after, "why": why}
            return draft(Kind.LEVEL_CHANGED, by, payload)
        case AckAlarm(alarm, text):
            return draft(Kind.ALARM_ACKED, by, {"alarm": alarm, "text": text})
        case RecordPlanFile(became, sha256, why):
            payload = {"became": became, "sha256": sha256, "why": clean_line(why)}
            return draft(Kind.PLAN_FILE_CHANGED, by, payload)
        case RecordPace(pace):
            return paced(pace, by)
        case RecordClockStep(seconds, was_suspended):
            return draft(Kind.CLOCK_STEPPED, by, {"seconds": seconds, "suspended": was_suspended})
        case _:
            raise TypeError(f"no rule for {type(act).__name__}")


def paced(pace: Pace, by: By) -> Draft:
    """A rehearsal's pace, so that a script beside it knows what time it is there."""
    # A second of the wall is minutes there: the instants keep their fractions, and the speed is text like all numbers.
    payload: dict[str, Value] = {
        "at": pace.at.isoformat(),
        "real_at": pace.real_at.isoformat(),
        "speed": f"{pace.speed:g}",
    }
    return draft(Kind.REHEARSAL_PACED, by, payload)


def opening(
    by: By, go_live: datetime | None, entered: str | None, set_aside: tuple[str, ...], elsewhere: str = ""
) -> list[Draft]:
    """The first events of a session: opened, what was set aside, and the phase it starts in."""
    drafts = [draft(Kind.SESSION_OPENED, by, {"go_live": iso(go_live) if go_live else ""})]
    if set_aside:
        payload: dict[str, Value] = {"phases": list(set_aside)}
        if elsewhere := clean_line(elsewhere).strip():
            payload["elsewhere"] = shorten(elsewhere, REASON_MAX)
        drafts.append(draft(Kind.PHASES_SET_ASIDE, by, payload))
    if entered:
        drafts.append(draft(Kind.PHASE_ENTERED, by, {"phase": entered}))
    return drafts
