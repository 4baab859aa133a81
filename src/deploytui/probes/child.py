"""A child process that cannot take anything with it: no terminal, no input, a bounded output, a sure end.

Its end is waited for here, because the library's own waiting hangs on a grandchild that holds the pipe.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

from msgspec import Struct

from deploytui.base.clock import Clock
from deploytui.probes.lifeline import Lifeline

MOST_OUTPUT = 64 * 1024
_LOOK_S = 0.02
_DRAIN_S = 1.0
_TERM_S = 2.0
_KILL_S = 1.0


class Ended(Struct, frozen=True):
    """`status` is None where the end was not seen, negative where a signal was the end."""

    status: int | None
    output: bytes
    is_late: bool
    is_longer: bool


class Child:
    """Started at once, in a session and a process group of its own, which the lifeline ends should this program be
    killed. Raises OSError."""

    def __init__(
        self,
        argv: Sequence[str],
        clock: Clock,
        lifeline: Lifeline,
        program: str | None = None,
        folder: str | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self._clock = clock
        self._lifeline = lifeline
        self._process = subprocess.Popen(
            argv,
            executable=program,
            cwd=folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        lifeline.add(self._process.pid)
        assert self._process.stdout is not None
        self._pipe = self._process.stdout.fileno()
        os.set_blocking(self._pipe, False)
        self._output = bytearray()
        self._size = 0
        self._is_open = True
        self._is_reaped = False

    def wait(self, timeout_s: float) -> Ended:
        """Blocks until it has ended, or was ended: TERM at the deadline, KILL a little later. What it left running
        in its group is ended too."""
        is_late = not self._watch(timeout_s)
        if is_late:
            self._signal(signal.SIGTERM)
            if not self._watch(_TERM_S):
                self._signal(signal.SIGKILL)
                self._watch(_KILL_S)
        else:
            self._drain()
        self._signal(signal.SIGKILL)
        if self._process.stdout is not None:
            self._process.stdout.close()
        if self._has_ended():
            self._lifeline.drop(self._process.pid)
            self._is_reaped = True
            self._process.wait()
        return Ended(self._process.returncode, bytes(self._output), is_late, self._size > MOST_OUTPUT)

    def kill(self) -> None:
        """The whole group, at once."""
        self._signal(signal.SIGKILL)

    def _has_ended(self) -> bool:
        """Seen without reaping it: until then its number, and its group's, cannot become another's."""
        found = os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return found is not None

    def _watch(self, seconds: float) -> bool:
        """Read until the process has ended; False when the time is over first."""
        until_s = self._clock.monotonic_s() + seconds
        while not self._has_ended():
            left_s = until_s - self._clock.monotonic_s()
            if left_s <= 0:
                return False
            self._read(min(_LOOK_S, left_s))
        return True

    def _drain(self) -> None:
        """What is still in the pipe. A grandchild may keep it open for as long as it likes."""
        until_s = self._clock.monotonic_s() + _DRAIN_S
        while self._is_open and (left_s := until_s - self._clock.monotonic_s()) > 0:
            self._read(left_s)

    def _read(self, wait_s: float) -> None:
        if not self._is_open:
            time.sleep(wait_s)
            return
        if not select.select([self._pipe], [], [], wait_s)[0]:
            return
        with suppress(BlockingIOError):
            part = os.read(self._pipe, MOST_OUTPUT)
            self._is_open = bool(part)
            self._size += len(part)
            self._output += part[: MOST_OUTPUT - len(self._output)]

    def _signal(self, number: int) -> None:
        if not self._is_reaped:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)
