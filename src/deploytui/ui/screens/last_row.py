"""What the last row says: the keys, a word for three seconds, or an error that stays until it is closed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from deploytui.ui.command import footer_commands
from deploytui.ui.paint.bar import Notice
from deploytui.ui.paint.ink import Role
from deploytui.ui.widgets.bar import KeyHints

if TYPE_CHECKING:
    from deploytui.ui.screens.dashboard import Dashboard

NOTICE_S = 3.0


class LastRow:
    """One word and one error at a time; the word goes before the error, and both before the keys."""

    def __init__(self, screen: Dashboard) -> None:
        self._screen = screen
        self.hints = KeyHints(screen.ink)
        self._error: Notice | None = None
        self._notice: Notice | None = None
        self._notice_off: asyncio.TimerHandle | None = None

    def stop(self) -> None:
        if self._notice_off is not None:
            self._notice_off.cancel()

    def redraw(self) -> None:
        desk = self._screen.desk
        commands = footer_commands()
        if not desk.session.is_driving:
            commands = [command for command in commands if not command.needs_driver]
        self.hints.show(commands, desk.viewer.undo_label(), self._notice or self._error)

    def say(self, text: str, role: Role) -> None:
        """A word, for three seconds."""
        self._notice = Notice(text, role)
        self.stop()
        self._notice_off = asyncio.get_running_loop().call_later(NOTICE_S, self.hush)
        self.redraw()

    def say_error(self, text: str, role: Role) -> None:
        """What stays until it is closed."""
        self._error = Notice(text, role, stays=True)
        self.hush()

    def hush(self) -> None:
        """The word is over; an error is still said."""
        self._notice = None
        self.redraw()

    def dismiss(self) -> bool:
        """Close what is said; whether there was anything."""
        had = self._notice is not None or self._error is not None
        if self._notice is not None:
            self._notice = None
        elif self._error is not None:
            self._error = None
            self._screen.saving.forget_unsaved()
        self.redraw()
        return had

    def take_back_error(self, beginning: str) -> None:
        """What an error that begins like this was about is over."""
        if self._error is not None and self._error.text.startswith(beginning):
            self._error = None
            self.redraw()
