"""The level of one gauge as an explicit state machine: a sample moves it on, a moment reads it. Pure.

Only samples change what is known, so no level is ever earned by time that passed without data. Distances
are of the monotonic clock; the wall clock plays no part.
"""

from __future__ import annotations

import math

from msgspec.structs import replace

from deploytui.metrics.board import Level, Reading, Sample
from deploytui.metrics.latch import Latch, State
from deploytui.metrics.reason import limit_text, settling_text, why
from deploytui.plan.model import GaugeSpec


def stale_after_s(spec: GaugeSpec) -> float:
    """The age at which a gauge is stale: two intervals, but never while a slow answer may still be in time."""
    return max(2 * spec.every_s, spec.every_s + spec.timeout_s)


def advance(spec: GaugeSpec, state: State, sample: Sample) -> State:
    """The state after `sample`. A gap, by time or by a missing value, forgets every dwell and every band."""
    last = state.sample
    if last is not None and sample.mono_s < last.mono_s:
        return state
    if sample.value is None or not math.isfinite(sample.value):
        return _entered(state, State(sample=_without_value(sample), has_been_bad=True), sample.mono_s)
    is_gap = last is None or last.value is None or sample.mono_s - last.mono_s > stale_after_s(spec)
    known = State() if is_gap else state
    answers = known.answers + 1
    size = answers if sample.total is None else sample.total
    ok = known.ok.turn(spec.ok, sample.value, size, sample.mono_s)
    breach = known.breach.turn(spec.breach, sample.value, size, sample.mono_s)
    is_past = spec.breach is not None and spec.breach.limit.holds(sample.value)
    is_bad = is_past or (spec.ok is not None and not spec.ok.limit.holds(sample.value))
    level = _level(spec, ok, breach, is_past=is_past, has_been_bad=is_bad or state.has_been_bad)
    has_been_bad = is_bad or (state.has_been_bad and level is not Level.OK)
    return _entered(known, State(sample, ok, breach, level, None, answers, has_been_bad), sample.mono_s)


def level_at(spec: GaugeSpec, state: State, mono_s: float) -> Level:
    """The level at a moment: what the latest sample said, or stale once its value is too old to speak for now.
    No data stays that: whoever gives none is asked less often, and its age is told."""
    sample = state.sample
    if sample is not None and sample.value is not None and mono_s - sample.mono_s > stale_after_s(spec):
        return Level.STALE
    return state.level


def reading(spec: GaugeSpec, state: State, mono_s: float) -> Reading:
    """The gauge as it is drawn at a moment."""
    sample = state.sample
    level = level_at(spec, state, mono_s)
    age_s = None if sample is None else max(0.0, mono_s - sample.mono_s)
    since_s = state.entered_s
    if level is Level.STALE and sample is not None:
        since_s = sample.mono_s + stale_after_s(spec)
    return Reading(
        id=spec.id,
        title=spec.title,
        target=spec.target,
        unit=spec.unit,
        level=level,
        why=why(spec, state, level, age_s or 0.0, is_old=(age_s or 0.0) > stale_after_s(spec)),
        value=None if sample is None else sample.value,
        age_s=age_s,
        in_level_s=0.0 if since_s is None else max(0.0, mono_s - since_s),
        hits=None if sample is None else sample.hits,
        total=None if sample is None else sample.total,
        ok_text=limit_text(spec.ok),
        breach_text=limit_text(spec.breach),
        ok_limit=None if spec.ok is None else spec.ok.limit.value,
        breach_limit=None if spec.breach is None else spec.breach.limit.value,
        settling=settling_text(spec.ok, state) if spec.ok and level is Level.SETTLING else "",
    )


def _level(spec: GaugeSpec, ok: Latch, breach: Latch, *, is_past: bool, has_been_bad: bool) -> Level:
    """Breach before all. A value past the breach limit is never called ok, even before its dwell is over. Before the
    first ok a run of good answers settles; after a bad one it is to be watched until it has lasted."""
    if breach.is_on:
        return Level.BREACH
    if is_past:
        return Level.WATCH
    if spec.ok is not None and not ok.is_on:
        return Level.WATCH if has_been_bad else Level.SETTLING
    return Level.OK


def _entered(before: State, after: State, mono_s: float) -> State:
    """`after` with the moment its level began: kept while the level stays the same."""
    is_same = before.sample is not None and before.level is after.level and before.entered_s is not None
    return replace(after, entered_s=before.entered_s if is_same else mono_s)


def _without_value(sample: Sample) -> Sample:
    """A sample that holds no number, with its reason in words."""
    if sample.value is None:
        return sample if sample.error else replace(sample, error="no value, and no reason given")
    found = "not a number (NaN)" if math.isnan(sample.value) else "infinite"
    return replace(sample, value=None, hits=None, total=None, error=f"the answer is {found}")
