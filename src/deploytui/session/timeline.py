"""Identity, stages and timeline: where the night is, and how long each part still has."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from deploytui.base.units import left, over
from deploytui.plan.model import Phase
from deploytui.plan.schedule import Span, follow_up, rollback_fits
from deploytui.session.moment import by_then, day, near, short, zone_name
from deploytui.session.outlook import END, ROLLBACK, Ahead
from deploytui.session.session import Session
from deploytui.session.view import Counts, IdentityView, Progress, StageView, TimelineRow

_ENVIRONMENTS = {"production": "PROD", "staging": "STAGE", "development": "DEV"}


def identity_view(session: Session, now: datetime) -> IdentityView:
    """Who, what and when, for the bar on top."""
    facts = {name.casefold(): text for name, text in session.plan.facts}
    environment = facts.get("environment", "")
    version = facts.get("version", "")
    zone, local = session.zone, session.clock.local_zone()
    hold = session.state.hold
    until = hold.expected_at if hold else None
    here, home = now.astimezone(zone), now.astimezone(local)
    is_same = here.utcoffset() == home.utcoffset()
    return IdentityView(
        environment=_ENVIRONMENTS.get(environment.casefold(), environment.upper()),
        title=f"{session.plan.title} {version}".strip(),
        mode=session.header.mode,
        is_driving=session.is_driving,
        driver=session.state.driver if session.state.driver_left_at is None else "",
        driver_since=session.state.driver_since,
        driver_note=session.driver_note,
        date=day(here),
        zone_clock=(here.strftime("%H:%M:%S"), zone_name(now, zone)),
        local_clock=None if is_same else (home.strftime("%H:%M:%S"), zone_name(now, local)),
        local_date=day(home) if here.date() != home.date() else None,
        outcome=session.state.outcome,
        is_held=hold is not None,
        held_until=near(until, now) if until and until > now else "",
    )


def go_live_text(session: Session, now: datetime) -> str:
    """`go-live in 1 h 17` before T, `go-live +42 min` after it, "" without one."""
    if session.go_live is None:
        return ""
    seconds = (session.go_live - now).total_seconds()
    return f"go-live in {left(seconds)}" if seconds > 0 else f"go-live +{left(-seconds)}"


def stage_views(session: Session, now: datetime) -> tuple[StageView, ...]:
    """The three stages. What was set aside is counted apart, what goes on for weeks is not tonight's."""
    spans, current = session.spans(), session.current_phase(now)
    later, aside = follow_up(session.plan, spans), session.state.set_aside
    views = []
    for stage in session.plan.stages:
        phases = [phase.id for phase in stage.phases]
        tonight = [phase for phase in phases if phase not in later] or phases
        counts, is_current = session.tally.of_phases(tonight), current in phases
        ends = [spans[phase].end_at for phase in tonight if phase in spans and phase not in aside]
        views.append(
            StageView(
                name=stage.name,
                title=stage.name.heading,
                progress=_stage_progress(counts, is_current),
                counts=counts,
                ends_at=max(ends, default=None),
                left_s=(max(ends) - now).total_seconds() if ends else None,
                earlier=counts.set_aside,
                is_current=is_current,
            )
        )
    return tuple(views)


def _stage_progress(counts: Counts, is_current: bool) -> Progress:
    if counts.failed_in_all:
        return Progress.FAILED
    if counts.total and not counts.left_in_all:
        return Progress.DONE
    if is_current:
        return Progress.CURRENT
    return Progress.OPEN if counts.total or not counts.set_aside else Progress.SET_ASIDE


def stage_bars(session: Session, stages: tuple[StageView, ...], now: datetime) -> tuple[TimelineRow, ...]:
    """One row for each stage that has windows tonight, for the bars of whole stages."""
    spans = session.spans()
    hidden = follow_up(session.plan, spans) | session.state.set_aside
    rows = []
    for definition, view in zip(session.plan.stages, stages, strict=True):
        phases = [phase.id for phase in definition.phases if phase.id in spans and phase.id not in hidden]
        if phases:
            start = min(spans[phase].start_at for phase in phases)
            span = Span(start, max(spans[phase].end_at for phase in phases))
            row = TimelineRow("stage", view.title, counts=view.counts, is_current=view.is_current)
            rows.append(_placed(replace(row, progress=view.progress), session, phases, span, now))
    return tuple(rows)


def _placed(
    row: TimelineRow, session: Session, phases: list[str], span: Span | None, now: datetime
) -> TimelineRow:
    """The row of a phase or a stage with its window, and with the first and last act in it."""
    acted = session.tally.acted(phases)
    is_dealt_with = row.counts is not None and not row.counts.left_in_all
    return replace(
        row,
        at=span.start_at if span else None,
        clock=short(span.start_at, now, session.zone) if span else "",
        end_at=span.end_at if span else None,
        first_at=acted[0] if acted else None,
        last_at=acted[1] if acted and is_dealt_with else None,
    )


def timeline_rows(session: Session, now: datetime, ahead: Ahead) -> tuple[TimelineRow, ...]:
    """Phases in time order with now and the moments that matter between them.

    What was set aside is one line; what has no time follows in the plan's order.
    """
    spans, aside, current = session.spans(), session.state.set_aside, session.current_phase(now)
    rows: list[TimelineRow] = []
    if aside:
        count = sum(len(session.index.phase_items[phase]) for phase in aside)
        where = session.state.done_elsewhere
        what = f"done elsewhere: {where}" if where else "not in this session"
        rows.append(TimelineRow("mark", f"earlier: {count}, {what}", progress=Progress.SET_ASIDE))
    phases = [
        _phase_row(session, phase, spans.get(phase.id), now, phase.id == current)
        for phase in session.index.phases.values()
        if phase.id not in aside
    ]
    for at, row in enumerate(phases):
        start = ahead.starts.get(row.phase)
        if row.at is not None and start is not None and now < row.at < start:
            phases[at] = replace(row, detail=f"late: {by_then(start, now)}", is_over=True)
    found = [*_marks(session, now), *ahead.markers, *phases]
    # Of the same moment a mark stands above a phase; sorting keeps the order that they are in.
    rows += sorted((row for row in found if row.at is not None), key=lambda row: row.at or now)
    untimed = [row for row in found if row.at is None]
    return (*rows, *sorted(untimed, key=lambda row: row.kind != "phase"))


def _marks(session: Session, now: datetime) -> list[TimelineRow]:
    """Now, the last minute to roll back, and the end of the night's windows."""
    spans = session.spans()

    def mark(title: str, at: datetime, **how: Any) -> TimelineRow:
        return TimelineRow("mark", title, at, short(at, now, session.zone), **how)

    marks = [replace(mark("NOW", now.replace(second=0, microsecond=0)), kind="now")]
    for fit in rollback_fits(session.plan, spans)[:1]:
        is_past = now > fit.start_by
        title = "rollback fitted until" if is_past else "rollback fits until"
        marks.append(mark(title, fit.start_by, is_over=is_past, phase=fit.phase, sign=ROLLBACK))
    later = follow_up(session.plan, spans)
    if tonight := [phase for phase in spans if phase not in later]:
        last = max(tonight, key=lambda phase: spans[phase].end_at)
        marks.append(mark("window closes", spans[last].end_at, phase=last, sign=END))
    return marks


def _phase_row(
    session: Session, phase: Phase, span: Span | None, now: datetime, is_current: bool
) -> TimelineRow:
    counts = session.tally.phase(phase.id)
    detail, is_over = _phase_detail(session, phase.id, span, now, counts)
    planned = session.planned_spans().get(phase.id)
    row = TimelineRow(
        kind="phase",
        title=phase.title,
        progress=_stage_progress(counts, is_current),
        detail=detail,
        is_over=is_over,
        phase=phase.id,
        counts=counts,
        fraction=round((now - span.start_at) / span.length, 2) if span and span.holds(now) else None,
        is_current=is_current,
        planned_end_at=planned.end_at if planned else None,
    )
    return _placed(row, session, [phase.id], span, now)


def _phase_detail(
    session: Session, phase: str, span: Span | None, now: datetime, counts: Counts
) -> tuple[str, bool]:
    """The right column, and whether it is an overrun. A phase nobody worked in is open, not late."""
    if span is None:
        return f"{counts.left_in_all} open" if counts.left_in_all else "", False
    if now < span.start_at:
        return f"in {left((span.start_at - now).total_seconds())}", False
    if now < span.end_at:
        return f"{left((span.end_at - now).total_seconds())} left", False
    if not counts.left_in_all:
        return left(span.length.total_seconds()), False
    if session.was_worked_in(phase):
        return f"{over((now - span.end_at).total_seconds())} over", True
    return f"{counts.left_in_all} open", False
