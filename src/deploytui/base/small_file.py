"""Reads a small file that somebody else has named: a token, a value. What is no regular file is never waited for."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from deploytui.base.errors import words

MOST = 64 * 1024
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class Unreadable(Exception):
    """The words go behind the file's name: `is a pipe, not a regular file`."""


def read_small(path: str | Path, most: int = MOST) -> bytes:
    """The content of a regular file of at most `most` bytes; a link to one is followed. Raises Unreadable.

    Blocks for as long as a hung mount does: never called on the event loop."""
    try:
        # Asked before it is opened, because opening a device can do something; and again once it is open, because
        # another file may have taken its place in between.
        _check(os.stat(path), most)
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        try:
            _check(os.fstat(fd), most)
            return _content(fd, most)
        finally:
            os.close(fd)
    except FileNotFoundError:
        raise Unreadable("does not exist") from None
    except OSError as error:
        raise Unreadable(f"cannot be read: {words(error)}") from None
    except ValueError:  # a NUL, or a character that no file name can have
        raise Unreadable("cannot be read: its name is none that a file can have") from None


def kind_of(mode: int) -> str:
    """What stands there and is no regular file, in words."""
    return next((word for is_kind, word in _KINDS if is_kind(mode)), "something else")


def _check(found: os.stat_result, most: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise Unreadable(f"is {kind_of(found.st_mode)}, not a regular file")
    if found.st_size > most:
        raise _too_large(most)


def _content(fd: int, most: int) -> bytes:
    """A file may grow while it is read, and one of the system's own says that it is empty."""
    content = b""
    while part := os.read(fd, most + 1 - len(content)):
        content += part
        if len(content) > most:
            raise _too_large(most)
    return content


def _too_large(most: int) -> Unreadable:
    return Unreadable(f"is larger than {most // 1024} KiB")
