"""What a controller may say in the last row and ask in a dialog; what was begun and not sent is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

from deploytui.ui.desk import Desk
from deploytui.ui.paint.ink import Role
from deploytui.ui.widgets.footer import KeyHints

if TYPE_CHECKING:
    from deploytui.ui.screens.dialog import Dialog

T = TypeVar("T")


class Talk:
    """`open` shows a dialog over the dashboard."""

    def __init__(
        self, desk: Desk, hints: KeyHints, open: Callable[[Dialog[Any], Callable[[Any], None]], object]
    ) -> None:
        self._desk, self._hints, self._open = desk, hints, open
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
        self.asked_s = self._desk.machine.monotonic_s()
        self._open(dialog, then)


class Form(Struct, frozen=True):
    """How a text is asked for. `draft` is where it is kept, `again` the key or word that goes on with it; `value` is of
    this moment and comes before what was begun."""

    title: str
    label: str
    draft: str
    again: str
    lead: str = ""
    hint: str = "enter sends · esc keeps the text for later"
    presets: Sequence[str] = ()
    value: str = ""
    width: int = 64
    max_length: int = 2000


def ask_text(
    desk: Desk,
    talk: Talk,
    form: Form,
    then: Callable[[str], None],
    *,
    given_up: Callable[[], None] | None = None,
    check: Callable[[str], str] = lambda text: "",
) -> None:
    """Ask for a text that was perhaps begun before: it survives esc and a crash, until what it becomes is saved. `then`
    gets it once `check` finds nothing wrong with it; `given_up` is called at esc."""
    from deploytui.ui.screens.ask import TextModal

    drafts = desk.drafts
    modal = TextModal(
        desk.ink,
        form.title,
        form.label,
        lead=form.lead,
        presets=form.presets,
        value=form.value or drafts.offered(form.draft),
        hint=form.hint,
        keep=lambda text: drafts.keep(form.draft, text),
        max_length=form.max_length,
        is_masked=not form.value,
        check=check,
    )
    modal.width = form.width

    def answered(text: str | None) -> None:
        if text:
            drafts.keep(form.draft, text)
            then(text)
        elif given_up is not None:
            given_up()
        elif drafts.offered(form.draft):
            talk.say(f"the text is kept: {form.again} goes on with it")

    talk.ask(modal, answered)
