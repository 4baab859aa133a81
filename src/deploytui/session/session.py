"""One run of one plan. The only way to change a session: act -> rule -> durable append -> fold.

`commit` and `poll` block on the store and belong on the store's thread; `absorb` and everything that reads
belong on the thread that draws. Both sides fold the same events, so neither waits for the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, tzinfo

from deploytui.base.clock import Clock
from deploytui.base.errors import Refused, UnsoundSession, UnusableSession
from deploytui.base.text import quoted
from deploytui.base.units import clock_z
from deploytui.journal import snapshot
from deploytui.journal.event import Draft, Event
from deploytui.journal.fact import DriverTook, ItemInserted, ItemWithdrawn, PhasesSetAside, SessionLeft
from deploytui.journal.fold import apply, fold
from deploytui.journal.state import Inserted, ItemStatus, Move, SessionState
from deploytui.journal.store import Appended, Fenced, Header, Holder, JournalStore, Lease, WentBack
from deploytui.metrics.board import Board
from deploytui.plan.index import PlanIndex
from deploytui.plan.model import Mark, Plan
from deploytui.plan.schedule import Span, current_phase, place, zone_of
from deploytui.session.act import Act, By, CheckItem, FailItem, OverrideItem, SkipItem, StartItem
from deploytui.session.agreement import agreed_spans
from deploytui.session.answer import Answer, Ask, Go, No, Question, Unanswered
from deploytui.session.effort import Effort
from deploytui.session.finding import Findings
from deploytui.session.history import Earlier, History
from deploytui.session.item_rules import ItemRules
from deploytui.session.rules import Rules
from deploytui.session.tally import Tally
from deploytui.session.transition import entering_question, transition
from deploytui.session.unplanned import with_unplanned

# Events after which the checklist has other rows than before.
OTHER_ROWS = (ItemInserted, ItemWithdrawn)


class Session:
    """A plan, its journal and the board, joined. `is_driving` says whether this process may write by the lease."""

    def __init__(
        self,
        plan: Plan,
        store: JournalStore,
        clock: Clock,
        events: Sequence[Event],
        state: SessionState | None = None,
    ) -> None:
        self.plan = plan
        self.store = store
        self.clock = clock
        self.header: Header = store.header
        self.board = Board()
        self.findings = Findings()
        self.history = History(events)
        known = 0 if state is None else state.seq  # a snapshot's; the events before it are only for showing
        self.state = fold([event for event in events if event.seq > known], state)
        self.drove_before = self.state.driver
        self._earlier = None if self.history.is_whole else Earlier(store, events, self.state)
        self._fault: UnsoundSession | None = None
        self.epoch: int | None = None
        self._rules_for: tuple[tuple[Inserted, ...], Rules] | None = None
        self._rules = self._rules_of(self.state)
        self._committed = self.state
        self._tally = Tally(self.index)
        self._tally.count_all(self.state)
        self.effort = Effort(self.index, self.state)
        self._zone = zone_of(plan)
        self._marked: dict[Mark, list[str]] = {mark: [] for mark in Mark}
        for spec in self.index.bare:
            for mark in spec.marks:
                self._marked[mark].append(spec.id)
        self._failed = [item for item, said in self.state.items.items() if said.status is ItemStatus.FAILED]
        self._failed.sort(key=lambda item: self.state.items[item].seq)
        self._acted: dict[str, tuple[datetime, datetime]] = {}
        for item, said in self.state.items.items():
            for at in (said.started_at, said.at):
                self._note_act(item, at)
        self._spans_for: tuple[datetime | None, tuple[Move, ...]] | None = None
        self._spans: dict[str, Span] = {}

    @property
    def index(self) -> PlanIndex:
        """Where everything stands, with what was inserted until now. Made anew then, so that a reader of the old
        one on the other thread is not disturbed."""
        return self._rules.index

    def _rules_of(self, state: SessionState) -> Rules:
        """The rules over the plan as it is worked through in `state`."""
        known = self._rules_for
        if known is None or known[0] != state.inserted:
            index = PlanIndex(with_unplanned(self.plan, state.inserted))
            known = self._rules_for = (state.inserted, Rules(index, ItemRules(index)))
        return known[1]

    # -- who drives ------------------------------------------------------------------------------------

    @property
    def is_driving(self) -> bool:
        return self.epoch is not None

    def take_lease(self, holder: Holder, reason: str = "", expected: Lease | None = None) -> None:
        """Become the driver, journaled in the same transaction. `Fenced` when somebody was faster: since
        `expected` was seen, where that is given."""
        expected = expected or self.store.lease()
        draft = Draft(DriverTook(holder.host, reason), by=holder.name)
        event = self.store.take_lease(holder, expected, draft)
        self.epoch = event.epoch
        self.absorb(self.store.events(self.state.seq))
        self._committed = self.state

    def leave(self, by: By) -> None:
        """The session goes on without a driver; the last event says when."""
        if self.epoch is None:
            return
        epoch, self.epoch = self.epoch, None
        lost = self._went_back
        try:
            if self._fault is None:
                with suppress(UnusableSession):
                    self._say_left(by, epoch)
            if lost is None:
                self.store.release(epoch)
        except WentBack as error:
            lost = error
        if lost is not None:
            self._fault = lost if lost.is_kept else lost.kept(by.name)

    def _say_left(self, by: By, epoch: int) -> None:
        draft = Draft(SessionLeft(), by.name)
        self._fold_committed(self.store.append(self._committed.seq, lambda new: [draft], epoch))
        if self._committed.seq >= snapshot.EVERY:
            snapshot.keep(self.store, self._committed)

    # -- changing --------------------------------------------------------------------------------------

    def propose(self, act: Act) -> Answer:
        """Whether `act` may go to the writer now: the one place where a person's act is judged. No I/O."""
        if not self.is_driving:
            return No(self._follower_text())
        if self._fault is not None:
            return No(f"nothing is saved any more: {self._fault}")
        found: Answer
        try:
            drafts = self._rules.drafts(self.state, act, By(""), self.clock.now())
            found = Go(self.caution(act), changes_nothing=not drafts)
        except Unanswered as missing:
            found = Ask(missing.question, missing.asked, act)
            if missing.question is Question.LOCK:
                return found
        except Refused as refused:
            return No(str(refused))
        # A lock is asked about before the phase, and every other text behind it: nobody explains an act, and then
        # hears that it is not yet time for the phase.
        return self._ask_phase(act) or found

    def _ask_phase(self, act: Act) -> Ask | None:
        """What to ask before the first act in a phase that was not entered."""
        match act:
            case CheckItem() | StartItem() | SkipItem() | FailItem() | OverrideItem():
                phase = self.entering(act.item)
                if not phase or act.enters_phase:
                    return None
                found = transition(self.index, self.state, self.spans(), phase, self.clock.now())
                return Ask(Question.PHASE, entering_question(found, self.index), act)
            case _:
                return None

    def refusal(self, act: Act, by: By) -> str:
        """Why a rule forbids this now; "" when it is allowed. No I/O."""
        if not self.is_driving:
            return self._follower_text()
        if self._fault is not None:
            return f"NOT SAVED, nothing is saved any more: {self.fault}"
        try:
            self._rules.drafts(self.state, act, by, self.clock.now())
        except Refused as refused:
            return str(refused)
        return ""

    def caution(self, act: Act) -> str:
        """A warning for the footer; "" when there is nothing to say."""
        if not isinstance(act, CheckItem):
            return ""
        return self._rules.items.caution(self.state, act.item, act.evidence)

    def locked_text(self, item: str) -> str:
        """`locked until 03:00Z`; "" for an item whose lock is open, that has none, or that is done with."""
        said = self.state.items.get(item)
        if not self.is_driving or (said is not None and said.status is not ItemStatus.ACTIVE):
            return ""
        opens_at = self._rules.items.locked_until(self.state, item, self.clock.now())
        return f"locked until {clock_z(opens_at)}" if opens_at is not None else ""

    def commit(self, act: Act, by: By) -> Appended:
        """Append what `act` means, durably. Raises `Refused`, `Fenced` or `UnusableSession`; then nothing happened."""
        if not self.is_driving:
            raise Refused(self._follower_text())
        return self._append(act, by, self.epoch)

    def commit_as_script(self, act: Act, by: By) -> Appended:
        """The same without the lease: what is new is folded and the rules asked inside one transaction."""
        return self._append(act, by, None)

    def read_earlier(self) -> Earlier | None:
        """Check one more piece of what came before the events at hand; it is given back once all of it is sound.
        A fault is raised as `UnsoundSession`, and nothing is appended any more."""
        earlier = self._earlier
        try:
            if earlier is None or earlier.read_on():
                return None
        except UnsoundSession as error:
            self._earlier, self._fault = None, error
            raise
        self._earlier = None
        return earlier

    def page(self, after_seq: int, limit: int) -> list[Event]:
        """Events of the journal, wherever in it, on the store's thread."""
        if self._went_back:
            raise UnsoundSession(self._went_back.problems)
        return self.store.events(after_seq, limit)

    @property
    def is_all_read(self) -> bool:
        """Whether no events are left to be checked behind the first frame."""
        return self._earlier is None

    @property
    def fault(self) -> str:
        """What does not fit in the journal, in words; "" where nothing was found."""
        return "" if self._fault is None else self._fault.problems[0].found

    @property
    def _went_back(self) -> WentBack | None:
        return self._fault if isinstance(self._fault, WentBack) else None

    @property
    def stopped(self) -> str:
        """What the fault has put an end to, in two words."""
        return "NOT FOLLOWING" if self._went_back and not self.is_driving else "NOT SAVING"

    def is_only_here(self, seq: int) -> bool:
        """Whether an event that was saved is in the session's file no more, and is known to this program only."""
        return self._went_back is not None and self.is_driving and seq > self._went_back.shared

    def _give_up(self, error: WentBack) -> WentBack:
        """The file is another one now: what is known here stays as it is, and the driver keeps it in a new file."""
        self._earlier = None
        self._fault = fault = error.kept(self._committed.driver) if self.is_driving else error
        return fault

    def _append(self, act: Act, by: By, epoch: int | None) -> Appended:
        if self._fault is not None:
            raise UnsoundSession(self._fault.problems)

        def decide(new: Sequence[Event]) -> Sequence[Draft]:
            state = fold(list(new), self._committed)
            return self._rules_of(state).drafts(state, act, by, self.clock.now())

        try:
            appended = self.store.append(self._committed.seq, decide, epoch)
        except WentBack as error:
            raise self._give_up(error) from None
        except Fenced:
            self.epoch = None
            raise
        before = self._committed
        self._fold_committed(appended)
        if snapshot.is_due(before, self._committed):
            snapshot.keep(self.store, self._committed)
        return appended

    def _fold_committed(self, appended: Appended) -> None:
        self._committed = fold([*appended.foreign, *appended.own], self._committed)

    def poll(self) -> Appended:
        """What others appended since; nothing is read where nothing has changed, or where the file is another one."""
        try:
            if self._went_back or not self.store.has_changed():
                return Appended((), ())
            events = self.store.events(self._committed.seq)
        except WentBack as error:
            raise self._give_up(error) from None
        self._committed = fold(events, self._committed)
        return Appended(tuple(events), ())

    def beat(self) -> bool:
        """The driver's sign of life. False when the lease was lost: from then on this process follows. In a file that
        went back there is none; what could not be kept elsewhere then is tried again here."""
        if (lost := self._went_back) is not None:
            if self.is_driving and not lost.is_kept and (kept := self._give_up(lost)).is_kept:
                raise kept
            return self.is_driving
        try:
            if self.epoch is not None and not self.store.beat(self.epoch):
                self.epoch = None
        except WentBack as error:
            raise self._give_up(error) from None
        return self.is_driving

    def absorb(self, events: Sequence[Event]) -> frozenset[str]:
        """Fold committed events into what is drawn; returns the items that changed."""
        changed: set[str] = set()
        for event in events:
            if event.seq <= self.state.seq:
                continue
            before = self.state
            self.state = apply(self.state, event)
            self.history.add(event)
            if isinstance(event.fact, OTHER_ROWS):
                self._rules = self._rules_of(self.state)
                self._tally = Tally(self.index)
                self._tally.count_all(self.state)
                self.effort = Effort(self.index, self.state)
                changed.add(event.item)
            elif item := event.item:
                changed.add(item)
                self._tally.moved(item, before, self.state)
                self.effort.moved(item, before, self.state)
                self._note_failure(item)
                self._note_act(item, event.at)
            if isinstance(event.fact, PhasesSetAside):
                self._tally.count_all(self.state)
        return frozenset(changed)

    def _note_act(self, item: str, at: datetime | None) -> None:
        placed = self.index.by_id.get(item)
        if placed is not None and at is not None:
            first, last = self._acted.get(placed.phase, (at, at))
            self._acted[placed.phase] = (min(first, at), max(last, at))

    def _note_failure(self, item: str) -> None:
        if item in self._failed:
            self._failed.remove(item)
        said = self.state.items.get(item)
        if said is not None and said.status is ItemStatus.FAILED:
            self._failed.append(item)

    def perform(self, act: Act, by: By, *, as_script: bool = False) -> Appended:
        """Commit and absorb at once, where one thread does both."""
        appended = self.commit_as_script(act, by) if as_script else self.commit(act, by)
        self.absorb([*appended.foreign, *appended.own])
        return appended

    def _follower_text(self) -> str:
        if not self.state.driver:
            return "following: nobody drives; leave and use `resume` to drive"
        return f"following: {self.state.driver} drives; leave and use `resume --take-over --reason` to drive"

    # -- reading ---------------------------------------------------------------------------------------

    @property
    def events(self) -> list[Event]:
        """The events at hand: all, but where a long session was taken up from its snapshot."""
        return self.history.events

    @property
    def name(self) -> str:
        """What it is called by."""
        return self.store.name

    @property
    def mark(self) -> str:
        """`REHEARSAL `, to stand before whatever leaves the program; "" for a live session."""
        return "" if self.header.mode == "live" else f"{self.header.mode.upper()} "

    @property
    def tally(self) -> Tally:
        return self._tally

    @property
    def go_live(self) -> datetime | None:
        return self.state.go_live or self.plan.go_live

    def spans(self) -> dict[str, Span]:
        """The windows of this session as they were last agreed."""
        agreed = (self.go_live, self.state.moves)
        if self._spans_for != agreed:
            self._spans_for = agreed
            self._spans = agreed_spans(self.plan, self.state)
        return self._spans

    def planned_spans(self) -> dict[str, Span]:
        """The windows as they were planned when the session was opened."""
        if not self.state.moves:
            return self.spans()
        return place(self.plan, self.state.planned_go_live or self.plan.go_live)

    def edge(self, text: str) -> str:
        """What a person means by an edge: `end` is the end of the phase the night is in."""
        phase = self.current_phase()
        return f"{phase}.{text}" if text in ("start", "end") and phase else text

    def current_phase(self, now: datetime | None = None) -> str | None:
        """Where the night is at `now` (left out: by the session's clock), of the phases in this session."""
        aside = self.state.set_aside
        spans = {phase: span for phase, span in self.spans().items() if phase not in aside}
        return current_phase(self.plan, spans, now or self.clock.now(), self._has_open)

    @property
    def zone(self) -> tzinfo:
        """The plan's zone, in which columns are written."""
        return self._zone

    def marked(self, mark: Mark) -> list[str]:
        """The items with that mark, in the order of the plan."""
        return self._marked[mark]

    def failed_items(self) -> list[str]:
        """The items that are failed now, oldest first."""
        return list(self._failed)

    def acted(self, phase: str) -> tuple[datetime, datetime] | None:
        """The first and the last act on the phase's items in this session."""
        return self._acted.get(phase)

    def was_worked_in(self, phase: str) -> bool:
        """Whether anything of the phase was acted on in this session."""
        counts = self._tally.phase(phase)
        return counts.total > counts.open or bool(
            counts.unplanned and counts.unplanned.total > counts.unplanned.open
        )

    def _has_open(self, phase: str) -> bool:
        return phase not in self.state.set_aside and self._tally.phase(phase).left_in_all > 0

    def entering(self, item: str) -> str:
        """The phase that a first act on `item` would enter, or "" when it is entered already."""
        phase = self.index.by_id[item].phase
        return "" if phase in self.state.entered else phase

    def find_item(self, prefix: str) -> str:
        """The id that `prefix` means. `Refused` never; `LookupError` texts name what it may be."""
        found = self.index.matching(prefix)
        if len(found) == 1:
            return found[0]
        if not found:
            raise LookupError(f"no item starts with {quoted(prefix)}")
        some = ", ".join(found[:5]) + (" …" if len(found) > 5 else "")
        raise LookupError(f"{quoted(prefix)} may mean {some}")
