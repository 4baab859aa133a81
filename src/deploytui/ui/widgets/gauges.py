"""The gauge pane: every gauge, a cursor among them while the pane has the keys, and their order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from deploytui.metrics.board import Reading
from deploytui.ui.layout import PaneName
from deploytui.ui.paint.gauge import Beside, Trace, gauges, lines_of_each, worst_first
from deploytui.ui.paint.skin import Piece, Skin
from deploytui.ui.widgets.framed import FramedPane
from deploytui.ui.widgets.pane import bindings


class GaugePane(FramedPane):
    """Every gauge with value, level, limits and its past."""

    number, title = "3", "Gauges"
    BINDINGS: ClassVar[list[Any]] = bindings({"checklist.detail": "screen.show_gauge"})

    def __init__(self, skin: Skin, trace: Trace) -> None:
        super().__init__(skin, PaneName.GAUGES)
        self._readings: tuple[Reading, ...] = ()
        self._acked: frozenset[str] = frozenset()
        self._trace = trace
        self._cursor = ""
        self.is_worst_first = False

    def lines_at(self, width: int) -> int:
        """How many lines all gauges take at that inner width."""
        return max(1, lines_of_each(width) * len(self._readings))

    @property
    def cursor(self) -> str:
        """The gauge that the cursor is on: the first until somebody moves it; "" where there are none."""
        ids = [reading.id for reading in self._ordered()]
        return self._cursor if self._cursor in ids else ids[0] if ids else ""

    def show(self, readings: tuple[Reading, ...], acked: frozenset[str]) -> None:
        if (readings, acked) != (self._readings, self._acked):
            self._readings, self._acked = readings, acked
            self.repaint()

    def turn(self) -> None:
        """By severity, and back to the order of the plan."""
        self.is_worst_first = not self.is_worst_first
        self.repaint()

    def scroll_lines(self, by: int) -> None:
        """The cursor moves; what is seen follows it."""
        ids = [reading.id for reading in self._ordered()]
        if ids:
            place = ids.index(self.cursor) + by
            self._cursor = ids[max(0, min(place, len(ids) - 1))]
            self.repaint()

    def aside(self) -> str:
        if self.is_worst_first:
            return "worst first"
        return "S worst first" if self.has_focus and len(self._readings) > 1 else ""

    def lines(self, width: int, height: int) -> list[list[Piece]]:
        current = self.cursor if self.has_focus else ""
        beside = Beside(current, self._acked, self._trace)
        return gauges(self._ordered(), width, height, self.skin, beside)

    def _ordered(self) -> Sequence[Reading]:
        return worst_first(self._readings) if self.is_worst_first else self._readings
