"""The alarm row: the worst of what is wrong now, or what is calm, and how long a rollback still fits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
AGAIN_S = 60.0  # what is gone for less than that and comes back is the same alarm
_AT_REST = {
    Level.NO_DATA: "without data",
    Level.SETTLING: "settling",
    Level.PLANNED_STOP: "in a planned stop",
}
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


def _of_gauges(readings: Iterable[Reading], now: datetime) -> Iterator[Alarm]:
    """A gauge that never had an answer is no alarm: it is counted in the calm text instead."""
    for one in readings:
        if one.level not in RANK or (one.level is Level.NO_DATA and one.age_s is None):
            continue
        name = one.title[:1].lower() + one.title[1:] if one.title[1:2].islower() else one.title
        short = f"{level_word(one.level.value).upper()} {name}"
        since = left(one.in_level_s)  # as the pane and the triggers count it
        began = now - timedelta(seconds=one.in_level_s)
        yield Alarm(
            one.level, f"{short}: {one.why}, for {since}", f"{short}, {since}", gauge_key(one.id), began
        )


def _of_journal(session: Session) -> Iterator[Alarm]:
    """A journal that does not fit together: whatever else is wrong comes behind it, and nobody can wave it away."""
    if session.fault:
        where = session.fault.removeprefix(f"{DAMAGED}: ").split(": ")[0]
        yield Alarm(Level.BREACH, f"{session.stopped}: {session.fault}", f"{session.stopped}: {where}")


def _of_plan(session: Session, now: datetime) -> Iterator[Alarm]:
    """Triggers that fired, items that were ok and no longer are, planned stops that ran over. Triggers name themselves,
    because people decide by their words."""
    state, index = session.state, session.index
    for trigger in triggers_now(session.plan, state, session.board, now):
        if trigger.stands is Trigger.FIRED:
            short = f"ROLLBACK TRIGGER {trigger.label}"
            key = f"trigger {trigger.id}"
            yield Alarm(Level.BREACH, f"{short}: {trigger.text}", short, key, trigger.since)
    yield from _of_gauges(session.board.readings, now)
    for item, lapse in state.lapsed.items():
        short = f"NO LONGER OK since {near(lapse.since, now)} {item_label(index, item)}"
        yield Alarm(Level.WATCH, f"{short}: {lapse.why}", short, f"lapse {item}", lapse.since)
    for stop in stops_now(session.plan, state, now):
        if stop.overran_s:
            text = overrun_text(stop)
            yield Alarm(Level.BREACH, text, text, f"stop {stop.stop.from_item}", stop.rests_until)


def _of_people(session: Session, now: datetime) -> Iterator[Alarm]:
    """A hold longer than announced, promises that are overdue, a bridge that was told nothing for long, a plan file that
    is no longer what was opened, and what failed. The file is never read again: people agreed on a plan."""
    state = session.state
    if (hold := state.hold) and hold.expected_at and now > hold.expected_at:
        short = f"HOLD OVER by {over((now - hold.expected_at).total_seconds())}"
        yield Alarm(Level.WATCH, f"{short}: {hold.reason}", short, "hold", hold.expected_at)
    for one in state.promises:
        if one.was_kept is None and now > one.due_at:
            text = f"OVERDUE {over((now - one.due_at).total_seconds())}: ask {one.who}"
            yield Alarm(Level.WATCH, text, text, f"promise {one.seq}", one.due_at)
    if (silent_s := update_due_s(session, now)) is not None:
        text = f"UPDATE DUE: no note for {left(silent_s)}"
        yield Alarm(Level.WATCH, text, text, "update", now - timedelta(seconds=silent_s - UPDATE_DUE_S))
    if (file := state.plan_file) is not None and file.became != "same":
        short = f"PLAN FILE {_PLAN_FILE.get(file.became, 'UNREADABLE')}"
        why = f", {file.why}" if file.why else ""
        text = f"{short}{why}: this session keeps the plan it was opened with"
        yield Alarm(Level.WATCH, text, short, "plan file", file.at)
    for item in session.tally.failed:
        said = state.items[item]
        short = f"FAILED {item_label(session.index, item)}"
        text = f"{short}: {said.reason or 'the reason is due'}, since {near(said.at, now)}"
        yield Alarm(Level.WATCH, text, short, f"item {item}", said.at)


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


def alarms(session: Session, now: datetime) -> list[Alarm]:
    """Everything that is wrong, worst first."""
    found = list(_of_journal(session))
    if session.state.is_closed:
        return found
    found += [*_of_plan(session, now), *_of_people(session, now)]
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
    found = [*_of_gauges(session.board.readings, session.clock.now())]
    return frozenset(key.removeprefix(_GAUGE) for key in acked_keys(session, found))


def _information(session: Session, now: datetime) -> tuple[str, str]:
    """What is not wrong but must be in sight, in full and short: a hold, and the next promise that is due."""
    state = session.state
    parts, shorts = [], []
    if hold := state.hold:
        until = f", until {near(hold.expected_at, now)}" if hold.expected_at else ""
        since = over((now - hold.since).total_seconds())
        parts.append(f"ON HOLD {since}: {hold.reason}{until}")
        shorts.append(f"ON HOLD {since}{until}")
    pending = [one for one in state.promises if one.was_kept is None and now <= one.due_at]
    if first := min(pending, key=lambda one: one.due_at, default=None):
        shorts.append(f"{first.who} promised {near(first.due_at, now)}")
        parts.append(f"{shorts[-1]} · {left((first.due_at - now).total_seconds())} left")
    return " · ".join(parts), shorts[0] if shorts else ""


def _calm(readings: Sequence[Reading]) -> str:
    if not readings:
        return "no alarms, no gauges in this plan"
    ages = [one.age_s for one in readings if one.age_s is not None and one.value is not None]
    parts = ["no alarms"]
    parts += [f"{len(ages)} gauges fresh", f"oldest {over(max(ages))}"] if ages else []
    for level, words in _AT_REST.items():
        if count := sum(one.level is level for one in readings):
            parts.append(f"{count} {words}")
    return ", ".join(parts)


def rollback_text(session: Session, now: datetime) -> tuple[str, str, str, Level | None]:
    """How long a rollback fits: in full, short, at its shortest, and how much it matters. Empty without budgets or
    windows."""
    fits = rollback_fits(session.plan, session.spans())
    if not fits:
        return "", "", "", None
    first = fits[0]
    if now <= first.start_by:
        seconds = (first.start_by - now).total_seconds()
        short = f"ROLLBACK FITS UNTIL {near(first.start_by, now)}, {left(seconds)}"
        return f"{short} left", short, short, Level.WATCH if seconds < _ROLLBACK_NEAR_S else None
    late = over((now - first.start_by).total_seconds())
    ends = f"ROLLBACK NOW ENDS {by_then(now + (first.end_at - first.start_by), now)}, {late}"
    full, least = f"{ends} after {session.index.phases[first.phase].title}", f"{ends} over"
    if (ahead := fit_ahead(fits, now)) is None:
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


class AlarmNews:
    """Which alarms of a screen are news: each once, again when it gets worse, and when it comes back after a while. What
    stands there at the first look is no news to whoever opened it, and neither is what the journal `known` says of
    gauges that have not answered yet."""

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        self._known = {key: Level(level) for key, level in (known or {}).items() if level in RANK}
        self._told: dict[str, tuple[int, float]] = {}
        self._is_first = True

    def news(self, alarms: Sequence[Alarm], acked: frozenset[str], mono_s: float) -> list[Alarm]:
        """The alarms to tell of now, worst first. `acked` are the keys of those that somebody has seen."""
        if self._is_first:
            self._told = {key: (RANK[level], mono_s) for key, level in self._known.items()}
        found: list[Alarm] = []
        for alarm in alarms:
            rank = RANK[alarm.level]
            worst, seen_s = self._told.get(alarm.key, (len(RANK), -AGAIN_S))
            if mono_s - seen_s >= AGAIN_S:
                worst = len(RANK)
            if rank < worst and alarm.key not in acked and not self._is_first:
                found.append(alarm)
            self._told[alarm.key] = (min(rank, worst), mono_s)
        self._is_first = False
        return sorted(found, key=lambda alarm: RANK[alarm.level])
