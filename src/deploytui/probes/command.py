"""Reads one number from a command of a trusted checklist: its output, or its exit status. No shell is between.

A command cannot take anything with it: no terminal, no input, a bounded output, a sure end of all it started. A supervisor
of its own runs it (`supervisor.py`), and this program holds the pipe that keeps both alive: the system closes that,
whatever happens to this program. Code between fork and exec would not do here, where threads run.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, cast

from msgspec import Struct

from deploytui.base.clock import Clock
from deploytui.base.text import quoted
from deploytui.base.units import number, parse_number
from deploytui.plan.model import GaugeSpec
from deploytui.plan.source import CommandSource
from deploytui.probes.answer import body_text
from deploytui.probes.aside import Aside
from deploytui.probes.probe import Answers, SingleProbe, Told
from deploytui.probes.supervisor import TERM_S

MOST_OUTPUT = 64 * 1024
_SUPERVISOR = (sys.executable, "-I", "-S", str(Path(__file__).resolve().with_name("supervisor.py")))
_DRAIN_S = 1.0
_KILL_S = 1.0
NOT_DRIVING = "commands run only where the session is driven"


class Ended(Struct, frozen=True):
    """`status` is None where the end was not seen, negative where a signal was the end."""

    status: int | None
    output: bytes
    is_late: bool


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
        self._holding = cast(IO[bytes], self._process.stdin)
        self._out, self._err = cast(IO[bytes], self._process.stdout), cast(IO[bytes], self._process.stderr)
        self._output, self._said = bytearray(), bytearray()
        self._open = {self._out: self._output, self._err: self._said}

    def wait(self, timeout_s: float) -> Ended:
        """Blocks until it has ended, or was ended: TERM at the deadline, KILL a little later. What it left running is
        ended too. Raises the OSError why the command could not be started."""
        is_late = not self._read(timeout_s, self._has_said)
        if not is_late:
            # a grandchild may keep it open for as long as it likes
            self._read(_DRAIN_S, lambda: self._out not in self._open)
        self.kill()
        is_gone = self._read(TERM_S + _KILL_S, lambda: self._err not in self._open)
        if is_gone:
            self._process.wait()
        self._out.close()
        self._err.close()
        status = self._status()
        return Ended(status if is_gone or not is_late else None, bytes(self._output), is_late)

    def kill(self) -> None:
        """Let the supervisor end the command and all that came of it. From any thread."""
        self._holding.close()

    def _status(self) -> int | None:
        word, _, rest = self._said.decode("ascii", "replace").partition("\n")[0].partition(" ")
        if word == "errno":
            raise OSError(int(rest), os.strerror(int(rest)))
        return int(rest) if word == "exit" else None

    def _has_said(self) -> bool:
        return self._err not in self._open or b"\n" in self._said

    def _read(self, seconds: float, is_done: Callable[[], bool]) -> bool:
        """Read both pipes until it is; False when the time is over first. One byte more than the most is kept."""
        until_s = self._clock.monotonic_s() + seconds
        while not is_done():
            left_s = until_s - self._clock.monotonic_s()
            if left_s <= 0:
                return False
            for pipe in select.select(list(self._open), [], [], left_s)[0]:
                part, kept = os.read(pipe.fileno(), MOST_OUTPUT), self._open[pipe]
                kept += part[: MOST_OUTPUT + 1 - len(kept)]
                if not part:
                    del self._open[pipe]
        return True


class CommandProbe(SingleProbe):
    """One command, never twice at once, and only while `may_run` says so: whoever lost the session to another driver
    runs none. `close` ends what still runs."""

    def __init__(
        self,
        spec: GaugeSpec,
        argv: Sequence[str],
        clock: Clock,
        may_run: Callable[[], bool] = lambda: True,
        program: str | None = None,
        folder: str | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """`program` is the path that is started, whatever `argv` calls it."""
        super().__init__(spec, clock)
        self._argv, self._program, self._folder, self._environ = tuple(argv), program, folder, environ
        self._may_run = may_run
        self._aside: Aside[Told] = Aside()
        self._child: Child | None = None
        self._output: bytes | None = None

    async def _ask(self) -> Told:
        return await self._aside.call("", self._run)

    async def sample(self) -> Answers:
        """The thread keeps the deadline, and takes a little longer to end what does not end by itself."""
        if not self._may_run():
            return {self._spec.id: Told(error=NOT_DRIVING)}
        return {self._spec.id: await self._ask()}

    def last_answer(self) -> str:
        if self._output is None:
            return ""
        return body_text(self._output) or "the command printed nothing"

    async def close(self) -> None:
        if self._child is not None:
            self._child.kill()

    def _run(self) -> Told:
        try:
            self._child = Child(self._argv, self._clock, self._program, self._folder, self._environ)
            ended = self._child.wait(self._spec.timeout_s)
        except (OSError, ValueError) as error:
            return Told(error=self._why_not(error))
        finally:
            self._child = None
        self._output = ended.output[:MOST_OUTPUT]
        return self._told(ended)

    def _why_not(self, error: Exception) -> str:
        program = quoted(self._argv[0])
        if isinstance(error, FileNotFoundError):
            if error.filename is None:  # so says the supervisor, which was started
                return f"there is no program {program}"
            if self._folder is not None and error.filename == self._folder:
                return f"the folder {quoted(self._folder)} is gone"
        return f"the program {program} cannot be started"

    def _told(self, ended: Ended) -> Told:
        if ended.status is None and not ended.is_late:
            return Told(error="the end of the command was not seen, it may still be running")
        if ended.status is None or ended.is_late:
            rest = "and was ended" if ended.status is not None else "and may still be running"
            return Told(error=f"timed out after {number(self._spec.timeout_s)} s {rest}")
        if ended.status < 0:
            return Told(error=f"the command was ended by signal {_signal(-ended.status)}")
        if cast(CommandSource, self._spec.source).read == "exit":
            return Told(float(ended.status))
        if ended.status:
            return Told(error=f"the command failed: exit status {ended.status}")
        if len(ended.output) > MOST_OUTPUT:
            return Told(error=f"the output is longer than {MOST_OUTPUT // 1024} KiB")
        return _number(ended.output)


def _signal(number_: int) -> str:
    try:
        return signal.Signals(number_).name
    except ValueError:
        return str(number_)


def _number(output: bytes) -> Told:
    text = output.decode("utf-8", "replace").strip()
    if not text:
        return Told(error="the command printed nothing")
    try:
        return Told(parse_number(text))
    except ValueError:
        return Told(error=f"the output {quoted(text)} is not a number")
