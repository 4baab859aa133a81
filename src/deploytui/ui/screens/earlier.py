"""The dialog about phases that were over before the session began: not in it, done elsewhere, or shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.binding import Binding

from deploytui.session.act import Earlier
from deploytui.ui.paint.ink import Ink, Piece, Role
from deploytui.ui.screens.ask import TextModal
from deploytui.ui.screens.dialog import Dialog

_CHOICES = (
    "not in this session, and not counted",
    "done elsewhere: asks by whom, and where it is written",
    "show them, with every box open",
)
_MOST_NAMED = 9


class EarlierModal(Dialog[Earlier]):
    """A number decides; enter takes the first. `phases` are titles, each with how long ago it ended."""

    title_text = "Earlier phases"
    AUTO_FOCUS = ""
    width = 72
    must_be_seen = True
    BINDINGS: ClassVar[list[Any]] = [
        Binding("1,enter", "choose(1)", "Not in this session", show=False),
        Binding("2", "choose(2)", "Done elsewhere", show=False),
        Binding("3", "choose(3)", "Show", show=False),
    ]

    def __init__(self, ink: Ink, plan_title: str, phases: Sequence[tuple[str, str]], boxes: int) -> None:
        super().__init__(ink)
        self.hint = f"enter takes 1 {ink.glyphs.separator} esc leaves"
        self._plan_title, self._phases, self._boxes = plan_title, tuple(phases), boxes

    def content(self, width: int) -> list[list[Piece]]:
        ink = self.ink
        count = len(self._phases)
        what = f"{count} phases ended" if count > 1 else "1 phase ended"
        lines = [
            self.plain(ink.foreign(self._plan_title), bold=True),
            self.muted(f"{what} before now, with {self._boxes} boxes:"),
            [],
        ]
        for title, ago in self._phases[:_MOST_NAMED]:
            left: list[Piece] = [(f"   {ink.foreign(title)}", ink.style())]
            lines.append(ink.spread(left, [(ago, ink.style(Role.MUTED))], width))
        if count > _MOST_NAMED:
            lines.append(self.muted(f"   and {count - _MOST_NAMED} more"))
        lines.append([])
        for number, text in enumerate(_CHOICES, 1):
            lines.append([(f"{number}  ", ink.style(bold=True)), (text, ink.style(bold=number == 1))])
        return lines

    def action_choose(self, number: int) -> None:
        if number == 2:
            modal = TextModal(
                self.ink, "Done elsewhere", "who, where:", lead="such as `Kim, CHG-1042`".replace("`", "")
            )
            self.app.push_screen(modal, self._elsewhere)
        else:
            self.dismiss(Earlier(is_shown=number == 3))

    def _elsewhere(self, text: str | None) -> None:
        if text:
            self.dismiss(Earlier(elsewhere=text))
