"""A session file opened for a command: its plan as it was, its events folded, and closed again afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from deploytui.base.clock import Clock
from deploytui.cli.console import Console
from deploytui.journal import snapshot
from deploytui.journal.lease import holder_is_dead
from deploytui.journal.sqlite import open_store
from deploytui.journal.sqlite_store import SqliteStore
from deploytui.journal.store import Lease
from deploytui.session.session import Session

if TYPE_CHECKING:
    from deploytui.plan.model import Plan


def open_session(
    console: Console, path: Path, *, writable: bool, allow_network_fs: bool = False
) -> tuple[Session, SqliteStore]:
    """The session and its store; whoever asked closes the store."""
    store = open_store(path, writable=writable, clock=console.clock, allow_network_fs=allow_network_fs)
    try:
        return restored(store, console.clock), store
    except BaseException:
        store.close()
        raise


def restored(store: SqliteStore, clock: Clock) -> Session:
    """The session of an open store. A snapshot, where there is one, spares folding a long journal again."""
    return Session(plan_of(store), store, clock, store.events(), snapshot.restore(store))


@contextmanager
def opened(
    console: Console, path: Path, *, writable: bool = False, allow_network_fs: bool = False
) -> Iterator[Session]:
    """The session while the block runs. What its plan lists is masked from then on."""
    session, store = open_session(console, path, writable=writable, allow_network_fs=allow_network_fs)
    try:
        console.hide(session.plan.mask)
        yield session
    finally:
        store.close()


def plan_of(store: SqliteStore) -> Plan:
    """The checklist as it was when the session was opened."""
    from deploytui.plan.load import read_plan

    return read_plan(store.plan_source, store.header.plan_name).plan


def is_alive(lease: Lease) -> bool:
    """Whether somebody drives, as far as this machine can tell: a holder elsewhere counts as alive."""
    return lease.holder is not None and holder_is_dead(lease.holder) is not True


def is_live(console: Console, path: Path, plan_path: Path | None) -> bool:
    """Whether the session is not closed, and of the checklist at `plan_path` where that is given."""
    from deploytui.journal.fold import fold

    store = open_store(path, writable=False, clock=console.clock)
    try:
        if plan_path is not None and store.header.plan_path != str(plan_path):
            return False
        return not fold(store.events()).is_closed
    finally:
        store.close()


def given_at_start(session: Session) -> dict[str, str]:
    """The variables that were set when the session was opened, so that nobody has to type them again."""
    pairs = [] if not session.events else session.events[0].payload.get("variables")
    return dict(pair.split("=", 1) for pair in pairs if "=" in pair) if isinstance(pairs, list) else {}
