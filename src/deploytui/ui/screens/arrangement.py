"""Which panes the screen has and where: the window's size, the pane with the keys, and the zoom decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.geometry import Size

from deploytui.ui import layout
from deploytui.ui.layout import NUMBERED, REACHED, PaneName, Rect, Shape, Wish
from deploytui.ui.paint import box
from deploytui.ui.paint.checklist import counts_text
from deploytui.ui.screens.frame import PlacedLayout

if TYPE_CHECKING:
    from deploytui.ui.screens.dashboard import Dashboard


class Arrangement:
    """`active` has the keys; `layout` is what the screen asks for the places of its panes."""

    def __init__(self, screen: Dashboard) -> None:
        self._screen = screen
        self.active = self._main = PaneName.CHECKLIST
        self.is_zoomed = False
        self.layout = PlacedLayout(self._arrange)
        self._shape = Shape.BOXED
        self._wish = Wish()

    @property
    def is_too_small(self) -> bool:
        return self._shape is Shape.TOO_SMALL

    @property
    def is_wide(self) -> bool:
        return self._shape is Shape.WIDE

    def _arrange(self, size: Size) -> Mapping[str, Rect]:
        frame = layout.arrange(size.width, size.height, self._main, self.is_zoomed, self._wish)
        self._shape = frame.shape
        for pane in self._screen.framed:
            pane.frame(is_boxed=frame.is_boxed, is_active=pane.pane_name is self.active)
        self.frame_checklist()
        return {name.value: rect for name, rect in frame.rects.items()}

    def renew(self) -> None:
        """Lay out anew. A screen keeps an arrangement until one of its children asks for another."""
        self._screen.checklist.refresh(layout=True)

    def wish(self, wish: Wish) -> None:
        """How many lines the panes would fill; another wish is another layout."""
        if wish != self._wish:
            self._wish = wish
            if self._screen.is_mounted:
                self.renew()

    def activate(self, pane: PaneName) -> None:
        """Give a pane the keys."""
        if pane is self.active or pane not in REACHED:
            return
        self.active = pane
        self._main = pane if pane in NUMBERED else self._main
        self._screen.alarm.hold(pane is PaneName.ALARM)
        if self._shape is Shape.SINGLE or self.is_zoomed:
            self.renew()
        for framed in self._screen.framed:
            framed.frame(is_boxed=framed.is_boxed, is_active=framed.pane_name is pane)
        self.frame_checklist()
        self._screen.last_row.redraw()

    def zoom(self, *, is_back: bool = False) -> None:
        """The pane over the whole screen, and back; the timeline has one step more: one stage of it."""
        timeline = self._screen.timeline
        if self.active is PaneName.TIMELINE and timeline.is_whole and not is_back:
            timeline.zoom(True)
            return
        self.is_zoomed = not self.is_zoomed
        timeline.zoom(self.is_zoomed, is_whole=self.is_zoomed)
        self.renew()

    def frame_checklist(self) -> None:
        """The checklist's frame says which phase is looked at, how far it is, and what hides a part of it."""
        screen, viewer = self._screen, self._screen.desk.viewer
        title, counts = viewer.phase_title(screen.phase) if screen.phase else ("", None)
        words = [f"{title} {counts_text(counts)}" if counts else ""]
        if screen.phase and (looking := viewer.looking(screen.phase, screen.desk.clock.now())):
            words.insert(0, looking)
        if screen.query_text:
            words.insert(0, f'"{screen.query_text}" {screen.checklist.item_count} found, esc clears')
        is_boxed = self._shape in (Shape.BOXED, Shape.WIDE)
        is_active = self.active is PaneName.CHECKLIST
        aside = f" {screen.ink.glyphs.separator} ".join(word for word in words if word)
        screen.checklist.frame(box.Edge("1", "Checklist", aside, "", is_boxed, is_active))
