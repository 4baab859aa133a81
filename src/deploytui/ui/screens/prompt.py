"""What asks in the last row: the filter, and a question of one line. Nothing on the screen moves for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Label

from deploytui.base.units import is_whole_number
from deploytui.ui.paint.ink import Ink
from deploytui.ui.screens.dialog import Dialog, LineInput, T, line


class LastRowModal(Dialog[T]):
    """A dialog that is one line."""

    def __init__(self, ink: Ink) -> None:
        super().__init__(ink)
        self.add_class("-last-row")

    def compose(self) -> ComposeResult:
        yield Horizontal(*self.parts(), classes="row")


class FilterModal(LastRowModal[str]):
    """Filters while it is typed; enter keeps the filter, esc clears it."""

    def __init__(self, ink: Ink, value: str, on_change: Callable[[str], None]) -> None:
        super().__init__(ink)
        self._value, self._on_change = value, on_change

    def parts(self) -> ComposeResult:
        yield line(" / ", "bold")
        yield LineInput(self._value, max_length=80)
        yield line("enter keeps · /7 jumps to step 7 · esc clears", "hint muted grow")

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if not is_whole_number(event.value):
            self._on_change(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value)


class YesOrNoModal(LastRowModal[bool]):
    """Yes with y, no with esc or n; every other key is ignored."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[Any]] = [
        Binding("y", "answer(True)", "Yes", show=False),
        Binding("n", "answer(False)", "No", show=False),
    ]

    def __init__(self, ink: Ink, text: str) -> None:
        super().__init__(ink)
        self._text = text

    def parts(self) -> ComposeResult:
        yield line(f" {self.ink.foreign(self._text)}", "watch bold grow")
        yield Label(Content.assemble(("   y ", "bold"), ("/", "$muted"), (" esc", "bold")))

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)
