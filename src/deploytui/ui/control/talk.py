"""What a controller may say in the last row and ask in a dialog; what was begun and not sent is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from deploytui.ui.draft import Form
from deploytui.ui.paint.skin import Role
from deploytui.ui.service import Services
from deploytui.ui.widgets.footer import KeyHints

if TYPE_CHECKING:
    from deploytui.ui.screens.dialog import Dialog

T = TypeVar("T")


class Talk:
    """`hints` is the last row."""

    def __init__(self, services: Services, hints: KeyHints) -> None:
        self._services, self._hints = services, hints
        self.asked_s = -10.0

    def say(self, text: str, role: Role = Role.INFO) -> None:
        """A word for three seconds."""
        self._hints.say(text, role)

    def refuse(self, why: str) -> None:
        """Why a key did nothing."""
        self._hints.say(why, Role.WATCH)

    def say_error(self, text: str, role: Role = Role.BREACH) -> None:
        """What stays until it is closed."""
        self._hints.say_error(text, role)

    def take_back_error(self, beginning: str) -> None:
        """What an error that begins like this was about is over."""
        self._hints.take_back_error(beginning)

    def ask(self, dialog: Dialog[T], then: Callable[[T | None], None]) -> None:
        """Open a dialog; `then` gets its answer, None where it was closed. The guard is told when, since a word typed
        by mistake goes on into it."""
        self.asked_s = self._services.machine.monotonic_s()
        self._hints.app.push_screen(dialog, then)

    def copy(self, lines: Sequence[str], said: str) -> None:
        """Copy these lines to the terminal's clipboard, masked as the screen is, and say so."""
        self._hints.app.copy_to_clipboard("\n".join(lines))
        self.say(said)

    def ask_yes(self, text: str, then: Callable[[], None]) -> None:
        """Ask in the last row; `then` follows a yes."""
        from deploytui.ui.screens.ask import YesOrNoModal

        self.ask(YesOrNoModal(self._services.skin, text), lambda yes: then() if yes else None)

    def ask_text(
        self,
        form: Form,
        then: Callable[[str], None],
        *,
        given_up: Callable[[], None] | None = None,
        check: Callable[[str], str] = lambda text: "",
    ) -> None:
        """Ask for a text that was perhaps begun before: it survives esc and a crash, until what it becomes is saved.
        `then` gets it once `check` finds nothing wrong with it; `given_up` is called at esc."""
        from deploytui.ui.screens.ask import TextModal

        drafts = self._services.drafts
        modal = TextModal(
            self._services.skin,
            form,
            form.value or drafts.offered(form.draft),
            keep=lambda text: drafts.keep(form.draft, text),
            is_masked=not form.value,
            check=check,
        )

        def answered(text: str | None) -> None:
            if text:
                drafts.keep(form.draft, text)
                then(text)
            elif given_up is not None:
                given_up()
            elif drafts.offered(form.draft):
                self.say(f"the text is kept: {form.again} goes on with it")

        self.ask(modal, answered)
