"""Locks between two processes: a file system that grants them to everybody is found out, and nobody drives there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploytui.base.errors import UnusableSession
from deploytui.journal import lock_trial
from deploytui.journal.lock_trial import OTHER, Locks, LockTrial, check_locks

# What the other process says where the file system says yes to everybody.
GRANTED = f"import os\nos._exit({lock_trial._TAKEN})"


def test_they_hold_here_and_nothing_is_left(tmp_path: Path) -> None:
    assert LockTrial(tmp_path).found() is Locks.HOLD
    assert list(tmp_path.iterdir()) == []


def test_the_other_process_takes_a_lock_that_nobody_holds(tmp_path: Path) -> None:
    """The control: it is the lock that refuses it."""
    file = tmp_path / "free"
    file.write_bytes(b"")
    done = subprocess.run([sys.executable, "-I", "-S", "-c", OTHER, file], check=False)
    assert done.returncode == lock_trial._TAKEN


def test_locks_that_everybody_gets_are_broken_and_refuse_the_driver(tmp_path: Path) -> None:
    assert LockTrial(tmp_path, GRANTED).found() is Locks.BROKEN
    with pytest.raises(UnusableSession, match="locks do not hold between two programs"):
        check_locks(tmp_path, allow_network_fs=False, early=LockTrial(tmp_path, GRANTED))
    trial = LockTrial(tmp_path, GRANTED)
    check_locks(tmp_path, allow_network_fs=True, early=trial)  # who takes the risk is let in
    trial.found()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("other", ["import os; os._exit(1)", "import os; os.kill(os.getpid(), 9)"])
def test_what_could_not_be_tried_refuses_nothing(tmp_path: Path, other: str) -> None:
    assert LockTrial(tmp_path, other).found() is Locks.UNTRIED
    check_locks(tmp_path, allow_network_fs=False, early=LockTrial(tmp_path, other))
    check_locks(tmp_path / "missing", allow_network_fs=False)
    assert list(tmp_path.iterdir()) == []


def test_where_no_process_can_be_started_nothing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "missing"))
    trial = LockTrial(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert trial.found() is Locks.UNTRIED


def test_a_trial_begun_early_answers_for_its_folder_only(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    early = LockTrial(tmp_path, GRANTED)
    check_locks(elsewhere, allow_network_fs=False, early=early)
    with pytest.raises(UnusableSession):
        check_locks(tmp_path, allow_network_fs=False, early=early)
    assert list(tmp_path.iterdir()) == [elsewhere]


def test_a_trial_that_nobody_asks_cleans_up(tmp_path: Path) -> None:
    trial = LockTrial(tmp_path)
    assert trial._child is not None
    os.waitpid(trial._child, 0)
    assert list(tmp_path.iterdir()) == []
    os.close(trial._file)
