"""The baselines of a night as the journal has them: each that was captured, also those that were replaced."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct

from deploytui.base.units import iso, number
from deploytui.journal.fact import BaselineCaptured
from deploytui.metrics.baseline import FEW_SAMPLES
from deploytui.session.session import Session


class Compared(Struct, frozen=True):
    """One baseline: the middle of `samples` values, how far the middle half of them spreads, and why it replaced
    the one before."""

    gauge: str
    title: str
    unit: str
    value: float
    spread: float
    samples: int
    at: datetime
    by: str
    reason: str

    def amount(self, value: float) -> str:
        return f"{number(value)} {self.unit}".rstrip()

    @property
    def samples_text(self) -> str:
        return f"only {self.samples}" if self.samples < FEW_SAMPLES else str(self.samples)


def baselines(session: Session) -> Iterator[Compared]:
    """In the order of their capture. What is no number was not captured by a program of ours."""
    specs = {spec.id: spec for spec in session.plan.gauges}
    for event in session.events:
        if not isinstance(fact := event.fact, BaselineCaptured):
            continue
        try:
            value, spread = float(fact.value), float(fact.spread)
        except ValueError:
            continue
        gauge = fact.gauge
        title, unit = (specs[gauge].title, specs[gauge].unit) if gauge in specs else (gauge, "")
        yield Compared(gauge, title, unit, value, spread, fact.samples, event.at, event.by, fact.reason)


def baseline_payload(found: Compared) -> dict[str, Any]:
    """As it stands in the report's JSON."""
    return {
        "gauge": found.gauge,
        "title": found.title,
        "unit": found.unit or None,
        "value": found.value,
        "spread": found.spread,
        "samples": found.samples,
        "at": iso(found.at),
        "by": found.by,
        "reason": found.reason or None,
    }
