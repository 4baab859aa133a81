"""Whether locks hold between two processes in a folder: tried with a file of its own before anybody drives there.

All that keeps two programs from writing into one session at once rests on the file system's locks, and some file
systems say yes to everybody. SQLite would never notice.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sys
from enum import Enum
from pathlib import Path

from deploytui.journal.place import unsafe_disk

_PLACE = 0x40000000  # the byte that SQLite locks first
_REFUSED, _TAKEN = 11, 12
# Another process: only there does a lock of this one count. Its exit status is its answer, and it deletes the file also
# where nobody asks for that.
OTHER = f"""
import fcntl, os, sys
answer = 1
try:
    file = os.open(sys.argv[1], os.O_RDWR)
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, {_PLACE})
        answer = {_TAKEN}
    except BlockingIOError:
        answer = {_REFUSED}
    os.unlink(sys.argv[1])
finally:
    os._exit(answer)
"""


class Locks(Enum):
    """`UNTRIED` is where no second process could be started: that is said, and refuses nothing."""

    HOLD = "hold"
    BROKEN = "broken"
    UNTRIED = "untried"


class LockTrial:
    """A lock is taken, and another process tries to take it too: begun before the answer is needed, because starting it
    takes as long as painting half a screen. Raises OSError where no file can be made."""

    def __init__(self, folder: Path, other: str = OTHER) -> None:
        self.folder = folder
        self._path = folder / f".locks-{os.getpid()}"
        flags = os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_RDWR
        self._file = os.open(self._path, flags, 0o600)
        self._child: int | None = None
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _PLACE)
            argv = [sys.executable, "-I", "-S", "-c", other, str(self._path)]
            self._child = os.posix_spawn(sys.executable, argv, os.environ)
        except OSError:
            self._path.unlink(missing_ok=True)

    def found(self) -> Locks:
        """The answer, once it is there. Asked once."""
        status = None if self._child is None else os.waitstatus_to_exitcode(os.waitpid(self._child, 0)[1])
        os.close(self._file)
        with contextlib.suppress(OSError):
            self._path.unlink()
        return {_REFUSED: Locks.HOLD, _TAKEN: Locks.BROKEN}.get(status or 0, Locks.UNTRIED)


def begin_trial(folder: Path) -> LockTrial | None:
    """A trial whose answer may be asked for later; none where no file can be made: whoever makes the session's own file
    there says better why."""
    with contextlib.suppress(OSError):
        return LockTrial(folder)
    return None


def check_locks(folder: Path, *, allow_network_fs: bool, early: LockTrial | None = None) -> None:
    """Refuse to drive where two could both think that they write alone. `early` counts where it is of this folder."""
    if allow_network_fs:
        return
    trial = early if early is not None and early.folder == folder else begin_trial(folder)
    if trial is not None and trial.found() is Locks.BROKEN:
        raise unsafe_disk(folder, "a file system whose locks do not hold between two programs")
