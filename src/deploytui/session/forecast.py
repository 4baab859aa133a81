"""When it will end: only from durations that were planned, else why there is no forecast. Pure.

Steps are taken one after the other. A pace is never extrapolated: ten unequal steps say nothing of the eleventh.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from deploytui.journal.state import ItemStatus, SessionState
from deploytui.plan.index import Placed
from deploytui.plan.schedule import follow_up, rollback_fits, rollback_phase
from deploytui.session.moment import near
from deploytui.session.rules import status_of
from deploytui.session.session import Session

KNOWN_SHARE = 0.8


class Work(Struct, frozen=True):
    """What is left of some items: seconds where durations are known, and how many have none."""

    seconds: float = 0.0
    items: int = 0
    unknown: int = 0

    @property
    def is_known(self) -> bool:
        """Whether enough of it has a duration to be added up."""
        return not self.items or (self.items - self.unknown) >= KNOWN_SHARE * self.items


class PhaseForecast(Struct, frozen=True):
    """`end_at` is None where there is none, and `why` then says so in words; `unknown` items have no duration."""

    phase: str
    start_at: datetime | None
    end_at: datetime | None
    why: str = ""
    unknown: int = 0


def worked_s(state: SessionState, since: datetime, until: datetime) -> float:
    """The work clock between two moments: the wall clock without the holds."""
    total = (until - since).total_seconds()
    for hold in state.holds:
        overlap = min(until, hold.ended_at or until) - max(since, hold.since)
        total -= max(0.0, overlap.total_seconds())
    return max(0.0, total)


def work_left(state: SessionState, items: Iterable[Placed], now: datetime) -> Work:
    """What is left to do of `items`; an active one counts what remains of its duration."""
    seconds, count, unknown = 0.0, 0, 0
    for placed in items:
        status = status_of(state, placed.item.id)
        if status not in (ItemStatus.OPEN, ItemStatus.ACTIVE, ItemStatus.FAILED):
            continue
        count += 1
        planned = placed.item.duration_s
        if planned is None:
            unknown += 1
            continue
        said = state.items.get(placed.item.id)
        spent = worked_s(state, said.started_at, now) if said and said.started_at else 0.0
        seconds += max(0.0, planned - spent)
    return Work(seconds, count, unknown)


def forecasts(session: Session, now: datetime) -> dict[str, PhaseForecast]:
    """Tonight's phases from where the work is, each from where the one before ends."""
    spans = session.spans()
    later = follow_up(session.plan, spans)
    hold = session.state.hold
    at: datetime | None = max(now, hold.expected_at) if hold and hold.expected_at else now
    found: dict[str, PhaseForecast] = {}
    first, is_reached = _working_in(session, now), False
    for _, phase in session.plan.phases():
        is_reached = is_reached or phase.id == first
        if not is_reached or phase.id in session.state.set_aside or phase.id in later:
            continue
        work = work_left(session.state, session.index.of_phase(phase.id), now)
        if not work.items:
            continue
        span = spans.get(phase.id)
        is_ahead = phase.id not in session.state.entered  # what was entered early is worked on
        start = max(at, span.start_at) if at and span and is_ahead else at
        at = start + timedelta(seconds=work.seconds) if work.is_known and start is not None else None
        found[phase.id] = PhaseForecast(phase.id, start, at, "" if at else _why(work), work.unknown)
    return found


def _working_in(session: Session, now: datetime) -> str | None:
    """The current phase, or the one before it that was entered last and is not done: that its window is over
    does not end its work."""
    current, state, phases = session.current_phase(now), session.state, list(session.index.phases)
    entered = [phase for phase in phases if phase in state.entered and phase not in state.set_aside]
    last = max(entered, key=lambda phase: state.entered[phase], default=None)
    if current is None or last is None or not session.tally.phase(last).left_in_all:
        return current
    return min(current, last, key=phases.index)


def _why(work: Work) -> str:
    if work.is_known:
        return "no forecast: what comes before has none"
    steps = "step" if work.unknown == 1 else "steps"
    return f"no forecast: {work.unknown} {steps} without a duration"


def must_end_by(session: Session, item: str, now: datetime) -> datetime | None:
    """The latest end of a step that leaves room for what is then still left, and for a rollback after it.

    None outside the rollback's window, without budgets, or where what is left has no durations. It may be past.
    """
    fits = rollback_fits(session.plan, session.spans())
    placed = session.index.by_id[item]
    if not fits or placed.phase != rollback_phase(session.plan):
        return None
    work = work_left(session.state, _left_after(session, placed), now)
    if not work.items or not work.is_known:
        return None
    return fits[0].start_by - timedelta(seconds=work.seconds)


def must_end_text(session: Session, item: str, now: datetime) -> str:
    """`03:05Z, or the rollback no longer fits`; "" where nobody can know it."""
    if (at := must_end_by(session, item, now)) is None:
        return ""
    why = "which is past: with what is left" if at < now else "or"
    return f"{near(at, now)}, {why} the rollback no longer fits"


def _left_after(session: Session, placed: Placed) -> Iterator[Placed]:
    """What may be left when a step ends: all behind it that is no part of it, and before it what failed; what is open
    before it only where the step has begun, since else its turn comes first."""
    is_begun = status_of(session.state, placed.item.id) is ItemStatus.ACTIVE
    is_part = False
    for other in session.index.of_phase(placed.phase):
        if other.position < placed.position:
            if is_begun or status_of(session.state, other.item.id) is ItemStatus.FAILED:
                yield other
            continue
        is_part = other is placed or (is_part and other.depth > placed.depth)
        if not is_part:
            yield other


def worst_case(session: Session, now: datetime) -> datetime | None:
    """When it would all be over if one reached the end of execution and then rolled back."""
    phase = rollback_phase(session.plan)
    forecast = forecasts(session, now).get(phase) if phase else None
    if forecast is None or forecast.end_at is None or not session.plan.rollback.sum_s:
        return None
    return forecast.end_at + timedelta(seconds=session.plan.rollback.sum_s)
