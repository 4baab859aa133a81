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
from deploytui.ui.control.earlier_event import EarlierEvents
from deploytui.ui.control.phase import PhaseControl
from deploytui.ui.control.saving import Saving
from deploytui.ui.control.talk import Talk
from deploytui.ui.desk import Desk


class ReportControl:
    """On the loop's thread. `changed` draws the rows of items anew, and soon after what follows from them; `look` shows
    at once who drives; `journal_read` shows older rows, `repaint` all rows of the checklist."""

    def __init__(
        self,
        desk: Desk,
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
        self._desk, self._talk, self._saving = desk, talk, saving
        self._earlier, self._phases = earlier, phases
        self._changed, self._look, self._journal_read, self._repaint = changed, look, journal_read, repaint

    def take(self, report: Report) -> None:
        """One result."""
        with self._saving.keeping_marks():
            changed = self._desk.session.take(report)
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
                stopped = self._desk.session.stopped
                self._talk.take_back_error(f"{stopped}: ")  # of one kind only the newest is true
                self._talk.say_error(f"{stopped}: {what.removeprefix(f'{DAMAGED}: ')}; {try_}")
            case StoreTrouble(why):
                self._saving.trouble(why)

    def _show(self, changed: frozenset[str], events: Sequence[Event], item: str) -> None:
        """What is durable is shown: the rows at once, in the next frame what follows from them."""
        desk = self._desk
        if any(isinstance(event.fact, BaselineCaptured) for event in events):
            desk.gauges.set_baselines(desk.session.state.baselines)
        if any(isinstance(event.fact, RehearsalPaced) for event in events):
            self._keep_pace()
        self._saving.shown.discard(item)
        if any(isinstance(event.fact, OTHER_ROWS) for event in events):
            self._phases.show_other_rows()
        self._changed(changed | {item} if item else changed)

    def _keep_pace(self) -> None:
        """Who follows a rehearsal goes as fast as its driver."""
        desk = self._desk
        pace, clock = desk.session.state.pace, desk.clock
        if pace is not None and isinstance(clock, AcceleratedClock) and not desk.session.is_driving:
            clock.set_to(pace.at + (desk.machine.now() - pace.real_at) * pace.speed, pace.speed)

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
                if changed := self._desk.viewer.journal_rows(1):
                    self._talk.say(changed[0].text)
