"""The decision card: forward, back, and by when, in as many lines as are known. Nothing on it is a guess."""

from __future__ import annotations

from datetime import datetime, timedelta

from deploytui.base.units import left, over
from deploytui.journal.state import ItemStatus
from deploytui.plan.model import Mark
from deploytui.plan.schedule import fit_ahead, rollback_fits
from deploytui.session.alarm import alarms
from deploytui.session.forecast import forecasts, must_end_text, worst_case
from deploytui.session.label import item_label, unplanned_words
from deploytui.session.moment import by_then, near
from deploytui.session.session import Session
from deploytui.session.trigger import Trigger, TriggerNow, triggers_now
from deploytui.session.view import DetailView
from deploytui.session.viewer import Viewer


def decision_card(session: Session, now: datetime) -> DetailView:
    """Labelled lines, in the order in which they are read out on a bridge."""
    found = triggers_now(session.plan, session.state, session.board, now)
    lines = [
        *_forward(session, now),
        *_back(session, now),
        *(("alarm", alarm.text) for alarm in alarms(session, now)),
        *_decide_by(session, now),
        *(("trigger", _standing(trigger)) for trigger in found),
    ]
    return DetailView(f"{session.mark}Decision at {near(now, now)}", tuple(lines))


def card_text(card: DetailView) -> str:
    """The card to paste into a chat."""
    width = max((len(name) for name, _ in card.lines), default=0)
    return "\n".join([card.title, *(f"{name:<{width}}  {text}" for name, text in card.lines)])


def _standing(trigger: TriggerNow) -> str:
    """A trigger never without how it stands: its bare text would read as if it had happened."""
    label, text, stands = trigger.label, trigger.text, trigger.stands
    if stands is Trigger.FIRED:
        return f"FIRED {label}: {text}"
    if stands is Trigger.BY_HAND:
        return f"{label}: not raised"
    return (
        f"{label}: {stands.value}, {text}" if stands in (Trigger.CLEAR, Trigger.RESTS) else f"{label}: {text}"
    )


def _forward(session: Session, now: datetime) -> list[tuple[str, str]]:
    phase = session.current_phase(now)
    if phase is None:
        return []
    counts = session.tally.phase(phase)
    title = session.index.phases[phase].title
    lines = [("forward", f"{title}: {counts.left} of {counts.total} left{unplanned_words(counts)}")]
    if counts.failed:
        failed = ", ".join(item_label(session.index, item) for item in session.tally.failed)
        lines.append(("failed", failed))
    if item := Viewer(session).next_open(phase):
        lines.append(("next", item_label(session.index, item)))
        if by := must_end_text(session, item, now):
            lines.append(("", f"must end by {by}"))
    forecast = forecasts(session, now).get(phase)
    if forecast is not None:
        lines.append(("would end", by_then(forecast.end_at, now) if forecast.end_at else forecast.why))
    if (span := session.spans().get(phase)) is not None:
        seconds = (span.end_at - now).total_seconds()
        rest = f"{left(seconds)} left" if seconds >= 0 else f"{over(-seconds)} over"
        lines.append(("window", f"ends {near(span.end_at, now)}, {rest}"))
    pending = [one for one in session.state.promises if one.was_kept is None]
    return lines + [("promised", f"{one.who}: {near(one.due_at, now)}") for one in pending]


def _back(session: Session, now: datetime) -> list[tuple[str, str]]:
    total_s = session.plan.rollback.sum_s
    if not total_s:
        return []
    ends = now + timedelta(seconds=total_s)
    fits = rollback_fits(session.plan, session.spans())
    kept = fit_ahead(fits, now)
    text = f"called now it ends {by_then(ends, now)} ({left(total_s)})"
    if fits:
        text += f", inside {session.index.phases[kept.phase].title}" if kept else ", which fits no window"
    lines = [("back", text)]
    if (worst := worst_case(session, now)) is not None:
        lines.append(("worst case", f"go on to the end, then roll back: ends {by_then(worst, now)}"))
    if loses := restore_loses(session, now):
        lines.append(("restore", loses))
    return lines


def _decide_by(session: Session, now: datetime) -> list[tuple[str, str]]:
    fits = rollback_fits(session.plan, session.spans())
    ahead = fit_ahead(fits, now)
    if ahead is None:
        return []
    until = left((ahead.start_by - now).total_seconds())
    title = session.index.phases[ahead.phase].title
    why = f"{near(ahead.start_by, now)}, {until} left: after that a rollback outlasts {title}"
    return [("decide by", why)]


def _ticked_at(session: Session, mark: Mark) -> datetime | None:
    """When the first item with `mark` was ticked; None while it is not done."""
    said = [session.state.items.get(item) for item in _marked(session, mark)]
    return min((one.at for one in said if one and one.status is ItemStatus.DONE), default=None)


def _marked(session: Session, mark: Mark) -> list[str]:
    return [placed.item.id for placed in session.index.items if mark in placed.item.marks]


def restore_loses(session: Session, now: datetime) -> str:
    """`DB RESTORE LOSES 00:40Z-02:04Z and all since 03:02Z`; "" where the plan has no marks or restores to a
    point in time."""
    if session.plan.rollback.restore == "pitr" or not _marked(session, Mark.BACKUP):
        return ""
    backup = _ticked_at(session, Mark.BACKUP)
    if backup is None:
        return "no backup ticked: there is nothing to restore"
    stopped, traffic = _ticked_at(session, Mark.STOPS), _ticked_at(session, Mark.TRAFFIC)
    if stopped is None or stopped < backup:
        return f"DB RESTORE LOSES all since {near(backup, now)}"
    text = f"DB RESTORE LOSES {near(backup, now)}-{by_then(stopped, now)}"
    return f"{text} and all since {near(traffic, now)}" if traffic is not None else text
