"""Where each pane stands at each size of the terminal. Pure arithmetic: no Textual, no facts of the session.

Four shapes: one pane at a time (below 80x24), compact (80x24: titles on rules), boxed (120x40), and wide
(200x50: a third column with the details). Below 40x12 there is one line that says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

LEAST = (40, 12)
COMPACT = (80, 24)
BOXED = (100, 30)
WIDE = (160, 40)


class PaneName(StrEnum):
    IDENTITY = "identity"
    STAGES = "stages"
    ALARM = "alarm"
    CHECKLIST = "checklist"
    TIMELINE = "timeline"
    GAUGES = "gauges"
    JOURNAL = "journal"
    DETAIL = "detail"
    HINTS = "hints"
    TOO_SMALL = "too_small"


# The panes a person moves between, in the order of their numbers.
NUMBERED = (PaneName.CHECKLIST, PaneName.TIMELINE, PaneName.GAUGES, PaneName.JOURNAL)

# What tab goes through: enter on the alarm row shows the triggers behind it.
REACHED = (*NUMBERED, PaneName.ALARM)


class Shape(StrEnum):
    TOO_SMALL = "too_small"
    SINGLE = "single"
    COMPACT = "compact"
    BOXED = "boxed"
    WIDE = "wide"


class Rect(Struct, frozen=True):
    x: int
    y: int
    width: int
    height: int


class Frame(Struct, frozen=True):
    """The panes that are to be seen; one that is missing is not drawn."""

    shape: Shape
    rects: Mapping[PaneName, Rect]

    @property
    def is_boxed(self) -> bool:
        return self.shape in (Shape.BOXED, Shape.WIDE)


class Wish(Struct, frozen=True):
    """How many lines the left panes would like to have."""

    timeline: int = 8
    gauges: int = 8


def shape_of(width: int, height: int) -> Shape:
    for shape, least in ((Shape.WIDE, WIDE), (Shape.BOXED, BOXED), (Shape.COMPACT, COMPACT)):
        if width >= least[0] and height >= least[1]:
            return shape
    return Shape.SINGLE if width >= LEAST[0] and height >= LEAST[1] else Shape.TOO_SMALL


def arrange(width: int, height: int, active: PaneName, is_zoomed: bool, wish: Wish) -> Frame:
    """The frame for a terminal of this size. `active` alone is seen when zoomed or where there is no room."""
    shape = shape_of(width, height)
    if shape is Shape.TOO_SMALL:
        return Frame(shape, {PaneName.TOO_SMALL: Rect(0, 0, width, height)})
    rects = {
        PaneName.IDENTITY: Rect(0, 0, width, 1),
        PaneName.STAGES: Rect(0, 1, width, 1),
        PaneName.ALARM: Rect(0, 2, width, 1),
        PaneName.HINTS: Rect(0, height - 1, width, 1),
    }
    if shape is Shape.SINGLE or is_zoomed:
        rects[active] = Rect(0, 3, width, height - 4)
        return Frame(shape, rects)
    journal = _journal_height(shape, height)
    main = height - 4 - journal
    rects[PaneName.JOURNAL] = Rect(0, height - 1 - journal, width, journal)
    left = _left_width(shape, width)
    gap = 1 if shape is Shape.COMPACT else 0
    timeline, gauges = _split_left(shape, main, wish)
    rects[PaneName.TIMELINE] = Rect(0, 3, left, timeline)
    rects[PaneName.GAUGES] = Rect(0, 3 + timeline, left, gauges)
    detail = width * 30 // 100 if shape is Shape.WIDE else 0
    rects[PaneName.CHECKLIST] = Rect(left + gap, 3, width - left - gap - detail, main)
    if detail:
        rects[PaneName.DETAIL] = Rect(width - detail, 3, detail, main)
    return Frame(shape, rects)


def _journal_height(shape: Shape, height: int) -> int:
    if shape is Shape.COMPACT:
        return 4 if height < 30 else 6
    return 7 if height < 36 else 8 if height < 44 else 10


def _left_width(shape: Shape, width: int) -> int:
    if shape is Shape.COMPACT:
        return 30 if width < 100 else 36
    return max(40, min(52, width * 37 // 100))


def _split_left(shape: Shape, main: int, wish: Wish) -> tuple[int, int]:
    """Timeline and gauges share the left column: each gets what it needs, or a fair part where it is tight."""
    edges = 1 if shape is Shape.COMPACT else 2
    want_timeline, want_gauges = wish.timeline + edges, wish.gauges + edges
    if want_timeline + want_gauges <= main:
        timeline = want_timeline
    else:
        half = main // 2
        timeline = min(want_timeline, max(half, main - want_gauges))
    timeline = max(edges + 2, min(timeline, main - edges - 2))
    return timeline, main - timeline
