"""The dialog that asks for T, the go-live: what was typed is shown with weekday, date and distance before it counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Label

from deploytui.base.errors import DeploytuiError
from deploytui.plan.schedule import GO_LIVE_FORMS
from deploytui.ui.paint.ink import Ink
from deploytui.ui.screens.dialog import Dialog, LineInput, field, line

PROPOSED = "now+2h"


class GoLiveModal(Dialog[datetime]):
    """`read` makes an instant of a text or says what was expected; `describe` shows it to a person."""

    title_text = "Go-live"
    hint = "enter accepts · esc leaves"
    width = 72
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
        self._plan_title, self._why = plan_title, why
        self._read, self._describe = read, describe
        self._proposed = proposed

    def parts(self) -> ComposeResult:
        yield line(self.ink.foreign(self._plan_title), "bold")
        yield line(self.ink.foreign(self._why), "muted")
        yield field("T:", LineInput(self._proposed, max_length=40), "apart")
        yield Label(id="meaning", classes="apart")

    def on_mount(self) -> None:
        self._look()
        # What "in 2 h 00" and "now+2h" mean moves on while somebody thinks.
        self.set_interval(1.0, self._look)

    def _at(self) -> datetime | None:
        try:
            return self._read(self.field.value)
        except (ValueError, OverflowError, DeploytuiError):
            return None

    def _look(self) -> None:
        at, meaning = self._at(), self.query_one("#meaning", Label)
        meaning.set_class(at is not None, "info").set_class(at is None, "watch")
        meaning.update(Content(f"expected {GO_LIVE_FORMS}" if at is None else self._describe(at)))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._look()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if (at := self._at()) is not None:
            self.dismiss(at)
