"""What is on its way to the disk, and what came of it: the one place where a report of the store becomes a picture."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from deploytui.base.clock import AcceleratedClock
from deploytui.base.units import clock_z
from deploytui.journal.event import Event
from deploytui.journal.fact import BaselineCaptured, RehearsalPaced
from deploytui.journal.state import ItemStatus
from deploytui.session.act import (
    Act,
    AddNote,
    By,
    CheckItem,
    FailItem,
    InsertItem,
    LapseItem,
    OverrideItem,
    ReasonItem,
    RecordClockStep,
    RecordLevel,
    RecordPlanFile,
    RecoverItem,
    SkipItem,
    UndoLast,
)
from deploytui.session.session import OTHER_ROWS
from deploytui.session.ticket import (
    Damaged,
    DriverSeen,
    EarlierRead,
    Foreign,
    LeaseLost,
    NotSaved,
    PageRead,
    Report,
    RuleRefused,
    Saved,
    StoreTrouble,
    Ticket,
)
from deploytui.ui.paint.ink import Role
from deploytui.ui.screens.insert import after_insert

if TYPE_CHECKING:
    from deploytui.ui.screens.dashboard import Dashboard

SHOWN_AFTER_S = 0.15
NOT_SAVED = "NOT SAVED"
_TROUBLE = "the session file"
_MARKS = {AddNote: "note ", FailItem: "fail ", SkipItem: "skip ", ReasonItem: "reason ", OverrideItem: "override ",
          LapseItem: "no longer ok ", RecoverItem: "ok again "}  # fmt: skip
# No person did these: that they could not be kept is said by the trouble of the file, or by who drives now.
_SEEN_BY_ITSELF = (RecordLevel, RecordClockStep, RecordPlanFile)


class Saving:
    """`unsaved` holds what a row says of an act that failed; `shown` the items whose rows say that they wait."""

    def __init__(self, screen: Dashboard) -> None:
        self._screen = screen
        self.unsaved: dict[str, str] = {}
        self.shown: set[str] = set()

    def submit(self, act: Act, by: By | None = None, draft: str = "") -> None:
        """Queue an act; what takes long says so after 150 ms, so that an ordinary save does not flicker. `draft` is
        where the text is kept that it was made of, until it is durable."""
        desk = self._screen.desk
        ticket = desk.writer.submit(act, by or desk.by)
        if draft:
            desk.drafts.send(draft, ticket.number)
        self.unsaved.pop(ticket.item, None)
        if ticket.item:
            asyncio.get_running_loop().call_later(SHOWN_AFTER_S, self._show, ticket)

    def _show(self, ticket: Ticket) -> None:
        if self._screen.desk.writer.is_saving(ticket.item):
            self.shown.add(ticket.item)
            self._screen.checklist.update_items([ticket.item])
            self._tell_guard(ticket)

    def report(self, report: Report) -> None:
        """One result, on the loop's thread."""
        screen = self._screen
        session = screen.desk.session
        before = {marked: session.state.items.get(marked) for marked in self.unsaved}
        changed = session.take(report)
        for marked, was in before.items():
            if session.state.items.get(marked) is not was:
                del self.unsaved[marked]  # what the row says now is saved
        match report:
            case Saved(ticket, committed, was_given_up):
                screen.desk.drafts.saved(ticket.number)
                self.unsaved.pop(ticket.item, None)
                self._show_changes(changed, committed.events, ticket.item)
                if not was_given_up:  # else the cursor would leave a row that somebody is about to act on
                    self._after(ticket, committed.events)
                self._tell_guard(ticket)
                name = self._name(ticket)
                if ticket.item:  # its row shows that the second try was saved
                    screen.last_row.take_back_error(f"{NOT_SAVED}: {name}: ")
                if was_given_up:
                    screen.last_row.take_back_error(f"{NOT_SAVED}: {name}")
                    screen.say_error(f"saved after all: {name}", Role.WATCH)
            case RuleRefused(ticket, why):
                screen.desk.drafts.not_saved(ticket.number)
                screen.desk.guard.tick_accepted("")
                self._show_changes(changed, (), ticket.item)
                screen.refuse(why)
            case NotSaved(tickets, why):
                self._not_saved(tickets, why)
            case Foreign(committed):
                self._show_changes(changed, committed.events, "")
            case DriverSeen():
                screen.look()
            case LeaseLost():
                self._lost_lease()
            case PageRead() | EarlierRead() | Damaged():
                screen.logbook.report(report)
            case StoreTrouble(""):
                screen.last_row.take_back_error(_TROUBLE)
            case StoreTrouble(why):
                screen.last_row.take_back_error(_TROUBLE)  # of one kind only the newest is true
                screen.say_error(f"{_TROUBLE}: {why}", Role.WATCH)

    def _show_changes(self, items: frozenset[str], events: Sequence[Event], item: str) -> None:
        """What is durable is shown: the rows at once, in the next frame what follows from them."""
        screen, session = self._screen, self._screen.desk.session
        changed = set(items)
        if any(isinstance(event.fact, BaselineCaptured) for event in events):
            screen.desk.gauges.set_baselines(session.state.baselines)
        if any(isinstance(event.fact, RehearsalPaced) for event in events):
            self._keep_pace()
        if item:
            self.shown.discard(item)
            changed.add(item)
        if any(isinstance(event.fact, OTHER_ROWS) for event in events):
            screen.show_other_rows()
        screen.checklist.update_items(frozenset(changed))
        screen.follow_up()
        if screen.checklist.cursor_item in changed:
            screen.show_detail_soon()

    def _keep_pace(self) -> None:
        """Who follows a rehearsal goes as fast as its driver."""
        desk = self._screen.desk
        pace, clock = desk.session.state.pace, desk.clock
        if pace is not None and isinstance(clock, AcceleratedClock) and not desk.session.is_driving:
            clock.set_to(pace.at + (desk.machine.now() - pace.real_at) * pace.speed, pace.speed)

    def _after(self, ticket: Ticket, events: Sequence[Event]) -> None:
        """Where the cursor goes once an act is durable."""
        screen = self._screen
        if isinstance(ticket.act, CheckItem) and screen.checklist.cursor_item == ticket.item:
            after = screen.desk.viewer.next_open(screen.phase, ticket.item)
            if after and screen.checklist.has_item(after):
                screen.checklist.point_to(after)
                screen.show_detail_soon()
            elif not after and (ahead := screen.desk.viewer.next_phase(screen.phase)):
                screen.say(f"nothing more is open here: l goes to {ahead}")
        elif isinstance(ticket.act, InsertItem):
            after_insert(screen, events)
        elif isinstance(ticket.act, UndoLast):
            changed = screen.desk.viewer.journal_rows(1)
            if changed:
                screen.say(changed[0].text)

    def _tell_guard(self, ticket: Ticket) -> None:
        """A tick after a tick counts once the last one has been in sight for a moment."""
        if isinstance(ticket.act, CheckItem):
            guard, clock = self._screen.desk.guard, self._screen.desk.machine
            self._screen.call_after_refresh(lambda: guard.tick_painted(clock.monotonic_s()))

    def _name(self, ticket: Ticket) -> str:
        """What an act is about: its item where it has one that is in the plan, else the kind of act."""
        desk = self._screen.desk
        if ticket.item in desk.session.index.by_id and not isinstance(ticket.act, AddNote):
            row = desk.viewer.item_row(ticket.item, desk.clock.now())
            return f"{row.number} {row.label}".strip()
        words = {"AddNote": "a note", "UndoLast": "an undo", "InsertItem": "an unplanned item",
                 "HoldWork": "a hold", "ResumeWork": "the end of a hold",
                 "MoveEdge": "a move", "MakePromise": "a promise", "SettlePromise": "a settled promise",
                 "AckAlarm": "an acknowledgement", "CaptureBaseline": "a baseline", "RaiseTrigger": "a trigger",
                 "ShelveTrigger": "a shelved trigger", "AcceptFinding": "an accepted finding"}  # fmt: skip
        return words.get(type(ticket.act).__name__, "an event")

    def forget_unsaved(self) -> None:
        """Whoever closed the error has read it: its rows are as the session knows them."""
        marked, self.unsaved = list(self.unsaved), {}
        self._screen.checklist.update_items(marked)

    def names(self, tickets: Sequence[Ticket]) -> list[str]:
        """What these acts are about, for a person who must know what is not saved."""
        return [self._name(ticket) for ticket in tickets if not isinstance(ticket.act, _SEEN_BY_ITSELF)]

    def _not_saved(self, tickets: Sequence[Ticket], why: str) -> None:
        screen = self._screen
        names = self.names(tickets)
        screen.desk.guard.tick_accepted("")  # there is no tick that the next one would have to wait for
        for ticket in tickets:
            screen.desk.drafts.not_saved(ticket.number)
            self.shown.discard(ticket.item)
            if ticket.item:
                self._mark(ticket)
        screen.checklist.update_items([ticket.item for ticket in tickets if ticket.item])
        if names:
            more = f" and {len(names) - 1} more" if len(names) > 1 else ""
            screen.say_error(f"{NOT_SAVED}: {names[0]}{more}: {why}")

    def _mark(self, ticket: Ticket) -> None:
        """What the row of an act that failed says. Beside a tick that stands, NOT SAVED alone would be read as its own."""
        word = _MARKS.get(type(ticket.act), "")
        said = self._screen.desk.session.state.items.get(ticket.item)
        if word or said is None or said.status is not ItemStatus.DONE:
            self.unsaved[ticket.item] = f"{word}{NOT_SAVED}"

    def _lost_lease(self) -> None:
        screen = self._screen
        screen.look()
        driver = screen.desk.session.state.driver or "somebody else"
        at = clock_z(screen.desk.clock.now())
        screen.say_error(f"{driver} drives since {at}: this screen follows, read-only", Role.WATCH)
