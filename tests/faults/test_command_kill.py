"""`kill -9` of a program whose gauge runs a command: neither the command nor what it started lives on."""

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
from deploytui.probes.child import Child
from deploytui.probes.lifeline import Lifeline

KILLS = 200 if os.environ.get("DEPLOYTUI_SOAK") else 20
_WAIT_S = 10.0
# A command that does not listen to a hang-up, with a grandchild that holds nothing of it.
_COMMAND = ("sh", "-c", "trap '' HUP; sleep 300 >/dev/null & echo $$ $!; wait")


class Cut(Lifeline):
    """The control: a lifeline that nobody holds."""

    def add(self, group: int) -> None:
        return

    def drop(self, group: int) -> None:
        return


def _run(kind: str) -> None:
    """What is killed: one command after the other ends, and then one does not. Says who runs."""
    lifeline, clock = Cut() if kind == "cut" else Lifeline(), SystemClock()
    for _ in range(3):
        Child(("true",), clock, lifeline).wait(5)
    child = Child(_COMMAND, clock, lifeline)
    while not child._output.endswith(b"\n"):
        child._read(1)
    print(child._output.decode(), flush=True)
    child.wait(300)


@contextmanager
def running(kind: str) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """The program, and the processes of its command; whatever is left of them is ended at last."""
    words = [sys.executable, "-m", "tests.faults.test_command_kill", kind]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        pids = [int(word) for word in program.stdout.readline().split()]
        try:
            assert len(pids) == 2
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
    with running("held") as (program, pids):
        watchers = [each.pid for each in psutil.Process(program.pid).children() if each.pid not in pids]
        assert len(watchers) == 1  # one for all commands
        assert alive(pids) == pids
        program.send_signal(number)
        assert ended_within(pids, _WAIT_S)
        assert ended_within(watchers, _WAIT_S)


def test_without_the_lifeline_it_would_live_on() -> None:
    with running("cut") as (program, pids):
        program.kill()
        program.wait()
        assert not ended_within(pids, 0.5)
        assert alive(pids) == pids


def test_one_that_watches_and_was_itself_killed_is_replaced() -> None:
    lifeline, clock = Lifeline(), SystemClock()
    this = psutil.Process()
    try:
        slow = Child(("sleep", "300"), clock, lifeline)
        (first,) = [each for each in this.children() if each.name() != "sleep"]
        first.kill()
        first.wait(_WAIT_S)
        Child(("true",), clock, lifeline).wait(5)
        Child(("true",), clock, lifeline).wait(5)
        watchers = [each for each in this.children() if each.name() != "sleep"]
        assert len(watchers) == 1
    finally:
        lifeline.close()
    assert slow.wait(_WAIT_S).status == -signal.SIGKILL  # the new one knew of it too
    assert this.children(recursive=True) == []


def test_what_has_ended_is_never_signaled_again() -> None:
    """Its number may be another's by then."""
    lifeline = Lifeline()
    other = subprocess.Popen(["sleep", "300"], start_new_session=True)
    try:
        for group in (other.pid, 2**22 + 1):
            lifeline.add(group)
            lifeline.drop(group)
            lifeline.drop(group)
        lifeline.close()
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_random_kills_leave_nothing_behind() -> None:
    for _ in range(KILLS):
        with running("held") as (program, pids):
            program.kill()
            assert ended_within(pids, _WAIT_S)
    print(f"commands: {KILLS} kills, 0 left running")


if __name__ == "__main__":
    _run(sys.argv[1])
