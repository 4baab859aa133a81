"""A session file opened for a command: its plan as it was, its events folded, and closed again afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from deploytui.base.clock import AcceleratedClock, Clock, FrozenClock
from deploytui.cli.beginning import hidden_texts
from deploytui.cli.console import Console
from deploytui.journal import snapshot
from deploytui.journal.event import Event
from deploytui.journal.fact import SessionOpened
from deploytui.journal.fold import fold
from deploytui.journal.lease import holder_is_dead
from deploytui.journal.sqlite import open_store
from deploytui.journal.sqlite_store import TAIL, SqliteStore
from deploytui.journal.state import SessionState
from deploytui.journal.store import Lease
from deploytui.session.joined import Joined, join

if TYPE_CHECKING:
    from deploytui.plan.model import Plan


_FIRST = 10


def restored(store: SqliteStore, clock: Clock) -> Joined:
    """The session of an open store. A snapshot, where there is one, spares folding a long journal again: only what
    came after it is read, and at least the events that opening the file has checked."""
    state = snapshot.restore(store)
    known = state.seq if state else 0
    events = store.events(max(0, min(known, store.head()[0] - TAIL)))
    now = fold([event for event in events if event.seq > known], state)
    if now.pace is not None:
        clock = clock_of(now, clock, is_driven=is_alive(store.lease()))
        store.keep_time(clock)
    return join(plan_of(store), store, clock, events, now)


def clock_of(state: SessionState, clock: Clock, *, is_driven: bool) -> Clock:
    """A rehearsal goes on at its own pace while somebody drives it, and stands still where nobody does."""
    pace = state.pace
    if pace is None:
        return clock
    if (not is_driven or state.is_closed) and state.last_at is not None:
        return FrozenClock(state.last_at, clock.local_zone())
    passed = clock.now() - pace.real_at
    return AcceleratedClock(clock, pace.at + passed * pace.speed, pace.speed)


def state_of(store: SqliteStore) -> SessionState:
    """Where the session stands."""
    state = snapshot.restore(store)
    return fold(store.events(state.seq if state else 0), state)


@contextmanager
def opened(
    console: Console, path: Path, *, writable: bool = False, is_whole: bool = False
) -> Iterator[Joined]:
    """Both sides of the session while the block runs; a whole one has all its events at hand. What its plan hides is
    masked from then on."""
    allow, clock = console.allow_network_fs, console.clock
    with closing(open_store(path, writable=writable, clock=clock, allow_network_fs=allow)) as store:
        joined = join(plan_of(store), store, clock, store.events()) if is_whole else restored(store, clock)
        console.hide(hidden_texts(joined.session.plan, {}, console.env))
        yield joined


def plan_of(store: SqliteStore) -> Plan:
    """The checklist as it was when the session was opened."""
    from deploytui.plan.load import read_plan

    return read_plan(store.plan_source, store.header.plan_name).plan


def is_alive(lease: Lease) -> bool:
    """Whether somebody drives, as far as this machine can tell: a holder elsewhere counts as alive."""
    return lease.holder is not None and holder_is_dead(lease.holder) is not True


def is_live(console: Console, path: Path, plan_path: Path | None) -> bool:
    """Whether the session is not closed, and of the checklist at `plan_path` where that is given."""
    with closing(open_store(path, writable=False, clock=console.clock)) as store:
        if plan_path is not None and store.header.plan_path != str(plan_path):
            return False
        return not state_of(store).is_closed


def first_events(joined: Joined) -> list[Event]:
    """What the session was opened with."""
    return joined.writer.page(0, _FIRST)


def given_at_start(joined: Joined) -> dict[str, str]:
    """The variables that were set when the session was opened, so that nobody has to type them again. No session of
    ours holds a secret one: who is asked about a command sees no value there, and it would be a stranger's."""
    first = first_events(joined)
    opened = first[0].fact if first else None
    pairs = opened.variables if isinstance(opened, SessionOpened) else ()
    secret = {variable.name for variable in joined.session.plan.variables if variable.is_secret}
    found = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    return {name: value for name, value in found.items() if name not in secret}
