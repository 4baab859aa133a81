"""Gauges and samples for tests of the metrics room, in one line each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from deploytui.metrics.board import Sample
from deploytui.plan.model import Band, GaugeSpec, Limit
from deploytui.plan.source import HttpSource

START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def band(text: str, for_s: int = 0, times: int = 1, samples: int = 0) -> Band:
    """`band("< 0.1", for_s=60)`."""
    op, number = text.split()
    return Band(Limit(op, float(number)), for_s, times, samples)


def gauge(
    ok: Band | None = None,
    breach: Band | None = None,
    *,
    measure: str = "latency",
    unit: str = "ms",
    every_s: int = 5,
    over_s: int = 0,
) -> GaugeSpec:
    source = HttpSource("http://app/health", measure, over_s)
    return GaugeSpec("g", "Gauge", source, unit=unit, every_s=every_s, ok=ok, breach=breach)


def sample(mono_s: float, value: float | None, error: str = "") -> Sample:
    return Sample(START + timedelta(seconds=mono_s), mono_s, value, error)
