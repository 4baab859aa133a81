"""A gauge before the change, and how much worse it is now. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from msgspec.structs import replace

from deploytui.metrics.board import Sample
from deploytui.plan.model import GaugeSpec

LEAST_SAMPLES = 5
FEW_SAMPLES = 20
MISSING = "no baseline captured (B)"


class Baseline(Protocol):
    """What was captured, as the journal keeps it."""

    @property
    def value(self) -> float:
        """In the unit of the gauge that was measured."""


class Captured(NamedTuple):
    """The middle of the samples, and how far the middle half of them spreads."""

    value: float
    spread: float
    samples: int

    @property
    def is_few(self) -> bool:
        """Whether a person should be warned: it says little about what is usual."""
        return self.samples < FEW_SAMPLES


def baseline_of(series: Iterable[Sample]) -> Captured | str:
    """The baseline that these samples make, or why they make none."""
    values = [sample.value for sample in series if sample.value is not None and math.isfinite(sample.value)]
    if len(values) < LEAST_SAMPLES:
        return f"{len(values)} samples, a baseline needs {LEAST_SAMPLES} or more"
    import statistics  # a millisecond before every first frame, for what few nights capture

    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return Captured(middle, high - low, len(values))


def worse_by(measured: GaugeSpec, sample: Sample, baseline: Baseline | None) -> Sample:
    """The sample as percent worse than the baseline. Higher is worse, unless the ok limit of the gauge that is
    measured says that higher is better; a gauge that is compared with itself has no such limit."""
    if sample.value is None:
        return sample
    if baseline is None or not math.isfinite(baseline.value) or not baseline.value:
        zero = "the baseline is 0: nothing can be so many percent worse than that"
        words = MISSING if baseline is None else zero
        return replace(sample, value=None, error=words, hits=None, total=None)
    is_higher_better = not measured.is_relative and measured.ok is not None and ">" in measured.ok.limit.op
    change = 100 * (sample.value - baseline.value) / abs(baseline.value)
    return replace(sample, value=-change if is_higher_better else change, hits=None, total=None)
