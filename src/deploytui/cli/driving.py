"""A session that exists, opened for its dashboard: a dead driver is followed at once, a living one only by a takeover."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from msgspec import Struct

from deploytui.base.errors import Problem, UnusableSession
from deploytui.base.text import clean_line
from deploytui.base.units import clock_z
from deploytui.cli import compose
from deploytui.cli.beginning import hidden_texts
from deploytui.cli.console import Console
from deploytui.cli.opened import given_at_start, restored
from deploytui.cli.setting import Settings, given_variables
from deploytui.cli.trust import agreed, settle_trust, wanted
from deploytui.journal.lease import holder_is_dead, this_process
from deploytui.journal.lock_trial import check_locks
from deploytui.journal.place import may_write
from deploytui.journal.sqlite import open_store
from deploytui.journal.sqlite_store import SqliteStore
from deploytui.journal.store import Fenced, Lease
from deploytui.session.act import By
from deploytui.session.joined import Joined

_DIED = "the driver's program had ended without a word"


class Opened(Struct, frozen=True):
    """An open session. With `take_reason` None it is only followed, and `note` may say why.

    `seen` is the lease that was looked at: whoever takes one that was free must not take it from somebody who was
    faster. `died` is the driver whose program ended without a word.
    """

    store: SqliteStore
    note: str = ""
    take_reason: str | None = None
    seen: Lease | None = None
    died: str = ""


def open_to_drive(console: Console, path: Path, take_over: str = "") -> Opened:
    """Open the session as it can be opened; `take_over` is why a driver who lives is put off. Nothing is written yet
    but the proof that it could be."""
    is_mine = may_write(path)
    if take_over and not is_mine:
        found = "a session that this user may not write"
        raise UnusableSession(Problem(found, file=clean_line(str(path))))
    with closing(open_store(path, writable=False, clock=console.clock)) as store:
        lease = store.lease()
    is_dead = lease.holder is not None and holder_is_dead(lease.holder) is True
    if not is_mine or (lease.holder is not None and not is_dead and not take_over):
        # Somebody who only follows writes nothing at all.
        store = open_store(path, writable=False, clock=console.clock)
        return Opened(store, "" if is_mine else "read-only here")
    allow = console.allow_network_fs
    check_locks(path.parent, allow_network_fs=allow)
    store = open_store(path, writable=True, clock=console.clock, allow_network_fs=allow)
    if lease.holder is None:
        return Opened(store, take_reason="", seen=lease)
    if is_dead:
        return Opened(store, take_reason=_DIED, seen=lease, died=lease.holder.name)
    return Opened(store, take_reason=take_over)


def take(joined: Joined, found: Opened, by: By) -> str:
    """Take the lease where it is to be taken. What there is to say where the session is only followed, or ""."""
    if found.take_reason is None:
        return found.note
    if joined.session.state.closed_at is not None:
        return f"closed {clock_z(joined.session.state.closed_at)}"
    try:
        joined.take_lease(this_process(by.name), found.take_reason, found.seen)
    except Fenced:
        return "somebody else was faster"
    return ""


def show_again(
    console: Console, found: Opened, by: By, theme: str | None, settings: Settings | None = None
) -> int:
    """The dashboard of the open session; the exit code."""
    store, look = found.store, compose.choose_look(console, theme)
    joined = restored(store, console.clock)
    plan, state = joined.session.plan, joined.session.state
    given = given_at_start(joined)
    if settings is not None:
        given |= given_variables(console, plan.variables, settings)
    console.hide(hidden_texts(plan, given, console.env))
    demanded = wanted(console, Path(store.header.plan_path), store.plan_source, plan, given)
    drives = found.take_reason is not None and state.closed_at is None
    allowed = (settle_trust if drives else agreed)(console, demanded)
    note = take(joined, found, by)
    code = compose.show(console, joined, by, given, look, store.path, note, agreed=allowed)
    if found.died and state.last_at:
        console.say(f"{found.died}'s program had ended without a word, last heard at {state.last_at:%H:%M}Z: "
                    "if that terminal looks wrong, type `reset` there")  # fmt: skip
    return code
