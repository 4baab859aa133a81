"""Asking for a text that was perhaps begun before: it survives esc and a crash, until what it becomes is saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deploytui.ui.screens.dashboard import Dashboard


def ask_text(
    screen: Dashboard,
    draft: str,
    again: str,
    title: str,
    label: str,
    then: Callable[[str], None],
    *,
    lead: str = "",
    presets: Sequence[str] = (),
    value: str = "",
    hint: str = "enter sends · esc keeps the text for later",
    width: int = 64,
    max_length: int = 2000,
    given_up: Callable[[], None] | None = None,
    check: Callable[[str], str] = lambda text: "",
) -> None:
    """`draft` is where the text is kept, `again` the key or word that goes on with it; `value` is of this moment and
    comes before what was begun. `then` gets the text once `check` finds nothing wrong with it; `given_up` is called at esc."""
    from deploytui.ui.screens.ask import TextModal

    drafts = screen.desk.drafts
    begun = drafts.offered(draft)
    modal = TextModal(
        screen.ink,
        title,
        label,
        lead=lead,
        presets=presets,
        value=value or begun,
        hint=hint,
        keep=lambda text: drafts.keep(draft, text),
        max_length=max_length,
        is_masked=not value,
        check=check,
    )
    modal.width = width

    def answered(text: str | None) -> None:
        if text:
            drafts.keep(draft, text)
            then(text)
            return
        kept = f"the text is kept: {again} goes on with it" if drafts.offered(draft) else ""
        if given_up is not None:
            given_up()
        elif kept:
            screen.say(kept)

    screen.ask(modal, answered)
