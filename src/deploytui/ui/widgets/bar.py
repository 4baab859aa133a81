"""The bars: identity and clocks, stages, alarm, and the key hints in the last row."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from deploytui.session.view import AlarmView, IdentityView, StageView
from deploytui.ui.command import Command
from deploytui.ui.layout import PaneName
from deploytui.ui.paint import bar
from deploytui.ui.paint.ink import Ink
from deploytui.ui.widgets.pane import Pane


class IdentityBar(Pane):
    """Environment, plan, driver and clocks."""

    def __init__(self, ink: Ink) -> None:
        super().__init__(ink, PaneName.IDENTITY)
        self._view: IdentityView | None = None
        self._chips = bar.Chips()

    def show(self, view: IdentityView, chips: bar.Chips) -> None:
        if (view, chips) != (self._view, self._chips):
            self._view, self._chips = view, chips
            self.repaint()

    def paint(self, width: int, height: int) -> list[Strip]:
        if self._view is None:
            return []
        return [bar.identity(self._view, self._chips, width, self.ink)]


class StageBar(Pane):
    """The three stages and the distance to the go-live."""

    def __init__(self, ink: Ink) -> None:
        super().__init__(ink, PaneName.STAGES)
        self._views: tuple[StageView, ...] = ()
        self._go_live = ""

    def show(self, views: tuple[StageView, ...], go_live: str) -> None:
        self._views, self._go_live = views, go_live
        self.repaint()

    def paint(self, width: int, height: int) -> list[Strip]:
        return [bar.stages(self._views, self._go_live, width, self.ink)]


class AlarmRow(Pane, can_focus=True):
    """What is wrong, or calm, and the last minute to roll back. With the keys it has the cursor's mark."""

    def __init__(self, ink: Ink) -> None:
        super().__init__(ink, PaneName.ALARM)
        self._view: AlarmView | None = None

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self.repaint()

    def show(self, view: AlarmView) -> None:
        if view != self._view:
            self._view = view
            self.repaint()

    def paint(self, width: int, height: int) -> list[Strip]:
        return [] if self._view is None else [bar.alarm(self._view, width, self.ink, has_keys=self.has_focus)]


class KeyHints(Pane):
    """What the keys do now, or for a while why one did not."""

    def __init__(self, ink: Ink) -> None:
        super().__init__(ink, PaneName.HINTS)
        self._commands: Sequence[Command] = ()
        self._undo = ""
        self._notice: bar.Notice | None = None

    def show(self, commands: Sequence[Command], undo: str, notice: bar.Notice | None) -> None:
        if (commands, undo, notice) != (self._commands, self._undo, self._notice):
            self._commands, self._undo, self._notice = commands, undo, notice
            self.repaint()

    def paint(self, width: int, height: int) -> list[Strip]:
        return [bar.hints(self._commands, self._undo, self._notice, width, self.ink)]


class TooSmall(Pane):
    """All there is below 40x12: no item can be ticked blindly."""

    def __init__(self, ink: Ink) -> None:
        super().__init__(ink, PaneName.TOO_SMALL)

    def paint(self, width: int, height: int) -> list[Strip]:
        return [bar.too_small(width, height, self.ink)]
