"""What the writer reports, and what follows from it: folded first, then said, drawn and gone on with."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from deploytui.base.clock import AcceleratedClock
from deploytui.base.errors import DAMAGED
from deploytui.journal.event import Event
from deploytui.journal.fact import BaselineCaptured, ItemInserted, RehearsalPaced
from deploytui.session.act import CheckItem, InsertItem, UndoLast
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
from deploytui.session.view import JournalRow
from deploytui.ui.control.phase import PhaseControl
from deploytui.ui.control.saving import Saving
from deploytui.ui.control.talk import Talk
from deploytui.ui.paint.skin import Role
from deploytui.ui.service import Services


class EarlierEvents:
    """Older events are asked for where they come into sight; what was not known at the start is told once it is."""

    def __init__(self, services: Services, talk: Talk) -> None:
        self._services, self._talk = services, talk
        self._asked: int | None = None
        self._has_told = False

    def rows(self, limit: int, skip: int) -> Sequence[JournalRow]:
        """The rows in sight; what has to be read first is read."""
        rows = self._services.viewer.journal_rows(limit, skip)
        wanted = self._services.session.tail.wanted
        if wanted is not None and wanted != self._asked:
            self._asked = wanted
            self._services.writer.read_page(wanted)
        return rows

    def tell_since(self) -> None:
        """What happened before this driver took the session up, once it is known."""
        if not self._has_told and (since := self._services.viewer.since(self._services.clock.now())):
            self._has_told = True
            self._talk.say_error(since, Role.INFO)

    def page_read(self) -> None:
        """Rows that were asked for are there."""
        self._asked = None


class ReportControl:
    """On the loop's thread. `changed` draws the rows of items anew, and soon after what follows from them; `look` shows
    at once who drives; `journal_read` shows older rows, `repaint` all rows of the checklist."""

    def __init__(
        self,
        services: Services,
        talk: Talk,
        saving: Saving,
        earlier: EarlierEvents,
        phases: PhaseControl,
        *,
        changed: Callable[[frozenset[str]], None],
        look: Callable[[], None],
        journal_read: Callable[[], None],
        repaint: Callable[[], None],
    ) -> None:
        self._services, self._talk, self._saving = services, talk, saving
        self._earlier, self._phases = earlier, phases
        self._changed, self._look, self._journal_read, self._repaint = changed, look, journal_read, repaint

    def take(self, report: Report) -> None:
        """One result."""
        with self._saving.keeping_marks():
            changed = self._services.session.take(report)
        match report:
            case Saved(ticket, committed, was_given_up):
                self._saving.unsaved.pop(ticket.item, None)
                self._show(changed, committed.events, ticket.item)
                if not was_given_up:  # else the cursor would leave a row that somebody is about to act on
                    self._go_on(ticket, committed.events)
                self._saving.saved(ticket, was_given_up=was_given_up)
            case RuleRefused(ticket, why):
                self._saving.refused(ticket)
                self._show(changed, (), ticket.item)
                self._talk.refuse(why)
            case NotSaved(tickets, why):
                self._saving.not_saved(tickets, why)
            case Foreign(committed):
                self._show(changed, committed.events, "")
            case DriverSeen():
                self._look()
            case LeaseLost():
                self._look()
                self._saving.lost_lease()
            case PageRead():
                self._earlier.page_read()
                self._journal_read()
            case EarlierRead():
                self._earlier.tell_since()
                self._journal_read()
            case Damaged(what, try_):
                self._look()
                self._repaint()  # rows say what is in the file no more
                stopped = self._services.session.stopped
                self._talk.take_back_error(f"{stopped}: ")  # of one kind only the newest is true
                self._talk.say_error(f"{stopped}: {what.removeprefix(f'{DAMAGED}: ')}; {try_}")
            case StoreTrouble(why):
                self._saving.trouble(why)

    def _show(self, changed: frozenset[str], events: Sequence[Event], item: str) -> None:
        """What is durable is shown: the rows at once, in the next frame what follows from them."""
        services = self._services
        if any(isinstance(event.fact, BaselineCaptured) for event in events):
            services.gauges.set_baselines(services.session.state.baselines)
        if any(isinstance(event.fact, RehearsalPaced) for event in events):
            self._keep_pace()
        self._saving.shown.discard(item)
        if any(isinstance(event.fact, OTHER_ROWS) for event in events):
            self._phases.show_other_rows()
        self._changed(changed | {item} if item else changed)

    def _keep_pace(self) -> None:
        """Who follows a rehearsal goes as fast as its driver."""
        services = self._services
        pace, clock = services.session.state.pace, services.clock
        if pace is not None and isinstance(clock, AcceleratedClock) and not services.session.is_driving:
            clock.set_to(pace.at + (services.machine.now() - pace.real_at) * pace.speed, pace.speed)

    def _go_on(self, ticket: Ticket, events: Sequence[Event]) -> None:
        """Where the cursor goes once an act is durable."""
        match ticket.act:
            case CheckItem(item):
                self._phases.go_on_from(item)
            case InsertItem():  # what was just written down is what one goes on with
                made = next((event.item for event in events if isinstance(event.fact, ItemInserted)), "")
                if made:
                    self._phases.point_to(made)
            case UndoLast():
                if changed := self._services.viewer.journal_rows(1):
                    self._talk.say(changed[0].text)
