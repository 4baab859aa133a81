"""What the journal adds up to: the frozen state of a session. `fold.py` makes it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from immutables import Map
from msgspec import Struct, field

UNDO_DEPTH = 50
GO_LIVE = "go-live"


class ItemStatus(StrEnum):
    OPEN = "open"
    ACTIVE = "active"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    OVERRIDDEN = "overridden"
    DEFERRED = "deferred"


class ItemState(Struct, frozen=True):
    """What was last said of an item. `earlier` is what an undo goes back to, newest last; no depth, it can get very long."""

    status: ItemStatus
    at: datetime
    seq: int
    by: str = ""
    for_: str = ""
    via: str = ""
    reason: str = ""
    evidence: str = ""
    started_at: datetime | None = None
    earlier: tuple[ItemState, ...] = ()


class Inserted(Struct, frozen=True):
    """An item that is not in the plan: it stands below `after`. Withdrawn, it only keeps the place of others."""

    item: str
    text: str
    after: str
    seq: int
    at: datetime
    by: str = ""
    for_: str = ""
    via: str = ""
    is_withdrawn: bool = False


class LevelState(Struct, frozen=True):
    """The level a gauge was last journaled at."""

    level: str
    why: str
    at: datetime


class Accepted(Struct, frozen=True):
    """A finding of the lint that somebody took as it is; `item` "" is all of its code."""

    code: str
    item: str
    message: str
    why: str
    until: str
    by: str
    at: datetime


class PlanFileState(Struct, frozen=True):
    """What became of the file that the plan was read from: changed, missing, unreadable, or the same again."""

    became: str
    sha256: str
    why: str
    at: datetime


class Lapse(Struct, frozen=True):
    """A done item whose gauge no longer says so: since when, and what it says."""

    since: datetime
    why: str


class Baseline(Struct, frozen=True):
    """A gauge before the change: the middle of `samples` values, and how far they spread. One that was replaced, for
    `reason`, keeps the first."""

    value: float
    spread: float
    samples: int
    at: datetime
    by: str = ""
    reason: str = ""
    first: Baseline | None = None


class TriggerState(Struct, frozen=True):
    """What people said of a rollback trigger: raised by hand, or shelved until a moment with a reason."""

    raised_at: datetime | None = None
    raised_by: str = ""
    shelved_until: datetime | None = None
    shelved_why: str = ""
    shelved_by: str = ""


class Hold(Struct, frozen=True):
    """A stop of the work clock. `ended_at` None: it goes on. `expected_at` is what was announced."""

    since: datetime
    reason: str
    by: str
    expected_at: datetime | None
    ended_at: datetime | None = None


class Promise(Struct, frozen=True):
    """ "Ten more minutes, says Kim". `was_kept` None: nobody has said yet."""

    seq: int
    who: str
    item: str
    made_at: datetime
    due_at: datetime
    settled_at: datetime | None = None
    was_kept: bool | None = None


class Move(Struct, frozen=True):
    """An edge moved by agreement: `go-live`, or a phase's `ID.start` or `ID.end`, by so many seconds."""

    edge: str
    seconds: int
    reason: str
    by: str
    at: datetime


class Pace(Struct, frozen=True):
    """How fast a rehearsal runs: it was `at` when the wall clock said `real_at`, `speed` times as fast from there."""

    at: datetime
    real_at: datetime
    speed: float


class SessionState(Struct, frozen=True):
    """The session after `seq` events. Items nothing was said of are not in `items`: they are open."""

    seq: int = 0
    items: Map[str, ItemState] = field(default_factory=Map)
    item_notes: Map[str, int] = field(default_factory=Map)
    inserted: tuple[Inserted, ...] = ()
    opened_at: datetime | None = None
    go_live: datetime | None = None
    planned_go_live: datetime | None = None
    driver: str = ""
    driver_since: datetime | None = None
    driver_left_at: datetime | None = None
    entered: Map[str, datetime] = field(default_factory=Map)
    set_aside: frozenset[str] = frozenset()
    done_elsewhere: str = ""
    levels: Map[str, LevelState] = field(default_factory=Map)
    lapsed: Map[str, Lapse] = field(default_factory=Map)
    baselines: Map[str, Baseline] = field(default_factory=Map)
    acked: Map[str, datetime] = field(default_factory=Map)
    triggers: Map[str, TriggerState] = field(default_factory=Map)
    holds: tuple[Hold, ...] = ()
    promises: tuple[Promise, ...] = ()
    moves: tuple[Move, ...] = ()
    told_at: datetime | None = None
    pace: Pace | None = None
    plan_file: PlanFileState | None = None
    accepted: tuple[Accepted, ...] = ()
    closed_at: datetime | None = None
    outcome: str = ""
    undoable: tuple[tuple[int, str], ...] = ()
    last_at: datetime | None = None

    @property
    def hold(self) -> Hold | None:
        """The hold that is on now."""
        return self.holds[-1] if self.holds and self.holds[-1].ended_at is None else None

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None
