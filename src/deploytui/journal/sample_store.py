"""The seam between the gauges' past and the file it is kept in. The past is no part of the journal: losing it loses no event."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from deploytui.base.paths import SAMPLES_SUFFIX, SESSION_SUFFIX
from deploytui.metrics.history import TIERS, Bucket

MOST_ROWS = 1_000_000  # about 40 bytes each


class SamplesLost(Exception):
    """The past cannot be read or saved; the text says why. `is_damaged`: what stands there is of no use any more."""

    def __init__(self, why: str, *, is_damaged: bool = False) -> None:
        super().__init__(why)
        self.is_damaged = is_damaged


class SampleStore(Protocol):
    """Steps of gauges' past. Every call may raise `SamplesLost`."""

    def read(self, now_s: float) -> list[Bucket]:
        """What is shown at `now_s`, seconds since 1970."""

    def write(self, buckets: Sequence[Bucket]) -> None:
        """Keep these; a step that is there already becomes both."""

    def prune(self, now_s: float) -> None:
        """Let go of what is older than its tier is kept."""

    def close(self) -> None:
        """Let go of the file."""


def samples_path(session: Path) -> Path:
    """Where the past of a session's gauges is kept: beside the session's own file."""
    return session.with_name(session.name.removesuffix(SESSION_SUFFIX) + SAMPLES_SUFFIX)


def kept_s(gauges: int) -> dict[int, int]:
    """By length of step, for how long steps are kept: shorter for hundreds of gauges, so that no file outgrows
    `MOST_ROWS`."""
    rows = gauges * sum(tier.kept_s // tier.step_s for tier in TIERS)
    share = min(1.0, MOST_ROWS / rows) if rows else 1.0
    return {tier.step_s: int(tier.kept_s * share) for tier in TIERS}
