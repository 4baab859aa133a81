"""What a rule of the lint is: one declaration with a stable code, and the pure function that finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from deploytui.plan.lint.subject import Subject

ERROR, WARNING, INFO = "error", "warning", "info"


class Hit(Struct, frozen=True):
    """One place where a rule applies. `proposal` takes the place of the rule's own where more is known here."""

    line: int
    message: str
    item: str | None = None
    proposal: str = ""


_Find = Callable[[Subject], Iterator[Hit]]


class Rule(Struct, frozen=True):
    """`code` is a promise: plans accept findings by it. `meaning` is what it leads to on the night."""

    code: str
    severity: str
    meaning: str
    proposal: str
    find: _Find


RULES: list[Rule] = []


def rule(code: str, severity: str, meaning: str, proposal: str) -> Callable[[_Find], _Find]:
    """Declares the function below as what finds by this rule."""

    def declare(find: _Find) -> _Find:
        RULES.append(Rule(code, severity, meaning, proposal, find))
        return find

    return declare
