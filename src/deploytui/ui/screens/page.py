"""The dialogs that are only read: help, details. They scroll, and any of esc, q and enter closes them."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.binding import Binding

from deploytui.session.view import DetailView
from deploytui.ui.command import COMMANDS, GROUPS
from deploytui.ui.paint.detail import detail, wrap
from deploytui.ui.paint.ink import Ink, Piece, Role
from deploytui.ui.screens.dialog import Dialog

_KEYS_WIDTH = 11


class Page(Dialog[None]):
    """Lines to read."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[Any]] = [
        Binding("q,enter,question_mark", "cancel", "Close", show=False),
        Binding("j", "scroll(1)", "Down", show=False),
        Binding("k", "scroll(-1)", "Up", show=False),
        Binding("space", "scroll(10)", "Page down", show=False),
    ]
    hint = "esc closes"
    width = 78


class HelpModal(Page):
    """Every key, from the one table of commands."""

    title_text = "Keys"

    def content(self, width: int) -> list[list[Piece]]:
        ink = self.ink
        lines: list[list[Piece]] = []
        for group in GROUPS:
            lines.append([(group.upper(), ink.style(bold=True))])
            for command in COMMANDS:
                if command.group != group:
                    continue
                keys = command.shown or f":{command.word}"
                text = command.help.replace("`", "")
                if ink.is_ascii:
                    keys = (
                        keys.replace("↓", "down")
                        .replace("↑", "up")
                        .replace("←", "left")
                        .replace("→", "right")
                    )
                for index, part in enumerate(wrap(text, width - _KEYS_WIDTH - 2)):
                    name = keys if index == 0 else ""
                    lines.append(
                        [(f"  {name:<{_KEYS_WIDTH}}", ink.style(Role.INFO, bold=True)), (part, ink.style())]
                    )
            lines.append([])
        return lines[:-1]


class DetailModal(Page):
    """Everything known of one item or gauge."""

    title_text = "Details"

    def __init__(self, ink: Ink, view: DetailView, title: str = "Details") -> None:
        super().__init__(ink)
        self._view = view
        self.title_text = title

    def content(self, width: int) -> list[list[Piece]]:
        return detail(self._view, width, self.ink)
