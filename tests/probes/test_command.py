"""Commands that fail, hang, flood, fork and will not die: each is an answer, in time, and nothing is left behind."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

import psutil
import pytest

from deploytui.base.clock import SystemClock
from deploytui.plan.model import GaugeSpec
from deploytui.plan.source import CommandSource
from deploytui.probes import command
from deploytui.probes.command import NOT_DRIVING, CommandProbe
from deploytui.probes.probe import Told
from tests.probes.make import ESCAPED


def probe(*argv: str, read: str = "number", timeout_s: float = 5) -> CommandProbe:
    spec = GaugeSpec("c", "c", CommandSource(command=argv, read=read), timeout_s=timeout_s)  # type: ignore[arg-type]
    return CommandProbe(spec, argv, SystemClock())


async def asked(*argv: str, read: str = "number", timeout_s: float = 5) -> Told:
    one = probe(*argv, read=read, timeout_s=timeout_s)
    (sample,) = (await one.sample()).values()
    await one.close()
    return sample


def shell(script: str) -> tuple[str, str, str]:
    return "sh", "-c", script


@pytest.mark.parametrize(
    ("argv", "read", "value", "error"),
    [
        (("echo", " 4.5 "), "number", 4.5, ""),
        (("true",), "exit", 0, ""),
        (shell("exit 3"), "exit", 3, ""),
        (shell("echo 1; exit 3"), "number", None, "the command failed: exit status 3"),
        (("true",), "number", None, "the command printed nothing"),
        (("echo", "1; rm"), "number", None, 'the output "1; rm" is not a number'),
        (("echo", "1_0"), "number", None, 'the output "1_0" is not a number'),
        (("echo", "١٢"), "number", None, 'the output "١٢" is not a number'),
        (("printf", "\\033[31m1"), "number", None, 'the output "\u241b[31m1" is not a number'),
        (("no-such-program-here",), "exit", None, 'there is no program "no-such-program-here"'),
        (("/",), "exit", None, 'the program "/" cannot be started'),
        (shell("kill -9 $$"), "exit", None, "the command was ended by signal SIGKILL"),
        (("echo", "$HOME", "`id`"), "number", None, 'the output "$HOME `id`" is not a number'),
    ],
)
async def test_what_a_command_says(argv: tuple[str, ...], read: str, value: float | None, error: str) -> None:
    sample = await asked(*argv, read=read)
    assert (sample.value, sample.error) == (value, error)


async def test_a_flood_is_bounded() -> None:
    before = psutil.Process().memory_info().rss
    sample = await asked("head", "-c", "200000000", "/dev/zero")
    assert (sample.value, sample.error) == (None, "the output is longer than 64 KiB")
    assert psutil.Process().memory_info().rss - before < 5 << 20


@pytest.mark.parametrize("script", ["sleep 60", "trap '' TERM; while :; do sleep 0.05; done", "yes"])
async def test_what_does_not_end_is_ended(script: str) -> None:
    began_s = time.monotonic()
    sample = await asked(*shell(script), timeout_s=0.2)
    assert (sample.value, sample.error) == (None, "timed out after 0.20 s and was ended")
    assert time.monotonic() - began_s < 5
    assert psutil.Process().children(recursive=True) == []


async def test_what_does_not_end_is_asked_to_before_it_is_killed(tmp_path: Path) -> None:
    script = f"trap 'echo asked > {tmp_path}/said; exit 0' TERM; sleep 60 & wait"
    assert (await asked(*shell(script), timeout_s=0.5)).error == "timed out after 0.50 s and was ended"
    assert (tmp_path / "said").read_text() == "asked\n"


async def test_a_grandchild_that_holds_the_pipe_delays_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(command, "_DRAIN_S", 0.1)
    began_s = time.monotonic()
    sample = await asked(*shell(f"sleep 60 & echo $! > {tmp_path}/pid; echo 7"))
    assert sample.value == 7
    assert time.monotonic() - began_s < 3
    left = int((tmp_path / "pid").read_text())
    for _ in range(200):
        if not psutil.pid_exists(left) or psutil.Process(left).status() == psutil.STATUS_ZOMBIE:
            break
        await asyncio.sleep(0.01)
    else:
        pytest.fail("what the command left in its group still runs")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere what moves to another session lives on")
@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("echo 7", ""),
        ("exit 3", "the command failed: exit status 3"),
        ("wait", "timed out after 0.50 s and was ended"),
    ],
)
async def test_what_moved_to_a_session_of_its_own_ends_with_the_command(
    tmp_path: Path, rest: str, said: str
) -> None:
    script = f'"$0" -c "$1" > {tmp_path}/pid; sleep 300 & {rest}'
    began_s = time.monotonic()
    sample = await asked("sh", "-c", script, sys.executable, ESCAPED, timeout_s=0.5)
    assert (sample.error, time.monotonic() - began_s < 3) == (said, True)
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))


async def test_a_broken_pipe_ends_a_command_as_it_does_in_a_shell() -> None:
    """Python ignores that signal, and what is ignored would stay so in the command."""
    assert (await asked(*shell("{ { yes; echo $? >&3; } | head -n 1 >/dev/null; } 3>&1"))).value == 128 + 13


async def test_it_has_no_terminal_no_input_and_a_session_of_its_own() -> None:
    code = "import os,sys; print(int(sys.stdin.read() == '' and os.getsid(0) == os.getpid()))"
    assert (await asked(sys.executable, "-c", code)).value == 1


async def test_closing_ends_what_still_runs() -> None:
    running = probe("sleep", "60", timeout_s=60)
    task = asyncio.create_task(running.sample())
    for _ in range(500):
        if running._child is not None:
            break
        await asyncio.sleep(0.01)
    await running.close()
    (sample,) = (await task).values()
    assert sample.error in [f"the command was ended by signal {name}" for name in ("SIGTERM", "SIGKILL")]


async def test_who_lost_the_session_to_another_driver_runs_none(tmp_path: Path) -> None:
    made, is_driving = tmp_path / "made", True
    argv = ("touch", str(made))
    spec = GaugeSpec("c", "c", CommandSource(command=argv, read="exit"), timeout_s=5)
    one = CommandProbe(spec, argv, SystemClock(), lambda: is_driving)
    (sample,) = (await one.sample()).values()
    assert (sample.value, made.exists()) == (0, True)  # the control
    made.unlink()
    is_driving = False
    (sample,) = (await one.sample()).values()
    assert (sample.value, sample.error, made.exists()) == (None, NOT_DRIVING, False)
    await one.close()
