"""What asks in the last row: the filter, and a question of one line. Nothing on the screen moves for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual.binding import Binding
from textual.geometry import Size
from textual.strip import Strip
from textual.widgets import Input

from deploytui.base.units import is_whole_number
from deploytui.ui.layout import Rect
from deploytui.ui.paint.ink import Ink, Piece, Role, measure
from deploytui.ui.screens.dialog import Dialog, T, one_line_input


class LastRow(Dialog[T]):
    """A dialog that is one line."""

    has_box = False

    def box_of(self, size: Size) -> Rect:
        return Rect(0, size.height - 1, size.width, 1)

    def draw(self, width: int, height: int) -> list[Strip]:
        return [self.ink.strip(self.content(width)[0], width)]


class FilterPrompt(LastRow[str]):
    """Filters while it is typed; enter keeps the filter, esc clears it."""

    input_line = 0

    def __init__(self, ink: Ink, value: str, on_change: Callable[[str], None]) -> None:
        super().__init__(ink)
        self._value, self._on_change = value, on_change

    def content(self, width: int) -> list[list[Piece]]:
        hint = f"enter keeps {self.ink.glyphs.separator} /7 jumps to step 7 {self.ink.glyphs.separator} esc clears "
        left: list[Piece] = [(" / ", self.ink.style(bold=True))]
        return [self.ink.spread(left, self.muted(hint) if width > 70 else [], width)]

    def input_indent(self) -> int:
        return 3

    def box_of(self, size: Size) -> Rect:
        return Rect(0, size.height - 1, size.width, 1)

    def _place(self, size: Size) -> dict[str, Rect]:
        places = dict(super()._place(size))
        places["field"] = Rect(3, size.height - 1, max(10, min(30, size.width - 4)), 1)
        return places

    def make_input(self) -> Input:
        return one_line_input(self._value, max_length=80)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if not is_whole_number(event.value):
            self._on_change(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value)


class Question(LastRow[bool]):
    """Yes with y, no with esc or n; every other key is ignored."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[Any]] = [
        Binding("y", "answer(True)", "Yes", show=False),
        Binding("n", "answer(False)", "No", show=False),
    ]

    def __init__(self, ink: Ink, text: str) -> None:
        super().__init__(ink)
        self._text = text

    def content(self, width: int) -> list[list[Piece]]:
        ink = self.ink
        bold, muted = ink.style(bold=True), ink.style(Role.MUTED)
        tail: list[Piece] = [(" y ", bold), ("/", muted), (" esc ", bold)]
        text: list[Piece] = [(f" {ink.foreign(self._text)}", ink.style(Role.WATCH, bold=True))]
        room = max(8, width - measure(tail) - 2)
        return [[*ink.crop(text, min(room, measure(text)), ink.style()), ("  ", ink.style()), *tail]]

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)
