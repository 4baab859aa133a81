"""Inserting an item that nobody planned: what is asked, and where the cursor goes once it is durable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from deploytui.journal.event import Event, Kind
from deploytui.session.act import InsertItem
from deploytui.session.wording import item_label

if TYPE_CHECKING:
    from deploytui.ui.screens.dashboard import Dashboard

_DRAFT = "insert"


class InsertCommands:
    """The one command that makes an item."""

    def __init__(self, screen: Dashboard) -> None:
        self._screen = screen

    def do_checklist_insert(self) -> None:
        from deploytui.ui.screens.ask import TextModal

        screen, desk = self._screen, self._screen.desk
        after = screen.checklist.cursor_item
        if not after:
            screen.refuse("no item here to insert below")
            return
        if why := desk.session.refusal(InsertItem(after, "not asked yet"), desk.by):
            screen.refuse(why)
            return
        modal = TextModal(
            screen.ink,
            "Unplanned item",
            "what:",
            lead=f"below {item_label(desk.session.index, after)}",
            value=desk.drafts.get(_DRAFT, ""),
            hint="enter inserts · esc keeps the text for later",
            keep=self._keep,
        )
        modal.width = 84
        screen.ask(modal, lambda text: self._insert(after, text))

    def _keep(self, text: str) -> None:
        """A half-typed text survives esc, and a text that was sent survives until it is durable."""
        self._screen.desk.drafts[_DRAFT] = text

    def _insert(self, after: str, text: str | None) -> None:
        screen, desk = self._screen, self._screen.desk
        if not text:
            if desk.drafts.get(_DRAFT):
                screen.say("the text is kept: i goes on with it")
            return
        act = InsertItem(after, text)
        if why := desk.session.refusal(act, desk.by):
            screen.refuse(why)
        else:
            screen.saving.submit(act)


def after_insert(screen: Dashboard, events: Sequence[Event]) -> None:
    """The new item is the current one: what was just written down is what one goes on with."""
    screen.desk.drafts.pop(_DRAFT, None)
    made = next((event.text("item") for event in events if event.kind == Kind.ITEM_INSERTED), "")
    if made and not screen.checklist.has_item(made):
        screen.filter("")  # what was just written down must be in sight
    if screen.checklist.has_item(made):
        screen.checklist.point_to(made)
        screen.show_detail_soon()
