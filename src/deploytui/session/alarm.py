"""The alarm row: the worst of what is wrong now, or what is calm, and how long a rollback still fits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from deploytui.base.units import left, over
from deploytui.journal.state import ItemStatus
from deploytui.metrics.board import Level, Reading
from deploytui.plan.schedule import Fit, rollback_fits
from deploytui.session.moment import near
from deploytui.session.session import Session
from deploytui.session.view import AlarmView
from deploytui.session.wording import item_label, level_word

_ROLLBACK_NEAR_S = 15 * 60
_RANK = {Level.BREACH: 0, Level.NO_DATA: 1, Level.WATCH: 2, Level.STALE: 3}


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that is wrong: its severity, in words with its limits, and at its shortest."""

    level: Level
    text: str
    short: str


def _of_gauge(reading: Reading) -> Alarm | None:
    """A gauge that never had an answer is no alarm: it is counted in the calm text instead."""
    if reading.level not in _RANK:
        return None
    if reading.level is Level.NO_DATA and reading.age_s is None:
        return None
    name = reading.title[:1].lower() + reading.title[1:] if reading.title[1:2].islower() else reading.title
    word = level_word(reading.level.value).upper()
    since = over(reading.in_level_s)
    return Alarm(reading.level, f"{word} {name}: {reading.why}, for {since}", f"{word} {name}, {since}")


def alarms(session: Session) -> list[Alarm]:
    """Everything that is wrong, worst first."""
    found = [alarm for reading in session.board.readings if (alarm := _of_gauge(reading))]
    for item in session.failed_items():
        said = session.state.items[item]
        label = item_label(session.index, item)
        what = said.reason or "the reason is due"
        found.append(Alarm(Level.WATCH, f"FAILED {label}: {what}", f"FAILED {label}"))
    return sorted(found, key=lambda alarm: _RANK[alarm.level])


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
    return text


def rollback_text(session: Session, now: datetime) -> tuple[str, str, Level | None]:
    """How long a rollback fits: in full, short, and how much it matters. Empty without budgets or windows."""
    fits = rollback_fits(session.plan, session.spans())
    if not fits:
        return "", "", None
    first = fits[0]
    if now <= first.start_by:
        seconds = (first.start_by - now).total_seconds()
        by = near(first.start_by, now)
        level = Level.WATCH if seconds < _ROLLBACK_NEAR_S else None
        full = f"ROLLBACK FITS UNTIL {by}, {left(seconds)} left"
        return full, f"ROLLBACK FITS UNTIL {by}, {left(seconds)}", level
    ends = now + (first.end_at - first.start_by)
    late = over((ends - first.end_at).total_seconds())
    title = session.index.phases[first.phase].title
    short = f"ROLLBACK NOW ENDS {near(ends, now)}, {late} after {title}"
    ahead = next((fit for fit in fits if now <= fit.start_by), None)
    if ahead is None:
        return f"{short}; it fits no window any more", short, Level.BREACH
    before = f"before {near(ahead.end_at, now)} if started by {near(ahead.start_by, now)}"
    return f"{short}; {before}", short, Level.WATCH


def roll_back_by(session: Session) -> tuple[Fit, Fit] | None:
    """The first limit a rollback must keep, and the last one there is."""
    fits = rollback_fits(session.plan, session.spans())
    return (fits[0], fits[-1]) if fits else None


def alarm_view(session: Session, now: datetime) -> AlarmView:
    """The row as it is drawn."""
    found = alarms(session)
    full, short, level = rollback_text(session, now)
    if not found:
        calm = _calm(session.board.readings)
        return AlarmView(None, calm, calm.split(",", 1)[0], 0, "", full, short, level)
    worst = found[0]
    return AlarmView(worst.level, worst.text, worst.short, len(found) - 1, "", full, short, level)


def failed_reason_due(session: Session, item: str) -> bool:
    """Whether a failed item still owes its reason."""
    said = session.state.items.get(item)
    return said is not None and said.status is ItemStatus.FAILED and not said.reason
