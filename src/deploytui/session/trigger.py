"""Rollback triggers as they stand: watched by a gauge or said by hand, resting, shelved. True is bad. Pure.

Nothing here ever starts a rollback: a trigger that fires is a line in the alarm row, and people decide.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from deploytui.base.units import left
from deploytui.journal.state import SessionState
from deploytui.metrics.board import Board, Level
from deploytui.plan.model import Item, Plan
from deploytui.session.moment import near


class Trigger(StrEnum):
    """What a trigger is at. `by_hand` is one that no gauge watches and nobody has raised."""

    FIRED = "fired"
    CLEAR = "clear"
    RESTS = "rests"
    SHELVED = "shelved"
    NOT_MEASURED = "not measured"
    BY_HAND = "by hand"


class TriggerNow(Struct, frozen=True):
    """One trigger at one moment. `since` is when it fired; `text` says it all in words."""

    id: str
    label: str
    stands: Trigger
    text: str
    since: datetime | None = None


def triggers_now(plan: Plan, state: SessionState, board: Board, now: datetime) -> list[TriggerNow]:
    """Every trigger of the plan, in its order."""
    return [_now(item, state, board, now) for item in plan.rollback.triggers]


def _now(item: Item, state: SessionState, board: Board, now: datetime) -> TriggerNow:
    said = state.triggers.get(item.id)
    if said is not None and said.shelved_until is not None and now < said.shelved_until:
        rest = left((said.shelved_until - now).total_seconds())
        text = f"shelved by {said.shelved_by} for {rest} more: {said.shelved_why}"
        return TriggerNow(item.id, item.text, Trigger.SHELVED, text)
    if said is not None and said.raised_at is not None:
        text = f"raised by {said.raised_by} {near(said.raised_at, now)}"
        return TriggerNow(item.id, item.text, Trigger.FIRED, text, said.raised_at)
    if item.when is None:
        return TriggerNow(item.id, item.text, Trigger.BY_HAND, "no gauge watches it: raise it by hand")
    reading = board.reading(item.when.gauge)
    if reading is None or reading.level in (Level.NO_DATA, Level.STALE):
        why = reading.why if reading else "no gauge reads it"
        return TriggerNow(item.id, item.text, Trigger.NOT_MEASURED, f"not measured: {why}")
    if reading.level is Level.PLANNED_STOP:
        return TriggerNow(item.id, item.text, Trigger.RESTS, reading.why)
    if reading.level.value == item.when.level and reading.in_level_s >= item.when.for_s:
        since = now - timedelta(seconds=reading.in_level_s)
        return TriggerNow(
            item.id, item.text, Trigger.FIRED, f"{reading.why}, for {left(reading.in_level_s)}", since
        )
    if reading.level.value == item.when.level:
        held = f"{left(reading.in_level_s)} of {left(item.when.for_s)}"
        return TriggerNow(item.id, item.text, Trigger.CLEAR, f"{reading.why}, for {held}")
    return TriggerNow(item.id, item.text, Trigger.CLEAR, reading.why)
