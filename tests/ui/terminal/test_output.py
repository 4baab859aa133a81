"""The terminal as a file: it never raises, never blocks for long, and says when it is gone or flows again."""

from __future__ import annotations

import os
import pty
import time
import tty
from collections.abc import Iterator

import pytest

from deploytui.base.clock import SystemClock
from deploytui.ui.terminal.output import TerminalFile


class Pair:
    """A pseudo-terminal and the file on it; `said` is what the file has told."""

    def __init__(self) -> None:
        self.master, self.slave = pty.openpty()
        tty.setraw(self.slave)
        self.said: list[str] = []
        self.file = TerminalFile(
            self.slave,
            SystemClock(),
            lambda: self.said.append("gone"),
            lambda: self.said.append("flows"),
            0.05,
        )

    def read(self) -> bytes:
        os.set_blocking(self.master, False)
        data = b""
        try:
            while chunk := os.read(self.master, 65536):
                data += chunk
        except OSError:
            pass
        return data


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    for fd in (made.master, made.slave, made.file._fd):
        try:
            os.close(fd)
        except OSError:
            continue


def test_what_is_written_arrives_with_the_flush(pair: Pair) -> None:
    assert pair.file.write("✓ ok \ud800") == 6
    assert pair.read() == b""
    pair.file.flush()
    assert pair.read().decode() == "✓ ok ?"
    assert pair.file.fileno() == pair.slave


def test_the_programs_own_descriptor_keeps_blocking(pair: Pair) -> None:
    assert os.get_blocking(pair.slave)
    assert not os.get_blocking(pair.file._fd)


def test_a_terminal_that_does_not_read_is_waited_for_briefly_and_then_not_at_all(pair: Pair) -> None:
    started_s = time.monotonic()
    pair.file.write("x" * 1_000_000)
    pair.file.flush()
    assert time.monotonic() - started_s < 2
    started_s = time.monotonic()
    for _ in range(1000):
        pair.file.write("y" * 1000)
        pair.file.flush()
    assert time.monotonic() - started_s < 0.5
    assert pair.said == []


def test_when_it_reads_again_the_cut_sequence_is_ended_and_a_repaint_is_asked_for(pair: Pair) -> None:
    pair.file.write("\x1b[31m" * 200_000)
    pair.file.flush()
    pair.file.write("lost")
    pair.file.flush()
    pair.read()
    pair.file.write("seen")
    pair.file.flush()
    assert pair.said == ["flows"]
    assert pair.read() == b"\x18seen"


def test_a_vanished_terminal_is_told_once_and_nothing_is_raised(pair: Pair) -> None:
    os.close(pair.master)
    for _ in range(3):
        pair.file.write("x")
        pair.file.flush()
    assert pair.said == ["gone"]
    assert pair.file.is_gone


def test_without_the_file_the_same_write_raises(pair: Pair) -> None:
    os.close(pair.master)
    with pytest.raises(OSError):
        os.write(pair.slave, b"x")


def test_what_is_no_terminal_is_written_to_as_it_is() -> None:
    read, write = os.pipe()
    file = TerminalFile(write, SystemClock(), lambda: None, lambda: None)
    file.write("x")
    file.flush()
    assert os.read(read, 10) == b"x"
    os.close(read)
    os.close(write)
