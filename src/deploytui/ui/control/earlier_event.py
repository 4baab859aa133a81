"""What the journal pane needs from the file, and what became of the check behind the first frame."""

from __future__ import annotations

from collections.abc import Sequence

from deploytui.session.view import JournalRow
from deploytui.ui.control.talk import Talk
from deploytui.ui.desk import Desk
from deploytui.ui.paint.ink import Role


class EarlierEvents:
    """Older events are asked for where they come into sight; what was not known at the start is told once it is."""

    def __init__(self, desk: Desk, talk: Talk) -> None:
        self._desk, self._talk = desk, talk
        self._asked: int | None = None
        self._has_told = False

    def rows(self, limit: int, skip: int) -> Sequence[JournalRow]:
        """The rows in sight; what has to be read first is read."""
        rows = self._desk.viewer.journal_rows(limit, skip)
        wanted = self._desk.session.tail.wanted
        if wanted is not None and wanted != self._asked:
            self._asked = wanted
            self._desk.writer.read_page(wanted)
        return rows

    def tell_since(self) -> None:
        """What happened before this driver took the session up, once it is known."""
        if not self._has_told and (since := self._desk.viewer.since(self._desk.clock.now())):
            self._has_told = True
            self._talk.say_error(since, Role.INFO)

    def page_read(self) -> None:
        """Rows that were asked for are there."""
        self._asked = None
