"""The plan's file as it is looked at during a night: changed, gone, unreadable, and hashed only where it must be."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from deploytui.plan import watch
from deploytui.plan.watch import Became, PlanFile, Seen

TEXT = b"deploytui: 1\n"


def sha(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "plan.yaml"
    path.write_bytes(TEXT)
    return path


def watched(path: Path, *, is_expected: bool = True) -> PlanFile:
    return PlanFile(path, sha(TEXT), is_expected=is_expected)


def test_what_was_opened_is_the_same(path: Path) -> None:
    assert watched(path).look() == Seen(Became.SAME, sha(TEXT))


def test_other_bytes_are_a_change_and_the_old_bytes_are_none(path: Path) -> None:
    file = watched(path)
    file.look()
    path.write_bytes(b"deploytui: 2\n")
    assert file.look() == Seen(Became.CHANGED, sha(b"deploytui: 2\n"))
    path.write_bytes(TEXT)
    assert file.look() == Seen(Became.SAME, sha(TEXT))


def test_another_time_alone_is_no_change(path: Path) -> None:
    file = watched(path)
    file.look()
    os.utime(path, (1, 1))
    assert file.look() == Seen(Became.SAME, sha(TEXT))


def test_a_change_before_the_first_look_is_seen(path: Path) -> None:
    path.write_bytes(b"deploytui: 2\n")
    found = watched(path).look()
    assert found is not None
    assert found.became is Became.CHANGED


def test_a_change_that_leaves_size_and_times_is_seen_at_the_second_look(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = watched(path)
    found = os.stat(path)
    monkeypatch.setattr(watch.os, "stat", lambda _: found)
    assert file.look() == Seen(Became.SAME, sha(TEXT))
    path.write_bytes(b"deploytui: 2\n")
    assert file.look() == Seen(Became.CHANGED, sha(b"deploytui: 2\n"))


def test_an_untouched_file_is_read_twice_and_then_only_looked_at(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = watched(path)
    reads = []
    read = watch.file_sha256
    monkeypatch.setattr(watch, "file_sha256", lambda path: reads.append(path) or read(path))
    for _ in range(6):
        file.look()
    assert len(reads) == 2


def test_a_file_that_is_replaced_as_editors_do_is_never_called_missing(path: Path) -> None:
    file = watched(path)
    file.look()
    path.unlink()
    assert file.look() == Seen(Became.SAME, sha(TEXT))
    path.write_bytes(b"new")
    assert file.look() == Seen(Became.CHANGED, sha(b"new"))


def test_a_file_that_stays_away_is_missing_and_may_come_back(path: Path) -> None:
    file = watched(path)
    path.unlink()
    assert file.look() is None
    assert file.look() == Seen(Became.MISSING)
    path.write_bytes(TEXT)
    assert file.look() == Seen(Became.SAME, sha(TEXT))


@pytest.mark.parametrize("kind", ["folder", "fifo", "loop"])
def test_what_cannot_be_read_is_said_and_never_waited_for(path: Path, kind: str) -> None:
    path.unlink()
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    else:
        path.symlink_to(path)
    file = watched(path)
    file.look()
    found = file.look()
    assert found is not None
    assert found.became is Became.UNREADABLE
    assert found.why


def test_elsewhere_than_where_it_was_opened_it_need_not_be_there(path: Path) -> None:
    path.unlink()
    file = watched(path, is_expected=False)
    assert [file.look() for _ in range(3)] == [None, None, None]
    path.write_bytes(b"other")
    assert file.look() == Seen(Became.CHANGED, sha(b"other"))
    path.unlink()
    file.look()
    assert file.look() == Seen(Became.MISSING)
