"""What the last row says: the keys, a word for three seconds, or an error that stays until it is closed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from deploytui.ui.footer import footer_commands
from deploytui.ui.paint.bar import Notice
from deploytui.ui.paint.ink import Role
from deploytui.ui.widgets.bar import KeyHints

if TYPE_CHECKING:
    from deploytui.ui.screens.dashboard import Dashboard

NOTICE_S = 3.0


# What weighs more is said first: a tick that is not saved goes before a disk that is slow.
_WEIGHT = {Role.INFO: 0, Role.WATCH: 1, Role.BREACH: 2}
_MOST_ERRORS = 9


class LastRow:
    """One word and one error at a time; the word goes before the error, and both before the keys. No error displaces
    another: each is said until it is closed, or is over."""

    def __init__(self, screen: Dashboard) -> None:
        self._screen = screen
        self.hints = KeyHints(screen.ink)
        self._errors: list[Notice] = []
        self._notice: Notice | None = None
        self._notice_off: asyncio.TimerHandle | None = None

    def stop(self) -> None:
        if self._notice_off is not None:
            self._notice_off.cancel()

    @property
    def _error(self) -> Notice | None:
        """The newest of those that weigh most."""
        return max(reversed(self._errors), key=lambda error: _WEIGHT[error.role], default=None)

    def redraw(self) -> None:
        desk = self._screen.desk
        commands = footer_commands(self._screen.active)
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
        error = Notice(text, role, stays=True)
        self._errors = [*(other for other in self._errors if other != error), error][-_MOST_ERRORS:]
        self.hush()

    def hush(self) -> None:
        """The word is over; an error is still said."""
        self._notice = None
        self.redraw()

    def dismiss(self) -> bool:
        """Close what is said; whether there was anything."""
        had = self._notice is not None or bool(self._errors)
        if self._notice is not None:
            self._notice = None
        elif (error := self._error) is not None:
            self._errors.remove(error)
            if not any(other.role is Role.BREACH for other in self._errors):
                self._screen.saving.forget_unsaved()
        self.redraw()
        return had

    def take_back_error(self, beginning: str) -> None:
        """What an error that begins like this was about is over."""
        self._errors = [error for error in self._errors if not error.text.startswith(beginning)]
        self.redraw()
