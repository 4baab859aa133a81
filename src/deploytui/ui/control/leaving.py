"""Leaving the dashboard: what is being saved is waited for, then named, and a small dialog asks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from deploytui.ui.control.saving import Saving
from deploytui.ui.control.talk import Talk
from deploytui.ui.desk import Desk

LEAVING_WAITS_S = 2.0
TWICE_S = 2.0


class Leaving:
    """`leave` ends the program; the session stays open."""

    def __init__(self, desk: Desk, talk: Talk, saving: Saving, leave: Callable[[], None]) -> None:
        self._desk, self._talk, self._saving, self._leave = desk, talk, saving, leave
        self._interrupted_s = -10.0

    def is_second_interrupt(self) -> bool:
        """ctrl+c: once it says what it would do, twice within two seconds it asks to leave."""
        now_s = self._desk.machine.monotonic_s()
        if now_s - self._interrupted_s < TWICE_S:
            return True
        self._interrupted_s = now_s
        self._talk.say("ctrl+c once more leaves; the session stays open")
        return False

    async def ask(self) -> None:
        """What is being saved gets two seconds; then it is named, and the answer decides."""
        from deploytui.ui.screens.leave import LeaveModal

        desk, waited_s = self._desk, 0.0
        while desk.writer.pending and waited_s < LEAVING_WAITS_S:
            await asyncio.sleep(0.05)
            waited_s += 0.05
        unsaved = self._saving.names(desk.writer.pending)
        session = desk.session
        modal = LeaveModal(desk.ink, desk.back, unsaved, is_driving=session.is_driving, fault=session.fault)
        self._talk.ask(modal, lambda answer: self._leave() if answer else None)
