"""Locks between two processes: a file system that grants them to everybody is found out, and nobody drives there."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploytui.base.errors import UnusableSession
from deploytui.journal import lock_trial
from deploytui.journal.lock_trial import EarlyTrial, Locks, check_locks, try_locks


def granted(_: str) -> int:
    """What the other process says where the file system says yes to everybody."""
    return lock_trial._TAKEN


def unable(_: str) -> int:
    raise OSError("no second process here")


def test_they_hold_here_and_nothing_is_left(tmp_path: Path) -> None:
    assert try_locks(tmp_path) is Locks.HOLD
    assert list(tmp_path.iterdir()) == []


def test_the_other_process_takes_a_lock_that_nobody_holds(tmp_path: Path) -> None:
    """The control: it is the lock that refuses it."""
    file = tmp_path / "free"
    file.write_bytes(b"")
    assert lock_trial.other_process(str(file)) == lock_trial._TAKEN


def test_locks_that_everybody_gets_are_broken_and_refuse_the_driver(tmp_path: Path) -> None:
    assert try_locks(tmp_path, granted) is Locks.BROKEN
    with pytest.raises(UnusableSession, match="locks do not hold between two programs"):
        check_locks(tmp_path, allow_network_fs=False, other=granted)
    check_locks(tmp_path, allow_network_fs=True, other=granted)  # who takes the risk is let in
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("other", [unable, lambda _: 1, lambda _: -9])
def test_what_could_not_be_tried_refuses_nothing(tmp_path: Path, other: lock_trial.Other) -> None:
    assert try_locks(tmp_path, other) is Locks.UNTRIED
    check_locks(tmp_path, allow_network_fs=False, other=other)
    check_locks(tmp_path / "missing", allow_network_fs=False, other=other)


def test_a_trial_begun_early_answers_for_its_folder_only(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    early = EarlyTrial(tmp_path, granted)
    with pytest.raises(UnusableSession):
        check_locks(tmp_path, allow_network_fs=False, early=early)
    check_locks(elsewhere, allow_network_fs=False, early=early)
    assert list(tmp_path.iterdir()) == [elsewhere]


def test_a_trial_that_nobody_asks_cleans_up(tmp_path: Path) -> None:
    EarlyTrial(tmp_path)._thread.join()
    assert list(tmp_path.iterdir()) == []
    assert EarlyTrial(tmp_path / "missing").found() is Locks.UNTRIED
