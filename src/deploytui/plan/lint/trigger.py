"""Rollback triggers and the limits around them: vague ones, one that fires in the planned stop, a wide grey zone."""

from __future__ import annotations

from collections.abc import Iterator

from deploytui.base.units import left, write_duration
from deploytui.plan.lint.deed import starts_application
from deploytui.plan.lint.quantity import MINUTE_S, PERCENT, TIME, unit_of, words_of, written
from deploytui.plan.lint.restore import stop_item
from deploytui.plan.lint.rollback import slack_s
from deploytui.plan.lint.subject import WARNING, Hit, Subject, rule
from deploytui.plan.lint.wording import durations, has_sample_size, says_down
from deploytui.plan.model import Band, GaugeSpec, Item, Limit, Mark, StageName
from deploytui.plan.source import TcpSource, TlsSource

_WIDE = 10
_UP = ("up", "status")


@rule(
    "trigger-vague",
    WARNING,
    "one bad second, or one failed request out of two, argues for a rollback; or nobody dares to call it",
    'say for how long, or over how many requests: "> 5% for 5 minutes over at least 100 requests"',
)
def _vague(subject: Subject) -> Iterator[Hit]:
    for item in subject.triggers:
        band = subject.band(item)
        if _is_vague_band(subject, item, band) if band else item.limit and _is_vague_text(item, item.limit):
            message = f'the trigger "{item.text}" says neither for how long nor over how much'
            yield Hit(item.line, message, item.id)


def _is_vague_band(subject: Subject, item: Item, band: Band) -> bool:
    # How long a certificate is valid does not jump: one look is enough.
    if (gauge := subject.gauge(item)) is not None and isinstance(gauge.source, TlsSource):
        return False
    return not (band.for_s or band.times > 1 or band.samples > 1 or (item.when and item.when.for_s))


def _is_vague_text(item: Item, limit: Limit) -> bool:
    text = f"{item.text}\n{item.note or ''}"
    dimension, factor = unit_of(limit.unit)
    own = limit.value * factor if dimension == TIME else None
    # Durations beside the limit itself.
    stated = [*durations(text)]
    if own is not None and (own, own) in stated:
        stated.remove((own, own))
    return outage_s(item) is None and not has_sample_size(text) and not stated


def outage_s(item: Item) -> float | None:
    """How long the outage lasts by which a trigger fires: `System unavailable > 15 minutes`."""
    if item.limit is not None and item.limit.op in (">", ">="):
        dimension, factor = unit_of(item.limit.unit)
        # A limit in minutes is how long something lasts; one in milliseconds is how slow it is.
        if dimension == TIME and (factor >= MINUTE_S or says_down(item.limit.metric)):
            return item.limit.value * factor
    speaks_of_it = says_down(item.text) or _is_low_uptime(item)
    return max((most for _, most in durations(item.text)), default=None) if speaks_of_it else None


@rule(
    "trigger-in-stop",
    WARNING,
    "the alarm for a rollback sounds while everything goes to plan, and is ignored when it is meant",
    "state the planned stop with the most it may take",
)
def _in_stop(subject: Subject) -> Iterator[Hit]:
    stop = stop_item(subject)
    if stop is None:
        return
    start = _start_after(subject, stop)
    planned = _planned_s(subject, stop, start)
    for item in subject.triggers:
        limit = _fires_after_s(subject, item)
        if limit is None or _rests(subject, item) or (planned is not None and planned < limit):
            continue
        after = f"after {left(limit)}" if limit else "at once"
        message = (
            f'"{stop.text}" (line {stop.line}) makes the trigger "{item.text}" fire {after}, '
            "and no planned stop is stated"
        )
        yield Hit(item.line, message, item.id, _proposed_stop(subject, item, stop, start, planned))


def _fires_after_s(subject: Subject, item: Item) -> float | None:
    """After how long an outage fires this trigger; None where it watches something else."""
    gauge, band = subject.gauge(item), subject.band(item)
    if gauge is not None and band is not None:
        if isinstance(gauge.source, TcpSource) or gauge.source.measure in _UP:
            return max(band.for_s, item.when.for_s if item.when else 0, (band.times - 1) * gauge.every_s)
        return None
    if not says_down(item.text) and not _is_low_uptime(item):
        return None
    stated = outage_s(item)
    return 0 if stated is None else stated


def _is_low_uptime(item: Item) -> bool:
    """`Availability < 99%`: bad from the first minute of a stop."""
    limit = item.limit
    return limit is not None and limit.op in ("<", "<=") and "uptime" in words_of(limit.metric)


def _rests(subject: Subject, item: Item) -> bool:
    """Whether the trigger rests in a planned stop; one that is ticked by hand does, as soon as one is planned."""
    stops, gauge = subject.plan.planned_stops, subject.gauge(item)
    if gauge is None:
        return bool(stops)
    return any(gauge.target in stop.targets for stop in stops)


def _start_after(subject: Subject, stop: Item) -> Item | None:
    """The item after the stop that brings the application back."""
    traffic = frozenset(item.id for item in subject.marked(Mark.TRAFFIC))
    for placed in subject.index.items[subject.index.by_id[stop.id].position + 1 :]:
        if placed.stage is not StageName.EXECUTION:
            return None
        if placed.item.id in traffic or starts_application(placed.item.text):
            return placed.item
    return None


def _planned_s(subject: Subject, stop: Item, start: Item | None) -> int | None:
    """How long the stop is planned to last; None where a step of it has no duration."""
    if start is None:
        return None
    by_id = subject.index.by_id
    steps = subject.index.items[by_id[stop.id].position : by_id[start.id].position + 1]
    found = [placed.item.duration_s for placed in steps if not placed.item.items]
    return None if None in found else sum(seconds or 0 for seconds in found)


def _proposed_stop(subject: Subject, item: Item, stop: Item, start: Item | None, planned: int | None) -> str:
    gauge, slack = subject.gauge(item), slack_s(subject)
    until = start.id if start is not None else "ITEM"
    targets = f", targets: [{gauge.target}]" if gauge is not None and gauge.target else ""
    if planned is not None:
        longest, why = write_duration(planned), "its steps are planned to take that long"
    elif slack is not None:
        longest, why = write_duration(slack), "a longer one leaves no time for the rollback"
    else:
        longest, why = "DURATION", "what it took in a rehearsal"
    return f"planned_stop: {{from: {stop.id}, to: {until}, max: {longest}{targets}}}: {why}"


@rule(
    "error-band-wide",
    WARNING,
    "the night is spent in between: not good enough to go on, not bad enough to go back",
    "say who decides in between, and after how long; or move the two limits together",
)
def _band_wide(subject: Subject) -> Iterator[Hit]:
    goals: dict[frozenset[str], tuple[float, int, Limit]] = {}
    alarms: dict[frozenset[str], tuple[float, int, Limit, str]] = {}
    for limit, line, name, words in _error_limits(subject):
        dimension, factor = unit_of(limit.unit)
        value = limit.value * factor
        if dimension != PERCENT or "error" not in words:
            continue
        if limit.op in ("<", "<="):
            if words not in goals or value > goals[words][0]:
                goals[words] = value, line, limit
        elif words not in alarms or value < alarms[words][0]:
            alarms[words] = value, line, limit, name
    for words in alarms.keys() & goals.keys():
        (alarm_value, line, alarm, name), (goal_value, goal_line, goal) = alarms[words], goals[words]
        if 0 < goal_value * _WIDE < alarm_value:
            message = (
                f"between {written(goal)} (line {goal_line}) and {written(alarm)} nothing says what to do, "
                f"{goal.value:g} to {alarm.value:g} {alarm.unit}"
            )
            yield Hit(line, message, name)


def _error_limits(subject: Subject) -> Iterator[tuple[Limit, int, str, frozenset[str]]]:
    """Every limit with its place: first those of boxes, then those that only gauges state."""
    for box in subject.boxes:
        if (limit := box.item.limit) is not None:
            yield limit, box.item.line, box.item.id, words_of(limit.metric)
        elif (band := subject.band(box.item)) is not None and (gauge := subject.gauge(box.item)) is not None:
            yield band.limit, box.item.line, box.item.id, _words(gauge)
    for gauge in subject.plan.gauges:
        for band in (gauge.ok, gauge.breach):
            if band is not None:
                yield band.limit, gauge.line, gauge.id, _words(gauge)


def _words(gauge: GaugeSpec) -> frozenset[str]:
    return words_of("error rate" if gauge.source.measure == "error_rate" else gauge.title)
