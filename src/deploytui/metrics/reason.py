"""What a gauge's level rests on, in words: the value with its count, the limit, and how long."""

from __future__ import annotations

from deploytui.base.units import left, number, over
from deploytui.metrics.board import Level, Sample
from deploytui.metrics.latch import Latch, State
from deploytui.plan.model import Band, GaugeSpec
from deploytui.plan.source import TcpSource, TlsSource

WAITING = "no answer yet"


def limit_text(band: Band | None) -> str:
    """`< 0.1`; empty where there is no limit."""
    return "" if band is None else f"{band.limit.op} {band.limit.value:.12g}"


def value_text(spec: GaugeSpec, sample: Sample) -> str:
    """`0.42 % (2 of 476)`: a share is always shown with the counts behind it."""
    if sample.value is None:
        return sample.error
    if spec.source.measure == "up" or (isinstance(spec.source, TcpSource) and spec.unit not in ("s", "ms")):
        return "up" if sample.value else f"down: {sample.error}" if sample.error else "down"
    text = f"{number(sample.value)} {spec.unit}".rstrip()
    if sample.hits is not None and sample.total is not None:
        return f"{text} ({sample.hits} of {sample.total})"
    return f"{text} (of {sample.total})" if sample.total is not None else text


def why(spec: GaugeSpec, state: State, level: Level, age_s: float, *, is_old: bool) -> str:
    """The whole reason, most important part first, because what does not fit is cut at the end.

    How long the level has lasted is not in it: a reading carries that as a number.
    """
    if state.sample is None:
        return WAITING
    if level is Level.STALE:
        return f"no answer for {over(age_s)}, the last was: {value_text(spec, state.sample)}"
    if level is Level.NO_DATA:
        return f"{state.sample.error}, {over(age_s)} ago" if is_old else state.sample.error
    parts = [value_text(spec, state.sample), *_limits(spec, level), *_pending(spec, state)]
    if state.sample.error and spec.source.measure == "error_rate":
        parts.append(f"last error: {state.sample.error}")
    elif state.sample.error and isinstance(spec.source, TlsSource):
        parts.append(state.sample.error)
    return ", ".join(parts)


def _limits(spec: GaugeSpec, level: Level) -> list[str]:
    """The limit that the level is judged by."""
    if spec.ok is None and spec.breach is None:
        return ["no limit set"]
    if spec.breach is not None and (level is Level.BREACH or spec.ok is None):
        return [f"breach is {limit_text(spec.breach)}"]
    return [f"ok is {limit_text(spec.ok)}"]


def _pending(spec: GaugeSpec, state: State) -> list[str]:
    """What a band still waits for: how long or how often the value has asked to enter or leave it."""
    parts = []
    if spec.breach is not None and state.breach.asked_s is not None:
        words = "back inside" if state.breach.is_on else f"breach {limit_text(spec.breach)}"
        parts.append(_progress(words, spec.breach, state.breach))
    if spec.ok is not None and state.ok.asked_s is not None and not state.breach.is_on:
        parts.append(_progress("not ok" if state.ok.is_on else "ok", spec.ok, state.ok))
    for name, band in (("ok", spec.ok), ("breach", spec.breach)):
        if band is not None and state.size < band.samples:
            parts.append(f"{name} needs {band.samples} answers, there are {state.size}")
    return parts


def _progress(words: str, band: Band, latch: Latch) -> str:
    return f"{words}{' for' if latch.held_s < band.for_s else ''} {_held(band, latch)}"


def _held(band: Band, latch: Latch) -> str:
    if latch.held_s < band.for_s:
        return f"{left(latch.held_s)} of {left(band.for_s)}"
    return f"{latch.count} of {band.times} in a row"


def settling_text(ok: Band, state: State) -> str:
    """`12 s of 1 min`: how far the good answers of a gauge that settles have come."""
    return f"{state.size} of {ok.samples} answers" if state.size < ok.samples else _held(ok, state.ok)
