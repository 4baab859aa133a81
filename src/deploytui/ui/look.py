"""What every app of ours looks like where Textual draws: our theme, opaque, without borders or tints."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from textual import events
from textual.app import App
from textual.binding import Binding
from textual.theme import Theme

from deploytui.ui.notification import notification
from deploytui.ui.paint.skin import Skin
from deploytui.ui.terminal.app import GuardedApp

STYLES = Path(__file__).parent / "styles"


class BridgeApp(GuardedApp[Any]):
    """What every app of ours has: our theme for Textual's own parts, opaque and without borders."""

    CSS_PATH: ClassVar[Any] = [STYLES / "app.tcss"]
    BINDINGS: ClassVar[list[Any]] = [Binding("ctrl+q", "quit", "Leave", show=False)]

    def __init__(self, skin: Skin, **settings: Any) -> None:
        super().__init__(**settings)
        self.skin = skin
        # Nothing slides in and nothing pops up: without these no screen has the two widgets for it.
        self._disable_notifications = True
        self._disable_tooltips = True

    def on_app_blur(self, event: events.AppBlur) -> None:
        """The terminal lost the window system's focus, as whenever somebody clicks into the call beside it: the pane
        that has the keys keeps them, and nothing is drawn."""
        event.prevent_default()

    # -- what leaves the screen, masked before it is put into a sequence for the terminal ------------------

    def set_terminal_title(self, title: str) -> None:
        """The title is there for longer than the screen may be unmasked, and in more places."""
        super().set_terminal_title(self.skin.mask.text(title))

    def notify_outside(self, title: str, text: str) -> None:
        """A notification of the terminal's own, where it is known to have them: seen where the screen is not."""
        title, text = self.skin.mask.text(title), self.skin.mask.text(text)
        self.tell_terminal(notification(self._env, title, text, is_ascii=self.skin.is_ascii))

    def copy_to_clipboard(self, text: str) -> None:
        """As it is on the screen."""
        super().copy_to_clipboard(self.skin.mask_now.text(text))

    def dress(self, theme: Theme) -> None:
        """The theme to begin with: set before the stylesheets are read, so that they are read once."""
        self.register_theme(theme)
        self.set_reactive(App.theme, theme.name)
        self.stylesheet.set_variables(self.get_css_variables())

    def wear(self, theme: Theme) -> None:
        """Another theme while the app runs."""
        self.register_theme(theme)
        self.theme = theme.name
