"""Asks before a session exists: a small app with one dialog."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual import events

from deploytui.base.clock import Clock
from deploytui.ui.color import ColorDepth
from deploytui.ui.look import BridgeApp
from deploytui.ui.screens.dialog import Dialog
from deploytui.ui.terminal.app import Departure

_ALWAYS = ("escape", "ctrl+c", "ctrl+q", "ctrl+z")


class QuestionApp(BridgeApp):
    """`run()` returns what the dialog answered, or None where nothing shall be started."""

    def __init__(
        self,
        dialog: Dialog[Any],
        *,
        depth: ColorDepth = ColorDepth.TRUE,
        env: Mapping[str, str] | None = None,
        clock: Clock | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(dialog.skin, depth=depth, env=env, clock=clock, **settings)
        self.dress(dialog.skin.theme)
        self._dialog = dialog
        self.answer: Any = None

    def on_mount(self) -> None:
        self.set_terminal_title(f"deploytui: {self._dialog.title_text}")
        self.push_screen(self._dialog, self._answered)

    def admits_key(self, event: events.Key) -> bool:
        """Where the window is too small to read what is asked, it can be left and not answered."""
        dialog = self.screen
        return event.key in _ALWAYS or not isinstance(dialog, Dialog) or dialog.may_be_answered

    def _answered(self, answer: Any) -> None:
        self.answer = answer
        self.exit(answer)

    async def on_leaving(self, departure: Departure) -> None:
        """Nothing was begun, so there is nothing to end."""

    async def action_quit(self) -> None:
        self.exit(None)
