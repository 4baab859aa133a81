"""Planned stops: while one is on, the gauges of its targets say so and triggers rest. Pure.

A stop that runs over its `max` is no longer planned: its gauges speak again, and what they say counts from there.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from deploytui.base.units import left, over
from deploytui.journal.state import ItemStatus, SessionState
from deploytui.metrics.board import Board, Level, Reading
from deploytui.plan.model import Plan, PlannedStop


class StopNow(Struct, frozen=True):
    """A planned stop that has begun. `rests_until` is when triggers count again; `overran_s` how far past `max`."""

    stop: PlannedStop
    since: datetime
    rests_until: datetime
    overran_s: float
    is_settling: bool


def stops_now(plan: Plan, state: SessionState, now: datetime) -> list[StopNow]:
    """Every planned stop between the act on its first item and the settling after its last.

    Work on the first item is part of it, and a step starts by itself when the one before it is ticked: its time is
    counted from its tick, so that nobody is told that a stop ran over before anything was stopped.
    """
    found = []
    for stop in plan.planned_stops:
        first = state.items.get(stop.from_item)
        if first is None or first.status not in (ItemStatus.ACTIVE, ItemStatus.DONE):
            continue
        is_begun = first.status is ItemStatus.DONE
        since = first.at if is_begun else first.started_at or first.at
        limit = since + timedelta(seconds=stop.max_s)
        if (ended := said_at(state, stop.to_item)) is None:
            overran_s = (now - limit).total_seconds() if is_begun else 0.0
            found.append(StopNow(stop, since, limit, max(0.0, overran_s), False))
        elif now < (until := ended + timedelta(seconds=stop.settle_s)) and ended <= limit:
            found.append(StopNow(stop, since, until, 0.0, True))
    return found


def said_at(state: SessionState, item: str) -> datetime | None:
    """When an item was said to be done, whatever stood against it."""
    said = state.items.get(item)
    return said.at if said and said.status in (ItemStatus.DONE, ItemStatus.OVERRIDDEN) else None


def settled_at(plan: Plan, state: SessionState) -> dict[str, datetime]:
    """By target, when it has settled after a stop that ended in time; the latest where there were several."""
    found: dict[str, datetime] = {}
    for stop in plan.planned_stops:
        first, ended = state.items.get(stop.from_item), said_at(state, stop.to_item)
        if first is None or ended is None or first.status is not ItemStatus.DONE:
            continue
        if ended - first.at <= timedelta(seconds=stop.max_s):
            at = ended + timedelta(seconds=stop.settle_s)
            found |= {target: max(at, found.get(target, at)) for target in stop.targets}
    return found


def resting(plan: Plan, state: SessionState, now: datetime) -> dict[str, StopNow]:
    """The targets whose triggers and levels rest now, each with its stop."""
    stops = [stop for stop in stops_now(plan, state, now) if now < stop.rests_until]
    return {target: stop for stop in stops for target in stop.stop.targets}


def rest_board(board: Board, plan: Plan, state: SessionState, now: datetime) -> Board:
    """The board with the gauges of stopped targets saying so."""
    rests = resting(plan, state, now)
    if not rests:
        return board
    return Board(tuple(_rested(reading, rests.get(reading.target), now) for reading in board.readings))


def _rested(reading: Reading, stop: StopNow | None, now: datetime) -> Reading:
    """A gauge that nothing was ever read of stays one: no data is not a stop."""
    if stop is None or reading.age_s is None:
        return reading
    rest = left((stop.rests_until - now).total_seconds())
    what = f"settling, {rest} left" if stop.is_settling else f"{rest} of it left"
    return replace(
        reading,
        level=Level.PLANNED_STOP,
        why=f"{what}; it says: {reading.why}",
        in_level_s=max(0.0, (now - stop.since).total_seconds()),
    )


def overrun_text(stop: StopNow) -> str:
    """`PLANNED STOP RAN OVER by 3 min`."""
    return f"PLANNED STOP RAN OVER by {over(stop.overran_s)}"
