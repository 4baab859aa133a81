"""A command that cannot take anything with it: no terminal, no input, a bounded output, a sure end of all it started.

A supervisor of its own runs it (`supervisor.py`), and this program holds the pipe that keeps both alive: the system
closes that, whatever happens to this program. Code between fork and exec would not do here, where threads run.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from deploytui.base.clock import Clock
from deploytui.probes.supervisor import TERMINATE

MOST_OUTPUT = 64 * 1024
_SUPERVISOR = (sys.executable, "-I", "-S", str(Path(__file__).resolve().with_name("supervisor.py")))
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
    """Started at once, in a session and a process group of its own. Raises OSError where nothing can be started."""

    def __init__(
        self,
        argv: Sequence[str],
        clock: Clock,
        program: str | None = None,
        folder: str | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self._clock = clock
        self._process = subprocess.Popen(
            (*_SUPERVISOR, program or argv[0], *argv),
            cwd=folder,
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            bufsize=0,
        )
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._output = _Pipe(self._process.stdout.fileno(), MOST_OUTPUT)
        self._said = _Pipe(self._process.stderr.fileno(), 100)
        self._lock = threading.Lock()

    def wait(self, timeout_s: float) -> Ended:
        """Blocks until it has ended, or was ended: TERM at the deadline, KILL a little later. What it left running is
        ended too. Raises the OSError why the command could not be started."""
        is_late = not self._read(timeout_s, self._has_said)
        if not is_late:
            self._read(_DRAIN_S, self._is_drained)  # a grandchild may keep it open for as long as it likes
        elif self._terminate():
            self._read(_TERM_S, self._has_said)
        self.kill()
        is_gone = self._read(_KILL_S, self._is_gone)
        if is_gone:
            self._process.wait()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()
        status, size = self._status(), self._output.size
        return Ended(
            status if is_gone or not is_late else None, bytes(self._output.kept), is_late, size > MOST_OUTPUT
        )

    def kill(self) -> None:
        """The command and all that came of it, at once. From any thread."""
        with self._lock:
            assert self._process.stdin is not None
            self._process.stdin.close()

    def _terminate(self) -> bool:
        with self._lock, suppress(OSError, ValueError):
            assert self._process.stdin is not None
            self._process.stdin.write(TERMINATE)
            return True
        return False

    def _status(self) -> int | None:
        line = bytes(self._said.kept).decode("ascii", "replace").partition("\n")[0]
        word, _, number = line.partition(" ")
        if word == "errno":
            raise OSError(int(number), os.strerror(int(number)))
        return int(number) if word == "exit" else None

    def _has_said(self) -> bool:
        return not self._said.is_open or b"\n" in self._said.kept

    def _is_drained(self) -> bool:
        return not self._output.is_open

    def _is_gone(self) -> bool:
        return not self._said.is_open

    def _read(self, seconds: float, is_done: Callable[[], bool]) -> bool:
        """Read both pipes until it is; False when the time is over first."""
        until_s = self._clock.monotonic_s() + seconds
        while not is_done():
            left_s = until_s - self._clock.monotonic_s()
            if left_s <= 0:
                return False
            pipes = {pipe.number: pipe for pipe in (self._output, self._said) if pipe.is_open}
            for number in select.select(list(pipes), [], [], left_s)[0]:
                pipes[number].read()
        return True


class _Pipe:
    """One end to read from: the beginning of what came, and how much it was."""

    def __init__(self, number: int, most: int) -> None:
        self.number = number
        self.kept = bytearray()
        self.size = 0
        self.is_open = True
        self._most = most
        os.set_blocking(number, False)

    def read(self) -> None:
        with suppress(BlockingIOError):
            part = os.read(self.number, MOST_OUTPUT)
            self.is_open = bool(part)
            self.size += len(part)
            self.kept += part[: self._most - len(self.kept)]
