"""The command palette: every command by its name, and the themes. It returns the id of what was chosen, and behind
a space what was typed after the command's word: `night.move end +30m agreed`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.geometry import Size
from textual.widgets import Input

from deploytui.ui.command import search, spoken
from deploytui.ui.layout import Rect
from deploytui.ui.paint.detail import wrap
from deploytui.ui.paint.ink import Ink, Piece, Role, restyled
from deploytui.ui.screens.dialog import Dialog, one_line_input

THEME = "theme:"
_ROWS = 12


class Palette(Dialog[str]):
    """Type to search, up and down to choose, enter to do it. A phrase that was begun behind a command's word is kept."""

    title_text = "Commands"
    input_line = 0
    width = 66

    def __init__(
        self,
        ink: Ink,
        themes: Sequence[str],
        value: str = "",
        keep: Callable[[str], None] = lambda text: None,
    ) -> None:
        super().__init__(ink)
        self._value, self._keep = value, keep
        self.hint = f"enter does it {ink.glyphs.separator} esc closes"
        self._themes = tuple(themes)
        self._found: list[tuple[str, str, str]] = []
        self._chosen = 0
        self._form = ""
        self._look_up(value)

    def _look_up(self, query: str) -> None:
        self._chosen = 0
        if (said := spoken(query)) is not None:
            command, rest = said
            self._found = [(f"{command.id} {rest}", f"{command.title}: {rest}", "enter does it")]
            self._form = command.help.replace("`", "")
            return
        self._form = ""
        found = [(command.id, command.title, command.shown) for command in search(query)]
        words = query.casefold().split()
        for name in self._themes:
            title = f"Theme: {name}"
            if all(word in title.casefold() for word in words):
                found.append((THEME + name, title, ""))
        self._found = [entry for entry in found if entry[0] not in ("screen.palette", "screen.dismiss")]

    def box_of(self, size: Size) -> Rect:
        width = min(self.width, size.width)
        height = min(_ROWS + 4, size.height)
        return Rect((size.width - width) // 2, max(0, (size.height - height) // 3), width, height)

    def content(self, width: int) -> list[list[Piece]]:
        ink = self.ink
        rows = _ROWS
        top = max(0, min(self._chosen - rows + 3, len(self._found) - rows))
        lines: list[list[Piece]] = [[(":", ink.style(bold=True))], []]
        for place, (_, title, keys) in enumerate(self._found[top : top + rows], top):
            line = ink.spread(
                [(f" {ink.foreign(title)}", ink.style())], [(f"{keys} ", ink.style(Role.MUTED))], width
            )
            is_chosen = place == self._chosen
            lines.append(restyled(line, ink.style(bold=True, reverse=True)) if is_chosen else line)
        if self._form:
            lines += [[], *(self.muted(f" {part}") for part in wrap(self._form, width - 2))]
        if not self._found:
            lines.append(self.muted(" nothing is called that"))
        return lines

    def input_indent(self) -> int:
        return 3

    def make_input(self) -> Input:
        return one_line_input(self._value, max_length=400, hide=self.ink.foreign)

    def action_scroll(self, by: int) -> None:
        if self._found:
            self._chosen = max(0, min(len(self._found) - 1, self._chosen + by))
            self.body.repaint()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._look_up(event.value)
        self._keep(event.value if self._form else "")
        self.body.repaint()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._found:
            self.dismiss(self._found[self._chosen][0])
