"""`kill -9` of a program whose gauge runs a command: neither the command lives on nor what it started, even where that
moved to a session of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil
import pytest

from deploytui.base.clock import SystemClock
from deploytui.probes import command
from deploytui.probes.command import Child
from tests.probes.make import ESCAPED

KILLS = 200 if os.environ.get("DEPLOYTUI_SOAK") else 20
_WAIT_S = 10.0
# A command that does not listen to a hang-up, with a grandchild in its group and one that escaped.
_SCRIPT = 'trap \'\' HUP; sleep 300 >/dev/null & echo $$ $!; "$0" -c "$1"; wait'
_COMMAND = ("sh", "-c", _SCRIPT, sys.executable, ESCAPED)
_NOT_ADOPTING = """
import sys
from deploytui.probes import supervisor
supervisor._prctl = lambda *_: False
supervisor.main(sys.argv[1], sys.argv[2:])
"""


def _run(kind: str) -> None:
    """What is killed: one command after the other ends, and then one does not. Says who runs."""
    clock = SystemClock()
    if kind == "not adopting":
        command._SUPERVISOR = (sys.executable, "-c", _NOT_ADOPTING)  # type: ignore[assignment]
    for _ in range(3):
        Child(("true",), clock).wait(5)
    one = Child(_COMMAND, clock)
    one._read(_WAIT_S, lambda: one._output.count(b"\n") == 2)
    pids = [one._process.pid, *map(int, one._output.split())]
    if kind == "held elsewhere":
        held = one._holding.fileno()
        pids.append(subprocess.Popen(["sleep", "300"], stdout=subprocess.DEVNULL, pass_fds=[held]).pid)
    print(*pids, flush=True)
    one.wait(300)


@contextmanager
def running(kind: str) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """The program; its supervisor, its command, the grandchild and the one that escaped. What is left is ended."""
    words = [sys.executable, "-m", "tests.faults.test_command_kill", kind]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        pids = [int(word) for word in program.stdout.readline().split()]
        try:
            assert len(pids) == 4 + (kind == "held elsewhere")
            yield program, pids
        finally:
            program.kill()
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def alive(pids: list[int]) -> list[int]:
    return [
        pid for pid in pids if psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    ]


def ended_within(pids: list[int], seconds: float) -> bool:
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        with suppress(psutil.NoSuchProcess):
            if not alive(pids):
                return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["kill", "term"])
def test_a_command_does_not_outlive_a_program_that_was_killed(number: int) -> None:
    with running("as it is") as (program, pids):
        assert alive(pids) == pids
        program.send_signal(number)
        assert ended_within(pids, _WAIT_S)


def test_while_another_holds_the_pipe_it_lives_on() -> None:
    """The control: it is the end of that pipe that ends it."""
    with running("held elsewhere") as (program, pids):
        program.kill()
        program.wait()
        assert not ended_within(pids, 0.5)
        assert alive(pids) == pids
        os.kill(pids.pop(), signal.SIGKILL)
        assert ended_within(pids, _WAIT_S)


def test_a_supervisor_that_does_not_adopt_ends_the_group_only() -> None:
    """The control: what it is on a system that is not Linux."""
    with running("not adopting") as (program, [*pids, escaped]):
        program.kill()
        assert ended_within(pids, _WAIT_S)
        assert alive([escaped]) == [escaped]


def test_a_stop_of_the_whole_service_does_not_end_the_supervisor_first() -> None:
    with running("as it is") as (program, [supervisor, *pids]):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            os.kill(supervisor, number)
        assert not ended_within([supervisor], 0.2)
        program.kill()
        assert ended_within([supervisor, *pids], _WAIT_S)


def test_a_command_whose_supervisor_was_killed_ends_too_and_is_no_answer() -> None:
    one = Child(("sleep", "300"), SystemClock())
    supervisor = psutil.Process(one._process.pid)
    started: list[int] = []
    until_s = time.monotonic() + _WAIT_S
    while not started and time.monotonic() < until_s:
        started = [each.pid for each in supervisor.children() if each.name() == "sleep"]
    supervisor.kill()
    assert one.wait(_WAIT_S).status is None
    assert len(started) == 1
    assert ended_within(started, _WAIT_S)


def test_random_kills_leave_nothing_behind() -> None:
    for _ in range(KILLS):
        with running("as it is") as (program, pids):
            program.kill()
            assert ended_within(pids, _WAIT_S)
    print(f"commands: {KILLS} kills, 0 left running")


if __name__ == "__main__":
    _run(sys.argv[1])
