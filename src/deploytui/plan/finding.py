"""What reading a checklist says beside the plan: findings of the lint, claims recognized, text repaired."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the lint noticed; `severity` is error, warning or info."""

    code: str
    severity: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Recognized:
    """A line of the source that became something else than an item, and what it was taken as."""

    line: int
    text: str
    as_: str


@dataclass(frozen=True, slots=True)
class Repair:
    """Damaged text that could be read after a clean round trip."""

    line: int
    found: str
    became: str
