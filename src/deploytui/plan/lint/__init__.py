"""The lint: what in a checklist would hurt at 3 AM, found by rules over the plan alone. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace

from deploytui.plan.finding import Finding
from deploytui.plan.index import PlanIndex

# Each declares its rules when it is imported.
from deploytui.plan.lint import gauge, item, limit, order, people, restore, rollback, timing, trigger  # noqa: F401
from deploytui.plan.lint.acceptance import EXPIRED, UNUSED, accept, acceptance_lines
from deploytui.plan.lint.subject import RULES, Subject
from deploytui.plan.model import Plan

__all__ = ["RULES", "acceptance_lines", "lint"]

_CODES = frozenset(rule.code for rule in RULES) | {EXPIRED, UNUSED}
_SEVERITIES = ("error", "warning", "info")


def lint(
    plan: Plan, index: PlanIndex | None = None, go_live: datetime | None = None, now: datetime | None = None
) -> tuple[Finding, ...]:
    """Every finding, the gravest first, those of one code together and by line, numbered from 1.

    `go_live` takes the place of the one the plan states. Without `now` nothing is past: neither T nor an acceptance.
    """
    subject = Subject(plan, index, go_live, now)
    accepted = accept(_find(subject), plan.accept, _CODES, now)
    found = sorted(accepted, key=lambda one: (one.line, one.message))
    first: dict[str, int] = {}
    for one in found:
        first.setdefault(one.code, one.line)
    ordered = sorted(found, key=lambda one: (_SEVERITIES.index(one.severity), first[one.code], one.code))
    return tuple(replace(one, number=number) for number, one in enumerate(ordered, 1))


def _find(subject: Subject) -> Iterator[Finding]:
    for rule in RULES:
        for hit in rule.find(subject):
            yield Finding(
                rule.code,
                rule.severity,
                hit.line,
                hit.message,
                hit.item,
                rule.meaning,
                hit.proposal or rule.proposal,
            )
