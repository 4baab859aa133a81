"""A process that keeps a journal, for the suites that kill, starve or stop it. Also the broken ones they must catch.

It speaks on standard output, one line an act: `ACK name` once an event may be called saved, `NOT name why` when it was
not, `MAYBE name` when that is not known. Variants that are wrong on purpose: `early` acknowledges before the commit,
`swallow` takes an error for a success, `full` forgets the sync of the folder, `unfenced` ignores the lease.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

from deploytui.base.clock import SystemClock
from deploytui.base.errors import DeploytuiError, UnsoundSession, UnusableSession
from deploytui.journal.event import Draft
from deploytui.journal.fact import DriverTook, ItemChecked
from deploytui.journal.lease import this_process
from deploytui.journal.sqlite import create, open_store
from deploytui.journal.sqlite_store import SqliteStore
from deploytui.journal.store import Fenced, Unconfirmed
from tests.journal.sample import HEADER, OPENING, PLAN

CLOCK = SystemClock()
UNHARMED = 7
FIRST_LATE = {"openat": 600, "fcntl": 120}  # more calls than the parent itself makes


def late_for(call: str, count: int) -> int:
    """The number of a call that comes after all that an unharmed child would make."""
    return FIRST_LATE.get(call, 80) + 60 * count


def say(text: str) -> None:
    """One write, so that a line is whole or not there."""
    os.write(1, f"{text}\n".encode())


def checked(name: str, epoch: int | None = None) -> Draft:
    return Draft(ItemChecked(name, str(epoch)), by="ANA")


def take(store: SqliteStore, name: str) -> int:
    took = Draft(DriverTook("", ""), by=name)
    return store.take_lease(this_process(name), store.lease(), took).epoch


def append(store: SqliteStore, name: str, epoch: int, variant: str) -> None:
    """One event, acknowledged as the variant does it."""
    if variant == "early":
        say(f"ACK {name}")
    try:
        store.append(
            store.head()[0], lambda new: [checked(name, epoch)], None if variant == "unfenced" else epoch
        )
    except Unconfirmed:
        say(f"ACK {name}" if variant == "swallow" else f"MAYBE {name}")
    except (UnusableSession, UnsoundSession) as error:
        say(f"ACK {name}" if variant == "swallow" else f"NOT {name} {error.problems[0].found}")
    else:
        if variant != "early":
            say(f"ACK {name}")


def weaken(store: SqliteStore, variant: str) -> None:
    if variant == "full":
        store._db.execute("PRAGMA synchronous=FULL")


def opened(path: Path, variant: str) -> SqliteStore:
    """The session at `path`; made first where there is none."""
    if path.exists():
        store = open_store(path, writable=True, clock=CLOCK)
    else:
        store = create(path, HEADER, PLAN, clock=CLOCK, holder=this_process("ANA"), opening=OPENING)
    weaken(store, variant)
    return store


# -- forever, until killed ---------------------------------------------------------------------------------


def loop(path: Path, variant: str) -> None:
    store = opened(path, variant)
    epoch = take(store, "ANA")
    number = 0
    while True:
        append(store, f"{os.getpid()}.{number}", epoch, variant)
        number += 1


# -- a few acts, once --------------------------------------------------------------------------------------


def acts(path: Path, variant: str, count: int) -> None:
    """Open or make the session, take the lease, append, save a snapshot, beat, leave."""
    try:
        store = opened(path, variant)
    except DeploytuiError as error:
        say(f"CLOSED {error.problems[0].found}")
        return
    epoch = 0
    for number in range(count):
        try:
            epoch = epoch or take(store, "ANA")
        except (UnusableSession, UnsoundSession) as error:
            say(f"NOT {number} {error.problems[0].found}")
            continue
        append(store, f"{number}", epoch, variant)
        if number == count // 2:
            with contextlib.suppress(UnusableSession, UnsoundSession):
                store.beat(epoch)
                store.save_snapshot(store.head()[0], b"x" * 5000)
    store.close()


# -- the same at every system call -------------------------------------------------------------------------
#
# strace counts the calls of each process from its birth on. So one strace, told to strike at call number LATE,
# strikes at the first, second, third … call of the acts, when the child before them makes LATE-1, LATE-2, LATE-3 …
# calls of its own: one start of an interpreter for all points, not one for each.

_IDLE = os.memfd_create("idle")
_CALLS: dict[str, Callable[[], object]] = {
    "pwrite64": lambda: os.pwrite(_IDLE, b"x", 0),
    "pread64": lambda: os.pread(_IDLE, 1, 0),
    "fdatasync": lambda: os.fdatasync(_IDLE),
    "fsync": lambda: os.fsync(_IDLE),
    "ftruncate": lambda: os.ftruncate(_IDLE, 1),
    "fcntl": lambda: fcntl.fcntl(_IDLE, fcntl.F_GETFD),
    "unlink": lambda: _tolerant(lambda: os.unlink("/nowhere")),
    "openat": lambda: _tolerant(lambda: os.open("/nowhere", os.O_RDONLY)),
}


def _tolerant(call: Callable[[], object]) -> None:
    """A call that is made although it cannot succeed; an injected error still gets out."""
    with contextlib.suppress(FileNotFoundError):
        call()


def _strikes(call: str, times: int) -> bool:
    """Make so many calls; whether strace struck at one of them."""
    for _ in range(times):
        try:
            _CALLS[call]()
        except OSError:
            return True
    return False


def points(
    strike: str, call: str, late: int, folder: Path, seed: Path, variant: str, count: int, last: int
) -> None:
    """A child for each call of the acts, up to `last` of them, or until one got through unharmed.

    `strike` is "kill", or an error "once" or "always" from there on. `seed` is a file to begin with; without one
    each child makes its session.
    """
    acts(
        folder / "warm" / "s.deploytui", "sound", count
    )  # nothing is imported or read for the first time in a child
    for point in range(1, min(late, last + 1)):
        place = folder / str(point)
        place.mkdir(mode=0o700)
        if seed.is_file():
            shutil.copyfile(seed, place / "s.deploytui")
        child = os.fork()
        if child == 0:
            _strikes(call, late - point)
            say(f"POINT {point}")
            acts(place / "s.deploytui", variant, count)
            is_unharmed = strike == "kill" or (strike == "once" and _strikes(call, point))
            os._exit(UNHARMED if is_unharmed else 0)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == UNHARMED:
            return


# -- one of several who all want to drive ------------------------------------------------------------------


def drive(path: Path, variant: str, patience_s: float) -> None:
    """Follow until the driver has been silent for too long, then drive until the lease is lost; and again."""
    store = open_store(path, writable=True, clock=CLOCK)
    name = str(os.getpid())
    number, epoch = 0, 0
    seen, since_s = store.lease(), time.monotonic()
    while True:
        try:
            if epoch:
                append(store, f"{name}.{number}", epoch, variant)
                number += 1
                if number % 5 == 0 and not store.beat(epoch):
                    epoch = 0
                time.sleep(0.002)
                continue
            time.sleep(0.01)
            lease = store.lease()
            if (lease.epoch, lease.beat) != (seen.epoch, seen.beat):
                seen, since_s = lease, time.monotonic()
            elif time.monotonic() - since_s > patience_s:
                epoch = take(store, name)
                say(f"TOOK {epoch}")
        except Fenced:
            epoch = 0
        except UnusableSession as error:
            say(f"BUSY {error.problems[0].found}")


def main(command: str, *words: str) -> None:
    match command:
        case "loop":
            loop(Path(words[0]), words[1])
        case "acts":
            acts(Path(words[0]), words[1], int(words[2]))
        case "points":
            strike, call, late, folder, seed, variant, count, last = words
            points(strike, call, int(late), Path(folder), Path(seed), variant, int(count), int(last))
        case "drive":
            drive(Path(words[0]), words[1], float(words[2]))


if __name__ == "__main__":
    main(*sys.argv[1:])
