"""Limits that cannot be held as they stand: two for one quantity, none to compare with, no time to count over."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator

from deploytui.plan.lint.quantity import PERCENT, quantity_of, unit_of, words_of, written
from deploytui.plan.lint.subject import ERROR, INFO, WARNING, Box, Hit, Subject, rule
from deploytui.plan.lint.wording import compares_with_before, is_felt, names_period
from deploytui.plan.model import Item, Limit, Mark, Phase, StageName, flat, followed
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
    found: dict[Hashable, tuple[int, Limit, float]] = {}
    told: set[Hashable] = set()
    for box in _measured_here(subject):
        item, limit = box.item, box.item.limit
        if limit is None or (quantity := quantity_of(limit)) is None:
            continue
        key, value = (quantity[0], box.is_trigger), quantity[1]
        line, first, before = found.setdefault(key, (item.line, limit, value))
        if before != value and key not in told:
            told.add(key)
            message = f"{_name(limit)}: {written(limit)} here, {written(first)} in line {line}"
            yield Hit(item.line, message, item.id)
    yield from _other_than_gauge(subject)


def _measured_here(subject: Subject) -> Iterator[Box]:
    """Every box but those of another environment: staging may have limits of its own."""
    elsewhere = {
        placed.item.id
        for phase in subject.plan.stages[0].phases
        for placed in subject.index.of_phase(phase.id)
        if _ELSEWHERE.search(f"{phase.title}\n{subject.index.groups[placed.group].title}")
    }
    return (box for box in subject.boxes if box.item.id not in elsewhere)


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
        item, gauge = box.item, subject.gauge(box.item)
        if gauge is not None and gauge.is_relative:
            bound.add(gauge.id)
            message = f'"{item.text}" compares with a baseline, and no item captures one'
            yield Hit(item.line, message, item.id)
        elif item.limit is not None and gauge is None and _is_change(item, item.limit):
            yield Hit(item.line, f'"{item.text}" does not say what it is compared with', item.id)
    for spec in subject.plan.gauges:
        if spec.is_relative and spec.id not in bound:
            message = f"the gauge {spec.id} compares with a baseline, and no item captures one"
            yield Hit(spec.line, message, spec.id)


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
        chain = [] if gauge is None else list(followed(gauge, subject.gauges))
        # A gauge that names its machine is meant so.
        if not chain or not isinstance(chain[-1].source, HostSource) or any(one.host for one in chain):
            continue
        host = chain[-1]
        message = f'"{box.item.text}" is bound to {host.id}, which measures the machine this program runs on'
        proposal = (
            f"ask the server over the network; or host: NAME in {host.id}, if this very machine is meant"
        )
        yield Hit(box.item.line, message, box.item.id, proposal)


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
