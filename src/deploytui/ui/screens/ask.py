"""The dialog that asks for a text: why an item is skipped or failed, what a note says, and each phrase."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Label

from deploytui.base.text import clean_line
from deploytui.ui.paint.ink import Ink
from deploytui.ui.screens.dialog import Dialog, LineInput, field, line


class TextModal(Dialog[str]):
    """One line of text. `presets` are picked by their number; an empty text is not sent. `value` is shown as all that
    was typed before is, with its secrets masked if `is_masked`, until it is gone on with. `check` says what is wrong with
    a text; the dialog then stays."""

    def __init__(
        self,
        ink: Ink,
        title: str,
        label: str,
        *,
        lead: str = "",
        presets: Sequence[str] = (),
        value: str = "",
        hint: str = "enter sends · esc goes back",
        keep: Callable[[str], None] = lambda text: None,
        max_length: int = 2000,
        is_masked: bool = False,
        check: Callable[[str], str] = lambda text: "",
    ) -> None:
        super().__init__(ink)
        self.title_text, self.hint = title, hint
        self._label, self._lead = label, lead
        self._presets = tuple(presets)[:9]
        self._value, self._max_length = value, max_length
        self._hide = ink.foreign if is_masked else None
        self._typed, self._keep, self._check = value, keep, check

    def parts(self) -> ComposeResult:
        ink = self.ink
        if self._lead:
            yield line(ink.foreign(self._lead))
        for number, preset in enumerate(self._presets, 1):
            yield Label(Content.assemble((f"{number}  ", "bold"), ink.foreign(preset)))
        typed = LineInput(self._value, max_length=self._max_length, hide=self._hide)
        yield field(self._label, typed, "apart" if self._lead or self._presets else "")
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
