"""The plan: a checklist file once loaded. Frozen values, in the words of the field.

All texts are cleaned (`base/text.py`) before they come here. Lines count from 1. Durations are seconds.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

from deploytui.plan.source import GaugeSource, Source


class StageName(StrEnum):
    PRE_DEPLOY = "pre-deploy"
    EXECUTION = "execution"
    POST_DEPLOY = "post-deploy"

    @property
    def heading(self) -> str:
        return self.value.capitalize()


class Mark(StrEnum):
    """What an item means to the clock and to a restore."""

    BASELINE = "baseline"
    BACKUP = "backup"
    STOPS = "stops"
    TRAFFIC = "traffic"


class Edge(Struct, frozen=True):
    """One end of a window. Exactly one of `offset_s` and `at` is set.

    `offset_s` counts from T, the go-live. With `is_day` it counts whole days in the plan's zone, from the
    start of T's day there: `D-18` is -18 days, and as the *end* of a window `D-14` is the end of that day,
    -13 days.
    """

    offset_s: int | None = None
    at: datetime | None = None
    is_day: bool = False
    text: str = ""


class Window(Struct, frozen=True):
    start: Edge
    end: Edge
    line: int = 0


_HOLDS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "!=": operator.ne,
}  # fmt: skip


class Limit(Struct, frozen=True):
    """`< 0.1` with its unit; `metric` is the text it was read from where there is one ("Error rate")."""

    op: str
    value: float
    unit: str = ""
    metric: str = ""

    def holds(self, value: float) -> bool:
        return _HOLDS[self.op](value, self.value)


class Band(Struct, frozen=True):
    """A limit with what it takes to enter it: for a duration, N in a row, a least sample size."""

    limit: Limit
    for_s: int = 0
    times: int = 1
    samples: int = 0


class GaugeSpec(Struct, frozen=True):
    id: str
    title: str
    source: Source
    target: str = ""
    unit: str = ""
    every_s: int = 5
    timeout_s: int = 3
    ok: Band | None = None
    breach: Band | None = None
    is_relative: bool = False
    host: str = ""
    line: int = 0

    @property
    def looks_at(self) -> str:
        """The id of the gauge that this one takes its number from; "" where it asks itself."""
        return self.source.gauge if isinstance(self.source, GaugeSource) else ""

    def question(self, shown: str = "") -> str:
        """`GET https://app/health: p95 over 1 min`. `shown` is what is really asked, fit to be shown; left out, the
        plan's own stands there."""
        words = self.source.question(shown)
        return f"{words}, compared with its baseline" if self.looks_at and self.is_relative else words


def followed(spec: GaugeSpec, by_id: Mapping[str, GaugeSpec]) -> Iterator[GaugeSpec]:
    """The gauge and those that it looks at, one through the other: the last one asks itself, unless it leads to
    nothing or round in a circle."""
    seen: set[str] = set()
    found: GaugeSpec | None = spec
    while found is not None and found.id not in seen:
        yield found
        seen.add(found.id)
        found = by_id.get(found.looks_at)


class Condition(Struct, frozen=True):
    """An item bound to a gauge: it is met while the gauge's level is `level` ("ok" or "breach")."""

    gauge: str
    level: str = "ok"
    for_s: int = 0
    ticks: str = "person"


class Command(Struct, frozen=True):
    argv: tuple[str, ...]
    timeout_s: int = 300


class Gate(Struct, frozen=True):
    """A go / no-go poll. `roles` is "before" or "after": which sign-off roles are asked."""

    roles: str = "before"
    relies_on: tuple[str, ...] = ()
    valid_s: int = 1800


class Item(Struct, frozen=True, gc=False, omit_defaults=True):
    id: str
    text: str
    line: int = 0
    is_ordered: bool = False
    optional: str | None = None
    owner: str | None = None
    note: str | None = None
    link: str | None = None
    needs_evidence: bool = False
    needs: tuple[str, ...] = ()
    duration_s: int | None = None
    not_before: Edge | None = None
    every_s: int | None = None
    limit: Limit | None = None
    when: Condition | None = None
    run: Command | None = None
    announce: str | None = None
    gate: Gate | None = None
    marks: tuple[Mark, ...] = ()
    decide: bool = False
    items: tuple[Item, ...] = ()
    # Inserted during the night: no checklist holds such an item, only a session does.
    is_unplanned: bool = False


def flat(items: Iterable[Item]) -> Iterator[Item]:
    """Items with all below them, in the order of the document."""
    stack = [*reversed(tuple(items))]
    while stack:
        item = stack.pop()
        yield item
        stack.extend(reversed(item.items))


class Group(Struct, frozen=True):
    id: str
    title: str
    items: tuple[Item, ...]
    owner: str | None = None
    is_ordered: bool = False
    line: int = 0


class Phase(Struct, frozen=True):
    id: str
    title: str
    groups: tuple[Group, ...]
    window: Window | None = None
    owner: str | None = None
    line: int = 0


class Stage(Struct, frozen=True):
    name: StageName
    phases: tuple[Phase, ...]


class RollbackStage(Struct, frozen=True):
    id: str
    title: str
    items: tuple[Item, ...]
    budget_s: int | None = None
    line: int = 0


class Rollback(Struct, frozen=True):
    triggers: tuple[Item, ...] = ()
    stages: tuple[RollbackStage, ...] = ()
    limit_s: int | None = None
    window: str | None = None
    restore: str = "backup"
    line: int = 0
    limit_line: int = 0

    @property
    def sum_s(self) -> int:
        """What the budgets add up to: this counts, whatever limit the document states."""
        return sum(stage.budget_s or 0 for stage in self.stages)


class Criteria(Struct, frozen=True):
    title: str
    kind: str
    items: tuple[Item, ...]
    line: int = 0


class Contact(Struct, frozen=True):
    """A placeholder such as `[Phone]` is None: there is a place for it, and nobody filled it in.

    `places` names those of name, phone and email that the source has a place for, filled in or not.
    """

    team: str
    role: str
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    line: int = 0
    places: tuple[str, ...] = ()


class SignoffRole(Struct, frozen=True):
    when: str
    role: str
    name: str | None = None
    line: int = 0


class Note(Struct, frozen=True):
    kind: str
    text: str
    line: int = 0
    severity: str | None = None
    plan: str | None = None


class Variable(Struct, frozen=True):
    """`${name}` in targets, commands and announcements. At most one of `value`, `ask` and `env` is set."""

    name: str
    value: str | None = None
    ask: str | None = None
    env: str | None = None
    is_secret: bool = False
    line: int = 0


class PlannedStop(Struct, frozen=True):
    from_item: str
    to_item: str
    max_s: int
    settle_s: int = 180
    targets: tuple[str, ...] = ()


class Acceptance(Struct, frozen=True):
    """A finding that somebody accepted, with a reason, until a day."""

    code: str
    by: str
    why: str
    item: str | None = None
    until: str | None = None
    line: int = 0


class Plan(Struct, frozen=True):
    title: str
    stages: tuple[Stage, Stage, Stage]
    zone: str = "UTC"
    facts: tuple[tuple[str, str], ...] = ()
    go_live: datetime | None = None
    variables: tuple[Variable, ...] = ()
    mask: tuple[str, ...] = ()
    gauges: tuple[GaugeSpec, ...] = ()
    planned_stops: tuple[PlannedStop, ...] = ()
    skip_reasons: tuple[str, ...] = ()
    rollback: Rollback = field(default_factory=Rollback)
    criteria: tuple[Criteria, ...] = ()
    contacts: tuple[Contact, ...] = ()
    signoffs: tuple[SignoffRole, ...] = ()
    notes: tuple[Note, ...] = ()
    accept: tuple[Acceptance, ...] = ()
    go_live_line: int = 0
    fact_lines: tuple[int, ...] = ()

    def phases(self) -> list[tuple[StageName, Phase]]:
        """Every phase in the order of the night, with its stage."""
        return [(stage.name, phase) for stage in self.stages for phase in stage.phases]

    def stage_items(self) -> Iterator[Item]:
        """Every item of the three stages, in the order of the document."""
        for _, phase in self.phases():
            for group in phase.groups:
                yield from flat(group.items)

    def all_items(self) -> Iterator[Item]:
        """Every item of the plan: those of the stages, the triggers, the rollback's steps, the criteria."""
        yield from self.stage_items()
        yield from flat(self.rollback.triggers)
        for stage in self.rollback.stages:
            yield from flat(stage.items)
        for criteria in self.criteria:
            yield from flat(criteria.items)
