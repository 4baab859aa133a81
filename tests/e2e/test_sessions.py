"""A session as people live it: begun in one terminal, ticked by a script, killed, taken up in another, watched."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import PLAN
from tests.e2e.terminal import Terminal

SRC = Path(__file__).parent.parent.parent / "src"
PROGRAM = (sys.executable, "-m", "deploytui")


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "ship.yaml").write_text(PLAN)
    return {"PYTHONPATH": str(SRC), "DEPLOYTUI_STATE_DIR": str(tmp_path / "state"), "LOGNAME": "ana"}


def terminal(env: dict[str, str], tmp_path: Path, *words: str) -> Terminal:
    return Terminal([*PROGRAM, *words], cols=120, rows=40, env=env, cwd=tmp_path)


def script(env: dict[str, str], tmp_path: Path, *words: str) -> str:
    done = subprocess.run(
        [*PROGRAM, *words], env={"PATH": "/usr/bin:/bin", **env}, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_begun_ticked_by_a_script_killed_and_taken_up(env: dict[str, str], tmp_path: Path) -> None:
    with terminal(env, tmp_path, "run", "ship.yaml", "--go-live", "now+1h", "--session", "s") as first:
        first.wait_for("driver ana")
        script(env, tmp_path, "tick", "s", "pre.backup", "--as", "CI")
        first.wait_for("PRE-DEPLOY 1 of 2", 3)
        with terminal(env, tmp_path, "resume", "--as", "BO") as second:
            second.wait_for("FOLLOWING, driver ana")
            script(env, tmp_path, "tick", "s", "pre.call", "--as", "CI")
            second.wait_for("PRE-DEPLOY 2 of 2", 3)
            first.process.kill()
            assert first.wait() == -9
    with terminal(env, tmp_path, "resume", "--as", "BO") as third:
        third.wait_for("driver BO")
        third.wait_for("PRE-DEPLOY 2 of 2")
        third.signal(15)
        assert third.wait() == 143
        assert third.is_restored()
        assert third.modes_left() == []
        told = third.printed_after()
    assert "left s (2 of 4 done); resume with: deploytui resume s" in told
    assert "`reset`" in told
    assert "sound: " in script(env, tmp_path, "verify", "s")


def test_a_word_of_another_thread_goes_again_and_the_end_trips_over_none(
    env: dict[str, str], tmp_path: Path
) -> None:
    """What the lint has found is said for three seconds, by a timer, and then the keys are back."""
    salessync = str(SRC.parent / "checklists" / "salessync.yaml")
    with terminal(env, tmp_path, "run", salessync, "--go-live", "now+1h", "--from", "exec") as first:
        first.wait_for("findings not accepted, :findings")
        first.wait_for("space tick")
        first.signal(15)
        assert first.wait() == 143


def test_watching_never_writes_and_sees_what_others_do(env: dict[str, str], tmp_path: Path) -> None:
    with terminal(env, tmp_path, "run", "ship.yaml", "--go-live", "now+1h", "--session", "s") as first:
        first.wait_for("driver ana")
        first.signal(15)
        assert first.wait() == 143
    head = script(env, tmp_path, "verify", "s")
    with terminal(env, tmp_path, "watch") as watcher:
        watcher.wait_for("FOLLOWING, driver nobody")
        watcher.send(" ")
        assert script(env, tmp_path, "verify", "s") == head
        script(env, tmp_path, "tick", "s", "pre.backup", "--as", "CI")
        watcher.wait_for("PRE-DEPLOY 1 of 2", 3)
        script(env, tmp_path, "close", "s", "--outcome", "abandoned")
        watcher.signal(1)
        assert watcher.wait() == 129
        assert watcher.is_restored()


def test_the_go_live_is_asked_for_and_escape_starts_nothing(env: dict[str, str], tmp_path: Path) -> None:
    with terminal(env, tmp_path, "run", "ship.yaml") as asked:
        asked.wait_for("no go-live is given")
        asked.wait_for("in 1 h 59")
        asked.send("\x1b")
        assert asked.wait() == 0
        assert asked.is_restored()
        assert asked.modes_left() == []
    assert not (tmp_path / "state").exists()
    with terminal(env, tmp_path, "run", "ship.yaml") as accepted:
        accepted.wait_for("in 1 h 59")
        accepted.send("\r")
        accepted.wait_for("driver ana")
        accepted.process.kill()
        accepted.wait()
    with terminal(env, tmp_path) as picker:
        picker.wait_for("1  resume ship-")
        picker.send("\r")
        picker.wait_for("driver ana")


def test_a_session_that_stands_elsewhere_is_left_with_the_words_that_open_it_again(
    env: dict[str, str], tmp_path: Path
) -> None:
    words = ("run", "ship.yaml", "--go-live", "now+1h", "--session", "s", "--store", "my nights")
    with terminal(env, tmp_path, *words) as first:
        first.wait_for("driver ana")
        first.settle(0.4)
        first.send("q")
        first.wait_for("Back with")
        first.settle(0.4)
        first.send("y")
        assert first.wait() == 0
        told = first.printed_after()
    command = re.search(r"resume with: (deploytui .*)", told)
    assert command is not None
    with terminal(env, tmp_path, *shlex.split(command[1])[1:]) as second:
        second.wait_for("driver ana")
