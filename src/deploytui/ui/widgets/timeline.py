"""The timeline pane as a widget: what of it is seen, which phase is picked, and how far it is zoomed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual import events
from textual.geometry import Size
from textual.message import Message

from deploytui.session.view import Axis, Glance, TimelineRow
from deploytui.ui.layout import PaneName
from deploytui.ui.paint import timeline
from deploytui.ui.paint.axis import has_bar
from deploytui.ui.paint.skin import Piece, Skin
from deploytui.ui.paint.timeline import PhaseLine, Pick
from deploytui.ui.widgets.framed import FramedPane
from deploytui.ui.widgets.pane import bindings

_CHART_FROM = 64  # narrower than that names and bars do not fit beside each other
_ASIDE_FROM = 34
_ROWS_BESIDE_BARS = 7  # with fewer rows than that a pane has no lines to spare for bars


class Timeline(FramedPane):
    """Phases, their windows, and now between them.

    With the keys it lists every row and keeps the picked phase in sight; else, where there is no room, the
    rows that say most. Zoomed it is a chart, of the whole plan first.
    """

    number, title = "2", "Timeline"

    BINDINGS: ClassVar[list[Any]] = bindings({"checklist.detail": "screen.perform('pane.checklist')"})

    class Picked(Message):
        """A phase is to be looked at, by a click or a key. Looking changes nothing."""

        def __init__(self, phase: str) -> None:
            super().__init__()
            self.phase = phase

    def __init__(self, skin: Skin, lines_below: Callable[[int], int]) -> None:
        """`lines_below`: how many lines the pane below it would fill at an inner width."""
        super().__init__(skin, PaneName.TIMELINE)
        self._lines_below = lines_below
        self._rows: tuple[TimelineRow, ...] = ()
        self._stages: tuple[TimelineRow, ...] = ()
        self._axes: tuple[Axis, Axis] | None = None
        self._picked = ""
        self._has_scrolled = False
        self._must_follow = False
        self._phases_seen: list[str] = []
        self.is_zoomed = False
        self.is_whole = False

    # -- what is shown ---------------------------------------------------------------------------------

    @property
    def _wish(self) -> int:
        if self._axes is None:
            return len(self._rows)
        return len(self._rows) + sum(has_bar(row, self._axes[0]) for row in self._rows) + 1

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Its share of the left column: what it wants, or where that is tight at least half, and what is left over."""
        frame = self.gutter.height
        room = container.height + frame  # Textual has taken this pane's frame away already
        share = min(self._wish + frame, max(room // 2, room - self._lines_below(width) - frame))
        return max(2, min(share, room - frame - 2) - frame)

    def show(self, glance: Glance) -> None:
        found = (glance.timeline, glance.stage_bars, glance.axes)
        if found != (self._rows, self._stages, self._axes):
            wish = self._wish
            self._rows, self._stages, self._axes = found
            if self._wish != wish:
                self.refresh(layout=True)
            self.repaint()

    def point_to(self, phase: str) -> None:
        """The phase that is looked at; its line comes into sight."""
        if phase != self._picked:
            self._picked = phase
            self._must_follow = True
            self.repaint()

    def zoom(self, is_zoomed: bool, *, is_whole: bool = False) -> None:
        """The pane over the whole screen, or back; the axis of the whole plan, or of one stage."""
        if (is_zoomed, is_whole) != (self.is_zoomed, self.is_whole):
            self.is_zoomed, self.is_whole = is_zoomed, is_whole
            self._must_follow = True
            self.repaint_fully()

    def watch_has_focus(self, has_focus: bool) -> None:
        self._has_scrolled, self._must_follow = False, True
        super().watch_has_focus(has_focus)

    def scroll_lines(self, by: int) -> None:
        self._has_scrolled = True
        super().scroll_lines(by)

    def action_move(self, by: int) -> None:
        if phase := self._neighbor(by):
            self.post_message(self.Picked(phase))

    def action_move_pages(self, by: int) -> None:
        self.action_move(by * max(1, self.outer_size.height // 3))

    def _neighbor(self, by: int) -> str:
        """The phase so many lines further in the order of time; the ends hold. "" where there is none."""
        phases = [row.phase for row in self._rows if row.kind == "phase"]
        if not phases:
            return ""
        if self._picked not in phases:
            return phases[0]
        return phases[max(0, min(len(phases) - 1, phases.index(self._picked) + by))]

    def aside(self) -> str:
        """Of what the axis is, and what another z does."""
        if self._axes is None or self.size.width < _ASIDE_FROM:
            return ""
        title = self._axes[1 if self.is_whole else 0].title
        if not self.is_zoomed:
            return title
        return f"{title} {self.skin.glyphs.separator} z {'shows one stage' if self.is_whole else 'goes back'}"

    # -- lines -----------------------------------------------------------------------------------------

    def _phase_lines(self, width: int, height: int) -> tuple[PhaseLine | None, list[PhaseLine]]:
        """The clock times that stay on top, where there are bars, and the lines below."""
        rows, pick = self._rows, Pick(self._picked, is_active=self.has_focus)
        axis = self._axes[1 if self.is_whole else 0] if self._axes else None
        if axis is not None and self.is_zoomed and width >= _CHART_FROM:
            stages = self._stages if len(rows) + len(self._stages) < height else ()
            ruler, *lines = timeline.chart(rows, stages, axis, width, self.skin, pick)
            return ruler, lines
        has_all = self.has_focus or self._has_scrolled
        if axis is not None:
            room = height - 1 - sum(has_bar(row, axis) for row in rows)
            if room >= min(_ROWS_BESIDE_BARS, len(rows)):
                chosen = rows if has_all else timeline.choose(rows, room, self._picked)
                ruler, *lines = timeline.with_bars(chosen, axis, width, self.skin, pick)
                return ruler, lines
        chosen = rows if has_all else timeline.choose(rows, height, self._picked)
        return None, timeline.timeline(chosen, width, self.skin, pick)

    def seen(self, width: int, height: int) -> tuple[list[list[Piece]], int]:
        ruler, lines = self._phase_lines(width, height)
        head = [] if ruler is None else [ruler[1]]
        room = height - len(head)
        if self._must_follow:
            self._must_follow = False
            self._follow(lines, room)
        self.first = max(0, min(self.first, len(lines) - room))
        seen = lines[self.first : self.first + room]
        self._phases_seen = [*([""] * len(head)), *(phase for phase, _ in seen)]
        return [*head, *(line for _, line in seen)], len(lines) + len(head)

    def phase_at(self, line: int) -> str:
        """The phase that a line of the pane stands for; "" for its frame and everything else."""
        line -= self.gutter.top
        return self._phases_seen[line] if 0 <= line < len(self._phases_seen) else ""

    def on_click(self, event: events.Click) -> None:
        if phase := self.phase_at(event.y):
            event.stop()
            self.post_message(self.Picked(phase))

    def _follow(self, lines: list[PhaseLine], height: int) -> None:
        """Scroll no further than it takes to see the picked phase."""
        place = next((at for at, (phase, _) in enumerate(lines) if phase and phase == self._picked), None)
        if place is not None:
            self.first = max(place - height + 2, min(self.first, max(0, place - 1)))
