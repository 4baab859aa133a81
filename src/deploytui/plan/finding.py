"""What reading a checklist says beside the plan: findings of the lint, claims recognized, text repaired."""

from __future__ import annotations

from msgspec import Struct

from deploytui.plan.model import Acceptance


class Finding(Struct, frozen=True):
    """One thing the lint noticed; `severity` is error, warning or info.

    `item` is the id of the item or gauge it is about, `meaning` what it leads to on the night, `proposal` what to
    do about it. `accepted` is who took it as it is, and why. `line` is 0 where it is about no line.
    """

    code: str
    severity: str
    line: int
    message: str
    item: str | None = None
    meaning: str = ""
    proposal: str = ""
    number: int = 0
    accepted: Acceptance | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still wants somebody: no information, and not accepted."""
        return self.severity != "info" and self.accepted is None


class Recognized(Struct, frozen=True):
    """A line of the source that became something else than an item, and what it was taken as."""

    line: int
    text: str
    as_: str


class Repair(Struct, frozen=True):
    """Damaged text that could be read after a clean round trip."""

    line: int
    found: str
    became: str
