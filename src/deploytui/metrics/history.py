"""The past of gauges, bounded however long the night gets: what each said in every step of time. Pure.

A step keeps the lowest and the highest value, so that no spike is lost where many samples become one.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from datetime import datetime
from math import isfinite, nan
from typing import NamedTuple

from msgspec import Struct

_HOUR_S, _DAY_S = 3600, 86400


class Tier(Struct, frozen=True):
    """Steps of one length: how far back they are shown, and how long a file keeps them."""

    name: str
    step_s: int
    shown_s: int
    kept_s: int


HOUR = Tier("last hour", 10, _HOUR_S, _DAY_S)
DAY = Tier("last day", 60, _DAY_S, 7 * _DAY_S)
WEEK = Tier("last week", 600, 7 * _DAY_S, 35 * _DAY_S)
TIERS = (HOUR, DAY, WEEK)


def columns_of(tier: Tier, room: int) -> int:
    """The most columns in `room` that make what the tier shows and no more."""
    steps = tier.shown_s // tier.step_s
    return -(-steps // -(-steps // max(1, room)))


class Cell(NamedTuple):
    """What was said in a stretch of time. Both are None where it was asked and there was no value."""

    low: float | None
    high: float | None


class Bucket(NamedTuple):
    """One step of one gauge; it began `number` steps after 1970."""

    step_s: int
    number: int
    gauge: str
    low: float | None
    high: float | None


class _Ring:
    """The steps of one tier, each in the place its number gives it: what is older is written over."""

    def __init__(self, tier: Tier) -> None:
        self.step_s = tier.step_s
        self._size = tier.shown_s // tier.step_s + 1
        self._numbers = array("q", [-1]) * self._size
        self._lows = array("d", [nan]) * self._size
        self._highs = array("d", [nan]) * self._size
        self.first = self.newest = -1

    def add(self, number: int, low: float | None, high: float | None) -> None:
        place = number % self._size
        if self._numbers[place] != number:
            self._numbers[place] = number
            self._lows[place] = self._highs[place] = nan
        if low is not None and high is not None:
            # nan is smaller than nothing: the first value of a step takes its place
            self._lows[place] = low if not self._lows[place] <= low else self._lows[place]
            self._highs[place] = high if not self._highs[place] >= high else self._highs[place]
        self.first = number if self.first < 0 else min(self.first, number)
        self.newest = max(self.newest, number)

    def get(self, number: int) -> Cell | None:
        place = number % self._size
        if self._numbers[place] != number:
            return None
        low, high = self._lows[place], self._highs[place]
        return Cell(None, None) if low != low else Cell(low, high)

    def take(self, other: _Ring) -> None:
        """What `other` knows too."""
        for number in range(max(other.first, other.newest - other._size + 1), other.newest + 1):
            if number >= 0 and (cell := other.get(number)) is not None:
                self.add(number, *cell)


class _Track:
    """One gauge. `hold_s` is how long a value speaks: a gauge asked once a minute has no gap in between."""

    def __init__(self, hold_s: float) -> None:
        self.hold_s = hold_s
        self.rings = tuple(_Ring(tier) for tier in TIERS)
        self.open = [-1] * len(TIERS)


class History:
    """The past of every gauge that was made known. Belongs to one thread."""

    def __init__(self) -> None:
        self._tracks: dict[str, _Track] = {}
        self._closed: list[Bucket] = []
        self._seen: dict[tuple[str, int, int, int], tuple[int, tuple[Cell | None, ...]]] = {}

    def know(self, gauge: str, hold_s: float) -> None:
        """A gauge, and after how long without an answer there is a gap."""
        if (track := self._tracks.get(gauge)) is None:
            self._tracks[gauge] = _Track(hold_s)
        else:
            track.hold_s = hold_s

    def add(self, gauge: str, at: datetime, value: float | None) -> None:
        """One answer, or that there was none."""
        track = self._tracks[gauge]
        second = int(at.timestamp())
        known = value if value is not None and isfinite(value) else None
        for place, ring in enumerate(track.rings):
            number = second // ring.step_s
            if track.open[place] not in (-1, number):
                self._close(gauge, track, place)
            track.open[place] = number
            ring.add(number, known, known)

    def drain(self, *, whole: bool = False) -> list[Bucket]:
        """The steps that have ended since the last call; `whole` adds those that have only begun."""
        if whole:
            for gauge, track in self._tracks.items():
                for place in range(len(TIERS)):
                    self._close(gauge, track, place)
        closed, self._closed = self._closed, []
        return closed

    def fill(self, buckets: Iterable[Bucket]) -> None:
        """What a file remembers. Longer steps learn it too: the last of them may not have come to the disk."""
        for bucket in buckets:
            if (track := self._tracks.get(bucket.gauge)) is None:
                track = self._tracks[bucket.gauge] = _Track(0.0)
            for ring in track.rings:
                if ring.step_s >= bucket.step_s:
                    ring.add(bucket.number * bucket.step_s // ring.step_s, bucket.low, bucket.high)

    def take_over(self, older: History) -> None:
        """What `older` remembers becomes the past of the gauges known here. `older` must not be used again."""
        for gauge, track in self._tracks.items():
            if (before := older._tracks.get(gauge)) is not None:
                for old, new in zip(before.rings, track.rings, strict=True):
                    old.take(new)
                track.rings = before.rings
        self._seen.clear()

    def trace(
        self, gauge: str, tier: Tier, until: datetime, columns: int, steps: int = 0
    ) -> tuple[Cell | None, ...]:
        """The past in `columns` equal stretches, the last one holding `until`; None is a gap. Each is `steps` of the
        tier's steps; left out, as many as make all that the tier shows.

        Stretches begin at fixed moments, so that a line of them stands still until the next one begins.
        """
        track = self._tracks.get(gauge)
        if track is None or columns < 1:
            return (None,) * max(0, columns)
        ring = track.rings[TIERS.index(tier)]
        steps = steps or -(-tier.shown_s // (columns * tier.step_s))
        last = int(until.timestamp()) // (tier.step_s * steps)
        key = (gauge, tier.step_s, columns, steps)
        known = self._seen.get(key)
        if known is None or known[0] != last:
            past = _columns(ring, last - columns + 1, last, steps, track.hold_s)
            known = self._seen[key] = (last, past)
        return (*known[1], *_columns(ring, last, last + 1, steps, track.hold_s))

    def _close(self, gauge: str, track: _Track, place: int) -> None:
        ring, number = track.rings[place], track.open[place]
        if number >= 0 and (cell := ring.get(number)) is not None:
            self._closed.append(Bucket(ring.step_s, number, gauge, *cell))
        track.open[place] = -1


def _columns(ring: _Ring, first: int, last: int, steps: int, hold_s: float) -> tuple[Cell | None, ...]:
    """Columns `first` to `last` - 1, each of `steps` steps; a value speaks on for `hold_s`."""
    held = int(hold_s // ring.step_s)
    spoken: tuple[int, Cell] | None = None
    for number in range(first * steps - held, first * steps):
        if (cell := ring.get(number)) is not None:
            spoken = number, cell
    columns: list[Cell | None] = []
    for column in range(first, last):
        lows: list[float] = []
        highs: list[float] = []
        said: Cell | None = None
        for number in range(column * steps, (column + 1) * steps):
            if (cell := ring.get(number)) is not None:
                spoken, said = (number, cell), cell
                if cell.low is not None and cell.high is not None:
                    lows.append(cell.low)
                    highs.append(cell.high)
        if lows:
            columns.append(Cell(min(lows), max(highs)))
        elif said is None and spoken is not None and column * steps - spoken[0] <= held:
            columns.append(spoken[1])
        else:
            columns.append(said)
    return tuple(columns)
