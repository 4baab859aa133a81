"""The last row: what the keys do now, a word for three seconds, or an error that stays until it is closed.

Painted, from the bindings that are active: Textual's own footer is a widget a key, scrolls where the width is short, and
so may hide `? help`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.screen import Screen
from textual.strip import Strip
from textual.timer import Timer

from deploytui.ui.command import BY_ID, COMMANDS, Command, footer_commands
from deploytui.ui.layout import PaneName
from deploytui.ui.paint import bar
from deploytui.ui.paint.bar import Notice
from deploytui.ui.paint.skin import Role, Skin
from deploytui.ui.widgets.pane import Pane

NOTICE_S = 3.0
# What weighs more is said first: a tick that is not saved goes before a disk that is slow.
_WEIGHT = {Role.INFO: 0, Role.WATCH: 1, Role.BREACH: 2}
_MOST_ERRORS = 9


class KeyHints(Pane):
    """One word and one error at a time; the word goes before the error, and both before the keys. No error displaces
    another: each is said until it is closed, or is over. `undo` says what would be undone; `all_read` is called when
    the last error that weighs most was closed."""

    def __init__(self, skin: Skin, undo: Callable[[], str], all_read: Callable[[], None]) -> None:
        super().__init__(skin, PaneName.HINTS)
        self._undo, self._all_read = undo, all_read
        self._commands: Sequence[Command] = footer_commands(PaneName.CHECKLIST, BY_ID)
        self._errors: list[Notice] = []
        self._notice: Notice | None = None
        self._notice_off: Timer | None = None

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._bind)

    def _bind(self, screen: Screen[object]) -> None:
        """Other keys act: another pane has them, or nobody drives from here any more."""
        if self.app.screen is not screen:  # a dialog would be asked what acts on the screen: later, behind it
            return
        active = {bound.binding.id for bound in screen.active_bindings.values()}
        focused = screen.focused
        pane = focused.id if focused is not None and focused.id else PaneName.CHECKLIST
        self._commands = footer_commands(pane, [one.id for one in COMMANDS if one.id in active])
        self.repaint()

    @property
    def _error(self) -> Notice | None:
        """The newest of those that weigh most."""
        return max(reversed(self._errors), key=lambda error: _WEIGHT[error.role], default=None)

    def paint(self, width: int, height: int) -> list[Strip]:
        return [bar.hints(self._commands, self._undo(), self._notice or self._error, width, self.skin)]

    def say(self, text: str, role: Role) -> None:
        """A word, for three seconds."""
        self._notice = Notice(text, role)
        if self._notice_off is not None:
            self._notice_off.stop()
        self._notice_off = self.set_timer(NOTICE_S, self.hush)
        self.repaint()

    def say_error(self, text: str, role: Role) -> None:
        """What stays until it is closed."""
        error = Notice(text, role, stays=True)
        self._errors = [*(other for other in self._errors if other != error), error][-_MOST_ERRORS:]
        self.hush()

    def hush(self) -> None:
        """The word is over; an error is still said."""
        self._notice = None
        self.repaint()

    def dismiss(self) -> bool:
        """Close what is said; whether there was anything."""
        had = self._notice is not None or bool(self._errors)
        if self._notice is not None:
            self._notice = None
        elif (error := self._error) is not None:
            self._errors.remove(error)
            if not any(other.role is Role.BREACH for other in self._errors):
                self._all_read()
        self.repaint()
        return had

    def take_back_error(self, beginning: str) -> None:
        """What an error that begins like this was about is over."""
        self._errors = [error for error in self._errors if not error.text.startswith(beginning)]
        self.repaint()
