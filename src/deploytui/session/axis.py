"""The stretches of time that the timeline's bars are drawn on: one stage, and the whole plan. Pure.

Weeks and the two hours of the night cannot be read on one scale: beside the phase that is looked at, only
what is of its order of length is on the axis.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from deploytui.plan.schedule import Span
from deploytui.session.session import Session
from deploytui.session.view import Axis

_REACH = 8
_LEAST_STEP = timedelta(minutes=15)
WHOLE = "whole plan"


def axes(session: Session, now: datetime, shown_phase: str) -> tuple[Axis, Axis] | None:
    """The stage of the looked-at phase, and the whole of it, which always holds now. None without windows."""
    spans = {phase: span for phase, span in session.spans().items() if phase not in session.state.set_aside}
    if not spans:
        return None
    whole = _holding(_cover(list(spans.values())), now)
    phase = shown_phase if shown_phase in spans else session.current_phase(now)
    wide = _axis(whole, now, session.zone, WHOLE)
    if phase is None or phase not in spans:
        return wide, wide
    stage = session.index.stage_of[phase]
    here = [span for other, span in spans.items() if session.index.stage_of[other] is stage]
    return _axis(_near(spans[phase], here, now), now, session.zone, stage.heading), wide


def _near(base: Span, others: list[Span], now: datetime) -> Span:
    """`base` with what of the stage is not much longer than it, and now where that is as near."""
    most = base.length * _REACH
    span = base
    for other in sorted(others, key=lambda one: one.length):
        wider = _cover([span, other])
        span = wider if wider.length <= most else span
    wider = _holding(span, now)
    return wider if wider.length <= most else span


def _cover(spans: list[Span]) -> Span:
    return Span(min(span.start_at for span in spans), max(span.end_at for span in spans))


def _holding(span: Span, now: datetime) -> Span:
    """Wide enough for now. It grows in steps, so that a bar does not shrink a little every minute."""
    step = max(_LEAST_STEP, span.length / _REACH)
    start, end = span.start_at, span.end_at
    if now < start:
        start -= step * (1 + (start - now) // step)
    if now >= end:
        end += step * (1 + (now - end) // step)
    return Span(start, end)


def _axis(span: Span, now: datetime, zone: tzinfo, title: str) -> Axis:
    return Axis(span.start_at, span.end_at, now.replace(second=0, microsecond=0), zone, title)
