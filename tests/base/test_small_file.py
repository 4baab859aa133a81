"""A small file that somebody else has named, and all that may stand in its place."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from deploytui.base import small_file
from deploytui.base.small_file import MOST, Unreadable, read_small


def _why(path: str | Path) -> str:
    with pytest.raises(Unreadable) as caught:
        read_small(path)
    return str(caught.value)


def test_a_regular_file_and_a_link_to_one_are_read_whole(tmp_path: Path) -> None:
    path, link = tmp_path / "value", tmp_path / "link"
    path.write_bytes(b"\x00\xff" * (MOST // 2))
    link.symlink_to(path)
    assert read_small(path) == path.read_bytes()
    assert read_small(str(link)) == path.read_bytes()


def test_a_file_of_the_system_that_says_it_is_empty_is_read() -> None:
    if os.path.exists("/proc/self/stat"):
        assert os.stat("/proc/self/stat").st_size == 0
        assert read_small("/proc/self/stat")


def test_one_byte_more_than_the_bound_is_refused(tmp_path: Path) -> None:
    (tmp_path / "value").write_bytes(b"x" * (MOST + 1))
    assert _why(tmp_path / "value") == "is larger than 64 KiB"


def test_a_file_that_grows_while_it_is_read_stays_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "value").write_bytes(b"x")
    asked: list[int] = []

    def endless(_fd: int, size: int) -> bytes:
        asked.append(size)
        return b"x" * min(size, 50_000)

    monkeypatch.setattr(small_file.os, "read", endless)
    assert _why(tmp_path / "value") == "is larger than 64 KiB"
    assert sum(min(size, 50_000) for size in asked) == MOST + 1


def test_what_is_no_file_is_named_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        assert _why(tmp_path / "pipe") == "is a pipe, not a regular file"
        assert _why(tmp_path / "socket") == "is a socket, not a regular file"
    assert _why("/dev/zero") == "is a device, not a regular file"
    assert _why(tmp_path) == "is a folder, not a regular file"


def test_a_pipe_that_takes_the_files_place_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "value").write_bytes(b"x")
    os.mkfifo(tmp_path / "pipe")
    was = os.stat(tmp_path / "value")
    monkeypatch.setattr(small_file.os, "stat", lambda _path: was)
    assert _why(tmp_path / "pipe") == "is a pipe, not a regular file"


def test_what_cannot_be_opened_says_why(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert _why(tmp_path / "none") == "does not exist"
    assert _why(tmp_path / "loop").startswith("cannot be read: too many")
    assert _why("a\0b") == "cannot be read: its name is none that a file can have"
    assert _why("\ud800") == "cannot be read: its name is none that a file can have"
