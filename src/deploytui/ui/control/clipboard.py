"""Copying to the terminal's clipboard, which masks as the screen does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from deploytui.session.card import card_text, decision_card
from deploytui.ui.control.talk import Talk
from deploytui.ui.desk import Desk


class Clipboard:
    """`put` hands a text to the terminal; `item` is the current one."""

    def __init__(self, desk: Desk, talk: Talk, put: Callable[[str], None], item: Callable[[], str]) -> None:
        self._desk, self._talk, self._put, self._item = desk, talk, put, item
        self.commands: Mapping[str, Callable[[], None]] = {
            "session.copy_status": self._copy_status,
            "session.copy_row": self._copy_row,
            "session.copy_card": self._copy_card,
        }

    def copy(self, lines: Sequence[str], said: str) -> None:
        """Copy these lines, and say so."""
        self._put("\n".join(lines))
        self._talk.say(said)

    def _copy_status(self) -> None:
        self.copy([self._desk.viewer.status_line(self._desk.clock.now())], "the status is copied")

    def _copy_row(self) -> None:
        item = self._item()
        if not item:
            self._talk.refuse("no item here")
            return
        row = self._desk.viewer.item_row(item, self._desk.clock.now())
        text = f"[{row.status}] {row.number} {row.label}  {row.right}"
        self.copy([" ".join(text.split())], "the row is copied")

    def _copy_card(self) -> None:
        card = decision_card(self._desk.session, self._desk.clock.now())
        self.copy(card_text(card).split("\n"), "the decision card is copied")
