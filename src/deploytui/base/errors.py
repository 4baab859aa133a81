"""One tree of errors: each class knows its exit code, each message is written for a tired person at 3 AM.

The exit codes are promises: 2 what was named is not usable, 3 a rule refused, 4 not a sound session,
5 sound but not usable, 70 a defect of ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar, Self

from msgspec import Struct

from deploytui.base.text import clean_line

DAMAGED = "a damaged session file"


class Problem(Struct, frozen=True):
    """One thing that is wrong with an input, and what to do about it.

    `line` and `col` count from 1; a part that does not apply is None and is left out of the text.
    """

    found: str
    expected: str | None = None
    try_: str | None = None
    file: str | None = None
    line: int | None = None
    col: int | None = None
    key: str | None = None

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.file, self.line, self.col) if part is not None)
        return ": ".join(part for part in (where, self.key, self.what) if part)

    @property
    def what(self) -> str:
        """Without where it is, for a place that already says so."""
        text = f"found {self.found}" if self.expected else self.found
        if self.expected:
            text += f", expected {self.expected}"
        if self.try_:
            text += f"; try {self.try_}"
        return text


class DeploytuiError(Exception):
    """What the user is told when something cannot be done. Carries every problem found, not only the first."""

    exit_code: ClassVar[int] = 70

    def __init__(self, problems: str | Problem | Iterable[Problem]) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @classmethod
    def at(cls, path: Path, found: str, expected: str | None = None, try_: str | None = None) -> Self:
        """The error for one problem with the file or folder at `path`."""
        return cls(Problem(found, expected, try_, clean_line(str(path))))

    @property
    def what(self) -> str:
        """Every problem in one line, without where it is."""
        return "; ".join(problem.what for problem in self.problems)


def words(error: OSError) -> str:
    """The system's own words for it."""
    return clean_line(error.strerror or "an error of the file system").lower()


class UsageError(DeploytuiError):
    """An unknown name, a missing file, no terminal: what was asked for is not there."""

    exit_code = 2


class InvalidChecklist(DeploytuiError):
    """The checklist cannot be read; every problem is listed, each with its place."""

    exit_code = 2


class Refused(DeploytuiError):
    """A rule of the session forbids this now; the message says why and what to do instead."""

    exit_code = 3


class UnsoundSession(DeploytuiError):
    """What stands at the session's path is not a sound session file."""

    exit_code = 4


class UnusableSession(DeploytuiError):
    """The session file is sound, but cannot be used as asked: full, locked, newer, read-only."""

    exit_code = 5
