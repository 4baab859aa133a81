"""A Textual layout that puts widgets where a function says, instead of asking stylesheets."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

from deploytui.ui.layout import Rect


class PlacedLayout(Layout):
    """`place` gives the rectangle of each widget by its id; a widget without one is not drawn."""

    name = "placed"

    def __init__(self, place: Callable[[Size], Mapping[str, Rect]]) -> None:
        self._place = place

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        rects = self._place(size)
        placements: list[WidgetPlacement] = []
        for child in children:
            rect = rects.get(child.id or "")
            if rect is not None and rect.width > 0 and rect.height > 0:
                region = Region(rect.x, rect.y, rect.width, rect.height)
                placements.append(WidgetPlacement(region, NULL_OFFSET, NULL_SPACING, child))
        return placements
