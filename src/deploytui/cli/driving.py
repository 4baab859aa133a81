"""Who may drive a session that exists: a dead driver is followed at once, a living one only by a stated takeover."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from deploytui.base.clock import Clock
from deploytui.base.errors import Problem, Refused, UnusableSession, UsageError
from deploytui.base.text import clean_line
from deploytui.base.units import clock_z
from deploytui.journal.lease import holder_is_dead, this_process
from deploytui.journal.place import may_write
from deploytui.journal.sqlite import open_store
from deploytui.journal.sqlite_store import SqliteStore
from deploytui.journal.store import Fenced, Lease
from deploytui.session.act import By
from deploytui.session.session import Session


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for: to drive, or to drive whoever drives now, and why."""

    by: By
    take_over: bool = False
    reason: str = ""
    allow_network_fs: bool = False

    def __post_init__(self) -> None:
        if self.take_over and not self.reason.strip():
            raise UsageError(
                Problem("--take-over without a reason", try_='`--reason "TEXT"`: it goes into the journal')
            )


@dataclass(frozen=True, slots=True)
class Seat:
    """An open session, driven or followed. `note` says why it is not driven; `died` names a driver that crashed."""

    store: SqliteStore
    why_follow: str = ""
    take_reason: str | None = None
    died: str = ""


def seat(path: Path, wish: Wish, clock: Clock) -> Seat:
    """Open the session as it can be opened. Nothing is written yet but the proof that it could be."""
    if not may_write(path):
        if wish.take_over:
            raise UnusableSession(
                Problem("a session that this user may not write", file=clean_line(str(path)))
            )
        return Seat(open_store(path, writable=False, clock=clock), "read-only here")
    store = open_store(path, writable=False, clock=clock)  # somebody who only follows writes nothing at all
    try:
        lease = store.lease()
        if why := _why_follow(lease, wish):
            return Seat(store, why)
        store.close()
        store = open_store(path, writable=True, clock=clock, allow_network_fs=wish.allow_network_fs)
    except BaseException:
        store.close()
        raise
    died = f"{lease.holder.name}'s" if lease.holder and holder_is_dead(lease.holder) else ""
    if wish.take_over and lease.holder is not None and not died:
        return Seat(store, take_reason=wish.reason)
    return Seat(store, take_reason="the driver's program had ended without a word" if died else "", died=died)


def _why_follow(lease: Lease, wish: Wish) -> str:
    """Why this process may not drive; "" when it may."""
    if lease.holder is None or wish.take_over or holder_is_dead(lease.holder):
        return ""
    return f"on {clean_line(lease.holder.host)}"


def take(session: Session, found: Seat, by: By) -> str:
    """Take the lease where that is what the seat is for; why it is only followed, or ""."""
    if found.take_reason is None:
        return found.why_follow
    if session.state.is_closed:
        return f"closed {clock_z(session.state.closed_at)}" if session.state.closed_at else "closed"
    try:
        session.take_lease(this_process(by.name), found.take_reason)
    except Fenced:
        return "somebody else was faster"
    except Refused as refused:
        return str(refused)
    return ""
