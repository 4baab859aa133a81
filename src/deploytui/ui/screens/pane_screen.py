"""A screen of panes: which of them are seen at this size, which has the keys, and the zoom of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from textual import events
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from deploytui.ui import layout
from deploytui.ui.layout import PaneName


class PaneScreen(Screen[None], inherit_bindings=False):
    """`reached` are the panes that can have the keys, by their names. The rest is in `styles/dashboard.tcss`."""

    ALLOW_SELECT = False
    AUTO_FOCUS = "Checklist"
    ESCAPE_TO_MINIMIZE = False  # esc closes what is nearest first
    ALLOW_IN_MAXIMIZED_VIEW = "Bar, KeyHints, TooSmall"
    HORIZONTAL_BREAKPOINTS = [*layout.WIDTHS]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [*layout.HEIGHTS]  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__()
        self.is_zoomed = False
        self.reached: Mapping[PaneName, Widget] = {}
        self._main = PaneName.CHECKLIST
        self.pane_commands: Mapping[str, Callable[[], None]] = {
            "pane.next": partial(self._cycle, 1),
            "pane.previous": partial(self._cycle, -1),
            **{f"pane.{name}": partial(self.activate, name) for name in layout.NUMBERED},
            "pane.zoom": self.zoom,
        }

    def on_resize(self, event: events.Resize) -> None:
        self.fit(event.size)

    def fit(self, size: Size) -> None:
        """The classes of this size, before Textual lays out: it looks at its breakpoints behind that, and a frame of
        the old arrangement would be seen."""
        self.update_classes(layout.classes_of(size), update=self.is_running)
        self._maximize(size)

    def _maximize(self, size: Size) -> None:
        is_alone = self.is_zoomed or not layout.fits(size, layout.COMPACT)
        self.maximized = self.reached[self._main] if is_alone else None

    @property
    def is_too_small(self) -> bool:
        """Whether what a key would do could not be seen."""
        return not layout.fits(self.app.size, layout.LEAST)

    @property
    def active(self) -> PaneName:
        """The pane that has the keys."""
        return next((name for name, pane in self.reached.items() if pane is self.focused), PaneName.CHECKLIST)

    def activate(self, pane: PaneName) -> None:
        """Give a pane the keys."""
        if pane in layout.NUMBERED:
            self._main = pane
            self._maximize(self.app.size)
        self.set_focus(self.reached[pane], scroll_visible=False)

    def on_descendant_focus(self) -> None:
        """Keys or a click have given the focus to another pane."""
        if self.active in layout.NUMBERED:
            self._main = self.active

    def _cycle(self, by: int) -> None:
        place = layout.REACHED.index(self.active) + by
        self.activate(layout.REACHED[place % len(layout.REACHED)])

    def live_commands(self) -> set[str]:
        """The ids of the bindings that act now: those of the pane that has the keys, and of the screen."""
        return {bound.binding.id or "" for bound in self.active_bindings.values()}

    def zoom(self) -> None:
        """The pane over the whole screen, and back."""
        self.is_zoomed = not self.is_zoomed
        self._maximize(self.app.size)
