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
    """Every planned stop between the act on its first item and the settling after its last."""
    found = []
    for stop in plan.planned_stops:
        first = state.items.get(stop.from_item)
        if first is None or first.status not in (ItemStatus.ACTIVE, ItemStatus.DONE):
            continue
        since = first.started_at or first.at
        last = state.items.get(stop.to_item)
        ended = last.at if last is not None and last.status is ItemStatus.DONE else None
        limit = since + timedelta(seconds=stop.max_s)
        if ended is not None and ended <= limit:
            until = ended + timedelta(seconds=stop.settle_s)
            if now < until:
                found.append(StopNow(stop, since, until, 0.0, True))
        elif ended is None:
            found.append(StopNow(stop, since, limit, max(0.0, (now - limit).total_seconds()), False))
    return found


def settled_at(plan: Plan, state: SessionState) -> dict[str, datetime]:
    """By target, when it has settled after a stop that ended in time; the latest where there were several."""
    found: dict[str, datetime] = {}
    for stop in plan.planned_stops:
        first, last = state.items.get(stop.from_item), state.items.get(stop.to_item)
        if first is None or last is None or last.status is not ItemStatus.DONE:
            continue
        if last.at - (first.started_at or first.at) <= timedelta(seconds=stop.max_s):
            at = last.at + timedelta(seconds=stop.settle_s)
            found |= {target: max(at, found.get(target, at)) for target in stop.targets}
    return found


def resting(plan: Plan, state: SessionState, now: datetime) -> dict[str, StopNow]:
    """The targets whose triggers and levels rest now, each with its stop."""
    return {
        target: stop
        for stop in stops_now(plan, state, now)
        if now < stop.rests_until
        for target in stop.stop.targets
    }


def rest_board(board: Board, plan: Plan, state: SessionState, now: datetime) -> Board:
    """The board with the gauges of stopped targets saying so."""
    rests = resting(plan, state, now)
    if not rests:
        return board
    return Board(tuple(_rested(reading, rests.get(reading.target), now) for reading in board.readings))


def _rested(reading: Reading, stop: StopNow | None, now: datetime) -> Reading:
    if stop is None:
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
