"""One run of one plan, as it is read: what may be done now, where everything stands, and what follows from it.

All of it belongs to the thread that draws. What is written goes to the writer, and comes back as a report.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from deploytui.base.clock import Clock
from deploytui.base.errors import Refused
from deploytui.base.text import quoted
from deploytui.journal.event import Event
from deploytui.journal.fact import ItemInserted, ItemWithdrawn
from deploytui.journal.state import ItemStatus, Move, SessionState
from deploytui.journal.store import Header
from deploytui.metrics.board import Board
from deploytui.plan.index import PlanIndex
from deploytui.plan.schedule import Span, current_phase, place, zone_of
from deploytui.session import ticket as told
from deploytui.session.act import Act, ItemWork
from deploytui.session.answer import Answer, Ask, Go, No, Question, Unanswered
from deploytui.session.finding import Findings
from deploytui.session.journal_tail import JournalTail
from deploytui.session.journal_writer import Committed
from deploytui.session.rules import Rules, follower_text
from deploytui.session.tally import Tally
from deploytui.session.ticket import Report
from deploytui.session.transition import agreed_spans, entering, entering_question

# Events after which the checklist has other rows than before.
OTHER_ROWS = (ItemInserted, ItemWithdrawn)


class Session:
    """A plan, its events and the board, joined. `state` is what the journal adds up to as far as it has arrived;
    `is_driving` whether this process may write, `driver_note` what is seen of whoever does, `fault` what does not fit
    in the journal ("" where nothing was found): all three as last reported."""

    def __init__(
        self,
        rules: Rules,
        header: Header,
        name: str,
        clock: Clock,
        events: Sequence[Event],
        state: SessionState,
    ) -> None:
        self.header = header
        self.name = name
        self.clock = clock
        self.board = Board()
        self.findings = Findings()
        self.tail = JournalTail(events)
        self.state = state
        self.drove_before = state.driver
        self.is_driving = False
        self.driver_note = ""
        self.fault = ""
        self._shared: int | None = None
        self._rules = rules
        self.plan = rules.plan
        self.tally = Tally(self.index, state)
        self.zone = zone_of(self.plan)  # in which columns are written
        self._spans_for: tuple[datetime | None, tuple[Move, ...]] | None = None
        self._spans: dict[str, Span] = {}

    @property
    def index(self) -> PlanIndex:
        """Where everything stands, with what was inserted until now."""
        return self._rules.index

    # -- changing --------------------------------------------------------------------------------------

    def propose(self, act: Act) -> Answer:
        """Whether `act` may go to the writer now: the one place where a person's act is judged. No I/O."""
        if not self.is_driving:
            return No(follower_text(self.state.driver))
        if self.fault:
            return No(f"NOT SAVED, nothing is saved any more: {self.fault}")
        found: Answer
        try:
            facts = self._rules.facts(self.state, act, self.clock.now())
            found = Go(self._rules.caution(self.state, act), changes_nothing=not facts)
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
        if not isinstance(act, ItemWork) or act.enters_phase:
            return None
        phase = self.index.by_id[act.item].phase
        if phase in self.state.entered:
            return None
        entered = entering(self.index, self.state, phase, self.clock.now())
        return Ask(Question.PHASE, entering_question(entered, self.index), act)

    # -- what the writer reports -----------------------------------------------------------------------

    def take(self, report: Report) -> frozenset[str]:
        """One report of the writer; returns the items that changed."""
        match report:
            case told.Saved(committed=committed) | told.Foreign(committed):
                return self.absorb(committed)
            case told.LeaseLost():
                self.is_driving = False
            case told.DriverSeen(note):
                self.driver_note = note
            case told.Damaged(what, _, shared):
                self.fault, self._shared = what, shared
            case told.EarlierRead(by_item, unled):
                self.tail.complete(by_item, unled)
            case told.PageRead(events):
                self.tail.keep_page(events)
            case told.RuleRefused() | told.NotSaved() | told.StoreTrouble():
                pass
            case _:
                assert_never(report)
        return frozenset()

    def absorb(self, committed: Committed) -> frozenset[str]:
        """What is durable becomes what is drawn; returns the items that changed."""
        new = [event for event in committed.events if event.seq > self.state.seq]
        if not new:
            return frozenset()
        self.state = committed.state
        self._rules = self._rules.of(self.state)
        items = frozenset(item for event in new if (item := event.item))
        self.tally = Tally(self.index, self.state, self.tally, items)
        for event in new:
            self.tail.add(event)
        return items

    # -- reading ---------------------------------------------------------------------------------------

    @property
    def events(self) -> list[Event]:
        """The events at hand: all, but where a long session was taken up from its snapshot."""
        return self.tail.events

    @property
    def stopped(self) -> str:
        """What the fault has put an end to, in two words."""
        return "NOT FOLLOWING" if self._shared is not None and not self.is_driving else "NOT SAVING"

    def is_only_here(self, seq: int) -> bool:
        """Whether an event that was saved is in the session's file no more, and is known to this program only."""
        return self._shared is not None and self.is_driving and seq > self._shared

    @property
    def mark(self) -> str:
        """`REHEARSAL `, to stand before whatever leaves the program; "" for a live session."""
        return "" if self.header.mode == "live" else f"{self.header.mode.upper()} "

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

    def was_worked_in(self, phase: str) -> bool:
        """Whether anything of the phase was acted on in this session."""
        counts = self.tally.phase(phase)
        return counts.total > counts.open or bool(
            counts.unplanned and counts.unplanned.total > counts.unplanned.open
        )

    def status_word(self, item: str) -> str:
        """An `ItemStatus` word, or `set_aside` with the item's phase."""
        if self.index.by_id[item].phase in self.state.set_aside:
            return "set_aside"
        said = self.state.items.get(item)
        return said.status.value if said else ItemStatus.OPEN.value

    def _has_open(self, phase: str) -> bool:
        return phase not in self.state.set_aside and self.tally.phase(phase).left_in_all > 0

    def find_item(self, prefix: str) -> str:
        """The id that `prefix` means. `Refused` never; `LookupError` texts name what it may be."""
        found = self.index.matching(prefix)
        if len(found) == 1:
            return found[0]
        if not found:
            raise LookupError(f"no item starts with {quoted(prefix)}")
        some = ", ".join(found[:5]) + (" …" if len(found) > 5 else "")
        raise LookupError(f"{quoted(prefix)} may mean {some}")
