"""What a rule of the lint is: one declaration with a stable code, and the pure function that finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from deploytui.plan.lint.subject import Subject

ERROR, WARNING, INFO = "error", "warning", "info"


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a rule applies. `proposal` takes the place of the rule's own where more is known here."""

    line: int
    message: str
    item: str | None = None
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """`code` is a promise: plans accept findings by it. `meaning` is what it leads to on the night."""

    code: str
    severity: str
    meaning: str
    proposal: str
    find: Callable[[Subject], Iterator[Hit]]
