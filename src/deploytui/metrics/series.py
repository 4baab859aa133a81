"""A gauge's recent samples: bounded in time and in number, cheap to add to."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from deploytui.metrics.board import Sample

MOST_SAMPLES = 20_000


class Series:
    """Samples in the order of the monotonic clock, none older than `span_s` before the newest."""

    def __init__(self, span_s: float, most: int = MOST_SAMPLES) -> None:
        self._span_s = span_s
        self._samples: deque[Sample] = deque(maxlen=most)

    def append(self, sample: Sample) -> None:
        """Add the newest sample and let go of what has left the span."""
        samples = self._samples
        samples.append(sample)
        while sample.mono_s - samples[0].mono_s >= self._span_s and len(samples) > 1:
            samples.popleft()

    def __len__(self) -> int:
        return len(self._samples)

    def __iter__(self) -> Iterator[Sample]:
        return iter(self._samples)
