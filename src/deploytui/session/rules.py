"""What is allowed now, and what an act becomes in the journal. Pure: a state and an act in, drafts out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from deploytui.base.errors import Refused
from deploytui.base.text import clean_block, clean_line, quoted, shorten
from deploytui.base.units import clock_z, iso
from deploytui.journal.event import Draft, Kind, Value
from deploytui.journal.state import ItemState, ItemStatus, SessionState
from deploytui.plan.index import PlanIndex
from deploytui.session.act import (
    Act,
    AddNote,
    By,
    CheckItem,
    CloseSession,
    EnterPhase,
    FailItem,
    ReasonItem,
    RecordLevel,
    SetAside,
    SkipItem,
    StartItem,
    UndoLast,
)

NOTE_MAX = 16_000
REASON_MAX = 2_000
OUTCOMES = ("done", "done-with-exceptions", "rolled-back", "abandoned")
_OPEN = (ItemStatus.OPEN, ItemStatus.ACTIVE)


def status_of(state: SessionState, item: str) -> ItemStatus:
    """Items nothing was said of are open."""
    said = state.items.get(item)
    return said.status if said else ItemStatus.OPEN


def said_by(said: ItemState) -> str:
    """`done by ANA 02:31Z`."""
    return f"{said.status.value} by {said.by} {clock_z(said.at)}"


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one plan. `now` is used only for planned locks, never for order."""

    index: PlanIndex

    def drafts(self, state: SessionState, act: Act, by: By) -> list[Draft]:
        """What `act` appends; an empty list when it is already so. `Refused` says why it may not."""
        if state.is_closed and not isinstance(act, AddNote):
            raise Refused(f"the session is closed ({state.outcome}); only notes are taken")
        match act:
            case CheckItem(item, evidence):
                return self._check(state, item, evidence, by)
            case StartItem(item):
                return self._start(state, item, by)
            case SkipItem(item, reason):
                return self._skip(state, item, reason, by)
            case FailItem(item, reason):
                return self._fail(state, item, reason, by)
            case ReasonItem(item, reason):
                return self._reason(state, item, reason, by)
            case UndoLast(item):
                return self._undo(state, item, by)
            case AddNote(text, item):
                return self._note(text, item, by)
            case EnterPhase(phase):
                return self._enter(state, phase, by)
            case SetAside(phases):
                payload: dict[str, Value] = {"phases": list(phases)}
                return [_draft(Kind.PHASES_SET_ASIDE, by, payload)]
            case RecordLevel(gauge, before, after, why):
                payload = {"gauge": gauge, "before": before, "after": after, "why": why}
                return [_draft(Kind.LEVEL_CHANGED, by, payload)]
            case CloseSession(outcome):
                return self._close(outcome, by)

    def caution(self, state: SessionState, act: Act) -> str:
        """What a careful colleague would say before this act; "" when there is nothing. Never forbids."""
        if not isinstance(act, CheckItem):
            return ""
        item = self.index.by_id[act.item].item
        unmet = [need for need in item.needs if status_of(state, need) is not ItemStatus.DONE]
        if unmet:
            return f"needs {', '.join(unmet)}, not done yet"
        for before in self.index.steps_before(act.item):
            if status_of(state, before.item.id) in _OPEN:
                return f"step {before.number:02d} before it is still open"
        if item.needs_evidence and not act.evidence:
            return "evidence is required: add it with n"
        return ""

    def _placed(self, state: SessionState, item: str) -> list[Draft]:
        """The item may be acted on; entering its phase comes first where that has not happened."""
        placed = self.index.by_id.get(item)
        if placed is None:
            raise Refused(f"there is no item {quoted(item)} in the stages of this plan")
        if placed.phase in state.set_aside:
            title = self.index.phases[placed.phase].title
            raise Refused(f"{title} was set aside at the start: it is not in this session")
        if placed.phase in state.entered:
            return []
        return [Draft(Kind.PHASE_ENTERED, {"phase": placed.phase})]

    def _check(self, state: SessionState, item: str, evidence: str, by: By) -> list[Draft]:
        entering = self._placed(state, item)
        status = status_of(state, item)
        if status is ItemStatus.DONE:
            return []
        if status not in _OPEN:
            raise Refused(_which_key(state.items[item]))
        payload: dict[str, Value] = {"item": item}
        if evidence:
            payload["evidence"] = shorten(clean_line(evidence), REASON_MAX)
        drafts = [_draft(Kind.ITEM_CHECKED, by, payload)]
        after = self.index.next_step(item)
        if after is not None and status_of(state, after.item.id) is ItemStatus.OPEN:
            drafts.append(_draft(Kind.ITEM_STARTED, by, {"item": after.item.id, "auto": True}))
        return _signed(entering, by) + drafts

    def _start(self, state: SessionState, item: str, by: By) -> list[Draft]:
        entering = self._placed(state, item)
        status = status_of(state, item)
        if status is ItemStatus.ACTIVE:
            return []
        if status not in (ItemStatus.OPEN, ItemStatus.FAILED):
            raise Refused(_which_key(state.items[item]))
        return [*_signed(entering, by), _draft(Kind.ITEM_STARTED, by, {"item": item})]

    def _skip(self, state: SessionState, item: str, reason: str, by: By) -> list[Draft]:
        entering = self._placed(state, item)
        if not (reason := clean_line(reason).strip()):
            raise Refused("a skip needs a reason")
        status = status_of(state, item)
        if status is ItemStatus.SKIPPED:
            return []
        if status is ItemStatus.DONE:
            raise Refused(_which_key(state.items[item]))
        payload: dict[str, Value] = {"item": item, "reason": shorten(reason, REASON_MAX)}
        return [*_signed(entering, by), _draft(Kind.ITEM_SKIPPED, by, payload)]

    def _fail(self, state: SessionState, item: str, reason: str, by: By) -> list[Draft]:
        entering = self._placed(state, item)
        status = status_of(state, item)
        if status is ItemStatus.FAILED:
            return []
        if status not in _OPEN:
            raise Refused(_which_key(state.items[item]))
        payload: dict[str, Value] = {"item": item}
        if reason := clean_line(reason).strip():
            payload["reason"] = shorten(reason, REASON_MAX)
        return [*_signed(entering, by), _draft(Kind.ITEM_FAILED, by, payload)]

    def _reason(self, state: SessionState, item: str, reason: str, by: By) -> list[Draft]:
        said = state.items.get(item)
        if said is None or said.status not in (ItemStatus.FAILED, ItemStatus.SKIPPED):
            raise Refused("a reason belongs to a failed or skipped item")
        if not (reason := clean_line(reason).strip()):
            raise Refused("the reason is empty")
        payload: dict[str, Value] = {"item": item, "reason": shorten(reason, REASON_MAX)}
        return [_draft(Kind.ITEM_REASONED, by, payload)]

    def _undo(self, state: SessionState, item: str, by: By) -> list[Draft]:
        if not item:
            if not state.undoable:
                raise Refused("nothing to undo")
            seq, item = state.undoable[-1]
        else:
            if item not in self.index.by_id:
                raise Refused(f"there is no item {quoted(item)} in the stages of this plan")
            said = state.items.get(item)
            if said is None:
                return []
            seq = said.seq
        drafts = []
        if (after := self._started_by(state, item, seq)) is not None:
            drafts.append(_draft(Kind.ITEM_UNDONE, by, {"item": after, "auto": True}))
        return [*drafts, _draft(Kind.ITEM_UNDONE, by, {"item": item, "act": seq})]

    def _started_by(self, state: SessionState, item: str, seq: int) -> str | None:
        """The next step that started by itself when this one was ticked, if nothing was said of it since."""
        if item not in self.index.by_id or status_of(state, item) is not ItemStatus.DONE:
            return None
        after = self.index.next_step(item)
        said = state.items.get(after.item.id) if after else None
        return after.item.id if after and said and said.seq == seq + 1 else None

    def _note(self, text: str, item: str, by: By) -> list[Draft]:
        if not (text := clean_block(text).strip()):
            raise Refused("the note is empty")
        payload: dict[str, Value] = {"text": shorten(text, NOTE_MAX)}
        if item:
            payload["item"] = item
        return [_draft(Kind.NOTE_ADDED, by, payload)]

    def _enter(self, state: SessionState, phase: str, by: By) -> list[Draft]:
        if phase not in self.index.phases:
            raise Refused(f"there is no phase {quoted(phase)}")
        return [] if phase in state.entered else [_draft(Kind.PHASE_ENTERED, by, {"phase": phase})]

    def _close(self, outcome: str, by: By) -> list[Draft]:
        if outcome not in OUTCOMES:
            raise Refused(f"the outcome is one of {', '.join(OUTCOMES)}")
        return [_draft(Kind.SESSION_CLOSED, by, {"outcome": outcome})]


def _draft(kind: Kind, by: By, payload: dict[str, Value]) -> Draft:
    return Draft(kind.value, payload, by.name, by.for_, by.via)


def _signed(drafts: list[Draft], by: By) -> list[Draft]:
    return [_draft(Kind(draft.kind), by, dict(draft.payload)) for draft in drafts]


def _which_key(said: ItemState) -> str:
    """Which key applies in a state that refuses this one."""
    keys = {
        ItemStatus.FAILED: "b retries, s skips, u undoes",
        ItemStatus.SKIPPED: "u undoes",
        ItemStatus.DONE: "u undoes",
    }
    return f"{said_by(said)} · {keys.get(said.status, 'u undoes')}"


def opening(by: By, go_live: datetime | None, entered: str | None, set_aside: tuple[str, ...]) -> list[Draft]:
    """The first events of a session: opened, what was set aside, and the phase it starts in."""
    payload: dict[str, Value] = {"go_live": iso(go_live) if go_live else ""}
    drafts = [_draft(Kind.SESSION_OPENED, by, payload)]
    if set_aside:
        drafts.append(_draft(Kind.PHASES_SET_ASIDE, by, {"phases": list(set_aside)}))
    if entered:
        drafts.append(_draft(Kind.PHASE_ENTERED, by, {"phase": entered}))
    return drafts
