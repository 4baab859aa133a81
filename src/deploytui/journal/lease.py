"""Who drives, and whether they still live: this process as a holder, a dead holder, and a silent one.

Safety never rests on this: the epoch is checked inside every append. Only liveness does.
"""

from __future__ import annotations

import os
from pathlib import Path

from deploytui.journal.store import Holder, Lease

_PROC = Path("/proc")
_START_FIELD = 19  # of what follows the command's name in /proc/PID/stat
_GONE = frozenset(("Z", "X", "x"))


def boot_id(proc: Path = _PROC) -> str:
    """This boot and this process' view of pids (a container has its own); "" where the system tells neither."""
    try:
        boot = (proc / "sys/kernel/random/boot_id").read_text("ascii").strip()
        pids = os.readlink(proc / "self/ns/pid")
    except (OSError, UnicodeDecodeError):
        return ""
    return f"{boot} {pids}"


def _stat(pid: int, proc: Path) -> tuple[str, int] | None:
    """A process' state letter and start time in ticks since boot; None when there is no such process."""
    try:
        text = (proc / str(pid) / "stat").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = text.rpartition(b")")[2].split()  # the command's name may hold spaces and brackets
    return fields[0].decode("ascii", "replace"), int(fields[_START_FIELD])


def this_process(name: str) -> Holder:
    """The holder that `name` at this keyboard is. Without /proc the start time is 0: not known."""
    pid = os.getpid()
    try:
        found = _stat(pid, _PROC)
    except (OSError, ValueError, IndexError):
        found = None
    return Holder(name, os.uname().nodename, pid, found[1] if found else 0, boot_id())


def holder_is_dead(holder: Holder, host: str | None = None, proc: Path = _PROC) -> bool | None:
    """Whether the holder's process has ended; None when this machine cannot tell (another host, no rights)."""
    if holder.host != (os.uname().nodename if host is None else host):
        return None
    here = boot_id(proc)
    if not here or not holder.boot_id:
        return _is_gone(holder.pid) or None
    if holder.boot_id.split(" ")[0] != here.split(" ")[0]:
        return True  # this machine was started again since
    if holder.boot_id != here:
        return None
    try:
        found = _stat(holder.pid, proc)
    except (OSError, ValueError, IndexError):
        return None
    return found is None or found[0] in _GONE or found[1] != holder.pid_start


def _is_gone(pid: int) -> bool:
    """For systems without /proc: a living process of that number may be another one, a missing one is not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


class BeatWatch:
    """How long the driver has given no sign of life, by the watcher's own clock since it last *saw* a change.

    No clock of another machine is ever compared.
    """

    def __init__(self, lease: Lease, mono_s: float) -> None:
        self._seen = (lease.epoch, lease.beat)
        self._since_s = mono_s

    def silent_s(self, lease: Lease, mono_s: float) -> float:
        """Look at the lease as it is now; returns the seconds since its last observed change."""
        if (lease.epoch, lease.beat) != self._seen:
            self._seen = (lease.epoch, lease.beat)
            self._since_s = mono_s
        return mono_s - self._since_s
