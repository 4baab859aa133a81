"""A gauge's recent samples, and the measures that need a window of them: latency percentiles and the error rate.

A probe hands in one raw sample a request; what the gauge shows is computed here from those in the window.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from deploytui.metrics.board import Sample
from deploytui.plan.model import GaugeSpec

PERCENTILES = {"p50": 50, "p95": 95, "p99": 99}
MOST_SAMPLES = 20_000


class Series:
    """Samples in the order of the monotonic clock, none older than `span_s` before the newest: bounded in time and in
    number, cheap to add to."""

    def __init__(self, span_s: float, most: int = MOST_SAMPLES) -> None:
        self._span_s = span_s
        self._samples: deque[Sample] = deque(maxlen=most)

    def append(self, sample: Sample) -> None:
        """Add the newest sample and let go of what has left the span."""
        samples = self._samples
        samples.append(sample)
        while sample.mono_s - samples[0].mono_s >= self._span_s and len(samples) > 1:
            samples.popleft()

    def __iter__(self) -> Iterator[Sample]:
        return iter(self._samples)


def percentile(values: Iterable[float], percent: int) -> float:
    """The nearest-rank percentile: a value that was really seen, never one between two."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def judge(spec: GaugeSpec, window: Iterable[Sample], latest: Sample) -> Sample:
    """What the window says at `latest`, its newest sample.

    A latest sample without a value stays one: what older requests answered is not what is true now.
    """
    if latest.value is None or not math.isfinite(latest.value):
        return latest
    values = [sample.value for sample in window if sample.value is not None and math.isfinite(sample.value)]
    if spec.source.measure == "error_rate":
        hits = sum(1 for value in values if value)
        return replace(latest, value=100 * hits / len(values), hits=hits, total=len(values))
    value = percentile(values, PERCENTILES[spec.source.measure])
    return replace(latest, value=value, hits=None, total=len(values))
