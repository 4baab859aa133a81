"""The alarm row: the worst of what is wrong now, or what is calm, and how long a rollback still fits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from deploytui.base.errors import DAMAGED
from deploytui.base.units import left, over
from deploytui.metrics.board import Level, Reading
from deploytui.plan.model import StageName
from deploytui.plan.schedule import Fit, fit_ahead, rollback_fits
from deploytui.session.finding import finding_text
from deploytui.session.label import item_label, level_word
from deploytui.session.moment import by_then, near
from deploytui.session.session import Session
from deploytui.session.stop import overrun_text, stops_now
from deploytui.session.trigger import Trigger, triggers_now
from deploytui.session.view import AlarmView

_ROLLBACK_NEAR_S = 15 * 60
UPDATE_DUE_S = 30 * 60
_GAUGE = "gauge "
_PLAN_FILE = {"changed": "CHANGED on disk", "missing": "GONE"}
RANK = {Level.BREACH: 0, Level.NO_DATA: 1, Level.WATCH: 2, Level.STALE: 3}


class Alarm(Struct, frozen=True):
    """One thing that is wrong: its severity, in words with its limits, and at its shortest.

    `key` is what an acknowledgement names, `since` when it began where that is known.
    """

    level: Level
    text: str
    short: str
    key: str = ""
    since: datetime | None = None


def gauge_key(gauge: str) -> str:
    """What an acknowledgement calls the alarm of a gauge."""
    return f"{_GAUGE}{gauge}"


def _of_gauge(reading: Reading, now: datetime) -> Alarm | None:
    """A gauge that never had an answer is no alarm: it is counted in the calm text instead."""
    if reading.level not in RANK:
        return None
    if reading.level is Level.NO_DATA and reading.age_s is None:
        return None
    name = reading.title[:1].lower() + reading.title[1:] if reading.title[1:2].islower() else reading.title
    word = level_word(reading.level.value).upper()
    since = left(reading.in_level_s)  # as the pane and the triggers count it
    began = now - timedelta(seconds=reading.in_level_s)
    text = f"{word} {name}: {reading.why}, for {since}"
    return Alarm(reading.level, text, f"{word} {name}, {since}", gauge_key(reading.id), began)


def _of_journal(session: Session) -> list[Alarm]:
    """A journal that does not fit together: whatever else is wrong comes behind it, and nobody can wave it away."""
    if not session.fault:
        return []
    text = session.stopped
    where = session.fault.removeprefix(f"{DAMAGED}: ").split(": ")[0]
    return [Alarm(Level.BREACH, f"{text}: {session.fault}", f"{text}: {where}")]


def _of_triggers(session: Session, now: datetime) -> list[Alarm]:
    """Triggers that fired. They name themselves, because people decide by their words."""
    found = []
    for trigger in triggers_now(session.plan, session.state, session.board, now):
        if trigger.stands is Trigger.FIRED:
            text = f"ROLLBACK TRIGGER {trigger.label}"
            found.append(
                Alarm(Level.BREACH, f"{text}: {trigger.text}", text, f"trigger {trigger.id}", trigger.since)
            )
    return found


def _of_items(session: Session, now: datetime) -> list[Alarm]:
    """Items that were ok and no longer are, and planned stops that ran over."""
    found = []
    for item, lapse in session.state.lapsed.items():
        label = item_label(session.index, item)
        text = f"NO LONGER OK since {near(lapse.since, now)} {label}"
        found.append(Alarm(Level.WATCH, f"{text}: {lapse.why}", text, f"lapse {item}", lapse.since))
    for stop in stops_now(session.plan, session.state, now):
        if stop.overran_s:
            text = overrun_text(stop)
            found.append(Alarm(Level.BREACH, text, text, f"stop {stop.stop.from_item}", stop.rests_until))
    return found


def _of_plan_file(session: Session) -> list[Alarm]:
    """The file of the plan is no longer what was opened. It is said and never read again: people agreed on a plan."""
    found = session.state.plan_file
    if found is None or found.became == "same":
        return []
    short = f"PLAN FILE {_PLAN_FILE.get(found.became, 'UNREADABLE')}"
    why = f", {found.why}" if found.why else ""
    text = f"{short}{why}: this session keeps the plan it was opened with"
    return [Alarm(Level.WATCH, text, short, "plan file", found.at)]


def _of_time(session: Session, now: datetime) -> list[Alarm]:
    """A hold longer than announced, promises that are overdue, and a bridge that was told nothing for long."""
    found = []
    state = session.state
    if (hold := state.hold) and hold.expected_at and now > hold.expected_at:
        text = f"HOLD OVER by {over((now - hold.expected_at).total_seconds())}"
        found.append(Alarm(Level.WATCH, f"{text}: {hold.reason}", text, "hold", hold.expected_at))
    for promise in state.promises:
        if promise.was_kept is None and now > promise.due_at:
            late = over((now - promise.due_at).total_seconds())
            text = f"OVERDUE {late}: ask {promise.who}"
            found.append(Alarm(Level.WATCH, text, text, f"promise {promise.seq}", promise.due_at))
    if (silent_s := update_due_s(session, now)) is not None:
        text = f"UPDATE DUE: no note for {left(silent_s)}"
        found.append(
            Alarm(Level.WATCH, text, text, "update", now - timedelta(seconds=silent_s - UPDATE_DUE_S))
        )
    return found


def update_due_s(session: Session, now: datetime) -> float | None:
    """How long nobody wrote a note while execution is on, once that is longer than `UPDATE_DUE_S`; else None."""
    phase = session.current_phase(now)
    told_at = session.state.told_at
    if phase is None or told_at is None or session.index.stage_of[phase] is not StageName.EXECUTION:
        return None
    span = session.spans().get(phase)
    since = max(told_at, span.start_at) if span else told_at
    silent_s = (now - since).total_seconds()
    return silent_s if silent_s > UPDATE_DUE_S else None


def _information(session: Session, now: datetime) -> tuple[str, str]:
    """What is not wrong but must be in sight, in full and short: a hold, and the next promise that is due."""
    state = session.state
    parts, shorts = [], []
    if hold := state.hold:
        until = f", until {near(hold.expected_at, now)}" if hold.expected_at else ""
        since = over((now - hold.since).total_seconds())
        parts.append(f"ON HOLD {since}: {hold.reason}{until}")
        shorts.append(f"ON HOLD {since}{until}")
    pending = [promise for promise in state.promises if promise.was_kept is None and now <= promise.due_at]
    if pending:
        first = min(pending, key=lambda promise: promise.due_at)
        rest = left((first.due_at - now).total_seconds())
        parts.append(f"{first.who} promised {near(first.due_at, now)} · {rest} left")
        shorts.append(f"{first.who} promised {near(first.due_at, now)}")
    return " · ".join(parts), shorts[0] if shorts else ""


def alarms(session: Session, now: datetime) -> list[Alarm]:
    """Everything that is wrong, worst first."""
    found = _of_journal(session)
    if session.state.is_closed:
        return found
    found += _of_triggers(session, now)
    found += [alarm for reading in session.board.readings if (alarm := _of_gauge(reading, now))]
    found += [*_of_items(session, now), *_of_time(session, now), *_of_plan_file(session)]
    for item in session.failed_items():
        said = session.state.items[item]
        label = item_label(session.index, item)
        what = said.reason or "the reason is due"
        found.append(
            Alarm(
                Level.WATCH,
                f"FAILED {label}: {what}, since {near(said.at, now)}",
                f"FAILED {label}",
                f"item {item}",
                said.at,
            )
        )
    return sorted(found, key=lambda alarm: (is_acked(session, alarm), RANK[alarm.level]))


def is_acked(session: Session, alarm: Alarm) -> bool:
    """Whether somebody has seen it since it began."""
    at = session.state.acked.get(alarm.key)
    return at is not None and (alarm.since is None or at >= alarm.since)


def acked_keys(session: Session, found: Sequence[Alarm]) -> frozenset[str]:
    """The keys of those alarms that somebody has acknowledged since they began."""
    return frozenset(alarm.key for alarm in found if is_acked(session, alarm))


def acked_gauges(session: Session) -> frozenset[str]:
    """The gauges in alarm that somebody has acknowledged since it began."""
    now = session.clock.now()
    found = [alarm for reading in session.board.readings if (alarm := _of_gauge(reading, now)) is not None]
    return frozenset(key.removeprefix(_GAUGE) for key in acked_keys(session, found))


def _calm(readings: tuple[Reading, ...]) -> str:
    if not readings:
        return "no alarms, no gauges in this plan"
    ages = [reading.age_s for reading in readings if reading.age_s is not None and reading.value is not None]
    without = sum(1 for reading in readings if reading.level is Level.NO_DATA)
    text = f"no alarms, {len(ages)} gauges fresh" if ages else "no alarms"
    if ages:
        text += f", oldest {over(max(ages))}"
    if without:
        text += f", {without} without data"
    if settling := sum(1 for reading in readings if reading.level is Level.SETTLING):
        text += f", {settling} settling"
    if stopped := sum(1 for reading in readings if reading.level is Level.PLANNED_STOP):
        text += f", {stopped} in a planned stop"
    return text


def rollback_text(session: Session, now: datetime) -> tuple[str, str, str, Level | None]:
    """How long a rollback fits: in full, short, at its shortest, and how much it matters. Empty without budgets or
    windows."""
    fits = rollback_fits(session.plan, session.spans())
    if not fits:
        return "", "", "", None
    first = fits[0]
    if now <= first.start_by:
        seconds = (first.start_by - now).total_seconds()
        by = near(first.start_by, now)
        level = Level.WATCH if seconds < _ROLLBACK_NEAR_S else None
        full = f"ROLLBACK FITS UNTIL {by}, {left(seconds)} left"
        short = f"ROLLBACK FITS UNTIL {by}, {left(seconds)}"
        return full, short, short, level
    ends = now + (first.end_at - first.start_by)
    late = over((ends - first.end_at).total_seconds())
    title = session.index.phases[first.phase].title
    least = f"ROLLBACK NOW ENDS {by_then(ends, now)}, {late} over"
    full = f"ROLLBACK NOW ENDS {by_then(ends, now)}, {late} after {title}"
    ahead = fit_ahead(fits, now)
    if ahead is None:
        none = "it fits no window any more"
        return f"{full}; {none}", f"{least}; {none}", least, Level.BREACH
    # What is still ahead says more than the name of what is over.
    before = f"before {near(ahead.end_at, now)} if started by {near(ahead.start_by, now)}"
    return f"{full}; {before}", f"{least}; {before}", least, Level.WATCH


def roll_back_by(session: Session) -> tuple[Fit, Fit] | None:
    """The first limit a rollback must keep, and the last one there is."""
    fits = rollback_fits(session.plan, session.spans())
    return (fits[0], fits[-1]) if fits else None


def alarm_view(session: Session, now: datetime) -> AlarmView:
    """The row as it is drawn."""
    found = alarms(session, now)
    full, short, least, level = rollback_text(session, now)
    if not found:
        said, said_short = _information(session, now)
        calm = said or _calm(session.board.readings)
        findings = finding_text(session.findings.count_open(session.state, now))
        text = f"{calm} · {findings}" if findings else calm
        tight = said_short or findings or calm.split(",", 1)[0]
        return AlarmView(None, text, tight, 0, "", full, short, least, level)
    worst = found[0]
    hint = "acknowledged" if is_acked(session, worst) else "a ack" if worst.key else ""
    return AlarmView(worst.level, worst.text, worst.short, len(found) - 1, hint, full, short, least, level)
