"""A pane painted line by line: it keeps its strips, and repaints only the lines that changed."""

from __future__ import annotations

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from deploytui.ui.paint.ink import Ink


class Pane(Widget, can_focus=False):
    """The base of every pane. A subclass says what it looks like in `paint`; nothing is computed here."""

    def __init__(self, ink: Ink, id: str) -> None:
        super().__init__(id=id)
        self.ink = ink
        self.hidden = 0
        self._strips: list[Strip] = []
        self._painted_for: tuple[int, int] | None = None

    def paint(self, width: int, height: int) -> list[Strip]:
        """The whole pane as it should look now, `height` strips of `width` cells."""
        raise NotImplementedError

    def _paint_all(self) -> list[Strip]:
        width, height = self.size
        self.ink.hidden = 0
        strips = self.paint(width, height) if width and height else []
        self.hidden = self.ink.hidden
        self._painted_for = (width, height)
        return strips

    def repaint(self) -> None:
        """Paint again after a change; only lines that look different are sent to the terminal."""
        width, height = self.size
        if self._painted_for != (width, height) or not self.is_attached:
            self._painted_for = None
            self.refresh()
            return
        before, self._strips = self._strips, self._paint_all()
        changed = [
            Region(0, y, width, 1)
            for y, (old, new) in enumerate(zip(before, self._strips, strict=False))
            if old is not new and old != new
        ]
        if len(before) != len(self._strips):
            self.refresh()
        elif changed:
            self.refresh(*changed)

    def repaint_fully(self) -> None:
        """Paint all lines again: after a change of theme or masking."""
        self._painted_for = None
        self.refresh()

    def render_line(self, y: int) -> Strip:
        if self._painted_for != self.size:
            self._strips = self._paint_all()
        if y < len(self._strips):
            return self._strips[y]
        return Strip.blank(self.size.width, self.ink.style())
