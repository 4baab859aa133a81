"""What is asked before a session exists: T, the go-live, and what became of phases that were over before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Label, OptionList

from deploytui.base.errors import DeploytuiError
from deploytui.plan.schedule import GO_LIVE_FORMS
from deploytui.session.act import Earlier
from deploytui.ui.draft import Form
from deploytui.ui.paint.skin import Skin
from deploytui.ui.screens.ask import TextModal
from deploytui.ui.screens.dialog import Dialog, LineInput, field, line

PROPOSED = "now+2h"
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

    def __init__(self, skin: Skin, plan_title: str, phases: Sequence[tuple[str, str]], boxes: int) -> None:
        super().__init__(skin)
        self._plan_title, self._phases, self._boxes = plan_title, tuple(phases), boxes

    def parts(self) -> ComposeResult:
        skin, count = self.skin, len(self._phases)
        what = f"{count} phases ended" if count > 1 else "1 phase ended"
        yield line(skin.foreign(self._plan_title), "bold")
        yield line(f"{what} before now, with {self._boxes} boxes:", "muted")
        for place, (title, ago) in enumerate(self._phases[:_MOST_NAMED]):
            row = line(f"   {skin.foreign(title)}", "grow"), line(f" {ago}", "muted")
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
            lead, hint = "such as Kim, CHG-1042", "enter sends · esc goes back"
            form = Form("Done elsewhere", "who, where:", lead=lead, hint=hint)
            self.app.push_screen(TextModal(self.skin, form), self._elsewhere)
        else:
            self.dismiss(Earlier(is_shown=number == 3))

    def _elsewhere(self, text: str | None) -> None:
        if text:
            self.dismiss(Earlier(elsewhere=text))


class GoLiveModal(Dialog[datetime]):
    """What was typed is shown with weekday, date and distance before it counts. `read` makes an instant of a text or says
    what was expected; `describe` shows it to a person."""

    title_text = "Go-live"
    hint = "enter accepts · esc leaves"
    width = 72
    must_be_seen = True

    def __init__(
        self,
        skin: Skin,
        plan_title: str,
        why: str,
        read: Callable[[str], datetime],
        describe: Callable[[datetime], str],
        proposed: str = PROPOSED,
    ) -> None:
        super().__init__(skin)
        self._plan_title, self._why = plan_title, why
        self._read, self._describe = read, describe
        self._proposed = proposed

    def parts(self) -> ComposeResult:
        yield line(self.skin.foreign(self._plan_title), "bold")
        yield line(self.skin.foreign(self._why), "muted")
        yield field("T:", LineInput(self._proposed, max_length=40), "apart")
        yield Label(id="meaning", classes="apart")

    def on_mount(self) -> None:
        self._look()
        # What "in 2 h 00" and "now+2h" mean moves on while somebody thinks.
        self.set_interval(1.0, self._look)

    def _at(self) -> datetime | None:
        try:
            return self._read(self.field.value)
        except (ValueError, OverflowError, DeploytuiError):
            return None

    def _look(self) -> None:
        at, meaning = self._at(), self.query_one("#meaning", Label)
        meaning.set_class(at is not None, "info").set_class(at is None, "watch")
        meaning.update(Content(f"expected {GO_LIVE_FORMS}" if at is None else self._describe(at)))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._look()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if (at := self._at()) is not None:
            self.dismiss(at)
