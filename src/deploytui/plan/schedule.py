"""Where a plan stands in time: windows as instants, the current phase, the last minute to roll back. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from datetime import time as time_of_day

from msgspec import Struct

from deploytui.base.units import parse_duration
from deploytui.plan.model import Edge, Plan, StageName

_FOLLOW_UP_AFTER = timedelta(hours=12)
_TIME_ONLY = re.compile(r"(\d{1,2}):(\d{2})(Z)?", re.ASCII)
_FROM_NOW = re.compile(r"now(?:\+(\S+))?")
GO_LIVE_FORMS = "2026-11-24T02:00Z, 02:00Z (the nearest within 12 h), now or now+2h"


class Span(Struct, frozen=True):
    """A window as two instants, aware UTC."""

    start_at: datetime
    end_at: datetime

    def holds(self, at: datetime) -> bool:
        return self.start_at <= at < self.end_at

    @property
    def length(self) -> timedelta:
        return self.end_at - self.start_at


Spans = Mapping[str, Span]


def zone_of(plan: Plan) -> tzinfo:
    """The plan's zone; the builder has already checked its name."""
    if plan.zone == "UTC":
        return UTC
    from zoneinfo import ZoneInfo  # the zone data is looked for as soon as it is imported

    return ZoneInfo(plan.zone)


def instant(edge: Edge, go_live: datetime | None, zone: tzinfo) -> datetime | None:
    """The instant of an edge; None when it needs a go-live and there is none.

    Days are the zone's own: across a change of its clocks a day is 23 or 25 hours long.
    """
    if edge.at is not None:
        return edge.at.astimezone(UTC)
    if go_live is None or edge.offset_s is None:
        return None
    if not edge.is_day:
        return go_live.astimezone(UTC) + timedelta(seconds=edge.offset_s)
    day: date = go_live.astimezone(zone).date() + timedelta(days=edge.offset_s // 86400)
    return datetime.combine(day, time_of_day(0), tzinfo=zone).astimezone(UTC)


def place(plan: Plan, go_live: datetime | None) -> dict[str, Span]:
    """The span of every phase that has a window that can be placed, by phase id."""
    zone = zone_of(plan)
    spans: dict[str, Span] = {}
    for _, phase in plan.phases():
        if phase.window is None:
            continue
        start = instant(phase.window.start, go_live, zone)
        end = instant(phase.window.end, go_live, zone)
        if start is not None and end is not None:
            spans[phase.id] = Span(start, end)
    return spans


def shift(spans: Spans, moves: Mapping[str, int]) -> dict[str, Span]:
    """The spans after edges were moved: `moves` has seconds by `PHASE.start` and `PHASE.end`."""
    shifted = dict(spans)
    for edge, seconds in moves.items():
        phase, _, end = edge.rpartition(".")
        if phase in shifted:
            span, by = shifted[phase], timedelta(seconds=seconds)
            start = end == "start"
            shifted[phase] = Span(span.start_at + by * start, span.end_at + by * (not start))
    return shifted


def current_phase(plan: Plan, spans: Spans, now: datetime, has_open: Callable[[str], bool]) -> str | None:
    """The phase the night is in: of those whose window holds `now` the shortest; between windows the next to
    start; after all, the last to end; without windows, the first with an open item. None without phases."""
    phases = [phase.id for _, phase in plan.phases()]
    if not phases:
        return None
    timed = [phase for phase in phases if phase in spans]
    if not timed:
        return next((phase for phase in phases if has_open(phase)), phases[-1])
    if holding := [phase for phase in timed if spans[phase].holds(now)]:
        return min(holding, key=lambda phase: spans[phase].length)
    if coming := [phase for phase in timed if spans[phase].start_at > now]:
        return min(coming, key=lambda phase: spans[phase].start_at)
    return max(timed, key=lambda phase: spans[phase].end_at)


def ended(plan: Plan, spans: Spans, now: datetime) -> tuple[str, ...]:
    """The phases that were over before `now`: asked about once at start."""
    return tuple(
        phase.id for _, phase in plan.phases() if phase.id in spans and spans[phase.id].end_at <= now
    )


def rollback_phase(plan: Plan) -> str | None:
    """The phase whose end a rollback must fit: the plan's own word, else the last execution phase."""
    if plan.rollback.window:
        return plan.rollback.window
    execution = [phase.id for stage, phase in plan.phases() if stage is StageName.EXECUTION]
    return execution[-1] if execution else None


class Fit(Struct, frozen=True):
    """A limit that a rollback can still keep: start by `start_by` to be done by `phase`'s end."""

    phase: str
    end_at: datetime
    start_by: datetime


def rollback_fits(plan: Plan, spans: Spans) -> list[Fit]:
    """Every limit for a rollback, nearest first: the end of its window, then of each phase that starts after it.

    What counts is the sum of the budgets, whatever total the document states.
    """
    phase = rollback_phase(plan)
    total = timedelta(seconds=plan.rollback.sum_s)
    if phase is None or phase not in spans or not total:
        return []
    end = spans[phase].end_at
    fits = [Fit(phase, end, end - total)]
    later = [other.id for _, other in plan.phases() if other.id in spans and spans[other.id].start_at >= end]
    for other in sorted(later, key=lambda name: spans[name].end_at):
        if spans[other].end_at - end <= _FOLLOW_UP_AFTER:
            fits.append(Fit(other, spans[other].end_at, spans[other].end_at - total))
    return fits


def fit_ahead(fits: Iterable[Fit], now: datetime) -> Fit | None:
    """The nearest limit that a rollback called now still keeps."""
    return next((fit for fit in fits if now <= fit.start_by), None)


def follow_up(plan: Plan, spans: Spans) -> frozenset[str]:
    """Post-deploy phases that go on long after the night (Day 1, Week 1): not part of tonight's count."""
    night = [spans[phase.id].end_at for stage, phase in plan.phases()
             if stage is StageName.EXECUTION and phase.id in spans]  # fmt: skip
    if not night:
        return frozenset()
    until = max(night) + _FOLLOW_UP_AFTER
    return frozenset(
        phase.id
        for stage, phase in plan.phases()
        if stage is StageName.POST_DEPLOY and phase.id in spans and spans[phase.id].end_at > until
    )


def parse_go_live(text: str, now: datetime, zone: tzinfo) -> datetime:
    """T from what a person typed. A time without a date is the nearest such instant within 12 hours, in the
    plan's zone unless it ends in Z. ValueError says what was expected."""
    text = text.strip()
    if match := _FROM_NOW.fullmatch(text):
        return now + timedelta(seconds=parse_duration(match[1]) if match[1] else 0)
    if match := _TIME_ONLY.fullmatch(text):
        hour, minute = int(match[1]), int(match[2])
        if hour > 23 or minute > 59:
            raise ValueError(GO_LIVE_FORMS)
        home = UTC if match[3] else zone
        today = now.astimezone(home).date()
        near = [
            datetime.combine(today + timedelta(days=days), time_of_day(hour, minute), tzinfo=home)
            for days in (-1, 0, 1)
        ]
        return min((at.astimezone(UTC) for at in near), key=lambda at: abs(at - now))
    try:
        at = datetime.fromisoformat(text)
        if "T" not in text and " " not in text:
            raise ValueError(GO_LIVE_FORMS)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(GO_LIVE_FORMS) from None
