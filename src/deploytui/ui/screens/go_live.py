"""The dialog that asks for T, the go-live: what was typed is shown with weekday, date and distance before it counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from textual.widgets import Input

from deploytui.base.errors import DeploytuiError
from deploytui.plan.schedule import GO_LIVE_FORMS
from deploytui.ui.paint.detail import wrap
from deploytui.ui.paint.ink import Ink, Piece, Role
from deploytui.ui.screens.dialog import Dialog, one_line_input

PROPOSED = "now+2h"


class GoLiveModal(Dialog[datetime]):
    """`read` makes an instant of a text or says what was expected; `describe` shows it to a person."""

    title_text = "Go-live"
    width = 72
    input_line = 3
    must_be_seen = True

    def __init__(
        self,
        ink: Ink,
        plan_title: str,
        why: str,
        read: Callable[[str], datetime],
        describe: Callable[[datetime], str],
        proposed: str = PROPOSED,
    ) -> None:
        super().__init__(ink)
        self.hint = f"enter accepts {ink.glyphs.separator} esc leaves"
        self._plan_title, self._why = plan_title, why
        self._read, self._describe = read, describe
        self._text = self._proposed = proposed

    def on_mount(self) -> None:
        # What "in 2 h 00" and "now+2h" mean moves on while somebody thinks.
        self.set_interval(1.0, self.body.repaint)

    def _at(self) -> datetime | None:
        try:
            return self._read(self._text)
        except (ValueError, OverflowError, DeploytuiError):
            return None

    def content(self, width: int) -> list[list[Piece]]:
        ink = self.ink
        at = self._at()
        lines = [self.plain(ink.foreign(self._plan_title), bold=True), self.muted(ink.foreign(self._why)), []]
        lines += [self.muted("T:"), []]
        if at is not None:
            lines.append([("   " + self._describe(at), ink.style(Role.INFO, bold=True))])
            lines.append([])
        else:
            parts = wrap(f"expected {GO_LIVE_FORMS}", width - 3)[:2]
            lines += [[("   " + part, ink.style(Role.WATCH))] for part in parts]
            lines += [[]] * (2 - len(parts))
        return lines

    def input_indent(self) -> int:
        return 4

    def make_input(self) -> Input:
        return one_line_input(self._proposed, max_length=40)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._text = event.value
        self.body.repaint()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if (at := self._at()) is not None:
            self.dismiss(at)
