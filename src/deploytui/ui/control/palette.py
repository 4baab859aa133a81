"""What was chosen in the palette: a command, a phrase behind its word, or a theme."""

from __future__ import annotations

from collections.abc import Callable

from deploytui.ui.control.talk import Talk
from deploytui.ui.desk import Desk

_DRAFT = "command"  # where a begun command is kept


class PaletteControl:
    """`perform` does a command by its id, with what was typed behind its word; `wear` puts a theme on."""

    def __init__(
        self, desk: Desk, talk: Talk, perform: Callable[[str, str], None], wear: Callable[[str], None]
    ) -> None:
        self._desk, self._talk, self._perform, self._wear = desk, talk, perform, wear

    def open(self) -> None:
        """Ask for a command."""
        from deploytui.ui.screens.palette import PaletteModal

        drafts = self._desk.drafts
        palette = PaletteModal(
            self._desk.ink,
            list(self._desk.themes),
            drafts.offered(_DRAFT),
            lambda text: drafts.keep(_DRAFT, text),
        )
        self._talk.ask(palette, self._chosen)

    def _chosen(self, chosen: str | None) -> None:
        from deploytui.ui.screens.palette import THEME

        drafts = self._desk.drafts
        if chosen is None:
            if drafts.offered(_DRAFT):
                self._talk.say("the text is kept: : goes on with it")
            return
        drafts.keep(_DRAFT, "")
        if chosen.startswith(THEME):
            self._wear(chosen.removeprefix(THEME))
        else:
            command_id, _, said = chosen.partition(" ")
            self._perform(command_id, said)
