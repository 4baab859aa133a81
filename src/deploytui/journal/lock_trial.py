"""Whether locks hold between two processes in a folder: tried with a file of its own before anybody drives there.

All that keeps two programs from writing into one session at once rests on the file system's locks, and some file
systems say yes to everybody. SQLite would never notice.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sys
import threading
from collections.abc import Callable
from enum import Enum
from pathlib import Path

from deploytui.journal.place import unsafe_disk

_PLACE = 0x40000000  # the byte that SQLite locks first
_REFUSED, _TAKEN = 11, 12
# Another process: only there does a lock of this one count. Its exit status is its answer.
_OTHER = f"""
import fcntl, os, sys
try:
    file = os.open(sys.argv[1], os.O_RDWR)
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, {_PLACE})
except BlockingIOError:
    os._exit({_REFUSED})
os._exit({_TAKEN})
"""

Other = Callable[[str], int]


class Locks(Enum):
    """`UNTRIED` is where no second process could be started: that is said, and refuses nothing."""

    HOLD = "hold"
    BROKEN = "broken"
    UNTRIED = "untried"


def other_process(name: str) -> int:
    """The exit status of a process that tries to take the lock on the file. Raises OSError."""
    argv = [sys.executable, "-I", "-S", "-c", _OTHER, name]
    child = os.posix_spawn(sys.executable, argv, os.environ)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def try_locks(folder: Path, other: Other = other_process) -> Locks:
    """Take a lock and let another process try to take it too. Raises OSError where no file can be made."""
    path = folder / f".locks-{os.getpid()}"
    file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_RDWR, 0o600)
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _PLACE)
        answer = other(str(path))
    except OSError:
        return Locks.UNTRIED
    finally:
        os.close(file)
        with contextlib.suppress(OSError):
            path.unlink()
    return {_REFUSED: Locks.HOLD, _TAKEN: Locks.BROKEN}.get(answer, Locks.UNTRIED)


class EarlyTrial:
    """A trial on a thread of its own, begun before its answer is needed: starting the other process takes as long as
    painting half a screen. It cleans up by itself, also where nobody asks for the answer."""

    def __init__(self, folder: Path, other: Other = other_process) -> None:
        self.folder = folder
        self._other = other
        self._found = Locks.UNTRIED
        self._thread = threading.Thread(target=self._run, name="locks")
        self._thread.start()

    def _run(self) -> None:
        # Whoever makes the session's own file there says better why none can be made.
        with contextlib.suppress(OSError):
            self._found = try_locks(self.folder, self._other)

    def found(self) -> Locks:
        """The answer, once it is there."""
        self._thread.join()
        return self._found


def check_locks(
    folder: Path, *, allow_network_fs: bool, other: Other = other_process, early: EarlyTrial | None = None
) -> None:
    """Refuse to drive where two could both think that they write alone. `early` counts where it is of this folder."""
    if allow_network_fs:
        return
    if early is None or early.folder != folder:
        early = EarlyTrial(folder, other)
    if early.found() is Locks.BROKEN:
        raise unsafe_disk(folder, "a file system whose locks do not hold between two programs")
