"""Reads one number from a command of a trusted checklist: its output, or its exit status. No shell is between."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from deploytui.base.clock import Clock
from deploytui.base.text import quoted
from deploytui.base.units import number, parse_number
from deploytui.plan.model import GaugeSpec
from deploytui.plan.source import CommandSource
from deploytui.probes.aside import Aside
from deploytui.probes.child import MOST_OUTPUT, Child, Ended
from deploytui.probes.probe import Answers, SingleProbe, Told
from deploytui.probes.raw import body_text

NOT_DRIVING = "commands run only where the session is driven"


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
            return self._answers({self._spec.id: Told(error=NOT_DRIVING)})
        return self._answers({self._spec.id: await self._ask()})

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
        self._output = ended.output
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
        if ended.is_longer:
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
