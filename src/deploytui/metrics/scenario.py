"""Made-up nights for rehearsals: what each gauge of a plan would say, from its own limits. Pure.

Nothing here is measured; the session that shows it says REHEARSAL everywhere.
"""

from __future__ import annotations

import math
from datetime import datetime

from msgspec.structs import replace

from deploytui.metrics.board import Sample
from deploytui.plan.model import Band, GaugeSpec
from deploytui.plan.source import HostSource, ScriptedSource

BREACH = "breach"
_BREACH_FROM_S, _BREACH_TO_S = 45 * 60, 70 * 60
_SLOW_FROM_S, _SLOW_TO_S = 5 * 60, 35 * 60


def rehearsed(spec: GaugeSpec) -> GaugeSpec:
    """The gauge without its real source: its samples are values, not answers of a host."""
    return replace(spec, source=ScriptedSource(), is_relative=False)


def troubled(specs: tuple[GaugeSpec, ...]) -> tuple[str, str]:
    """The gauges that the bad night hits: one goes to breach (an error rate where there is one), and one that
    has only an ok limit is slow for long, as while a migration is late."""
    breaching = [spec for spec in specs if spec.breach is not None and not spec.is_relative]
    rates = [spec for spec in breaching if spec.source.measure == "error_rate"]
    first = next(iter(rates or breaching), None)
    slow = next(
        (spec for spec in specs if spec.ok and spec is not first and not isinstance(spec.source, HostSource)),
        None,
    )
    return first.id if first else "", slow.id if slow else ""


def scripted_sample(
    spec: GaugeSpec, trouble: str, since_go_live_s: float, at: datetime, mono_s: float
) -> Sample:
    """What a gauge says `since_go_live_s` after T; with counts where its limits ask for a least number of
    samples. `trouble` is "", "breach" or "slow"."""
    wave = 1 + 0.15 * math.sin(mono_s / 37 + len(spec.id))
    if trouble == BREACH and _BREACH_FROM_S <= since_go_live_s < _BREACH_TO_S and spec.breach is not None:
        value = _value(spec.breach, wave, holds=True)
    elif trouble == "slow" and _SLOW_FROM_S <= since_go_live_s < _SLOW_TO_S and spec.ok is not None:
        value = _value(spec.ok, wave, holds=False)
    else:
        value = _good(spec, wave)
    is_share = any(band is not None and band.samples for band in (spec.ok, spec.breach))
    if not is_share or spec.unit != "%" or not 0 <= value <= 100:
        return Sample(at, mono_s, value)
    hits = round(value * 50)
    return Sample(at, mono_s, hits / 50, hits=hits, total=5000)


def _good(spec: GaugeSpec, wave: float) -> float:
    if spec.ok is not None:
        return _value(spec.ok, wave, holds=True)
    return _value(spec.breach, wave, holds=False) if spec.breach is not None else 10 * wave


def _value(band: Band, wave: float, *, holds: bool) -> float:
    """A value for which the limit holds, or does not, well away from it."""
    op, limit = band.limit.op, band.limit.value
    if op in ("=", "!="):
        return limit if holds is (op == "=") else limit + 1
    is_below = holds is op.startswith("<")
    if limit > 0:
        return limit * (0.4 if is_below else 1.6) * wave
    return limit - 1 if is_below else limit + 1
