"""Boxes that a tick says little about: work that recurs or never ends, and the same text twice. Information only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deploytui.base.units import write_duration
from deploytui.plan.lint.deed import is_done_by_machine, is_never_done, recurs
from deploytui.plan.lint.subject import INFO, Hit, Subject, rule
from deploytui.plan.model import Item


@rule(
    "recurring-box",
    INFO,
    "one tick says it was done once; nobody sees whether it was done again",
    "give it an end or an interval in its text, or note each round with n",
)
def _recurring(subject: Subject) -> Iterator[Hit]:
    for item in (*(placed.item for placed in subject.index.items), *subject.rollback_steps):
        if item.every_s is not None or recurs(item.text):
            if not is_done_by_machine(item.text):
                often = f" every {write_duration(item.every_s)}" if item.every_s else ""
                yield Hit(item.line, f'"{item.text}" recurs{often} in one box', item.id)
        elif item.duration_s is None and is_never_done(item.text):
            yield Hit(item.line, f'"{item.text}" never ends, and has one box', item.id)


@rule(
    "duplicate-text",
    INFO,
    "one of the two is ticked, and the other is thought to be done",
    "say in the text what is different, or take one out",
)
def _duplicate(subject: Subject) -> Iterator[Hit]:
    for items in _lists(subject):
        first: dict[str, Item] = {}
        again: dict[str, list[Item]] = {}
        for item in items:
            text = " ".join(item.text.casefold().split())
            if first.setdefault(text, item) is not item:
                again.setdefault(text, []).append(item)
        for text, others in again.items():
            times = f"{len(others) + 1} times in one group"
            message = f'"{first[text].text}" stands {times}, first in line {first[text].line}'
            yield Hit(others[0].line, message, others[0].id)


def _lists(subject: Subject) -> Iterator[Sequence[Item]]:
    """Every list of items that stand side by side."""
    waiting: list[Sequence[Item]] = [
        group.items for _, phase in subject.plan.phases() for group in phase.groups
    ]
    waiting += [stage.items for stage in subject.plan.rollback.stages]
    waiting += [criteria.items for criteria in subject.plan.criteria]
    waiting.append(subject.plan.rollback.triggers)
    while waiting:
        items = waiting.pop()
        yield items
        waiting.extend(item.items for item in items if item.items)
