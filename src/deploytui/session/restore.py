"""What restoring the backup would lose: from the marks of the plan and when their items were ticked. Pure."""

from __future__ import annotations

from datetime import datetime

from deploytui.journal.state import ItemStatus
from deploytui.plan.model import Mark
from deploytui.session.moment import by_then, near
from deploytui.session.session import Session


def ticked_at(session: Session, mark: Mark) -> datetime | None:
    """When the first item with `mark` was ticked; None while it is not done."""
    times = []
    for item in session.marked(mark):
        said = session.state.items.get(item)
        if said is not None and said.status is ItemStatus.DONE:
            times.append(said.at)
    return min(times) if times else None


def restore_loses(session: Session, now: datetime) -> str:
    """`DB RESTORE LOSES 00:40Z-02:04Z and all since 03:02Z`; "" where the plan has no marks or restores to a
    point in time."""
    if session.plan.rollback.restore == "pitr" or not session.marked(Mark.BACKUP):
        return ""
    backup = ticked_at(session, Mark.BACKUP)
    if backup is None:
        return "no backup ticked: there is nothing to restore"
    stopped, traffic = ticked_at(session, Mark.STOPS), ticked_at(session, Mark.TRAFFIC)
    if stopped is None or stopped < backup:
        return f"DB RESTORE LOSES all since {near(backup, now)}"
    text = f"DB RESTORE LOSES {near(backup, now)}-{by_then(stopped, now)}"
    return f"{text} and all since {near(traffic, now)}" if traffic is not None else text
