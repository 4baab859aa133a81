"""The dashboard's app: wiring only. It starts the store's thread and the gauges, and ends both."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from textual import events
from textual.screen import ModalScreen, Screen

from deploytui.ui.color import ColorDepth
from deploytui.ui.command import BY_KEY
from deploytui.ui.key_guard import TYPING_S, Answer
from deploytui.ui.look import STYLES, BridgeApp
from deploytui.ui.paint.skin import Role
from deploytui.ui.screens.dashboard import Dashboard
from deploytui.ui.service import Services
from deploytui.ui.terminal.app import Departure

LEAVE_S = 1.2


class DashboardApp(BridgeApp):
    """One session on one terminal."""

    CSS_PATH: ClassVar[Any] = [*BridgeApp.CSS_PATH, STYLES / "dashboard.tcss"]

    def __init__(
        self,
        services: Services,
        *,
        depth: ColorDepth = ColorDepth.TRUE,
        env: Mapping[str, str] | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(services.skin, depth=depth, env=env, clock=services.machine, **settings)
        self.services = services
        self.dashboard = Dashboard(services)
        self.dress(services.skin.theme)

    def get_default_screen(self) -> Screen[Any]:
        return self.dashboard

    def on_mount(self) -> None:
        self.services.writer.start(self.dashboard.reports.take)
        header = self.services.session.header
        self.set_terminal_title(
            f"{self.services.session.mark}deploytui {self.services.session.name}: {header.title}"
        )
        self.call_after_refresh(self._start_looking)

    def admits_key(self, event: events.Key) -> bool:
        """Every key passes the guard before it means anything."""
        return self._counts(event.key) and (
            self.screen is not self.dashboard or self.dashboard.takes(event.key)
        )

    def _counts(self, key: str) -> bool:
        """Whether this key may act. Into a dialog that has stood for a while everything may be typed."""
        now_s = self.services.machine.monotonic_s()
        if self.screen is not self.dashboard:
            if now_s - self.dashboard.talk.asked_s >= TYPING_S:
                return True
            verdict = self.services.guard.decide(key, False, now_s)
        else:
            command = BY_KEY.get(key)
            verdict = self.services.guard.decide(key, command is not None and command.changes_state, now_s)
        if verdict.answer is Answer.TYPING:
            self._close_dialogs()
        if verdict.message:
            self.dashboard.talk.refuse(verdict.message)
        self.dashboard.show_chips()
        return verdict.is_allowed

    def _close_dialogs(self) -> None:
        """The key that opened it was part of a word meant for another window."""
        if isinstance(self.screen, ModalScreen):
            self.screen.dismiss(None)

    async def _start_looking(self) -> None:
        """Behind the first frame. What was loaded for it lives as long as the program, so the collector, where it was
        off until now, is told to leave it alone."""
        if not gc.isenabled():
            gc.collect()
            gc.freeze()
            gc.enable()
        self.services.writer.check_earlier()
        await self.services.gauges.start()
        if self.services.plan_file is not None:
            self.services.plan_file.start()
        self.dashboard.findings.start()
        if self.services.draft_keeper is not None:
            self.services.draft_keeper.start(self._tell_drafts_lost)

    def _tell_drafts_lost(self, why: str) -> None:
        self.dashboard.talk.say(f"half-typed texts would not survive a crash now: {why}", Role.WATCH)

    async def on_leaving(self, departure: Departure) -> None:
        """The last words: no more samples, what is queued is saved, the lease is given back."""
        if self.services.plan_file is not None:
            self.services.plan_file.stop()
        await self.services.gauges.stop()
        if self.services.draft_keeper is not None:
            await self.services.draft_keeper.stop()
        self.services.writer.leave(self.services.by)
        await self.services.writer.ended(LEAVE_S)

    def on_stray_error(self, error: BaseException, crash_file: Path | None) -> None:
        where = f", details: {crash_file}" if crash_file else ""
        self.dashboard.talk.say_error(
            f"a defect of ours in the background ({type(error).__name__}){where}", Role.WATCH
        )

    async def action_quit(self) -> None:
        """ctrl+q asks like q: Textual alone would end at once, under any dialog."""
        if self.screen is self.dashboard:
            self.dashboard.perform("session.leave")
