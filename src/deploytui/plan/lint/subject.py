"""What the rules look at, one plan with its index and its time; and what a rule is: a stable code and what finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cached_property

from msgspec import Struct

from deploytui.base.units import clock_z, write_duration
from deploytui.plan.index import PlanIndex
from deploytui.plan.model import Band, GaugeSpec, Item, Mark, Plan, StageName, Window, flat
from deploytui.plan.schedule import Span, place


class Box(Struct, frozen=True):
    """One item, and whether it is a trigger: there, true is bad."""

    item: Item
    is_trigger: bool = False


class Subject:
    """Everything is computed at most once; the whole is linear in the plan's items."""

    def __init__(
        self, plan: Plan, index: PlanIndex | None, go_live: datetime | None, now: datetime | None
    ) -> None:
        self.plan = plan
        self.index = index or PlanIndex(plan)
        self.is_go_live_given = go_live is not None
        self.go_live = plan.go_live if go_live is None else go_live
        self.now = now
        self.gauges: dict[str, GaugeSpec] = self.index.gauges

    @cached_property
    def spans(self) -> dict[str, Span]:
        return place(self.plan, self.go_live)

    @cached_property
    def triggers(self) -> list[Item]:
        return list(flat(self.plan.rollback.triggers))

    @cached_property
    def rollback_steps(self) -> list[Item]:
        return [item for stage in self.plan.rollback.stages for item in flat(stage.items)]

    @cached_property
    def criteria(self) -> list[Item]:
        return [item for criteria in self.plan.criteria for item in flat(criteria.items)]

    @cached_property
    def boxes(self) -> list[Box]:
        """Every item of the plan: stages, triggers, rollback steps, criteria."""
        found = [Box(placed.item) for placed in self.index.items]
        found += [Box(item, True) for item in self.triggers]
        return found + [Box(item) for item in (*self.rollback_steps, *self.criteria)]

    @cached_property
    def has_execution(self) -> bool:
        return any(placed.stage is StageName.EXECUTION for placed in self.index.items)

    @cached_property
    def execution_line(self) -> int:
        """Where the first phase of the execution stands: the place of what is missing before or in it."""
        phases = self.plan.stages[1].phases
        return phases[0].line if phases else 0

    @cached_property
    def has_rollback(self) -> bool:
        return bool(self.plan.rollback.stages or self.plan.rollback.triggers)

    def marked(self, mark: Mark) -> list[Item]:
        """The items of the stages with that mark, in the order of the night."""
        return [placed.item for placed in self.index.items if mark in placed.item.marks]

    def band(self, item: Item) -> Band | None:
        """The band of the gauge an item is bound to: the one its condition names."""
        gauge = self.gauge(item)
        if gauge is None:
            return None
        return gauge.breach if item.when and item.when.level == "breach" else gauge.ok

    def gauge(self, item: Item) -> GaugeSpec | None:
        return None if item.when is None else self.gauges.get(item.when.gauge)

    def length_s(self, phase: str) -> float | None:
        """How long a phase's window is; None where that cannot be told without the go-live."""
        if (span := self.spans.get(phase)) is not None:
            return span.length.total_seconds()
        window = self._window(phase)
        if window is None or window.start.is_day != window.end.is_day:
            return None
        start_s, end_s = window.start.offset_s, window.end.offset_s
        return None if start_s is None or end_s is None else end_s - start_s

    def _window(self, phase: str) -> Window | None:
        found = self.index.phases.get(phase)
        return None if found is None else found.window

    def before_end(self, phase: str, seconds: float) -> str:
        """The moment so long before a phase's end, as far as it can be said: `03:25Z`, `T+1h25m`."""
        if (span := self.spans.get(phase)) is not None:
            return clock_z(span.end_at - timedelta(seconds=seconds))
        window = self._window(phase)
        edge = None if window is None else window.end
        if edge is None or edge.offset_s is None or edge.is_day:
            return f"{write_duration(int(seconds))} before its end"
        offset = int(edge.offset_s - seconds)
        return f"T{'-' if offset < 0 else '+'}{write_duration(abs(offset))}" if offset else "T"


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
