"""Every way to end gives the terminal back, with the right exit code and one line at most.

Three times each in CI, fifty in a soak (DEPLOYTUI_SOAK=1). The same ends on Textual alone are the control.
"""

from __future__ import annotations

import contextlib
import signal
import stat
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.guarded_app import SENTINEL
from tests.faults.guarded_run import ROOT, Run, times


@dataclass(frozen=True)
class End:
    act: Callable[[Run], None]
    code: int
    word: str
    is_gone: bool = False
    ignore: tuple[signal.Signals, ...] = ()
    is_defect: bool = False


def by_signal(number: signal.Signals) -> Callable[[Run], None]:
    return lambda run: run.signal(number)


def by_key(key: str | bytes) -> Callable[[Run], None]:
    return lambda run: run.send(key)


ENDS = {
    "SIGTERM": End(by_signal(signal.SIGTERM), 143, "leaving 143 signal SIGTERM"),
    "SIGHUP": End(by_signal(signal.SIGHUP), 129, "leaving 129 signal SIGHUP"),
    "SIGINT": End(by_signal(signal.SIGINT), 130, "leaving 130 signal SIGINT"),
    "ctrl+q": End(by_key(b"\x11"), 0, "leaving 0 left"),
    "exception in a handler": End(by_key("X"), 70, "leaving 70 a defect", is_defect=True),
    "exception in a timer": End(by_key("T"), 70, "leaving 70 a defect", is_defect=True),
    "exception in a worker": End(by_key("W"), 70, "leaving 70 a defect", is_defect=True),
    "sys.exit": End(by_key("E"), 5, "leaving 0 left"),
    "terminal closed": End(Run.hang_up, 129, "leaving 129", is_gone=True),
    "terminal closed, SIGHUP ignored": End(
        Run.hang_up, 129, "leaving 129 the terminal is gone", is_gone=True, ignore=(signal.SIGHUP,)
    ),
}


@pytest.mark.parametrize("name", ENDS)
def test_the_terminal_is_given_back(name: str, tmp_path: Path, counted: Callable[[str], None]) -> None:
    end = ENDS[name]
    count = times(3, 50)
    for _ in range(count):
        with Run(tmp_path, ignore=end.ignore) as run:
            end.act(run)
            started_s = time.monotonic()
            assert run.wait() == end.code
            assert end.word in "\n".join(run.words())
            assert sum(word.startswith("leaving") for word in run.words()) == 1
            if end.is_gone:
                assert time.monotonic() - started_s < 2
                continue
            assert run.is_restored()
            assert run.modes_left() == []
            printed = run.printed_after()
            assert printed.count("\n") == (1 if end.is_defect else 0)
            assert ("(ValueError at guarded_app.py:" in printed) is end.is_defect
            assert SENTINEL not in bytes(run.raw).decode()
            assert "Traceback" not in bytes(run.raw).decode()
    counted(f"{name}: {count} ends, {count} times the right exit code and a terminal given back")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "exception in a handler"])
def test_textual_alone_fails_the_same_check(name: str, tmp_path: Path) -> None:
    end = ENDS[name]
    with Run(tmp_path, is_guarded=False) as run:
        end.act(run)
        code = run.wait()
        leaks = SENTINEL in bytes(run.raw).decode()
        assert code != end.code
        assert leaks or not run.is_restored()
        assert leaks or len(run.modes_left()) > 5


def test_a_vanished_terminal_without_the_guard_is_never_noticed(tmp_path: Path) -> None:
    with Run(tmp_path, is_guarded=False, ignore=(signal.SIGHUP,)) as run:
        run.hang_up()
        before_s = run.cpu_s()
        with pytest.raises(AssertionError):
            run.wait(2.5)
        assert run.cpu_s() - before_s > 1  # it spins


def test_a_defect_leaves_one_line_and_a_private_file_without_secrets(tmp_path: Path) -> None:
    with Run(tmp_path, env={"API_TOKEN": SENTINEL}) as run:
        run.send("X")
        assert run.wait() == 70
        (path,) = run.crash_files()
        printed = run.printed_after().strip()
        assert printed == (
            "error: a defect of deploytui ended it (ValueError at guarded_app.py:"
            f"{printed.split(':')[2].split(' ')[0]} in fail); what was saved is safe; details: {path}"
        )
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        text = path.read_text()
        assert SENTINEL not in text
        assert "action_raise_in_handler" in text


def test_what_nobody_waits_for_does_not_end_the_app(tmp_path: Path) -> None:
    with Run(tmp_path) as run:
        run.send("B")
        run.wait_for_word("stray ValueError")
        run.send("D")
        run.wait_for(lambda _: run.words().count("stray ValueError") == 2)
        assert run.is_alive()
        assert run.quit() == 0
        assert len(run.crash_files()) == 2
        assert run.printed_after() == ""
        assert SENTINEL not in bytes(run.raw).decode() + "".join(
            path.read_text() for path in run.crash_files()
        )


def test_last_words_that_hang_are_cut_short(tmp_path: Path) -> None:
    with Run(tmp_path, hook="hangs") as run:
        started_s = time.monotonic()
        run.signal(signal.SIGTERM)
        assert run.wait() == 143
        assert time.monotonic() - started_s < 3
        assert run.is_restored()
        assert run.modes_left() == []


def test_a_loop_that_hangs_is_ended_all_the_same(tmp_path: Path) -> None:
    with Run(tmp_path) as run:
        run.send("S")
        run.wait_for_word("hang")
        run.signal(signal.SIGTERM)
        assert run.wait() == 143
        assert run.is_restored()
        assert run.modes_left() == []


def test_a_terminal_that_no_longer_reads_blocks_neither_the_app_nor_its_end(tmp_path: Path) -> None:
    with Run(tmp_path, cols=200, rows=50, env={"GUARDED_PAINTS": "much"}) as run:
        assert goes_on_unread(run)
        run.signal(signal.SIGTERM)
        started_s = time.monotonic()
        assert run.process.wait(8) == 143
        assert time.monotonic() - started_s < 6
        assert run.is_restored()


def test_what_was_dropped_meanwhile_is_painted_once_it_reads_again(tmp_path: Path) -> None:
    with Run(tmp_path, cols=200, rows=50) as run:
        run.send("F")
        beats = run.beats()
        for _ in range(100):
            with contextlib.suppress(subprocess.TimeoutExpired):
                run.process.wait(0.05)
            if run.beats() > beats + 40:  # all is painted, and much of it went nowhere
                break
        run.send(" ")
        run.wait_for("ticked 1")
        run.wait_for(lambda _: {run.screen.buffer[row][9].bg for row in range(10, 50)} == {"ffffff"})


def test_a_terminal_that_no_longer_reads_blocks_textual_alone(tmp_path: Path) -> None:
    with Run(tmp_path, cols=200, rows=50, env={"GUARDED_PAINTS": "much"}, is_guarded=False) as run:
        assert not goes_on_unread(run)


def goes_on_unread(run: Run) -> bool:
    """Nobody reads, so the kernel's buffer and every queue fill up: does the app's own time go on for 3 s?"""
    silent = 0
    for _ in range(15):
        before = run.beats()
        with contextlib.suppress(subprocess.TimeoutExpired):
            run.process.wait(0.2)
        silent = 0 if run.beats() > before else silent + 1
        if silent == 5:
            return False
    return True


def test_a_suspended_app_that_is_told_to_end_does(tmp_path: Path) -> None:
    with Run(tmp_path) as run:
        run.send("Z")
        run.wait_for(lambda _: run.is_stopped())
        assert run.is_restored()
        run.wait_for(lambda _: run.modes_left() == [])  # what it wrote before it stopped waits to be read
        run.signal(signal.SIGTERM)
        run.signal(signal.SIGCONT)
        assert run.wait() == 143
        assert run.is_restored()
        assert run.modes_left() == []


def test_the_pointer_keeps_its_shape(tmp_path: Path) -> None:
    for is_guarded in (True, False):
        with Run(tmp_path, is_guarded=is_guarded) as run:
            run.send("\x1b[<35;9;3M")
            run.press("j")
            run.quit()
            assert (b"\x1b]22;" in bytes(run.raw)) is not is_guarded
            assert bytes(run.raw).rpartition(b"\x1b]22;")[2].startswith(b"default") is False


def test_it_draws_on_the_terminal_when_its_errors_go_into_a_file(tmp_path: Path) -> None:
    errors = tmp_path / "errors"
    with Run(tmp_path, redirect=f"2>'{errors}'") as run:
        assert run.is_alive()
        run.send("X")
        assert run.wait() == 70
        assert run.is_restored()
    assert errors.read_text().count("\n") == 1


def test_the_title_is_ours_clean_and_given_back(tmp_path: Path) -> None:
    with Run(tmp_path) as run:
        run.wait_for(lambda _: run.title != "")
        assert run.title == "guarded ␛]0;evil␇ app"
        run.quit()
        assert bytes(run.raw).count(b"\x1b[22;2t") == bytes(run.raw).count(b"\x1b[23;2t") == 1


def test_nothing_of_textuals_environment_acts(tmp_path: Path) -> None:
    env = {
        "TEXTUAL": "devtools,debug", "TEXTUAL_PRESS": "space", "TEXTUAL_LOG": str(tmp_path / "textual.log"),
        "TEXTUAL_SCREENSHOT": "1", "TEXTUAL_SCREENSHOT_LOCATION": str(tmp_path), "TEXTUAL_SHOW_RETURN": "1",
        "TEXTUAL_DEBUG": "1", "TEXTUAL_DRIVER": "tests.faults.no_such_module:Driver",
    }  # fmt: skip
    with Run(tmp_path, env=env) as run:
        run.wait_for(lambda _: run.beats() > 30)
        run.send(b"\x10")  # ctrl+p: no palette of Textual's
        assert run.is_alive()
        assert run.words().count("tick") == 1
        assert "Screenshot" not in run.text
        assert run.quit() == 0
        assert run.printed_after() == ""
        assert sorted(path.name for path in tmp_path.iterdir()) == ["log"]
    assert not (ROOT / "keys.log").exists()
    # The control: the same environment has Textual alone press the key by itself.
    unharmed = {name: value for name, value in env.items() if name in ("TEXTUAL_PRESS",)}
    with Run(tmp_path, is_guarded=False, env=unharmed) as run:
        run.wait_for_word("tick")
