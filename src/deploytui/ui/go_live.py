"""Asks for the go-live before a session exists: a small app with one dialog."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from deploytui.base.clock import Clock
from deploytui.ui.color import ColorDepth
from deploytui.ui.guard import Departure
from deploytui.ui.look import BridgeApp
from deploytui.ui.paint.ink import Ink
from deploytui.ui.screens.go_live import PROPOSED, GoLiveModal


class GoLiveApp(BridgeApp):
    """`run()` returns the instant that was agreed, or None where nothing shall be started."""

    def __init__(
        self,
        ink: Ink,
        plan_title: str,
        why: str,
        read: Callable[[str], datetime],
        describe: Callable[[datetime], str],
        *,
        proposed: str = PROPOSED,
        depth: ColorDepth = ColorDepth.TRUE,
        env: Mapping[str, str] | None = None,
        clock: Clock | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(depth=depth, env=env, clock=clock, **settings)
        self.dress(ink.theme)
        self._modal = GoLiveModal(ink, plan_title, why, read, describe, proposed)
        self.answer: datetime | None = None

    def on_mount(self) -> None:
        self.set_terminal_title("deploytui: go-live")
        self.push_screen(self._modal, self._answered)

    def _answered(self, answer: datetime | None) -> None:
        self.answer = answer
        self.exit(answer)

    async def on_leaving(self, departure: Departure) -> None:
        """Nothing was begun, so there is nothing to end."""

    async def action_quit(self) -> None:
        self.exit(None)
