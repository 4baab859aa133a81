"""The real program on a file system that grants every lock to everybody: it says so, and does not drive there."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.e2e.terminal import Terminal
from tests.faults.dashboard_run import PROGRAM, STEPS, write_plan
from tests.faults.guarded_run import ROOT

WORDS = "locks do not hold between two programs"
# Every locking call of the program and of those it starts succeeds, as on such a file system.
GRANTED = ("-f", "-qq", "-o", "/dev/null", "-e", "trace=fcntl", "-e", "inject=fcntl:retval=0")


def environment(folder: Path) -> dict[str, str]:
    return os.environ | {
        "PYTHONPATH": str(ROOT / "src"),
        "DEPLOYTUI_STATE_DIR": str(folder / "state"),
        "LOGNAME": "ana",
    }


def doctor(folder: Path, program: Sequence[str]) -> str:
    done = subprocess.run(
        [*program, "doctor"], env=environment(folder), capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout


def test_the_doctor_finds_it_and_finds_none_here(
    tmp_path: Path, strace: str, counted: Callable[[str], None]
) -> None:
    sick, well = doctor(tmp_path, [strace, *GRANTED, *PROGRAM]), doctor(tmp_path, PROGRAM)
    assert WORDS in sick.splitlines()[-1]
    assert WORDS not in well
    assert "locks hold" in well
    counted("locks that everybody gets: found by doctor; control, locks that hold: none found")


def test_no_session_is_begun_there(tmp_path: Path, strace: str) -> None:
    write_plan(tmp_path / "night.yaml", STEPS)
    words = [
        *PROGRAM,
        "run",
        str(tmp_path / "night.yaml"),
        "--go-live",
        "now+1h",
        "--session",
        "s",
        "--as",
        "ana",
    ]
    with Terminal([strace, *GRANTED, *words], cols=120, rows=40, env=environment(tmp_path)) as terminal:
        assert terminal.wait(60) == 5
        assert WORDS in terminal.text.replace("\n", "")
    assert not (tmp_path / "state" / "s.deploytui").exists()
