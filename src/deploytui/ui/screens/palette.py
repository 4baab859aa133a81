"""The command palette: every command by its name, and the themes. It returns the id of what was chosen, and behind
a space what was typed after the command's word: `night.move end +30m agreed`.

Not Textual's own with a `Provider`: in an app with nothing else that opens in 21-34 ms with as many commands, and this one
over the whole dashboard in 18. It also starts empty, where a phrase that was begun is gone on with here, masked, and its
field takes the first line of a paste alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Input

from deploytui.ui.command import search, spoken
from deploytui.ui.paint.detail import wrap
from deploytui.ui.paint.skin import Piece, Role, Skin, restyled
from deploytui.ui.screens.dialog import Dialog, LineInput, field
from deploytui.ui.screens.page import Lines

THEME = "theme:"
_ROWS = 12


class PaletteModal(Dialog[str]):
    """Type to search, up and down to choose, enter to do it. A phrase that was begun behind a command's word is kept."""

    title_text = "Commands"
    width = 66
    BINDINGS: ClassVar[list[Any]] = [
        Binding(key, f"scroll({by})", show=False)
        for key, by in (("down", 1), ("up", -1), ("pagedown", 10), ("pageup", -10))
    ]

    def __init__(
        self,
        skin: Skin,
        themes: Sequence[str],
        value: str = "",
        keep: Callable[[str], None] = lambda text: None,
    ) -> None:
        super().__init__(skin)
        self._value, self._keep = value, keep
        self.hint = f"enter does it {skin.glyphs.separator} esc closes"
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

    def parts(self) -> ComposeResult:
        yield field(":", LineInput(self._value, max_length=400, hide=self.skin.foreign))
        self._list = Lines(self.skin, self.content, id="list")
        self._list.can_focus = False
        yield self._list

    def content(self, width: int) -> list[list[Piece]]:
        skin = self.skin
        rows = _ROWS
        top = max(0, min(self._chosen - rows + 3, len(self._found) - rows))
        lines: list[list[Piece]] = [[]]
        for place, (_, title, keys) in enumerate(self._found[top : top + rows], top):
            line = skin.spread(
                [(f" {skin.foreign(title)}", skin.style())], [(f"{keys} ", skin.style(Role.MUTED))], width
            )
            is_chosen = place == self._chosen
            lines.append(restyled(line, skin.style(bold=True, reverse=True)) if is_chosen else line)
        if self._form:
            lines += [[], *([(f" {part}", skin.style(Role.MUTED))] for part in wrap(self._form, width - 2))]
        if not self._found:
            lines.append([(" nothing is called that", skin.style(Role.MUTED))])
        return lines

    def action_scroll(self, by: int) -> None:
        if self._found:
            self._chosen = max(0, min(len(self._found) - 1, self._chosen + by))
            self._list.look()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._look_up(event.value)
        self._keep(event.value if self._form else "")
        self._list.look()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._found:
            self.dismiss(self._found[self._chosen][0])
