"""The page of one gauge. It goes on while it is open: a value that stands still there would be taken for now."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from deploytui.metrics.history import Cell, Tier
from deploytui.session.gauge_detail import GaugePage
from deploytui.ui.paint.gauge_page import gauge_page
from deploytui.ui.paint.ink import Ink, Line
from deploytui.ui.screens.page import PageModal

_EVERY_S = 1.0


class GaugeModal(PageModal):
    """`look` gives the page as it is, `trace` a tier of the past in so many columns."""

    title_text = "Gauge"
    width = 110

    def __init__(
        self, ink: Ink, look: Callable[[], GaugePage], trace: Callable[[Tier, int], Sequence[Cell | None]]
    ) -> None:
        super().__init__(ink)
        self._look, self._trace = look, trace

    def on_mount(self) -> None:
        self.set_interval(_EVERY_S, self.lines.look)

    def content(self, width: int) -> Sequence[Line]:
        return gauge_page(self._look(), self._trace, width, self.ink)
