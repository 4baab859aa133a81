"""What is ahead: when phases start, when the work ends, and where a plan's marked items stand in time.

Read off the forecast, which looks at every open item: made anew after an act, and four times a minute.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from deploytui.base.units import over
from deploytui.journal.state import ItemStatus
from deploytui.plan.index import Placed
from deploytui.plan.model import Item, Mark
from deploytui.plan.schedule import instant
from deploytui.session.forecast import PhaseForecast, forecasts, work_left
from deploytui.session.label import item_name
from deploytui.session.moment import short
from deploytui.session.session import Session
from deploytui.session.view import Progress, TimelineRow

GATE, BASELINE, STOP, TRAFFIC, LOCK, FORECAST, ROLLBACK, END = "G", "B", "S", "T", "L", "F", "!", "E"
HOLD, PROMISE = "H", "P"
_MARKED = {
    Mark.BASELINE: (BASELINE, "baseline"),
    Mark.STOPS: (STOP, "stop"),
    Mark.TRAFFIC: (TRAFFIC, "first traffic"),
}
_EVERY_S = 15


class Ahead(Struct, frozen=True):
    """When phases are forecast to start, and the moments to mark on the axis, each under one letter. `at` of one is
    None while nobody can know when it will be: it has its line too, so that nothing moves when it comes."""

    starts: dict[str, datetime]
    markers: tuple[TimelineRow, ...]


class Outlook:
    """The look ahead of one session. The marked items are found once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._marked = [placed.item.id for placed in session.index.items if _has_moment(placed.item)]
        self._key: tuple[int, int] | None = None
        self._ahead = Ahead({}, ())

    def look(self, now: datetime) -> Ahead:
        key = (self._session.state.seq, int(now.timestamp()) // _EVERY_S)
        if key != self._key:
            found = forecasts(self._session, now)
            starts = {phase: one.start_at for phase, one in found.items() if one.start_at is not None}
            self._key, self._ahead = key, Ahead(starts, tuple(self._markers(found, starts, now)))
        return self._ahead

    def _markers(
        self, found: dict[str, PhaseForecast], starts: dict[str, datetime], now: datetime
    ) -> Iterator[TimelineRow]:
        session = self._session
        for item in self._marked:
            placed = session.index.by_id[item]
            if placed.phase not in session.state.set_aside:
                yield from self._of_item(placed, starts.get(placed.phase), now)
        current = session.current_phase(now)
        yield from self._announced(current or "", now)
        if current is not None and (forecast := found.get(current)) is not None:
            yield self._end_of_work(forecast, now)

    def _announced(self, phase: str, now: datetime) -> Iterator[TimelineRow]:
        """What people said: until when a hold lasts, and what is promised by when."""
        state = self._session.state
        if (hold := state.hold) is not None and hold.expected_at is not None:
            is_late = now > hold.expected_at
            detail = f"{over((now - hold.expected_at).total_seconds())} over" if is_late else ""
            yield self._mark(
                HOLD, f"hold: {hold.reason}", phase, hold.expected_at, now, detail, is_late=is_late
            )
        for one in state.promises:
            if one.was_kept is None:
                is_late = now > one.due_at
                detail = "OVERDUE" if is_late else ""
                yield self._mark(
                    PROMISE, f"{one.who} promised", phase, one.due_at, now, detail, is_late=is_late
                )

    def _end_of_work(self, forecast: PhaseForecast, now: datetime) -> TimelineRow:
        phase, at = forecast.phase, forecast.end_at
        if at is None:
            return self._mark(
                FORECAST, "no forecast", phase, None, now, f"{forecast.unknown} without duration"
            )
        span = self._session.spans().get(phase)
        late = f"{over((at - span.end_at).total_seconds())} late" if span and at > span.end_at else ""
        title = f"{self._session.index.phases[phase].title} ends"
        return self._mark(FORECAST, title, phase, at, now, late, is_late=bool(late))

    def _of_item(self, placed: Placed, starts_at: datetime | None, now: datetime) -> Iterator[TimelineRow]:
        said = self._session.state.items.get(placed.item.id)
        is_open = said is None or said.status is ItemStatus.ACTIVE
        if is_open and (opens_at := self._opens_at(placed)) is not None:
            title = f"{item_name(self._session.index, placed.item.id)} opens"
            yield self._mark(LOCK, title, placed.phase, opens_at, now, is_passed=opens_at <= now)
        if not is_open and (said is None or said.status is not ItemStatus.DONE):
            return  # skipped or failed: its moment has not been
        at = said.at if said is not None and not is_open else self._expected_at(placed, starts_at, now)
        detail = "" if at is not None else "no time yet"
        if placed.item.gate is not None:
            yield self._mark(GATE, "go/no-go", placed.phase, at, now, detail, is_passed=not is_open)
        for mark in placed.item.marks:
            if mark in _MARKED:
                sign, title = _MARKED[mark]
                yield self._mark(sign, title, placed.phase, at, now, detail, is_passed=not is_open)

    def _mark(
        self,
        sign: str,
        title: str,
        phase: str,
        at: datetime | None,
        now: datetime,
        detail: str = "",
        *,
        is_passed: bool = False,
        is_late: bool = False,
    ) -> TimelineRow:
        clock = short(at, now, self._session.zone) if at is not None else ""
        progress = Progress.DONE if is_passed else Progress.OPEN
        return TimelineRow("mark", title, at, clock, progress, detail, is_late, phase, sign=sign)

    def _opens_at(self, placed: Placed) -> datetime | None:
        edge = placed.item.not_before
        return None if edge is None else instant(edge, self._session.go_live, self._session.zone)

    def _expected_at(self, placed: Placed, starts_at: datetime | None, now: datetime) -> datetime | None:
        """When its turn comes: only where the durations before it are known, and never in the past."""
        if starts_at is None:
            return None
        before = (one for one in self._session.index.of_phase(placed.phase) if one.position < placed.position)
        work = work_left(self._session.state, before, now)
        if not work.is_known:
            return None
        at = (starts_at + timedelta(seconds=work.seconds)).replace(second=0, microsecond=0)
        opens_at = self._opens_at(placed)
        at = max(at, opens_at) if opens_at is not None else at
        return at if at > now else None


def _has_moment(item: Item) -> bool:
    return item.gate is not None or item.not_before is not None or any(mark in _MARKED for mark in item.marks)
