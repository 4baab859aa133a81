"""The dialogs that ask for a text: why an item is skipped or failed, and what a note says."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.widgets import Input

from deploytui.base.text import clean_line
from deploytui.ui.paint.ink import Ink, Piece, Role
from deploytui.ui.screens.dialog import Dialog, LineInput, one_line_input


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
        keep: Callable[[str], None] | None = None,
        max_length: int = 2000,
        is_masked: bool = False,
        check: Callable[[str], str] | None = None,
    ) -> None:
        super().__init__(ink)
        self.title_text = title
        self.hint = hint.replace("·", ink.glyphs.separator)
        self._label, self._lead = label, lead
        self._presets = tuple(presets)[:9]
        self._value, self._keep, self._max_length = value, keep, max_length
        self._is_masked, self._check = is_masked, check
        self._why = ""
        self._typed = value
        self.input_line = (1 if lead else 0) + len(self._presets) + (1 if lead or self._presets else 0)

    def content(self, width: int) -> list[list[Piece]]:
        ink = self.ink
        lines: list[list[Piece]] = []
        if self._lead:
            lines.append(self.plain(ink.foreign(self._lead)))
        for number, preset in enumerate(self._presets, 1):
            lines.append([(f"{number}  ", ink.style(bold=True)), (ink.foreign(preset), ink.style())])
        if lines:
            lines.append([])
        lines += [self.muted(self._label), [(self._why, ink.style(Role.WATCH))]]
        return lines

    def input_indent(self) -> int:
        return len(self._label) + 2

    def make_input(self) -> Input:
        hide = self.ink.foreign if self._is_masked else None
        return one_line_input(self._value, max_length=self._max_length, hide=hide)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        text = self._preset(event.value)
        self._typed = text
        if text != event.value and self.field is not None:
            self.field.value = text
            self.field.cursor_position = len(text)
        if self._keep is not None:
            self._keep(text)
        if self._why:
            self._why = ""
            self.body.repaint()

    def on_line_input_cut(self, message: LineInput.Cut) -> None:
        message.stop()
        self._why = f"cut: it holds {message.most:,} characters at most"
        self.body.repaint()

    def _preset(self, text: str) -> str:
        """A number picks a preset where nothing was typed before it; it can still be changed before enter."""
        if not self._typed and len(text) == 1 and text in "123456789" and int(text) <= len(self._presets):
            return self._presets[int(text) - 1]
        return text

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        text = clean_line(event.value).strip()
        self._why = "write a few words, or esc"
        if text:
            self._why = self._check(text) if self._check is not None else ""
        if self._why:
            self.body.repaint()
        else:
            self.dismiss(text)
