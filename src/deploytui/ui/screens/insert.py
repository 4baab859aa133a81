"""Inserting an item that nobody planned: what is asked, and where the cursor goes once it is durable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from deploytui.journal.event import Event
from deploytui.journal.fact import ItemInserted
from deploytui.session.act import InsertItem
from deploytui.session.label import item_label
from deploytui.ui.screens.begun import ask_text

if TYPE_CHECKING:
    from deploytui.ui.screens.dashboard import Dashboard

_DRAFT = "insert"


class InsertCommands:
    """The one command that makes an item."""

    def __init__(self, screen: Dashboard) -> None:
        self._screen = screen

    def do_checklist_insert(self) -> None:
        screen, desk = self._screen, self._screen.desk
        after = screen.checklist.cursor_item
        if not after:
            screen.refuse("no item here to insert below")
            return
        if why := desk.session.refusal(InsertItem(after, "not asked yet"), desk.by):
            screen.refuse(why)
            return
        ask_text(
            screen,
            _DRAFT,
            "i",
            "Unplanned item",
            "what:",
            lambda text: self._insert(after, text),
            lead=f"below {item_label(desk.session.index, after)}",
            hint="enter inserts · esc keeps the text for later",
            width=84,
        )

    def _insert(self, after: str, text: str) -> None:
        screen, desk = self._screen, self._screen.desk
        act = InsertItem(after, text)
        if why := desk.session.refusal(act, desk.by):
            screen.refuse(why)
        else:
            screen.saving.submit(act, draft=_DRAFT)


def after_insert(screen: Dashboard, events: Sequence[Event]) -> None:
    """The new item is the current one: what was just written down is what one goes on with."""
    made = next((event.item for event in events if isinstance(event.fact, ItemInserted)), "")
    if made and not screen.checklist.has_item(made):
        screen.filter("")  # what was just written down must be in sight
    if screen.checklist.has_item(made):
        screen.checklist.point_to(made)
        screen.show_detail_soon()
