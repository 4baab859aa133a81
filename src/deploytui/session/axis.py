"""The stretches of time that the timeline's bars are drawn on: one stage, and the whole plan. Pure.

Weeks and the two hours of the night cannot be read on one scale: beside the phase that is looked at, only
what is of its order of length is on the axis. On that of the whole plan the night has most of the room.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from itertools import pairwise
from math import log1p

from msgspec.structs import replace

from deploytui.plan.model import StageName
from deploytui.plan.schedule import Span
from deploytui.session.session import Session
from deploytui.session.view import Axis

_REACH = 8
_LEAST_STEP = timedelta(minutes=15)
_NIGHT_SHARE = 0.6  # of the room, where on one scale the night would have less than a quarter
WHOLE = "whole plan"
ENLARGED = "whole plan, the night enlarged"


def axes(session: Session, now: datetime, shown_phase: str) -> tuple[Axis, Axis] | None:
    """The stage of the looked-at phase, and the whole of it, which always holds now. None without windows."""
    spans = {phase: span for phase, span in session.spans().items() if phase not in session.state.set_aside}
    if not spans:
        return None
    whole = _holding(_cover(list(spans.values())), now)
    phase = shown_phase if shown_phase in spans else session.current_phase(now)
    wide = _enlarged(_axis(whole, now, session.zone, WHOLE), _night(session, spans, now), spans)
    if phase is None or phase not in spans:
        return wide, wide
    stage = session.index.stage_of[phase]
    here = [span for other, span in spans.items() if session.index.stage_of[other] is stage]
    return _axis(_near(spans[phase], here, now), now, session.zone, stage.heading), wide


def _night(session: Session, spans: dict[str, Span], now: datetime) -> Span:
    """The shortest part of execution, with what of the plan is as near to it as one axis can show."""
    execution = [
        span for phase, span in spans.items() if session.index.stage_of[phase] is StageName.EXECUTION
    ]
    everything = list(spans.values())
    return _near(min(execution or everything, key=lambda span: span.length), everything, now)


def _enlarged(axis: Axis, night: Span, spans: dict[str, Span]) -> Axis:
    """The night on one scale over most of the room, and the days and weeks around it squeezed; each stretch between
    two edges of the plan gets the more the longer it is, but a week not seven times what a day has."""
    start, end = max(axis.start_at, night.start_at), min(axis.end_at, night.end_at)
    if (end - start) * 4 >= axis.end_at - axis.start_at:
        return axis
    edges = {edge for span in spans.values() for edge in (span.start_at, span.end_at)}
    around = {edge for edge in edges if not start <= edge <= end}
    places = sorted({axis.start_at, axis.end_at, start, end, *around})
    weights = [
        0.0 if left == start else log1p((right - left) / _LEAST_STEP) for left, right in pairwise(places)
    ]
    squeezed = sum(weights)
    share, knots = 0.0, [(places[0], 0.0)]
    for (left, right), weight in zip(pairwise(places), weights, strict=True):
        share += _NIGHT_SHARE if left == start else (1 - _NIGHT_SHARE) * weight / squeezed
        knots.append((right, share))
    knots[-1] = (axis.end_at, 1.0)
    return replace(axis, title=ENLARGED, knots=tuple(knots), night=(start, end))


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
