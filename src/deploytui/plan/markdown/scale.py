"""Windows on the plan's own scale: offsets from go-live, whole days, or instants."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo

from msgspec import Struct
from msgspec.structs import replace

from deploytui.base.units import MAX_DURATION_S, write_duration
from deploytui.plan.markdown.calendar import DAY_S, HOUR_S, Clocks, Days, at, zone_info
from deploytui.plan.model import Edge


def write_edge(edge: Edge, *, is_end: bool = False) -> str:
    """An edge in the words of the format; the end of a whole day is the start of the next one."""
    if edge.at is not None:
        return edge.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
    offset = edge.offset_s or 0
    if edge.is_day:
        day = offset // DAY_S - is_end
        return f"D{day:+d}" if day else "D"
    # Around the night people count hours: T+24h, not T+1d.
    size = abs(offset)
    is_hours = size <= 2 * DAY_S and size % HOUR_S == 0
    distance = f"{size // HOUR_S}h" if is_hours else write_duration(size)
    return f"T{'-' if offset < 0 else '+'}{distance}" if offset else "T"


def write_window(slot: Slot) -> str:
    """The window in the words of the format."""
    return f"{write_edge(slot.start)} .. {write_edge(slot.end, is_end=True) if slot.end else write_edge(slot.start)}"


def day_slot(first: int, last: int) -> Slot:
    """The window of whole days, counted from T's day."""
    return Slot(Edge(first * DAY_S, is_day=True), Edge((last + 1) * DAY_S, is_day=True))


class Slot(Struct, frozen=True):
    """A window of the document; `end` is None where only its start is stated."""

    start: Edge
    end: Edge | None = None


class Timed(Struct, frozen=True):
    """What a title says about time. `rest` is the title without it."""

    rest: str
    slot: Slot | None = None
    days: Days | None = None
    clocks: Clocks | None = None
    budget_s: int | None = None
    # "Day 1", "first 24 hours": a window from T only where the part comes after the deployment.
    after: tuple[int, int] | None = None

    @property
    def is_timed(self) -> bool:
        return bool(self.slot or self.days or self.clocks or self.after)


class Scale(Struct):
    """How the document's times become windows: its go-live, its zone, the date that is spoken of."""

    go_live: datetime | None
    zone: tzinfo
    year: int | None
    day: Days | None = None

    def slot(self, timed: Timed, *, is_after: bool) -> Slot | None:
        """The window of a part, as far as the document states it."""
        if timed.slot is None and timed.clocks is not None:
            return self._of_clocks(timed.clocks, timed.days or self.day)
        if timed.slot is None and timed.days is not None:
            return self._of_days(timed.days)
        if timed.slot is None and timed.after is not None and is_after:
            return Slot(Edge(timed.after[0]), Edge(min(timed.after[1], MAX_DURATION_S)))
        return timed.slot

    def _today(self, go_live: datetime) -> date:
        return go_live.astimezone(self.zone).date()

    def _of_days(self, days: Days) -> Slot:
        if self.go_live is not None:
            start, end = ((day - self._today(self.go_live)).days for day in (days.start, days.end))
            return day_slot(start, end)
        last = days.end + timedelta(days=1)
        return Slot(Edge(at=at(days.start, 0, self.zone)), Edge(at=at(last, 0, self.zone)))

    def _of_clocks(self, clocks: Clocks, days: Days | None) -> Slot | None:
        zone = zone_info(clocks.zone) or self.zone
        first = days.start if days is not None else self._nearest_day(clocks.start_min, zone)
        if first is None:
            return None
        start = at(first, clocks.start_min, zone)
        if clocks.end_min is None:
            return Slot(self._edge(start))
        last = days.end if days is not None else first
        ends = (at(last + timedelta(days=more), clocks.end_min, zone) for more in (0, 1))
        return Slot(self._edge(start), self._edge(next(end for end in ends if end > start)))

    def _nearest_day(self, minute: int, zone: tzinfo) -> date | None:
        """A time without a date means the nearest such instant to the go-live."""
        if (live := self.go_live) is None:
            return None
        days = (live.astimezone(zone).date() + timedelta(days=shift) for shift in (-1, 0, 1))
        return min(days, key=lambda day: abs(at(day, minute, zone) - live))

    def _edge(self, instant: datetime) -> Edge:
        live = self.go_live
        return Edge(at=instant) if live is None else Edge(int((instant - live).total_seconds()))

    def position(self, edge: Edge) -> float:
        """Where an edge stands, in seconds, to be compared with others of the same document."""
        base = timedelta()
        if edge.is_day and (live := self.go_live) is not None:
            base = at(self._today(live), 0, self.zone) - live
        return (edge.offset_s or 0) + base.total_seconds() if edge.at is None else edge.at.timestamp()

    def is_forward(self, slot: Slot) -> bool:
        """Whether a window ends after it starts."""
        return slot.end is not None and self.position(slot.start) < self.position(slot.end)


def close_slots(slots: list[Slot | None], scale: Scale) -> tuple[list[Slot | None], list[int]]:
    """Windows of which only the start is stated end where the next one starts. The second list holds the places
    of those that have no next one: for them the go-live is assumed, or after it an hour."""
    closed = [*slots]
    assumed: list[int] = []
    following: Slot | None = None
    for place, slot in reversed([*enumerate(slots)]):
        if slot is not None and slot.end is None:
            has_next = following and scale.position(slot.start) < scale.position(following.start)
            assumed += [] if has_next else [place]
            closed[place] = replace(
                slot, end=following.start if following and has_next else _later(slot.start)
            )
        following = slot or following
    return closed, assumed


def _later(edge: Edge) -> Edge:
    if edge.at is not None:
        return Edge(at=edge.at + timedelta(hours=1))
    offset = edge.offset_s or 0
    if edge.is_day:
        return replace(edge, offset_s=offset + DAY_S)
    return Edge(0 if offset < 0 else offset + HOUR_S)
