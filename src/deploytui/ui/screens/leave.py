"""The dialog before leaving: the session goes on without this screen, and what is not saved is named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding

from deploytui.ui.paint.ink import Ink
from deploytui.ui.screens.dialog import Dialog, line

_NAMED = 5


class LeaveModal(Dialog[bool]):
    """y or enter leaves, esc stays. With unsaved acts only y leaves. `back` opens the session again; "" where nothing
    does."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[Any]] = [
        Binding("y", "answer(True)", "Leave", show=False),
        Binding("enter", "accept", "Leave", show=False),
        Binding("n,q", "answer(False)", "Stay", show=False),
    ]
    title_text = "Leave?"
    width = 62

    def __init__(
        self, ink: Ink, back: str, unsaved: Sequence[str], *, is_driving: bool, fault: str = ""
    ) -> None:
        super().__init__(ink)
        self._back, self._unsaved, self._is_driving = back, tuple(unsaved), is_driving
        self._fault = fault
        self.hint = f"{'y leaves' if unsaved else 'y or enter leaves'} · esc stays"

    def parts(self) -> ComposeResult:
        ink = self.ink
        if self._unsaved:
            yield line("NOT SAVED yet, and lost when you leave:", "breach")
            for name in self._unsaved[:_NAMED]:
                yield line(f"  {ink.foreign(name)}")
            if len(self._unsaved) > _NAMED:
                yield line(f"  and {len(self._unsaved) - _NAMED} more", "muted")
        yield line(self._stays(), "apart" if self._unsaved else "")
        if self._back:
            yield line(f"Back with: {ink.foreign(self._back)}", "muted")

    def _stays(self) -> str:
        if not self._is_driving:
            return "You only follow."
        if self._fault:
            return f"NOT SAVING: {self.ink.foreign(self._fault)}."
        if not self._back:
            return "A rehearsal ends here; its report stays."
        return "The session stays open; all that was ticked is saved."

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)

    def action_accept(self) -> None:
        if not self._unsaved:
            self.dismiss(True)
