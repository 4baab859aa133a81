"""What may be said of an item now, and what it becomes in the journal. Pure: state and act in, drafts out."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from msgspec import Struct

from deploytui.base.errors import Refused
from deploytui.base.text import clean_line, quoted, shorten
from deploytui.base.units import clock_z, left
from deploytui.journal.event import Draft
from deploytui.journal.fact import (
    Fact,
    ItemChecked,
    ItemFailed,
    ItemInserted,
    ItemLapsed,
    ItemOverridden,
    ItemReasoned,
    ItemRecovered,
    ItemSkipped,
    ItemStarted,
    ItemUndone,
    ItemWithdrawn,
)
from deploytui.journal.state import ItemState, ItemStatus, SessionState
from deploytui.plan.index import Placed, PlanIndex
from deploytui.plan.schedule import instant, zone_of
from deploytui.session.act import (
    By,
    CheckItem,
    FailItem,
    InsertItem,
    ItemAct,
    LapseItem,
    OverrideItem,
    ReasonItem,
    RecoverItem,
    SenseItem,
    SkipItem,
    StartItem,
    UndoLast,
)
from deploytui.session.agreement import agreed_spans
from deploytui.session.answer import Question, Unanswered
from deploytui.session.transition import transition
from deploytui.session.unplanned import free_id

REASON_MAX = 2_000
_OPEN = (ItemStatus.OPEN, ItemStatus.ACTIVE)
_KEYS = {ItemStatus.FAILED: "b retries, s skips, o overrides, u undoes"}


def status_of(state: SessionState, item: str) -> ItemStatus:
    """Items nothing was said of are open."""
    said = state.items.get(item)
    return said.status if said else ItemStatus.OPEN


def draft(fact: Fact, by: By) -> Draft:
    """An event that `by` writes."""
    return Draft(fact, by.name, by.for_, by.via)


def required(text: str, what: str, question: Question = Question.REASON) -> str:
    """A text that must not be empty, as one clean line."""
    if not (text := clean_line(text).strip()):
        raise Unanswered(question, f"{what} is needed")
    return shorten(text, REASON_MAX)


class ItemRules(Struct, frozen=True):
    """The rules for the items of one plan."""

    index: PlanIndex

    def drafts(self, state: SessionState, act: ItemAct, by: By, now: datetime) -> list[Draft]:
        """What `act` appends; an empty list when it is already so. `Refused` says why it may not."""
        match act:
            case CheckItem():
                return self._check(state, act, by, now)
            case StartItem():
                return self._start(state, act, by, now)
            case SkipItem():
                return self._skip(state, act, by, now)
            case FailItem():
                return self._fail(state, act, by, now)
            case OverrideItem():
                return self._override(state, act, by, now)
            case ReasonItem():
                return self._give_reason(state, act, by)
            case UndoLast():
                return self._undo(state, act, by)
            case InsertItem():
                return self._insert(state, act, by)
            case SenseItem():
                return self._sense(state, act, by)
            case LapseItem():
                return self._lapse(state, act, by)
            case RecoverItem():
                return [draft(ItemRecovered(act.item), by)] if act.item in state.lapsed else []
            case _:
                assert_never(act)

    def _check(self, state: SessionState, act: CheckItem, by: By, now: datetime) -> list[Draft]:
        entering = self._placed(state, act.item, by, now)
        status = status_of(state, act.item)
        if status is ItemStatus.DONE:
            return []
        if status not in _OPEN:
            raise Refused(which_key(state.items[act.item]))
        why_now = self._unlocked(state, act.item, act.why_now, now)
        evidence = shorten(clean_line(act.evidence), REASON_MAX) if act.evidence else ""
        drafts = [*entering, draft(ItemChecked(act.item, evidence, why_now=why_now), by)]
        after = self.index.next_step(act.item)
        if after is not None and self._may_start_itself(state, after.item.id, now):
            drafts.append(draft(ItemStarted(after.item.id, auto=True), by))
        return drafts

    def _may_start_itself(self, state: SessionState, item: str, now: datetime) -> bool:
        return status_of(state, item) is ItemStatus.OPEN and self.locked_until(state, item, now) is None

    def _start(self, state: SessionState, act: StartItem, by: By, now: datetime) -> list[Draft]:
        entering = self._placed(state, act.item, by, now)
        status = status_of(state, act.item)
        if status is ItemStatus.ACTIVE:
            return []
        if status not in (ItemStatus.OPEN, ItemStatus.FAILED):
            raise Refused(which_key(state.items[act.item]))
        why_now = self._unlocked(state, act.item, act.why_now, now)
        return [*entering, draft(ItemStarted(act.item, why_now=why_now), by)]

    def _skip(self, state: SessionState, act: SkipItem, by: By, now: datetime) -> list[Draft]:
        entering = self._placed(state, act.item, by, now)
        status = status_of(state, act.item)
        if status in (ItemStatus.DONE, ItemStatus.OVERRIDDEN):
            raise Refused(which_key(state.items[act.item]))
        reason = required(act.reason, "a reason to skip")
        if status is ItemStatus.SKIPPED:
            return []
        return [*entering, draft(ItemSkipped(act.item, reason), by)]

    def _fail(self, state: SessionState, act: FailItem, by: By, now: datetime) -> list[Draft]:
        entering = self._placed(state, act.item, by, now)
        status = status_of(state, act.item)
        if status is ItemStatus.FAILED:
            return []
        if status not in _OPEN:
            raise Refused(which_key(state.items[act.item]))
        reason = shorten(clean_line(act.reason).strip(), REASON_MAX)
        return [*entering, draft(ItemFailed(act.item, reason), by)]

    def _override(self, state: SessionState, act: OverrideItem, by: By, now: datetime) -> list[Draft]:
        entering = self._placed(state, act.item, by, now)
        status = status_of(state, act.item)
        if status in (ItemStatus.DONE, ItemStatus.SKIPPED):
            raise Refused(which_key(state.items[act.item]))
        reason = required(act.reason, "a reason to override")
        if status is ItemStatus.OVERRIDDEN:
            return []
        return [*entering, draft(ItemOverridden(act.item, reason), by)]

    def _sense(self, state: SessionState, act: SenseItem, by: By) -> list[Draft]:
        """A gauge ticks only an open item of an entered phase; it never speaks over a person."""
        placed = self.index.by_id.get(act.item)
        if placed is None or placed.phase not in state.entered or status_of(state, act.item) not in _OPEN:
            return []
        evidence = shorten(clean_line(act.evidence), REASON_MAX)
        return [draft(ItemChecked(act.item, evidence, auto=True), by)]

    def _lapse(self, state: SessionState, act: LapseItem, by: By) -> list[Draft]:
        """Said once, until it recovers."""
        if act.item in state.lapsed or status_of(state, act.item) is not ItemStatus.DONE:
            return []
        return [draft(ItemLapsed(act.item, clean_line(act.why)), by)]

    def _give_reason(self, state: SessionState, act: ReasonItem, by: By) -> list[Draft]:
        if status_of(state, act.item) not in (ItemStatus.FAILED, ItemStatus.SKIPPED):
            raise Refused("a reason belongs to a failed or skipped item")
        return [draft(ItemReasoned(act.item, required(act.reason, "a reason")), by)]

    def _insert(self, state: SessionState, act: InsertItem, by: By) -> list[Draft]:
        """An item nobody planned. It enters no phase: writing down what is to be done is not doing it."""
        self._within(state, act.after)
        text = required(act.text, "a text for the unplanned item", Question.TEXT)
        return [draft(ItemInserted(free_id(self.index, state), text, act.after), by)]

    def _undo(self, state: SessionState, act: UndoLast, by: By) -> list[Draft]:
        item = act.item
        if not item:
            if not state.undoable:
                raise Refused("nothing to undo")
            seq, item = state.undoable[-1]
            if any(made.item == item and made.seq == seq for made in state.inserted):
                return [draft(ItemWithdrawn(item, seq), by)]
        else:
            if item not in self.index.by_id:
                raise Refused(f"there is no item {quoted(item)} in the stages of this plan")
            if (said := state.items.get(item)) is None:
                return []
            seq = said.seq
        drafts = []
        if (after := self._started_by(state, item, seq)) is not None:
            drafts.append(draft(ItemUndone(after, auto=True), by))
        return [*drafts, draft(ItemUndone(item, seq), by)]

    def caution(self, state: SessionState, item: str, evidence: str) -> str:
        """What a careful colleague would say before a tick; "" when there is nothing."""
        spec = self.index.by_id[item].item
        if state.hold is not None:
            return f"on hold: {state.hold.reason}"
        unmet = [need for need in spec.needs if status_of(state, need) is not ItemStatus.DONE]
        if unmet:
            return f"needs {', '.join(unmet)}, not done yet"
        for before in self.index.steps_before(item):
            if status_of(state, before.item.id) in _OPEN:
                return f"step {before.number:02d} before it is still open"
        if spec.needs_evidence and not evidence:
            return "evidence is required: add it with n"
        return ""

    def locked_until(self, state: SessionState, item: str, now: datetime) -> datetime | None:
        """When the item's planned lock opens; None when it is open or has none."""
        edge = self.index.by_id[item].item.not_before
        if edge is None:
            return None
        opens_at = instant(edge, state.go_live or self.index.plan.go_live, zone_of(self.index.plan))
        return opens_at if opens_at is not None and now < opens_at else None

    def _unlocked(self, state: SessionState, item: str, why_now: str, now: datetime) -> str:
        """Why the item's lock may be passed; "" where it is open or there is none."""
        if (opens_at := self.locked_until(state, item, now)) is None:
            return ""
        if not (why_now := clean_line(why_now).strip()):
            wait = left((opens_at - now).total_seconds())
            locked = f"locked until {clock_z(opens_at)}"
            raise Unanswered(Question.LOCK, f"{locked}, {wait} from now; a reason unlocks it", locked)
        return shorten(why_now, REASON_MAX)

    def _placed(self, state: SessionState, item: str, by: By, now: datetime) -> list[Draft]:
        """The item may be acted on; entering its phase comes first where that has not happened."""
        phase = self._within(state, item).phase
        return [] if phase in state.entered else [entering(self.index, state, phase, by, now)]

    def _within(self, state: SessionState, item: str) -> Placed:
        """The item's place, where it is one of this session."""
        placed = self.index.by_id.get(item)
        if placed is None:
            raise Refused(f"there is no item {quoted(item)} in the stages of this plan")
        if placed.phase in state.set_aside:
            title = self.index.phases[placed.phase].title
            raise Refused(f"{title} was set aside at the start: it is not in this session")
        return placed

    def _started_by(self, state: SessionState, item: str, seq: int) -> str | None:
        """The next step that started by itself when this one was ticked, if nothing was said of it since."""
        if item not in self.index.by_id or status_of(state, item) is not ItemStatus.DONE:
            return None
        after = self.index.next_step(item)
        said = state.items.get(after.item.id) if after else None
        return after.item.id if after and said and said.seq == seq + 1 else None


def entering(index: PlanIndex, state: SessionState, phase: str, by: By, now: datetime) -> Draft:
    """The event of entering a phase, with what was left behind and how early it is."""
    found = transition(index, state, agreed_spans(index.plan, state), phase, now)
    return draft(found.fact(), by)


def which_key(said: ItemState) -> str:
    """Which key applies in a state that refuses this one: `done by ANA 02:31Z · u undoes`."""
    return f"{said.status.value} by {said.by} {clock_z(said.at)} · {_KEYS.get(said.status, 'u undoes')}"
