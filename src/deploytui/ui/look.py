"""What every app of ours looks like where Textual draws: our theme, opaque, without borders or tints."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.binding import Binding

from deploytui.ui.guard import GuardedApp
from deploytui.ui.theme import Theme


class BridgeApp(GuardedApp[Any]):
    """What every app of ours has: our theme for Textual's own parts, opaque and without borders."""

    CSS = """
    Screen { background: $background; color: $foreground; }
    Dialog { background: transparent; }
    Input, Input:focus { background: $background; background-tint: transparent; border: none; }
    """
    BINDINGS: ClassVar[list[Any]] = [Binding("ctrl+q", "quit", "Leave", show=False)]

    def wear(self, theme: Theme) -> None:
        """Dress Textual's own parts in a theme."""
        self.register_theme(theme.to_textual())
        self.theme = theme.name
