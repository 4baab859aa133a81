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
        self.numbers = array("q", [-1]) * self._size
        self._lows = array("d", [nan]) * self._size
        self._highs = array("d", [nan]) * self._size
        self.latest = -1

    def add(self, number: int, low: float | None, high: float | None) -> None:
        place = number % self._size
        if self.numbers[place] != number:
            self.numbers[place] = number
            self._lows[place] = self._highs[place] = nan
        if low is not None and high is not None:
            # nan is smaller than nothing: the first value of a step takes its place
            self._lows[place] = low if not self._lows[place] <= low else self._lows[place]
            self._highs[place] = high if not self._highs[place] >= high else self._highs[place]
        self.latest = number

    def get(self, number: int) -> Cell | None:
        place = number % self._size
        if self.numbers[place] != number:
            return None
        low, high = self._lows[place], self._highs[place]
        return Cell(None, None) if low != low else Cell(low, high)


class History:
    """The past of every gauge that was made known. Belongs to one thread."""

    def __init__(self) -> None:
        self._hold_s: dict[str, float] = {}
        self.rings: dict[str, tuple[_Ring, ...]] = {}
        self._unsaved: dict[tuple[str, int, int], None] = {}
        self._seen: dict[tuple[str, int, int, int], tuple[int, tuple[Cell | None, ...]]] = {}

    def know(self, gauge: str, hold_s: float) -> None:
        """A gauge, and after how long without an answer there is a gap: one asked once a minute has none in between."""
        self._hold_s[gauge] = hold_s
        self.rings.setdefault(gauge, tuple(map(_Ring, TIERS)))

    def add(self, gauge: str, at: datetime, value: float | None) -> None:
        """One answer, or that there was none."""
        second = int(at.timestamp())
        known = value if value is not None and isfinite(value) else None
        for place, ring in enumerate(self.rings[gauge]):
            number = second // ring.step_s
            ring.add(number, known, known)
            self._unsaved[gauge, place, number] = None

    def drain(self, *, whole: bool = False) -> list[Bucket]:
        """The steps that have ended since the last call; `whole` adds those that have only begun."""
        found = []
        for gauge, place, number in tuple(self._unsaved):
            ring = self.rings[gauge][place]
            if whole or number != ring.latest:
                del self._unsaved[gauge, place, number]
                if (cell := ring.get(number)) is not None:
                    found.append(Bucket(ring.step_s, number, gauge, *cell))
        return found

    def fill(self, buckets: Iterable[Bucket]) -> None:
        """What a file remembers. Longer steps learn it too: the last of them may not have come to the disk."""
        for bucket in buckets:
            if bucket.gauge not in self.rings:
                self.know(bucket.gauge, 0.0)
            for ring in self.rings[bucket.gauge]:
                if ring.step_s >= bucket.step_s:
                    ring.add(bucket.number * bucket.step_s // ring.step_s, bucket.low, bucket.high)

    def take_over(self, older: History) -> None:
        """What `older` remembers becomes the past of the gauges known here. `older` must not be used again."""
        for gauge in self.rings.keys() & older.rings.keys():
            for old, new in zip(older.rings[gauge], self.rings[gauge], strict=True):
                for number in (*new.numbers, new.latest):
                    if number >= 0 and (cell := new.get(number)) is not None:
                        old.add(number, *cell)
            self.rings[gauge] = older.rings[gauge]
        self._seen.clear()

    def trace(
        self, gauge: str, tier: Tier, until: datetime, columns: int, steps: int = 0
    ) -> tuple[Cell | None, ...]:
        """The past in `columns` equal stretches, the last one holding `until`; None is a gap. Each is `steps` of the
        tier's steps; left out, as many as make all that the tier shows.

        Stretches begin at fixed moments, so that a line of them stands still until the next one begins.
        """
        if gauge not in self.rings or columns < 1:
            return (None,) * max(0, columns)
        ring, hold_s = self.rings[gauge][TIERS.index(tier)], self._hold_s[gauge]
        steps = steps or -(-tier.shown_s // (columns * tier.step_s))
        last = int(until.timestamp()) // (tier.step_s * steps)
        key = (gauge, tier.step_s, columns, steps)
        known = self._seen.get(key)
        if known is None or known[0] != last:
            past = _columns(ring, last - columns + 1, last, steps, hold_s)
            known = self._seen[key] = (last, past)
        return (*known[1], *_columns(ring, last, last + 1, steps, hold_s))


def _columns(ring: _Ring, first: int, last: int, steps: int, hold_s: float) -> tuple[Cell | None, ...]:
    """Columns `first` to `last` - 1, each of `steps` steps; a value speaks on for `hold_s`."""
    held = int(hold_s // ring.step_s)
    spoken: tuple[int, Cell] | None = None
    columns: list[Cell | None] = []
    for number in range(first * steps - held, first * steps):
        if (cell := ring.get(number)) is not None:
            spoken = number, cell
    for start in range(first * steps, last * steps, steps):
        said = [(at, cell) for at in range(start, start + steps) if (cell := ring.get(at)) is not None]
        lows = [cell.low for _, cell in said if cell.low is not None]
        highs = [cell.high for _, cell in said if cell.high is not None]
        if said:
            columns.append(Cell(min(lows, default=None), max(highs, default=None)))
            spoken = said[-1]
        else:
            columns.append(spoken[1] if spoken is not None and start - spoken[0] <= held else None)
    return tuple(columns)
