"""A new session: its name, its file with the checklist inside, and its first events."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from msgspec import Struct

from deploytui import __version__
from deploytui.base.clock import Clock
from deploytui.base.mask import Mask
from deploytui.base.paths import SESSION_SUFFIX
from deploytui.cli.beginning import Beginning
from deploytui.cli.console import Console
from deploytui.cli.shelf import NAME, Shelf, checked_name
from deploytui.journal.event import Draft
from deploytui.journal.fact import DriverTook
from deploytui.journal.lease import this_process
from deploytui.journal.lock_trial import LockTrial, check_locks
from deploytui.journal.place import make_folder
from deploytui.journal.sqlite import create
from deploytui.journal.sqlite_store import SqliteStore
from deploytui.journal.state import Pace
from deploytui.journal.store import Header
from deploytui.plan.load import Loaded
from deploytui.session.act import By
from deploytui.session.joined import Joined, join
from deploytui.session.session_rules import opening, paced

_STEM_MAX = 60


class New(Struct, frozen=True):
    """Everything a session is made of. `pace` is a rehearsal's."""

    loaded: Loaded
    path: Path
    by: By
    go_live: datetime | None
    beginning: Beginning
    given: Mapping[str, str]
    clock: Clock
    mode: str = "live"
    pace: Pace | None = None


def create_session(
    console: Console, shelf: Shelf, new: New, name: str | None, trial: LockTrial | None = None
) -> tuple[Joined, SqliteStore]:
    """Both sides of the session, driven by this process, durable before it returns. Whoever asked closes the store."""
    now = new.clock.now()
    file = shelf.file
    if file is None:
        name = checked_name(name) if name is not None else _name(shelf, new.path.stem, now)
    else:
        name = file.name.removesuffix(SESSION_SUFFIX)
    header = Header(
        session=name,
        title=new.loaded.plan.title,
        plan_name=new.loaded.name,
        plan_path=str(new.path.resolve()),
        plan_sha256=new.loaded.sha256,
        mode=new.mode,
        created_at=now,
        program=__version__,
    )
    holder = this_process(new.by.name)
    path = file or shelf.folder / (name + SESSION_SUFFIX)
    make_folder(path.parent)
    check_locks(path.parent, allow_network_fs=console.allow_network_fs, early=trial)
    store = create(
        path,
        header,
        new.loaded.source,
        clock=new.clock,
        holder=holder,
        opening=[*_opening(new), Draft(DriverTook(holder.host, ""), by=holder.name)],
        allow_network_fs=console.allow_network_fs,
    )
    joined = join(new.loaded.plan, store, new.clock, store.events())
    joined.drive(store.lease().epoch)
    return joined, store


def _opening(new: New) -> list[Draft]:
    begun, mask = new.beginning, Mask()
    secret = {variable.name for variable in new.loaded.plan.variables if variable.is_secret}
    given = [f"{name}={value}" for name, value in new.given.items() if name not in secret]
    # The journal may hold these, so that a resume needs no retyping: no secret, nothing like one.
    kept = tuple(pair for pair in given if mask.apply(pair)[1] == 0)
    first, *rest = opening(new.by, new.go_live, begun.phase, begun.set_aside, begun.elsewhere, kept)
    return [first, *([new.by.draft(paced(new.pace))] if new.pace is not None else []), *rest]


def _name(shelf: Shelf, stem: str, now: datetime) -> str:
    """The checklist's name with the time, and with `-2`, `-3` … where there is such a session already."""
    plain = "".join(char if NAME.fullmatch(char) else "-" for char in stem).strip(".-")[:_STEM_MAX]
    name = f"{plain or 'session'}-{now:%Y%m%d-%H%M}"
    names = chain((name,), (f"{name}-{number}" for number in count(2)))
    return next(free for free in names if not os.path.lexists(shelf.folder / (free + SESSION_SUFFIX)))
