"""What is known of a gauge after its latest sample: whether each band is entered, and what asks to change that."""

from __future__ import annotations

from msgspec import Struct

from deploytui.metrics.board import Level, Sample
from deploytui.plan.model import Band


class Latch(Struct, frozen=True):
    """Whether a band is entered, and the run of samples that asks for the opposite.

    `asked_s` is when that run began, `held_s` how long it has lasted, `count` how many samples it has.
    """

    is_on: bool = False
    asked_s: float | None = None
    held_s: float = 0.0
    count: int = 0

    def turn(self, band: Band | None, value: float, size: int, mono_s: float) -> Latch:
        """The latch after one value. Entering and leaving need the same: duration, number in a row, sample size."""
        if band is None:
            return self
        is_held = band.limit.holds(value)
        if is_held == self.is_on or size < band.samples:
            return Latch(is_on=self.is_on)
        asked_s = mono_s if self.asked_s is None else self.asked_s
        count = self.count + 1
        if mono_s - asked_s >= band.for_s and count >= band.times:
            return Latch(is_on=is_held)
        return Latch(self.is_on, asked_s, mono_s - asked_s, count)


class State(Struct, frozen=True):
    """A gauge after its latest sample. `level` leaves staleness out; `answers` counts values since the last gap;
    `has_been_bad` is whether some answer since the gauge was last ok was past a limit, or none at all."""

    sample: Sample | None = None
    ok: Latch = Latch()
    breach: Latch = Latch()
    level: Level = Level.NO_DATA
    entered_s: float | None = None
    answers: int = 0
    has_been_bad: bool = False

    @property
    def size(self) -> int:
        """How many answers the value rests on."""
        return self.answers if self.sample is None or self.sample.total is None else self.sample.total
