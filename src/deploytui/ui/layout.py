"""The panes by name, and the sizes at which `styles/dashboard.tcss` arranges them anew. Pure: no Textual.

Wide from 160x40, boxed from 100x30, compact from 80x24; below that one pane at a time, down to 40x12.
"""

from __future__ import annotations

from enum import StrEnum

LEAST = (40, 12)
COMPACT = (80, 24)
WIDTHS = ((0, "-small"), (40, "-single"), (80, "-narrow"), (100, "-boxed"), (160, "-wide"))
HEIGHTS = ((0, "-small"), (12, "-single"), (24, "-short"), (30, "-low"), (40, "-medium"), (44, "-tall"))


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


def fits(size: tuple[int, int], least: tuple[int, int]) -> bool:
    """Whether a terminal of that size has at least so many columns and lines."""
    return size[0] >= least[0] and size[1] >= least[1]


def classes_of(size: tuple[int, int]) -> dict[str, bool]:
    """Every class of a size, and whether it is that of this one: the last that is reached, in each direction."""
    reached = {
        max(name for name in points if extent >= name[0])[1]
        for extent, points in zip(size, (WIDTHS, HEIGHTS), strict=True)
    }
    return {name: name in reached for _, name in (*WIDTHS, *HEIGHTS)}
