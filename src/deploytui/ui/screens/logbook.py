"""What the journal pane needs from the file, and what became of the check behind the first frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from deploytui.base.errors import DAMAGED
from deploytui.session.ticket import Damaged, EarlierRead, PageRead
from deploytui.session.view import JournalRow
from deploytui.ui.paint.ink import Role

if TYPE_CHECKING:
    from deploytui.ui.screens.dashboard import Dashboard


class Logbook:
    """Older events are asked for where they come into sight; what was not known at the start is told once it is."""

    def __init__(self, screen: Dashboard) -> None:
        self._screen = screen
        self._asked: int | None = None
        self._has_told = False

    def rows(self, limit: int, skip: int) -> Sequence[JournalRow]:
        """The rows in sight; what has to be read first is read."""
        desk = self._screen.desk
        rows = desk.viewer.journal_rows(limit, skip)
        wanted = desk.session.tail.wanted
        if wanted is not None and wanted != self._asked:
            self._asked = wanted
            desk.writer.read_page(wanted)
        return rows

    def tell_since(self) -> None:
        """What happened before this driver took the session up, once it is known."""
        desk = self._screen.desk
        if not self._has_told and (since := desk.viewer.since(desk.clock.now())):
            self._has_told = True
            self._screen.say_error(since, Role.INFO)

    def report(self, report: PageRead | EarlierRead | Damaged) -> None:
        """One result, on the loop's thread."""
        screen = self._screen
        match report:
            case PageRead():
                self._asked = None
                screen.journal.repaint()
            case EarlierRead():
                screen.show_detail_soon()
                self.tell_since()
            case Damaged(what, try_):
                screen.look()
                screen.checklist.repaint_fully()  # rows say what is in the file no more
                stopped = screen.desk.session.stopped
                screen.last_row.take_back_error(f"{stopped}: ")  # of one kind only the newest is true
                screen.say_error(f"{stopped}: {what.removeprefix(f'{DAMAGED}: ')}; {try_}")
