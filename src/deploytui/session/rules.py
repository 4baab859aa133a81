"""What is allowed now, and what an act becomes in the journal. Pure: a state and an act in, facts out."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from deploytui.base.errors import Refused
from deploytui.base.text import clean_line, quoted
from deploytui.base.units import clock_z, left
from deploytui.journal import fact
from deploytui.journal.fact import Fact
from deploytui.journal.state import Inserted, ItemState, ItemStatus, SessionState
from deploytui.plan.index import Placed, PlanIndex
from deploytui.plan.model import Plan
from deploytui.plan.schedule import instant, zone_of
from deploytui.session.act import (
    Act,
    AddNote,
    CheckItem,
    EnteringAct,
    FailItem,
    InsertItem,
    OverrideItem,
    ReasonItem,
    SkipItem,
    StartItem,
    UndoLast,
)
from deploytui.session.answer import Question, Unanswered, line, required
from deploytui.session.session_rules import session_facts
from deploytui.session.transition import entering
from deploytui.session.unplanned import free_id, with_unplanned

_OPEN = (ItemStatus.OPEN, ItemStatus.ACTIVE)
# What a person says of an item: the state that it has then, and those in which that may be said.
_MAY_SAY = {
    CheckItem: (ItemStatus.DONE, _OPEN),
    StartItem: (ItemStatus.ACTIVE, (ItemStatus.OPEN, ItemStatus.FAILED)),
    SkipItem: (ItemStatus.SKIPPED, (*_OPEN, ItemStatus.FAILED)),
    FailItem: (ItemStatus.FAILED, _OPEN),
    OverrideItem: (ItemStatus.OVERRIDDEN, (*_OPEN, ItemStatus.FAILED)),
}


class Rules(Struct, frozen=True):
    """The rules of one plan as it is worked through, with what was inserted. `now` is used for planned times only,
    never for order."""

    plan: Plan
    inserted: tuple[Inserted, ...]
    index: PlanIndex

    def of(self, state: SessionState) -> Rules:
        """The rules that hold in `state`: other ones where an item was inserted or taken out again."""
        return self if self.inserted == state.inserted else rules_of(self.plan, state)

    def facts(self, state: SessionState, act: Act, now: datetime) -> list[Fact]:
        """What `act` appends; an empty list when it is already so. `Refused` says why it may not."""
        if state.is_closed and not isinstance(act, AddNote):
            raise Refused(f"the session is closed ({state.outcome}); only notes are taken")
        match act:
            case CheckItem() | StartItem() | SkipItem() | FailItem() | OverrideItem():
                return self._say(state, act, now)
            case ReasonItem(item, reason):
                if status_of(state, item) not in (ItemStatus.FAILED, ItemStatus.SKIPPED):
                    raise Refused("a reason belongs to a failed or skipped item")
                return [fact.ItemReasoned(item, required(reason, "a reason"))]
            case UndoLast(item):
                return self._undo(state, item)
            case InsertItem(
                after, text
            ):  # it enters no phase: writing down what is to be done is not doing it
                self._placed(state, after)
                text = required(text, "a text for the unplanned item", Question.TEXT)
                return [fact.ItemInserted(free_id(self.index, state), text, after)]
            case fact.ItemChecked(item, evidence):
                # Only an open item of an entered phase: a gauge never speaks over a person.
                placed = self.index.by_id.get(item)
                if placed is None or placed.phase not in state.entered or status_of(state, item) not in _OPEN:
                    return []
                return [fact.ItemChecked(item, line(evidence), auto=True)]
            case fact.ItemLapsed(item, why):  # said once, until it recovers
                if item in state.lapsed or status_of(state, item) is not ItemStatus.DONE:
                    return []
                return [fact.ItemLapsed(item, clean_line(why))]
            case fact.ItemRecovered(item):
                return [act] if item in state.lapsed else []
            case _:
                return session_facts(self.index, state, act, now)

    def _say(self, state: SessionState, act: EnteringAct, now: datetime) -> list[Fact]:
        """What a person says of an item. Its phase is entered first, where that has not happened."""
        item, phase = act.item, self._placed(state, act.item).phase
        becomes, allowed = _MAY_SAY[type(act)]
        status = status_of(state, item)
        if status is becomes:
            return []
        if status not in allowed:
            raise Refused(which_key(state.items[item]))
        facts: list[Fact] = []
        if phase not in state.entered:
            facts.append(entering(self.index, state, phase, now))
        match act:
            case CheckItem():
                why_now = self._unlocked(state, item, act.why_now, now)
                facts.append(fact.ItemChecked(item, line(act.evidence), why_now=why_now))
                after = self.index.next_step(item)
                if after is not None and self._may_start_itself(state, after.item.id, now):
                    facts.append(fact.ItemStarted(after.item.id, auto=True))
            case StartItem():
                facts.append(fact.ItemStarted(item, why_now=self._unlocked(state, item, act.why_now, now)))
            case SkipItem():
                facts.append(fact.ItemSkipped(item, required(act.reason, "a reason to skip")))
            case FailItem():
                facts.append(fact.ItemFailed(item, line(act.reason)))
            case OverrideItem():
                facts.append(fact.ItemOverridden(item, required(act.reason, "a reason to override")))
        return facts

    def _may_start_itself(self, state: SessionState, item: str, now: datetime) -> bool:
        return status_of(state, item) is ItemStatus.OPEN and self._opens_at(state, item, now) is None

    def _undo(self, state: SessionState, item: str) -> list[Fact]:
        if not item:
            if not state.undoable:
                raise Refused("nothing to undo")
            seq, item = state.undoable[-1]
            if any(made.item == item and made.seq == seq for made in state.inserted):
                return [fact.ItemWithdrawn(item, seq)]
        else:
            if item not in self.index.by_id:
                raise Refused(f"there is no item {quoted(item)} in the stages of this plan")
            if (said := state.items.get(item)) is None:
                return []
            seq = said.seq
        undone = fact.ItemUndone(item, seq)
        after = self._started_by(state, item, seq)
        return [fact.ItemUndone(after, auto=True), undone] if after else [undone]

    def _started_by(self, state: SessionState, item: str, seq: int) -> str | None:
        """The next step that started by itself when this one was ticked, if nothing was said of it since."""
        if item not in self.index.by_id or status_of(state, item) is not ItemStatus.DONE:
            return None
        after = self.index.next_step(item)
        said = state.items.get(after.item.id) if after else None
        return after.item.id if after and said and said.seq == seq + 1 else None

    def caution(self, state: SessionState, act: Act) -> str:
        """What a careful colleague would say before a tick; "" when there is nothing."""
        if not isinstance(act, CheckItem):
            return ""
        item = self.index.by_id[act.item].item
        if state.hold is not None:
            return f"on hold: {state.hold.reason}"
        unmet = [need for need in item.needs if status_of(state, need) is not ItemStatus.DONE]
        if unmet:
            return f"needs {', '.join(unmet)}, not done yet"
        for before in self.index.steps_before(act.item):
            if status_of(state, before.item.id) in _OPEN:
                return f"step {before.number:02d} before it is still open"
        return "evidence is required: add it with n" if item.needs_evidence and not act.evidence else ""

    def _opens_at(self, state: SessionState, item: str, now: datetime) -> datetime | None:
        """When the item's planned lock opens; None when it is open or has none."""
        edge = self.index.by_id[item].item.not_before
        if edge is None:
            return None
        opens_at = instant(edge, state.go_live or self.plan.go_live, zone_of(self.plan))
        return opens_at if opens_at is not None and now < opens_at else None

    def _unlocked(self, state: SessionState, item: str, why_now: str, now: datetime) -> str:
        """Why the item's lock may be passed; "" where it is open or there is none."""
        if (opens_at := self._opens_at(state, item, now)) is None:
            return ""
        if not (why_now := line(why_now)):
            wait = left((opens_at - now).total_seconds())
            locked = f"locked until {clock_z(opens_at)}"
            raise Unanswered(Question.LOCK, f"{locked}, {wait} from now; a reason unlocks it", locked)
        return why_now

    def _placed(self, state: SessionState, item: str) -> Placed:
        """The item's place, where it is one of this session."""
        placed = self.index.by_id.get(item)
        if placed is None:
            raise Refused(f"there is no item {quoted(item)} in the stages of this plan")
        if placed.phase in state.set_aside:
            title = self.index.phases[placed.phase].title
            raise Refused(f"{title} was set aside at the start: it is not in this session")
        return placed


def rules_of(plan: Plan, state: SessionState) -> Rules:
    """The rules over a plan as it stands in `state`."""
    return Rules(plan, state.inserted, PlanIndex(with_unplanned(plan, state.inserted)))


def status_of(state: SessionState, item: str) -> ItemStatus:
    """Items nothing was said of are open."""
    said = state.items.get(item)
    return said.status if said else ItemStatus.OPEN


def which_key(said: ItemState) -> str:
    """Which key applies in a state that refuses this one: `done by ANA 02:31Z · u undoes`."""
    keys = "b retries, s skips, o overrides, u undoes" if said.status is ItemStatus.FAILED else "u undoes"
    return f"{said.status.value} by {said.by} {clock_z(said.at)} · {keys}"


def follower_text(driver: str) -> str:
    """Why whoever follows may not act; `driver` is who drives, "" for nobody."""
    if not driver:
        return "following: nobody drives; leave and use `resume` to drive"
    return f"following: {driver} drives; leave and use `resume --take-over --reason` to drive"
