"""The bars: identity and clocks, stages, alarm; what is said where the window is too small."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual.strip import Strip

from deploytui.ui.layout import PaneName
from deploytui.ui.paint import bar
from deploytui.ui.paint.skin import Skin
from deploytui.ui.widgets.pane import Pane, bindings


class Bar(Pane):
    """One line: what `painter` makes of what is shown."""

    def __init__(self, skin: Skin, name: PaneName, painter: Callable[..., Strip]) -> None:
        super().__init__(skin, name)
        self._painter = painter
        self._given: tuple[Any, ...] = ()

    def show(self, *shown: Any) -> None:
        if shown != self._given:
            self._given = shown
            self.repaint()

    def paint(self, width: int, height: int) -> list[Strip]:
        return [self._painter(*self._given, width, self.skin)] if self._given else []


class AlarmRow(Bar, can_focus=True):
    """What is wrong, or calm, and the last minute to roll back. With the keys it has the cursor's mark."""

    BINDINGS: ClassVar[list[Any]] = bindings({"checklist.detail": "screen.perform('alarm.triggers')"})

    def __init__(self, skin: Skin) -> None:
        super().__init__(skin, PaneName.ALARM, lambda *shown: bar.alarm(*shown, has_keys=self.has_focus))

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self.repaint()


class TooSmall(Pane):
    """All there is below 40x12: no item can be ticked blindly."""

    def paint(self, width: int, height: int) -> list[Strip]:
        return [bar.too_small(width, height, self.skin)]
