"""The bars: identity and clocks, stages, alarm; what is said where the window is too small."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.message import Message
from textual.strip import Strip

from deploytui.session.view import AlarmView, IdentityView, StageView
from deploytui.ui.binding import bindings
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

    BINDINGS: ClassVar[list[Any]] = bindings({"checklist.detail": "show_triggers"})

    class TriggersRequested(Message):
        """Enter: all rollback triggers."""

    def action_show_triggers(self) -> None:
        self.post_message(self.TriggersRequested())

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


class TooSmall(Pane):
    """All there is below 40x12: no item can be ticked blindly."""

    def __init__(self, ink: Ink) -> None:
        super().__init__(ink, PaneName.TOO_SMALL)

    def paint(self, width: int, height: int) -> list[Strip]:
        return [bar.too_small(width, height, self.ink)]
