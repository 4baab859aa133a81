"""The way back: budgets against the stated total, whether it fits, how long a restore takes, what it would lose."""

from __future__ import annotations

from collections.abc import Iterator

from deploytui.base.units import left, write_duration
from deploytui.plan.lint.rule import ERROR, WARNING, Hit, Rule
from deploytui.plan.lint.subject import Subject
from deploytui.plan.lint.wording import (
    durations,
    is_about_data,
    lets_traffic_in,
    restores_data,
    stops_application,
    takes_backup,
)
from deploytui.plan.model import Item, Mark, StageName
from deploytui.plan.schedule import rollback_phase

# As in the forecast: with fewer durations known than this, what they add up to says nothing.
_KNOWN_SHARE = 0.8


def _sum(subject: Subject) -> Iterator[Hit]:
    rollback = subject.plan.rollback
    if rollback.limit_s is None or not rollback.sum_s or rollback.sum_s <= rollback.limit_s:
        return
    budgets = " + ".join(str(_minutes(stage.budget_s)) for stage in rollback.stages if stage.budget_s)
    message = (
        f"the rollback's budgets add up to {left(rollback.sum_s)} ({budgets}), "
        f"the stated total is {left(rollback.limit_s)}"
    )
    yield Hit(rollback.limit_line or rollback.line, message)


def _minutes(seconds: int) -> str:
    return f"{seconds / 60:g}"


def _fit(subject: Subject) -> tuple[str, float, float, bool] | None:
    """The rollback's phase, the length of its window, the planned work in it, and whether that is known."""
    total, phase = subject.plan.rollback.sum_s, rollback_phase(subject.plan)
    if phase is None or not total or (length := subject.length_s(phase)) is None:
        return None
    items = [placed.item for placed in subject.index.of_phase(phase) if not placed.item.items]
    known = [item.duration_s for item in items if item.duration_s is not None]
    return phase, length, sum(known), len(known) >= _KNOWN_SHARE * len(items)


def _no_fit(subject: Subject) -> Iterator[Hit]:
    fit, total = _fit(subject), subject.plan.rollback.sum_s
    if fit is None:
        return
    phase, length, work, _ = fit
    if work + total <= length:
        return
    title = subject.index.phases[phase].title
    slack = f"leave {left(length - work)}" if length >= work else "are longer than it"
    message = (
        f"the rollback takes {left(total)}, and the planned steps of {title} {slack} of its window of {left(length)}: "
        f"it fits only when called by {subject.before_end(phase, total)}"
        if total <= length
        else f"the rollback takes {left(total)}, the window of {title} is {left(length)}: it never fits"
    )
    yield Hit(subject.plan.rollback.line, message)


def _fit_unknown(subject: Subject) -> Iterator[Hit]:
    fit, total = _fit(subject), subject.plan.rollback.sum_s
    if fit is None:
        return
    phase, length, work, is_known = fit
    if is_known or work + total > length:
        return
    message = (
        f"the rollback takes {left(total)} of the {left(length)} of {subject.index.phases[phase].title}, and nothing says "
        f"how long its steps take: it fits only when called by {subject.before_end(phase, total)}"
    )
    yield Hit(subject.plan.rollback.line, message)


def _restore_unmeasured(subject: Subject) -> Iterator[Hit]:
    for item in subject.rollback_steps:
        if (
            restores_data(item.text)
            and item.duration_s is None
            and not any(True for _ in durations(item.text))
        ):
            yield Hit(item.line, f'nothing says how long "{item.text}" takes', item.id)


def _backup_before_stop(subject: Subject) -> Iterator[Hit]:
    if not _restores_backup(subject) or (stop := _stop(subject)) is None:
        return
    backups = _backups(subject)
    place = {item.id: subject.index.by_id[item.id].position for item in [*backups, stop]}
    before = [item for item in backups if place[item.id] < place[stop.id]]
    if not before or len(before) < len(backups):
        return
    backup = before[-1]
    message = f'"{backup.text}" comes before "{stop.text}" (line {stop.line}): users go on writing in between'
    yield Hit(backup.line, message, backup.id)


def _stop(subject: Subject) -> Item | None:
    return stop_item(subject)


def stop_item(subject: Subject) -> Item | None:
    """The item that stops the application: the one marked so, else the first step of the execution that says so."""
    if marked := subject.marked(Mark.STOPS):
        return marked[0]
    for placed in subject.index.items:
        if placed.stage is StageName.EXECUTION and stops_application(placed.item.text):
            return placed.item
    return None


def _backups(subject: Subject) -> list[Item]:
    """The backups taken for the night: the marked ones, else what says so just before or in the execution."""
    if marked := subject.marked(Mark.BACKUP):
        return marked
    pre = [phase.id for phase in subject.plan.stages[0].phases][-1:]
    found = [
        placed.item
        for placed in subject.index.items
        if (placed.stage is StageName.EXECUTION or placed.phase in pre) and takes_backup(placed.item.text)
    ]
    return [item for item in found if is_about_data(item.text)] or found


def _restores_backup(subject: Subject) -> bool:
    """Whether the way back is to restore a backup, and not a point in time or only older code."""
    if subject.plan.rollback.restore == "pitr":
        return False
    return any(restores_data(item.text) for item in subject.rollback_steps) or (
        subject.has_rollback and bool(subject.marked(Mark.BACKUP))
    )


def _no_traffic_item(subject: Subject) -> Iterator[Hit]:
    if not subject.has_execution or not _restores_backup(subject) or subject.marked(Mark.TRAFFIC):
        return
    said = next(
        (
            placed.item
            for placed in subject.index.items
            if placed.stage is not StageName.PRE_DEPLOY and lets_traffic_in(placed.item.text)
        ),
        None,
    )
    if said is None:
        yield Hit(
            subject.execution_line, "no item says when users write into the new version for the first time"
        )
    elif subject.marked(Mark.BACKUP) or subject.marked(Mark.STOPS):
        message = f'"{said.text}" seems to let users in, and is not marked so'
        yield Hit(said.line, message, said.id, f"add marks: [traffic] to {said.id}")


def slack_s(subject: Subject) -> int | None:
    """The most that anything in the rollback's window may take, so that a rollback still fits after it."""
    phase, total = rollback_phase(subject.plan), subject.plan.rollback.sum_s
    length = None if phase is None else subject.length_s(phase)
    return None if length is None or length <= total else int(length - total)


def bounded_by_slack(subject: Subject) -> str:
    """`, at most 85m`, where the window says so."""
    slack = slack_s(subject)
    return "" if slack is None else f", at most {write_duration(slack)} or no rollback fits after it"


RULES = (
    Rule(
        "rollback-sum",
        ERROR,
        "whoever decides by the stated total calls the rollback too late",
        "state the sum as the total, or cut the budgets; the screen counts with the sum",
        _sum,
    ),
    Rule(
        "rollback-no-fit",
        ERROR,
        "a rollback called after that minute is not done when the window ends",
        "widen the window, shorten steps, or decide earlier",
        _no_fit,
    ),
    Rule(
        "rollback-fit-unknown",
        WARNING,
        "if the steps fill the window, a rollback called at their end runs over it, and nobody sees it coming",
        "give the steps a duration; then the screen says by when each must end",
        _fit_unknown,
    ),
    Rule(
        "restore-unmeasured",
        WARNING,
        "the longest part of the way back is a guess, and so is the last minute to call it",
        "restore the last backup once before the night, and give the step that duration",
        _restore_unmeasured,
    ),
    Rule(
        "backup-before-stop",
        WARNING,
        "restoring this backup loses what users wrote until the application was stopped",
        "take the backup after the stop, or restore to a point in time (restore: pitr)",
        _backup_before_stop,
    ),
    Rule(
        "no-traffic-item",
        WARNING,
        "nobody can say from when on a restore loses what users wrote",
        "mark the item that lets users in: marks: [traffic]",
        _no_traffic_item,
    ),
)
