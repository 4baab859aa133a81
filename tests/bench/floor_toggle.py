"""The least that ticks: lines drawn one by one, and a space that changes the current one and goes on."""

from __future__ import annotations

import sys
from typing import Any, ClassVar

from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip


class Lines(ScrollView, can_focus=True):
    def __init__(self, count: int) -> None:
        super().__init__()
        self.done = bytearray(count)
        self.virtual_size = Size(80, count)

    def render_line(self, y: int) -> Strip:
        row = y + self.scroll_offset.y
        text = f"Item {row:06d} {'ANA' if self.done[row] else '...'}" if row < len(self.done) else ""
        return Strip([Segment(text.ljust(self.size.width))], self.size.width)


class ToggleApp(App[None]):
    BINDINGS: ClassVar[list[Any]] = [("space", "tick", "Tick")]

    def __init__(self, count: int) -> None:
        super().__init__()
        self.lines = Lines(count)
        self.current = 0

    def compose(self) -> ComposeResult:
        yield self.lines

    def action_tick(self) -> None:
        self.lines.done[self.current] = 1
        if not 0 <= self.current - self.lines.scroll_offset.y < self.lines.size.height:
            self.lines.scroll_to(y=self.current, animate=False, immediate=True)
        self.lines.refresh_line(self.current)
        self.current += 1


if __name__ == "__main__":
    ToggleApp(int(sys.argv[1])).run()
