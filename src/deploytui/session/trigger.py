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
    def stands(how: Trigger, text: str, since: datetime | None = None) -> TriggerNow:
        return TriggerNow(item.id, item.text, how, text, since)

    said, when = state.triggers.get(item.id), item.when
    if said is not None and said.shelved_until is not None and now < said.shelved_until:
        rest = left((said.shelved_until - now).total_seconds())
        return stands(Trigger.SHELVED, f"shelved by {said.shelved_by} for {rest} more: {said.shelved_why}")
    if said is not None and said.raised_at is not None:
        text = f"raised by {said.raised_by} {near(said.raised_at, now)}"
        return stands(Trigger.FIRED, text, said.raised_at)
    if when is None:
        return stands(Trigger.BY_HAND, "no gauge watches it: raise it by hand")
    reading = board.reading(when.gauge)
    if reading is None or reading.level in (Level.NO_DATA, Level.STALE):
        why = reading.why if reading else "no gauge reads it"
        return stands(Trigger.NOT_MEASURED, f"not measured: {why}")
    if reading.level is Level.PLANNED_STOP:
        return stands(Trigger.RESTS, reading.why)
    if reading.level.value != when.level:
        return stands(Trigger.CLEAR, reading.why)
    text, held_s = f"{reading.why}, for {left(reading.in_level_s)}", reading.in_level_s
    if held_s < when.for_s:
        return stands(Trigger.CLEAR, f"{text} of {left(when.for_s)}")
    return stands(Trigger.FIRED, text, now - timedelta(seconds=held_s))
