"""Panes with a frame and lines that can be scrolled: journal and detail; timeline and gauges have modules of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual import events
from textual.strip import Strip
from textual.timer import Timer

from deploytui.session.view import DetailView, JournalRow
from deploytui.ui.layout import PaneName
from deploytui.ui.paint.detail import detail
from deploytui.ui.paint.journal import journal
from deploytui.ui.paint.skin import Piece, Skin
from deploytui.ui.widgets.pane import Framed, Pane, bindings, later

FAR = 1_000_000
DETAIL_REST_S = 0.08
MOVES = {
    "move.down": "move(1)",
    "move.up": "move(-1)",
    "move.page_down": "move_pages(1)",
    "move.page_up": "move_pages(-1)",
    "move.top": f"move({-FAR})",
    "move.bottom": f"move({FAR})",
}


class FramedPane(Framed, Pane, can_focus=True):
    """A pane with lines to look at; those from `first` on are seen."""

    BINDINGS: ClassVar[list[Any]] = bindings(MOVES)

    def __init__(self, skin: Skin, name: PaneName) -> None:
        super().__init__(skin, name)
        self.first = 0

    def lines(self, width: int, height: int) -> list[list[Piece]]:
        """Every line of content at this inner size."""
        raise NotImplementedError

    def seen(self, width: int, height: int) -> tuple[list[list[Piece]], int]:
        """The lines in sight, and how many there are in all. Keeps `first` where there are lines."""
        lines = self.lines(width, height)
        self.first = max(0, min(self.first, len(lines) - height))
        return lines[self.first : self.first + height], len(lines)

    def aside(self) -> str:
        """What stands behind the title."""
        return ""

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self.repaint_fully()

    def scroll_lines(self, by: int) -> None:
        """Move what is seen; as far as there are lines."""
        self.first = max(0, self.first + by)
        self.repaint()

    def action_move(self, by: int) -> None:
        self.scroll_lines(by)

    def action_move_pages(self, by: int) -> None:
        self.action_move(by * max(1, self.size.height - 1))

    def paint(self, width: int, height: int) -> list[Strip]:
        seen, count = self.seen(width, height)
        note = f"{self.first + 1}-{self.first + len(seen)} of {count}" if len(seen) < count else ""
        self.say_on_frame(self.aside(), note)
        return [self.skin.line(line, width) for line in seen]

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll_lines(2)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll_lines(-2)


class Journal(FramedPane):
    """What happened, newest first. Only the rows in sight are asked for, however long the night was."""

    number, title = "4", "Journal"
    BINDINGS: ClassVar[list[Any]] = bindings({"checklist.detail": "screen.show_item"})

    def __init__(
        self, skin: Skin, rows: Callable[[int, int], Sequence[JournalRow]], count: Callable[[], int]
    ) -> None:
        super().__init__(skin, PaneName.JOURNAL)
        self._rows, self._count = rows, count

    def aside(self) -> str:
        return "newest first"

    def lines(self, width: int, height: int) -> list[list[Piece]]:
        return [journal(row, width, self.skin) for row in self._rows(height, self.first)]

    def seen(self, width: int, height: int) -> tuple[list[list[Piece]], int]:
        count = self._count()
        self.first = max(0, min(self.first, count - height))
        return self.lines(width, height), count


class Detail(FramedPane, can_focus=False):
    """Everything known of the current item: the third column of a wide terminal. `look` reads it."""

    title = "Details"

    def __init__(self, skin: Skin, look: Callable[[], DetailView | None]) -> None:
        super().__init__(skin, PaneName.DETAIL)
        self._look = look
        self._view: DetailView | None = None
        self._soon: Timer | None = None

    def follow(self) -> None:
        """It follows the cursor once that rests: reading an item's history is not for every key."""
        if self._soon is not None:
            self._soon.stop()
        if self.display:
            self._soon = later(self, DETAIL_REST_S, self._show)

    def on_show(self) -> None:
        self.follow()

    def _show(self) -> None:
        view = self._look()
        if view != self._view:
            self._view = view
            self.first = 0
            self.repaint()

    def lines(self, width: int, height: int) -> list[list[Piece]]:
        return [] if self._view is None else detail(self._view, width, self.skin)
