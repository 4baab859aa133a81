"""Who may drive a session that exists: a dead driver is followed at once, a living one only by a stated takeover."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from deploytui.base.clock import Clock
from deploytui.base.errors import Problem, UnusableSession, UsageError
from deploytui.base.text import clean_line
from deploytui.base.units import clock_z
from deploytui.journal.lease import holder_is_dead, this_process
from deploytui.journal.lock_trial import check_locks
from deploytui.journal.place import may_write
from deploytui.journal.sqlite import open_store
from deploytui.journal.sqlite_store import SqliteStore
from deploytui.journal.store import Fenced, Lease
from deploytui.session.act import By
from deploytui.session.joined import Joined

_DIED = "the driver's program had ended without a word"


class Wish(Struct, frozen=True):
    """What was asked for: to drive, or to drive whoever drives now, and why."""

    by: By
    take_over: bool = False
    reason: str = ""
    allow_network_fs: bool = False

    def __post_init__(self) -> None:
        if self.take_over and not self.reason.strip():
            hint = '`--reason "TEXT"`: it goes into the journal'
            raise UsageError(Problem("--take-over without a reason", try_=hint))


class Seat(Struct, frozen=True):
    """An open session. With `take_reason` None it is only followed, and `note` may say why.

    `seen` is the lease that was looked at: whoever takes one that was free must not take it from somebody who was
    faster. `died` is the driver whose program ended without a word.
    """

    store: SqliteStore
    note: str = ""
    take_reason: str | None = None
    seen: Lease | None = None
    died: str = ""


def seat(path: Path, wish: Wish, clock: Clock) -> Seat:
    """Open the session as it can be opened. Nothing is written yet but the proof that it could be."""
    if not may_write(path):
        if wish.take_over:
            found = "a session that this user may not write"
            raise UnusableSession(Problem(found, file=clean_line(str(path))))
        return Seat(open_store(path, writable=False, clock=clock), "read-only here")
    store = open_store(path, writable=False, clock=clock)  # somebody who only follows writes nothing at all
    try:
        lease = store.lease()
        is_dead = lease.holder is not None and holder_is_dead(lease.holder) is True
        if lease.holder is not None and not is_dead and not wish.take_over:
            return Seat(store)
        store.close()
        check_locks(path.parent, allow_network_fs=wish.allow_network_fs)
        store = open_store(path, writable=True, clock=clock, allow_network_fs=wish.allow_network_fs)
    except BaseException:
        store.close()
        raise
    if lease.holder is None:
        return Seat(store, take_reason="", seen=lease)
    if is_dead:
        return Seat(store, take_reason=_DIED, seen=lease, died=lease.holder.name)
    return Seat(store, take_reason=wish.reason)


def take(joined: Joined, found: Seat, by: By) -> str:
    """Take the lease where that is what the seat is for. What there is to say where it is only followed, or ""."""
    if found.take_reason is None:
        return found.note
    if joined.session.state.closed_at is not None:
        return f"closed {clock_z(joined.session.state.closed_at)}"
    try:
        joined.take_lease(this_process(by.name), found.take_reason, found.seen)
    except Fenced:
        return "somebody else was faster"
    return ""
