"""The dialogs that ask: for a text (why, a note, a phrase), for a filter, for yes or no, and before leaving."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Label

from deploytui.base.text import clean_line
from deploytui.base.units import is_whole_number
from deploytui.ui.draft import Form
from deploytui.ui.paint.skin import Skin
from deploytui.ui.screens.dialog import Dialog, LineInput, T, field, line

_NAMED = 5


class TextModal(Dialog[str]):
    """One line of text. A preset is picked by its number; an empty text is not sent. `value` is shown as all that was typed
    before is, with its secrets masked if `is_masked`, until it is gone on with. `check` says what is wrong with a text;
    the dialog then stays."""

    def __init__(
        self,
        skin: Skin,
        form: Form,
        value: str = "",
        *,
        keep: Callable[[str], None] = lambda text: None,
        is_masked: bool = False,
        check: Callable[[str], str] = lambda text: "",
    ) -> None:
        super().__init__(skin)
        self.title_text, self.hint, self.width = form.title, form.hint, form.width
        self._form, self._presets = form, tuple(form.presets)[:9]
        self._hide = skin.foreign if is_masked else None
        self._value, self._typed, self._keep, self._check = value, value, keep, check

    def parts(self) -> ComposeResult:
        skin = self.skin
        form = self._form
        if form.lead:
            yield line(skin.foreign(form.lead))
        for number, preset in enumerate(self._presets, 1):
            yield Label(Content.assemble((f"{number}  ", "bold"), skin.foreign(preset)))
        typed = LineInput(self._value, max_length=form.max_length, hide=self._hide)
        yield field(form.label, typed, "apart" if form.lead or self._presets else "")
        yield Label(id="why", classes="watch")

    def _say(self, why: str) -> None:
        self.query_one("#why", Label).update(Content(why))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        text = self._preset(event.value)
        self._typed = text
        if text != event.value:
            self.field.value = text
            self.field.cursor_position = len(text)
        self._keep(text)
        self._say("")

    def on_line_input_cut(self, message: LineInput.Cut) -> None:
        message.stop()
        self._say(f"cut: it holds {message.most:,} characters at most")

    def _preset(self, text: str) -> str:
        """A number picks a preset where nothing was typed before it; it can still be changed before enter."""
        if not self._typed and len(text) == 1 and text in "123456789" and int(text) <= len(self._presets):
            return self._presets[int(text) - 1]
        return text

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        text = clean_line(event.value).strip()
        if why := self._check(text) if text else "write a few words, or esc":
            self._say(why)
        else:
            self.dismiss(text)


class LastRowModal(Dialog[T]):
    """One line in the last row: nothing on the screen moves for it."""

    def __init__(self, skin: Skin) -> None:
        super().__init__(skin)
        self.add_class("-last-row")

    def compose(self) -> ComposeResult:
        yield Horizontal(*self.parts(), classes="row")


class FilterModal(LastRowModal[str]):
    """Filters while it is typed; enter keeps the filter, esc clears it."""

    def __init__(self, skin: Skin, value: str, on_change: Callable[[str], None]) -> None:
        super().__init__(skin)
        self._value, self._on_change = value, on_change

    def parts(self) -> ComposeResult:
        yield line(" / ", "bold")
        yield LineInput(self._value, max_length=80)
        yield line("enter keeps · /7 jumps to step 7 · esc clears", "hint muted grow")

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if not is_whole_number(event.value):
            self._on_change(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value)


class YesOrNoModal(LastRowModal[bool]):
    """Yes with y, no with esc or n; every other key is ignored."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[Any]] = [
        Binding("y", "answer(True)", "Yes", show=False),
        Binding("n", "answer(False)", "No", show=False),
    ]

    def __init__(self, skin: Skin, text: str) -> None:
        super().__init__(skin)
        self._text = text

    def parts(self) -> ComposeResult:
        yield line(f" {self.skin.foreign(self._text)}", "watch bold grow")
        yield Label(Content.assemble(("   y ", "bold"), ("/", "$muted"), (" esc", "bold")))

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)


class LeaveModal(Dialog[bool]):
    """y or enter leaves, esc stays. With unsaved acts only y leaves. `back` opens the session again; "" where nothing
    does."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[Any]] = [
        Binding("y", "answer(True)", "Leave", show=False),
        Binding("enter", "accept", "Leave", show=False),
        Binding("n,q", "answer(False)", "Stay", show=False),
    ]
    title_text = "Leave?"
    width = 62

    def __init__(
        self, skin: Skin, back: str, unsaved: Sequence[str], *, is_driving: bool, fault: str = ""
    ) -> None:
        super().__init__(skin)
        self._back, self._unsaved, self._is_driving = back, tuple(unsaved), is_driving
        self._fault = fault
        self.hint = f"{'y leaves' if unsaved else 'y or enter leaves'} · esc stays"

    def parts(self) -> ComposeResult:
        skin = self.skin
        if self._unsaved:
            yield line("NOT SAVED yet, and lost when you leave:", "breach")
            for name in self._unsaved[:_NAMED]:
                yield line(f"  {skin.foreign(name)}")
            if len(self._unsaved) > _NAMED:
                yield line(f"  and {len(self._unsaved) - _NAMED} more", "muted")
        yield line(self._stays(), "apart" if self._unsaved else "")
        if self._back:
            yield line(f"Back with: {skin.foreign(self._back)}", "muted")

    def _stays(self) -> str:
        if not self._is_driving:
            return "You only follow."
        if self._fault:
            return f"NOT SAVING: {self.skin.foreign(self._fault)}."
        if not self._back:
            return "A rehearsal ends here; its report stays."
        return "The session stays open; all that was ticked is saved."

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)

    def action_accept(self) -> None:
        if not self._unsaved:
            self.dismiss(True)
