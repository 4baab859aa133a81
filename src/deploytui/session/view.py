"""Frozen rows to draw: what the screen and `status` know of a session at one moment. No widget computes facts.

Texts here are cleaned but not masked, and never hold markup; `ui/paint.py` masks and lays them out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

from msgspec import Struct

from deploytui.metrics.board import Level, Reading
from deploytui.plan.model import StageName


class Counts(Struct, frozen=True):
    """How many items are in each state; `total` is their sum without `set_aside`.

    `unplanned` counts what was inserted during the night: apart, and in none of the other numbers.
    """

    done: int = 0
    skipped: int = 0
    failed: int = 0
    overridden: int = 0
    deferred: int = 0
    active: int = 0
    open: int = 0
    set_aside: int = 0
    unplanned: Counts | None = None

    @property
    def total(self) -> int:
        said = self.done + self.skipped + self.failed + self.overridden + self.deferred
        return said + self.active + self.open

    @property
    def left(self) -> int:
        """What is planned and still has to be dealt with: open, active and failed."""
        return self.open + self.active + self.failed

    @property
    def left_in_all(self) -> int:
        """The same with what was inserted: before that is dealt with too, nothing is finished."""
        return self.left + (self.unplanned.left if self.unplanned else 0)

    @property
    def failed_in_all(self) -> int:
        return self.failed + (self.unplanned.failed if self.unplanned else 0)


class Progress(StrEnum):
    """Where a stage or phase stands."""

    OPEN = "open"
    CURRENT = "current"
    DONE = "done"
    FAILED = "failed"
    SET_ASIDE = "set_aside"


class IdentityView(Struct, frozen=True):
    """The reverse bar on top. Zone clocks are `(HH:MM:SS, zone name)`; `local_clock` is None where it is the same."""

    environment: str
    title: str
    mode: str
    is_driving: bool
    driver: str
    driver_since: datetime | None
    driver_note: str
    date: str
    zone_clock: tuple[str, str]
    local_clock: tuple[str, str] | None
    local_date: str | None
    outcome: str = ""
    is_held: bool = False
    held_until: str = ""


class StageView(Struct, frozen=True):
    """`left_s` is the time to the stage's end, negative when it is over; None without a window.

    `is_current` is apart from `progress`: a stage with a failed item is still the one the night is in.
    """

    name: StageName
    title: str
    progress: Progress
    counts: Counts
    ends_at: datetime | None = None
    left_s: float | None = None
    earlier: int = 0
    is_current: bool = False


class AlarmView(Struct, frozen=True):
    """The alarm row. `level` None is calm, and `text` then is information.

    `short` is the same at its shortest; `more` counts the alarms behind the first; `rollback` is the right
    half ("ROLLBACK FITS UNTIL 03:25Z, 42 min left") with its own severity.
    """

    level: Level | None
    text: str
    short: str
    more: int = 0
    hint: str = ""
    rollback: str = ""
    rollback_short: str = ""
    rollback_least: str = ""
    rollback_level: Level | None = None


class TimelineRow(Struct, frozen=True):
    """`kind` is stage, phase, now or mark. `at` is None where no time is known. `detail` is the right column.

    `sign` is a mark's letter, which also stands on the bar of `phase`.
    """

    kind: str
    title: str
    at: datetime | None = None
    clock: str = ""
    progress: Progress = Progress.OPEN
    detail: str = ""
    is_over: bool = False
    phase: str = ""
    counts: Counts | None = None
    fraction: float | None = None
    is_current: bool = False
    end_at: datetime | None = None
    planned_end_at: datetime | None = None
    first_at: datetime | None = None
    last_at: datetime | None = None
    sign: str = ""


class Axis(Struct, frozen=True):
    """A stretch of time that bars are drawn on; `now_at` is to the minute, so that it moves once a minute.

    `zone` is the plan's, for the clock times beside it; `title` says of what it is. Where the scale changes there are
    `knots`, instants with their share of the room, the first at 0 and the last at 1; `night` is the stretch that is
    enlarged. Without them the axis has one scale.
    """

    start_at: datetime
    end_at: datetime
    now_at: datetime
    zone: tzinfo = UTC
    title: str = ""
    knots: tuple[tuple[datetime, float], ...] = ()
    night: tuple[datetime, datetime] | None = None

    def holds(self, at: datetime) -> bool:
        return self.start_at <= at <= self.end_at


class GroupRow(Struct, frozen=True):
    """A group's heading in the checklist."""

    id: str
    title: str
    owner: str
    counts: Counts


class ItemRow(Struct, frozen=True):
    """One item in the checklist.

    `status` is an `ItemStatus` word, "set_aside", or "saving". `label` holds the step number where the group is
    ordered. `right` is the column on the right: who and when, or the time an active step has taken.
    """

    id: str
    status: str
    number: str
    label: str
    right: str
    depth: int = 0
    is_sensed: bool = False
    sub: str = ""
    flags: str = ""


RowRef = tuple[str, str]


class Rows(list[RowRef]):
    """The rows of a phase as they are seen: `("group", id)` for a heading, and below it its `("item", id)`."""

    def __init__(self) -> None:
        super().__init__()
        self._headings: list[int] = []
        self._row_of: dict[str, int] = {}

    def add(self, group: str, items: Sequence[str]) -> None:
        """One more group, below the others."""
        self._headings.append(len(self))
        self.append(("group", group))
        self._row_of.update({item: y for y, item in enumerate(items, len(self))})
        self += [("item", item) for item in items]

    @property
    def item_count(self) -> int:
        return len(self._row_of)

    def heading(self, y: int) -> int:
        """The row of the group that row `y` is in; -1 where there is none."""
        group = bisect_right(self._headings, y) - 1
        return self._headings[group] if group >= 0 else -1

    def row_of(self, item: str) -> int | None:
        """The row of an item, or None where it is not among them."""
        return self._row_of.get(item)


class JournalRow(Struct, frozen=True):
    """One line of the journal pane: `glyph` is one of the screen's state glyphs."""

    seq: int
    at: datetime
    clock: str
    by: str
    glyph: str
    text: str
    level: Level | None = None


class DetailView(Struct, frozen=True):
    """Everything known of one item or gauge: a title and labelled lines, in the order to show them. `alarming` are
    the places of those lines that must not be overlooked."""

    title: str
    lines: tuple[tuple[str, str], ...]
    alarming: frozenset[int] = frozenset()


class Glance(Struct, frozen=True):
    """What changes with time alone; made once a second and compared as a whole.

    `axes` are the looked-at phase's stage and the whole plan; None without windows. `stage_bars` are the timeline's
    rows for whole stages. `acked` are the gauges whose alarm somebody has acknowledged.
    """

    identity: IdentityView
    stages: tuple[StageView, ...]
    go_live: str
    alarm: AlarmView
    timeline: tuple[TimelineRow, ...]
    stage_bars: tuple[TimelineRow, ...]
    axes: tuple[Axis, Axis] | None
    readings: tuple[Reading, ...]
    acked: frozenset[str] = frozenset()
