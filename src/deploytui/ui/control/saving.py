"""What is on its way to the disk: queued acts, the rows that say so, and what is said where one was not saved."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager

from msgspec.structs import replace

from deploytui.base.units import clock_z
from deploytui.journal.fact import ClockStepped, ItemLapsed, ItemRecovered, LevelChanged, PlanFileChanged
from deploytui.journal.state import ItemStatus
from deploytui.session.act import (
    Act,
    AddNote,
    By,
    CheckItem,
    FailItem,
    OverrideItem,
    ReasonItem,
    SkipItem,
)
from deploytui.session.ticket import Ticket
from deploytui.session.view import ItemRow
from deploytui.ui.control.talk import Talk
from deploytui.ui.paint.skin import Role
from deploytui.ui.service import Services

SHOWN_AFTER_S = 0.15
NOT_SAVED = "NOT SAVED"
TROUBLE = "the session file"
# No person did these: that they could not be kept is said by the trouble of the file, or by who drives now.
_SEEN_BY_ITSELF = (LevelChanged, ClockStepped, PlanFileChanged)
_MARKS = {AddNote: "note ", FailItem: "fail ", SkipItem: "skip ", ReasonItem: "reason ", OverrideItem: "override ",
          ItemLapsed: "no longer ok ", ItemRecovered: "ok again "}  # fmt: skip
_WORDS = {
    "AddNote": "a note", "UndoLast": "an undo", "InsertItem": "an unplanned item", "HoldWork": "a hold",
    "ResumeWork": "the end of a hold", "MoveEdge": "a move", "MakePromise": "a promise",
    "SettlePromise": "a settled promise", "AlarmAcked": "an acknowledgement", "CaptureBaseline": "a baseline",
    "RaiseTrigger": "a trigger", "ShelveTrigger": "a shelved trigger", "AcceptFinding": "an accepted finding",
}  # fmt: skip


class Saving:
    """`unsaved` holds what a row says of an act that failed; `shown` the items whose rows say that they wait.
    `redraw` paints the rows of items again; `painted` calls back once what was changed is on the screen."""

    def __init__(
        self,
        services: Services,
        talk: Talk,
        redraw: Callable[[Collection[str]], None],
        painted: Callable[[Callable[[], None]], object],
    ) -> None:
        self._services, self._talk, self._redraw, self._painted = services, talk, redraw, painted
        self.unsaved: dict[str, str] = {}
        self.shown: set[str] = set()

    def submit(self, act: Act, by: By | None = None, draft: str = "") -> None:
        """Queue an act; what takes long says so after 150 ms, so that an ordinary save does not flicker. `draft` is
        where the text is kept that it was made of, until it is durable."""
        ticket = self._services.writer.submit(act, by or self._services.by)
        if draft:
            self._services.drafts.send(draft, ticket.number)
        self.unsaved.pop(ticket.item, None)
        if ticket.item:
            asyncio.get_running_loop().call_later(SHOWN_AFTER_S, self._show, ticket)

    def row(self, item: str) -> ItemRow:
        """The row of an item, which says so while it is on its way."""
        row = self._services.viewer.item_row(item, self._services.clock.now())
        if item in self.shown:
            return replace(row, status="saving", right="saving" + self._services.skin.glyphs.cut)
        return row

    def _show(self, ticket: Ticket) -> None:
        if self._services.writer.is_saving(ticket.item):
            self.shown.add(ticket.item)
            self._redraw([ticket.item])
            self._tell_guard(ticket)

    def saved(self, ticket: Ticket, *, was_given_up: bool) -> None:
        """It is durable; what was said of it before is over."""
        self._services.drafts.saved(ticket.number)
        self._tell_guard(ticket)
        name = self._name(ticket)
        if ticket.item:  # its row shows that the second try was saved
            self._talk.take_back_error(f"{NOT_SAVED}: {name}: ")
        if was_given_up:
            self._talk.take_back_error(f"{NOT_SAVED}: {name}")
            self._talk.say_error(f"saved after all: {name}", Role.WATCH)

    def refused(self, ticket: Ticket) -> None:
        """A rule forbade it meanwhile."""
        self._services.drafts.not_saved(ticket.number)
        self._services.guard.tick_accepted("")

    def not_saved(self, tickets: Sequence[Ticket], why: str) -> None:
        """None of these is in the journal."""
        names = self.names(tickets)
        self._services.guard.tick_accepted("")  # there is no tick that the next one would have to wait for
        for ticket in tickets:
            self._services.drafts.not_saved(ticket.number)
            self.shown.discard(ticket.item)
            if ticket.item:
                self._mark(ticket)
        self._redraw([ticket.item for ticket in tickets if ticket.item])
        if names:
            more = f" and {len(names) - 1} more" if len(names) > 1 else ""
            self._talk.say_error(f"{NOT_SAVED}: {names[0]}{more}: {why}")

    @contextmanager
    def keeping_marks(self) -> Iterator[None]:
        """Of the rows that say NOT SAVED, those stay marked that the session says nothing new of meanwhile."""
        session = self._services.session
        before = {marked: session.state.items.get(marked) for marked in self.unsaved}
        yield
        for marked, was in before.items():
            if session.state.items.get(marked) is not was:
                del self.unsaved[marked]  # what the row says now is saved

    def _mark(self, ticket: Ticket) -> None:
        """What the row of an act that failed says. Beside a tick that stands, NOT SAVED alone would be read as its own."""
        word = _MARKS.get(type(ticket.act), "")
        said = self._services.session.state.items.get(ticket.item)
        if word or said is None or said.status is not ItemStatus.DONE:
            self.unsaved[ticket.item] = f"{word}{NOT_SAVED}"

    def lost_lease(self) -> None:
        """Somebody else drives."""
        driver = self._services.session.state.driver or "somebody else"
        at = clock_z(self._services.clock.now())
        self._talk.say_error(f"{driver} drives since {at}: this screen follows, read-only", Role.WATCH)

    def trouble(self, why: str) -> None:
        """The store cannot be read just now; "" when it can again. Of one kind only the newest is true."""
        self._talk.take_back_error(TROUBLE)
        if why:
            self._talk.say_error(f"{TROUBLE}: {why}", Role.WATCH)

    def forget_unsaved(self) -> None:
        """Whoever closed the error has read it: its rows are as the session knows them."""
        marked, self.unsaved = list(self.unsaved), {}
        self._redraw(marked)

    def names(self, tickets: Sequence[Ticket]) -> list[str]:
        """What these acts are about, for a person who must know what is not saved."""
        return [self._name(ticket) for ticket in tickets if not isinstance(ticket.act, _SEEN_BY_ITSELF)]

    def _name(self, ticket: Ticket) -> str:
        """What an act is about: its item where it has one that is in the plan, else the kind of act."""
        if ticket.item in self._services.session.index.by_id and not isinstance(ticket.act, AddNote):
            row = self._services.viewer.item_row(ticket.item, self._services.clock.now())
            return f"{row.number} {row.label}".strip()
        return _WORDS.get(type(ticket.act).__name__, "an event")

    def _tell_guard(self, ticket: Ticket) -> None:
        """A tick after a tick counts once the last one has been in sight for a moment."""
        if isinstance(ticket.act, CheckItem):
            guard, clock = self._services.guard, self._services.machine
            self._painted(lambda: guard.tick_painted(clock.monotonic_s()))
