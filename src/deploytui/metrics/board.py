"""Samples, levels and the frozen board that crosses from the probes to the screen."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Level(StrEnum):
    """What a gauge says. No data is never ok.

    Settling is neither good nor bad: no answer has been bad yet, and the good ones have not lasted long enough. It is
    no news and no alarm; where a fixed list of levels was promised it counts as watch.
    """

    OK = "ok"
    SETTLING = "settling"
    WATCH = "watch"
    BREACH = "breach"
    NO_DATA = "no_data"
    STALE = "stale"
    PLANNED_STOP = "planned_stop"


class Sample(Struct, frozen=True):
    """One answer of one probe. `value` is None where there was none, and `error` then says why, in words.
    A value may come with one too: why the target is down, why its status is no good one.

    `at` is wall time for people; distances are computed from `mono_s` only. `hits` of `total` is the count
    behind a percentage ("2 of 476").
    """

    at: datetime
    mono_s: float
    value: float | None
    error: str = ""
    hits: int | None = None
    total: int | None = None


class Reading(Struct, frozen=True):
    """One gauge at one moment, ready to be drawn. `why` says in words what the level rests on, `settling` how far a
    gauge that settles has come (`12 s of 1 min`)."""

    id: str
    title: str
    target: str
    unit: str
    level: Level
    why: str
    value: float | None = None
    age_s: float | None = None
    in_level_s: float = 0.0
    hits: int | None = None
    total: int | None = None
    ok_text: str = ""
    breach_text: str = ""
    ok_limit: float | None = None
    breach_limit: float | None = None
    settling: str = ""


class LevelChange(Struct, frozen=True):
    """A gauge went from one level to another; journaled, unlike samples."""

    gauge: str
    before: Level
    after: Level
    why: str
    at: datetime


class Board(Struct, frozen=True):
    """Every gauge, in the plan's order, at one moment."""

    readings: tuple[Reading, ...] = ()

    def reading(self, gauge: str) -> Reading | None:
        """That gauge as it is; None where nothing measures it."""
        return next((reading for reading in self.readings if reading.id == gauge), None)


class Asked(Struct, frozen=True):
    """The question as it is put, and the latest answer as it came, cleaned and bounded; "" where it is no text."""

    question: str
    answer: str = ""
