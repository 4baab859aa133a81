"""The dialog about phases that were over before the session began: not in it, done elsewhere, or shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import OptionList

from deploytui.session.act import Earlier
from deploytui.ui.paint.ink import Ink
from deploytui.ui.screens.ask import TextModal
from deploytui.ui.screens.dialog import Dialog, line

_CHOICES = (
    "not in this session, and not counted",
    "done elsewhere: asks by whom, and where it is written",
    "show them, with every box open",
)
_MOST_NAMED = 9


class EarlierModal(Dialog[Earlier]):
    """A number decides, or enter; the first is proposed. `phases` are titles, each with how long ago it ended."""

    title_text = "Earlier phases"
    hint = "enter takes 1 · esc leaves"
    AUTO_FOCUS = "OptionList"
    width = 72
    must_be_seen = True
    BINDINGS: ClassVar[list[Any]] = [
        Binding(str(number), f"choose({number})", text, show=False) for number, text in enumerate(_CHOICES, 1)
    ]

    def __init__(self, ink: Ink, plan_title: str, phases: Sequence[tuple[str, str]], boxes: int) -> None:
        super().__init__(ink)
        self._plan_title, self._phases, self._boxes = plan_title, tuple(phases), boxes

    def parts(self) -> ComposeResult:
        ink, count = self.ink, len(self._phases)
        what = f"{count} phases ended" if count > 1 else "1 phase ended"
        yield line(ink.foreign(self._plan_title), "bold")
        yield line(f"{what} before now, with {self._boxes} boxes:", "muted")
        for place, (title, ago) in enumerate(self._phases[:_MOST_NAMED]):
            row = line(f"   {ink.foreign(title)}", "grow"), line(f" {ago}", "muted")
            yield Horizontal(*row, classes="row" if place else "row apart")
        if count > _MOST_NAMED:
            yield line(f"   and {count - _MOST_NAMED} more", "muted")
        choices = OptionList(classes="apart")
        for number, text in enumerate(_CHOICES, 1):
            choices.add_option(Content.assemble((f"{number}  ", "bold"), text))
        choices.highlighted = 0
        yield choices

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_choose(event.option_index + 1)

    def action_choose(self, number: int) -> None:
        if number == 2:
            modal = TextModal(self.ink, "Done elsewhere", "who, where:", lead="such as Kim, CHG-1042")
            self.app.push_screen(modal, self._elsewhere)
        else:
            self.dismiss(Earlier(is_shown=number == 3))

    def _elsewhere(self, text: str | None) -> None:
        if text:
            self.dismiss(Earlier(elsewhere=text))
