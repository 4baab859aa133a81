"""The seam of the probes: one question, put again and again, that answers one or more gauges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from deploytui.metrics.board import Sample

Answers = Sequence[tuple[str, Sample]]


class Probe(Protocol):
    """Asks one target. What goes wrong is an answer too: a `Sample` that says so in our own words."""

    @property
    def gauges(self) -> tuple[str, ...]:
        """The ids of the gauges that one question answers."""

    @property
    def every_s(self) -> float:
        """The interval between two questions."""

    @property
    def is_local(self) -> bool:
        """Whether asking costs next to nothing: such probes are asked together, not spread over the interval."""

    def prepare(self) -> None:
        """Load what is heavy. Called once, off the loop, before the first question."""

    async def sample(self) -> Answers:
        """Ask once, within the probe's own deadline."""

    async def close(self) -> None:
        """Let go of connections."""


@runtime_checkable
class Quotable(Protocol):
    """A probe whose answers are texts."""

    def last_answer(self) -> str:
        """The latest one, cleaned and bounded; "" before the first."""
