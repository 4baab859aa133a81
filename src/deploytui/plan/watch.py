"""Whether the file that a plan was read from is still what it was. It is looked at and never read into a plan."""

from __future__ import annotations

import os
import stat
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from deploytui.base.errors import DeploytuiError
from deploytui.plan.load import file_sha256

_Stamp = tuple[int, int, int, int, int]


class Became(StrEnum):
    """What became of the file."""

    SAME = "same"
    CHANGED = "changed"
    MISSING = "missing"
    UNREADABLE = "unreadable"


class Seen(Struct, frozen=True):
    """What stands at the path: the hash of its bytes, or why there is none."""

    became: Became
    sha256: str = ""
    why: str = ""


class PlanFile:
    """One file, looked at now and then. Its bytes are hashed only where its size or its times are others.

    A file that was never there and is not expected here is nothing to speak of: a session that came from another
    machine has its plan inside.
    """

    def __init__(self, path: Path, sha256: str, *, is_expected: bool = True) -> None:
        self._path = path
        self._sha256 = sha256
        self._is_expected = is_expected
        self._stamp: _Stamp | None = None
        self._is_settled = False
        self._was_gone = False
        self._seen: Seen | None = None

    def look(self) -> Seen | None:
        """What is to be said of it now; None before there is anything."""
        try:
            found = os.stat(self._path)
        except FileNotFoundError:
            return self._gone(Seen(Became.MISSING))
        except OSError as error:
            return self._gone(Seen(Became.UNREADABLE, why=error.strerror or "unknown reason"))
        if not stat.S_ISREG(
            found.st_mode
        ):  # not opened: the path may come from a session file of somebody else's
            return self._gone(Seen(Became.UNREADABLE, why="not a file"))
        stamp = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        # A write within the same tick of the disk's clock leaves the times as they were: only a second look at
        # the same times is to be trusted.
        if stamp == self._stamp and self._is_settled and not self._was_gone:
            return self._seen
        self._is_settled = stamp == self._stamp
        self._stamp = stamp
        return self._read()

    def _read(self) -> Seen | None:
        try:
            sha256 = file_sha256(self._path)
        except DeploytuiError as error:
            return self._gone(Seen(Became.UNREADABLE, why=error.problems[0].found))
        self._was_gone, self._is_expected = False, True
        self._seen = Seen(Became.SAME if sha256 == self._sha256 else Became.CHANGED, sha256)
        return self._seen

    def _gone(self, seen: Seen) -> Seen | None:
        """Only at the second look in a row: an editor that saves takes the file away for a moment."""
        if not self._is_expected:
            return None
        if self._was_gone:
            self._seen = seen
        self._was_gone = True
        return self._seen
