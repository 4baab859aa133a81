"""Limits that cannot be held as they stand: two for one quantity, none to compare with, no time to count over."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deploytui.plan.lint.quantity import PERCENT, Quantity, quantity_of, unit_of, words_of, written
from deploytui.plan.lint.rule import ERROR, INFO, WARNING, Hit, rule
from deploytui.plan.lint.subject import Box, Subject
from deploytui.plan.lint.wording import compares_with_before, is_felt, names_period
from deploytui.plan.model import GaugeSpec, Item, Limit, Mark, Phase, StageName, flat, followed
from deploytui.plan.source import HostSource, HttpSource

_DAY_S = 86_400
_ELSEWHERE = re.compile(
    r"\b(?:staging|stage env\w*|uat|test(?:s|ing)?|qa|dev|sandbox|benchmarks?|pre-?prod\w*)\b", re.I
)


@rule(
    "two-limits",
    WARNING,
    "one person calls it good by one limit, another calls it bad by the other",
    "state one limit in both places, or say in the text what is different",
)
def _two_limits(subject: Subject) -> Iterator[Hit]:
    found: dict[tuple[frozenset[str], bool, str, bool], tuple[Item, Quantity]] = {}
    told: set[object] = set()
    for box in _measured_here(subject):
        item, limit = box.item, box.item.limit
        if limit is None or (quantity := quantity_of(limit)) is None:
            continue
        key = (*quantity.key, box.is_trigger)
        first, before = found.setdefault(key, (item, quantity))
        if before.value != quantity.value and first.limit is not None and key not in told:
            told.add(key)
            message = f"{_name(limit)}: {written(limit)} here, {written(first.limit)} in line {first.line}"
            yield Hit(item.line, message, item.id)
    yield from _other_than_gauge(subject)


def _measured_here(subject: Subject) -> Iterator[Box]:
    """Every box but those of another environment: staging may have limits of its own."""
    elsewhere: set[str] = set()
    for phase in subject.plan.stages[0].phases:
        for group in phase.groups:
            if _ELSEWHERE.search(phase.title) or _ELSEWHERE.search(group.title):
                elsewhere.add(group.id)
    if not elsewhere:
        yield from subject.boxes
        return
    skipped = {placed.item.id for placed in subject.index.items if placed.group in elsewhere}
    yield from (box for box in subject.boxes if box.item.id not in skipped)


def _name(limit: Limit) -> str:
    return limit.metric or "the same quantity"


def _other_than_gauge(subject: Subject) -> Iterator[Hit]:
    """A box that states another limit than the gauge it is bound to."""
    for box in subject.boxes:
        item, limit, band, gauge = box.item, box.item.limit, subject.band(box.item), subject.gauge(box.item)
        if limit is None or band is None or gauge is None or limit.op[0] != band.limit.op[0]:
            continue
        dimension, factor = unit_of(limit.unit)
        other, other_factor = unit_of(band.limit.unit)
        if dimension == other and limit.value * factor != band.limit.value * other_factor:
            there = f"{written(band.limit)} in its gauge {gauge.id} (line {gauge.line})"
            message = f"{_name(limit)}: {written(limit)} here, {there}"
            yield Hit(item.line, message, item.id)


@rule(
    "no-baseline",
    WARNING,
    "when it is slow nobody can say slower than what, and a gauge has no data to compare with",
    "add an item before the execution that captures it (marks: [baseline]), or press B then",
)
def _no_baseline(subject: Subject) -> Iterator[Hit]:
    if _captures_baseline(subject):
        return
    bound: set[str] = set()
    for box in subject.boxes:
        gauge = subject.gauge(box.item)
        if gauge is not None and gauge.is_relative:
            bound.add(gauge.id)
            yield Hit(
                box.item.line,
                f'"{box.item.text}" compares with a baseline, and no item captures one',
                box.item.id,
            )
        elif box.item.limit is not None and gauge is None and _is_change(box.item, box.item.limit):
            yield Hit(box.item.line, f'"{box.item.text}" does not say what it is compared with', box.item.id)
    for spec in subject.plan.gauges:
        if spec.is_relative and spec.id not in bound:
            yield Hit(
                spec.line, f"the gauge {spec.id} compares with a baseline, and no item captures one", spec.id
            )


def _captures_baseline(subject: Subject) -> bool:
    if subject.marked(Mark.BASELINE):
        return True
    return any(
        "baseline" in placed.item.text.casefold()
        for placed in subject.index.items
        if placed.stage is not StageName.POST_DEPLOY
    )


def _is_change(item: Item, limit: Limit) -> bool:
    return unit_of(limit.unit)[0] in (PERCENT, "x") and compares_with_before(item.text)


@rule(
    "uptime-no-window",
    WARNING,
    "99.9 % of an hour are four seconds, of a month 43 minutes: everyone counts another time",
    'say over which time: "> 99.9% over the first 7 days"',
)
def _uptime_no_window(subject: Subject) -> Iterator[Hit]:
    long = {phase.id for _, phase in subject.plan.phases() if _is_long(subject, phase)}
    dated = {
        item.id
        for criteria in subject.plan.criteria
        if names_period(criteria.title)
        for item in flat(criteria.items)
    }
    for box in subject.boxes:
        item, limit, gauge = box.item, box.item.limit, subject.gauge(box.item)
        if limit is None or box.is_trigger or not _is_uptime(limit) or item.id in dated:
            continue
        placed = subject.index.by_id.get(item.id)
        source = gauge and gauge.source
        if (placed and placed.phase in long) or (isinstance(source, HttpSource) and source.over_s):
            continue
        if not names_period(f"{item.text}\n{item.note or ''}"):
            yield Hit(item.line, f'"{item.text}" does not say over which time', item.id)


def _is_long(subject: Subject, phase: Phase) -> bool:
    """Whether the phase itself is the time over which something is counted: Day 1, Week 1."""
    return (subject.length_s(phase.id) or 0) >= _DAY_S or names_period(phase.title)


def _is_uptime(limit: Limit) -> bool:
    return (
        limit.op in (">", ">=") and unit_of(limit.unit)[0] == PERCENT and "uptime" in words_of(limit.metric)
    )


@rule(
    "host-gauge-bound",
    ERROR,
    "the box reads the laptop in front of you, not the server: it says no data, or the wrong machine is fine",
    "ask the server: Prometheus, HTTP, or a command over ssh",
)
def _host_gauge_bound(subject: Subject) -> Iterator[Hit]:
    for box in subject.boxes:
        gauge = subject.gauge(box.item)
        if gauge is None or (host := _host_source(subject, gauge)) is None:
            continue
        message = f'"{box.item.text}" is bound to {host.id}, which measures the machine this program runs on'
        proposal = (
            f"ask the server over the network; or host: NAME in {host.id}, if this very machine is meant"
        )
        yield Hit(box.item.line, message, box.item.id, proposal)


def _host_source(subject: Subject, gauge: GaugeSpec) -> GaugeSpec | None:
    """The gauge of this machine that a gauge reads, itself or through others, unless it names its machine."""
    chain = list(followed(gauge, subject.gauges))
    return (
        chain[-1] if isinstance(chain[-1].source, HostSource) and not any(one.host for one in chain) else None
    )


@rule(
    "limit-unmeasurable",
    INFO,
    "it is answered by asking people, and not on the night",
    "leave it to a person, in a later phase",
)
def _unmeasurable(subject: Subject) -> Iterator[Hit]:
    found = [box.item for box in subject.boxes if _is_opinion(box.item)]
    if not found:
        return
    lines = ", ".join(str(item.line) for item in found[:10]) + (", …" if len(found) > 10 else "")
    noun = "limit" if len(found) == 1 else "limits"
    message = f"{len(found)} {noun} that nothing can measure, line {lines}"
    yield Hit(found[0].line, message, found[0].id)


def _is_opinion(item: Item) -> bool:
    limit = item.limit
    if limit is None or item.when is not None:
        return False
    is_of_so_many = limit.unit.startswith("/") and limit.unit[1:].isdigit()
    return is_of_so_many or is_felt(limit.metric)
