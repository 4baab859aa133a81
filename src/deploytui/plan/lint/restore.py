"""What restoring a backup takes and costs: its time, and what users wrote after it was taken."""

from __future__ import annotations

from collections.abc import Iterator

from deploytui.plan.lint.deed import (
    is_about_data,
    lets_traffic_in,
    restores_data,
    stops_application,
    takes_backup,
)
from deploytui.plan.lint.subject import WARNING, Hit, Subject, rule
from deploytui.plan.lint.wording import has_duration
from deploytui.plan.model import Item, Mark, StageName


@rule(
    "restore-unmeasured",
    WARNING,
    "the longest part of the way back is a guess, and so is the last minute to call it",
    "restore the last backup once before the night, and give the step that duration",
)
def _unmeasured(subject: Subject) -> Iterator[Hit]:
    for item in subject.rollback_steps:
        if restores_data(item.text) and item.duration_s is None and not has_duration(item.text):
            yield Hit(item.line, f'nothing says how long "{item.text}" takes', item.id)


@rule(
    "backup-before-stop",
    WARNING,
    "restoring this backup loses what users wrote until the application was stopped",
    "take the backup after the stop, or restore to a point in time (restore: pitr)",
)
def _backup_before_stop(subject: Subject) -> Iterator[Hit]:
    if not _restores_backup(subject) or (stop := stop_item(subject)) is None:
        return
    backups = _backups(subject)
    stops_at = subject.index.by_id[stop.id].position
    if not backups or any(subject.index.by_id[item.id].position > stops_at for item in backups):
        return
    backup = backups[-1]
    message = f'"{backup.text}" comes before "{stop.text}" (line {stop.line}): users go on writing in between'
    yield Hit(backup.line, message, backup.id)


def stop_item(subject: Subject) -> Item | None:
    """The item that stops the application: the one marked so, else the first step of the execution that says so."""
    if marked := subject.marked(Mark.STOPS):
        return marked[0]
    execution = (placed.item for placed in subject.index.items if placed.stage is StageName.EXECUTION)
    return next((item for item in execution if stops_application(item.text)), None)


def _backups(subject: Subject) -> list[Item]:
    """The backups taken for the night: the marked ones, else what says so just before or in the execution."""
    if marked := subject.marked(Mark.BACKUP):
        return marked
    last = [phase.id for phase in subject.plan.stages[0].phases][-1:]
    found = [
        placed.item
        for placed in subject.index.items
        if (placed.stage is StageName.EXECUTION or placed.phase in last) and takes_backup(placed.item.text)
    ]
    return [item for item in found if is_about_data(item.text)] or found


def _restores_backup(subject: Subject) -> bool:
    """Whether the way back is to restore a backup, and not a point in time or only older code."""
    if subject.plan.rollback.restore == "pitr" or not subject.has_rollback:
        return False
    is_said = any(restores_data(item.text) for item in subject.rollback_steps)
    return is_said or bool(subject.marked(Mark.BACKUP))


@rule(
    "no-traffic-item",
    WARNING,
    "nobody can say from when on a restore loses what users wrote",
    "mark the item that lets users in: marks: [traffic]",
)
def _no_traffic_item(subject: Subject) -> Iterator[Hit]:
    if not subject.has_execution or not _restores_backup(subject) or subject.marked(Mark.TRAFFIC):
        return
    after = (placed.item for placed in subject.index.items if placed.stage is not StageName.PRE_DEPLOY)
    said = next((item for item in after if lets_traffic_in(item.text)), None)
    if said is None:
        message = "no item says when users write into the new version for the first time"
        yield Hit(subject.execution_line, message)
    elif subject.marked(Mark.BACKUP) or subject.marked(Mark.STOPS):
        # A document has no marks, so its words must do; a plan with some marks lacks this one.
        message = f'"{said.text}" seems to let users in, and is not marked so'
        yield Hit(said.line, message, said.id, f"add marks: [traffic] to {said.id}")
