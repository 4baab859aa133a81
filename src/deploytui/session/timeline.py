"""Identity, stages and timeline: where the night is, and how long each part still has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from deploytui.base.units import left, over
from deploytui.plan.model import Phase
from deploytui.plan.schedule import Span, follow_up, rollback_fits
from deploytui.session.moment import day, near, short, zone_name
from deploytui.session.session import Session
from deploytui.session.view import Axis, Counts, IdentityView, Progress, StageView, TimelineRow

_ENVIRONMENTS = {"production": "PROD", "staging": "STAGE", "development": "DEV"}


def identity_view(session: Session, now: datetime, driver_note: str) -> IdentityView:
    """Who, what and when, for the bar on top."""
    facts = {name.casefold(): text for name, text in session.plan.facts}
    environment = facts.get("environment", "")
    version = facts.get("version", "")
    zone, local = session.zone, session.clock.local_zone()
    here, home = now.astimezone(zone), now.astimezone(local)
    is_same = here.utcoffset() == home.utcoffset()
    return IdentityView(
        environment=_ENVIRONMENTS.get(environment.casefold(), environment.upper()),
        title=f"{session.plan.title} {version}".strip(),
        mode=session.header.mode,
        is_driving=session.is_driving,
        driver=session.state.driver if session.state.driver_left_at is None else "",
        driver_since=session.state.driver_since,
        driver_note=driver_note,
        date=day(here),
        zone_clock=(here.strftime("%H:%M:%S"), zone_name(now, zone)),
        local_clock=None if is_same else (home.strftime("%H:%M:%S"), zone_name(now, local)),
        local_date=day(home) if here.date() != home.date() else None,
        outcome=session.state.outcome,
    )


def phase_counts(session: Session, phase: str) -> Counts:
    return session.tally.phase(phase)


def go_live_text(session: Session, now: datetime) -> str:
    """`go-live in 1 h 17` before T, `go-live +42 min` after it, "" without one."""
    if session.go_live is None:
        return ""
    seconds = (session.go_live - now).total_seconds()
    return f"go-live in {left(seconds)}" if seconds > 0 else f"go-live +{left(-seconds)}"


def stage_views(session: Session, now: datetime) -> tuple[StageView, ...]:
    """The three stages. What was set aside is counted apart, what goes on for weeks is not tonight's."""
    spans = session.spans()
    current = session.current_phase(now)
    later = follow_up(session.plan, spans)
    views = []
    for stage in session.plan.stages:
        phases = [phase.id for phase in stage.phases]
        tonight = [phase for phase in phases if phase not in later] or phases
        counts = session.tally.of_phases(tonight)
        ends = [
            spans[phase].end_at
            for phase in tonight
            if phase in spans and phase not in session.state.set_aside
        ]
        views.append(
            StageView(
                name=stage.name,
                title=stage.name.heading,
                progress=_stage_progress(counts, current in phases),
                counts=counts,
                ends_at=max(ends) if ends else None,
                left_s=(max(ends) - now).total_seconds() if ends else None,
                earlier=counts.set_aside,
                is_current=current in phases,
            )
        )
    return tuple(views)


def _stage_progress(counts: Counts, is_current: bool) -> Progress:
    if counts.failed:
        return Progress.FAILED
    if counts.total and not counts.left:
        return Progress.DONE
    if is_current:
        return Progress.CURRENT
    return Progress.OPEN if counts.total or not counts.set_aside else Progress.SET_ASIDE


def timeline_rows(
    session: Session, now: datetime, shown_phase: str, starts: Mapping[str, datetime]
) -> tuple[TimelineRow, ...]:
    """Phases in time order with NOW, go-live and the last minute to roll back between them.

    `starts` is when phases are forecast to start. What was set aside is one line; phases without a window follow
    in the plan's order.
    """
    rows: list[TimelineRow] = []
    spans = session.spans()
    aside = session.state.set_aside
    if aside:
        count = sum(len(session.index.phase_items[phase]) for phase in aside)
        rows.append(
            TimelineRow("mark", f"earlier: {count}, not in this session", progress=Progress.SET_ASIDE)
        )
    current = session.current_phase(now)
    timed: list[tuple[datetime, int, TimelineRow]] = []
    untimed: list[TimelineRow] = []
    for order, (_, phase) in enumerate(session.plan.phases()):
        if phase.id in aside:
            continue
        span = spans.get(phase.id)
        row = _phase_row(session, phase, span, now, phase.id == current, phase.id == shown_phase)
        if (
            span is not None
            and (start := starts.get(phase.id))
            and now < span.start_at
            and start > span.start_at
        ):
            row = replace(row, detail=f"late: {near(start, now)}", is_over=True)
        if span is None:
            untimed.append(row)
        else:
            timed.append((span.start_at, order, row))
    timed += [(at, -1, row) for at, row in _marks(session, now)]
    rows += [row for _, _, row in sorted(timed, key=lambda entry: (entry[0], entry[1]))]
    return (*rows, *untimed)


def _marks(session: Session, now: datetime) -> list[tuple[datetime, TimelineRow]]:
    zone = session.zone
    minute = now.replace(second=0, microsecond=0)
    marks = [(now, TimelineRow("now", "NOW", minute, short(now, now, zone)))]
    spans = session.spans()
    for fit in rollback_fits(session.plan, spans)[:1]:
        title = "rollback fits until" if now <= fit.start_by else "rollback fitted until"
        marks.append((fit.start_by, TimelineRow("mark", title, fit.start_by, short(fit.start_by, now, zone))))
    later = follow_up(session.plan, spans)
    ends = [span.end_at for phase, span in spans.items() if phase not in later]
    if ends:
        end = max(ends)
        marks.append((end, TimelineRow("mark", "window closes", end, short(end, now, zone))))
    return marks


def _phase_row(
    session: Session, phase: Phase, span: Span | None, now: datetime, is_current: bool, is_shown: bool
) -> TimelineRow:
    counts = session.tally.phase(phase.id)
    detail, is_over = _phase_detail(session, phase.id, span, now, counts)
    fraction = None
    if span is not None and span.holds(now):
        fraction = round((now - span.start_at) / span.length, 2)
    planned = session.planned_spans().get(phase.id)
    acted = session.acted(phase.id)
    return TimelineRow(
        kind="phase",
        title=phase.title,
        at=span.start_at if span else None,
        clock=short(span.start_at, now, session.zone) if span else "",
        progress=_stage_progress(counts, is_current),
        detail=detail,
        is_over=is_over,
        phase=phase.id,
        counts=counts,
        fraction=fraction,
        is_shown=is_shown,
        is_current=is_current,
        end_at=span.end_at if span else None,
        planned_end_at=planned.end_at if planned else None,
        first_at=acted[0] if acted else None,
        last_at=acted[1] if acted and not counts.left else None,
    )


def axes(session: Session, now: datetime) -> tuple[Axis, Axis] | None:
    """What the bars are drawn on: the current stage, and the whole of it. Each holds now."""
    spans = {phase: span for phase, span in session.spans().items() if phase not in session.state.set_aside}
    if not spans:
        return None
    later = follow_up(session.plan, spans)
    tonight = {phase: span for phase, span in spans.items() if phase not in later} or spans
    current = session.current_phase(now)
    stage = session.index.stage_of[current] if current else None
    here = [span for phase, span in tonight.items() if session.index.stage_of[phase] is stage]
    return _axis(here or list(tonight.values()), now), _axis(list(spans.values()), now)


def _axis(spans: list[Span], now: datetime) -> Axis:
    minute = now.replace(second=0, microsecond=0)
    start, end = min(span.start_at for span in spans), max(span.end_at for span in spans)
    return Axis(min(start, minute), max(end, minute + timedelta(minutes=1)), minute)


def _phase_detail(
    session: Session, phase: str, span: Span | None, now: datetime, counts: Counts
) -> tuple[str, bool]:
    """The right column, and whether it is an overrun. A phase nobody worked in is open, not late."""
    if span is None:
        return f"{counts.left} open" if counts.left else "", False
    if now < span.start_at:
        return f"in {left((span.start_at - now).total_seconds())}", False
    if now < span.end_at:
        return f"{left((span.end_at - now).total_seconds())} left", False
    if not counts.left:
        return left(span.length.total_seconds()), False
    if session.was_worked_in(phase):
        return f"{over((now - span.end_at).total_seconds())} over", True
    return f"{counts.left} open", False
