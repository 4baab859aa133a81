"""Files that commands write: always new ones, because one that is there may hold a day's work."""

from __future__ import annotations

import os
from pathlib import Path

from deploytui.base.errors import Problem, UsageError
from deploytui.base.text import clean_line


def write_new(path: Path, text: str, what: str, mode: int = 0o666) -> None:
    """Make the file `path`. `what` names the thing for the message where that cannot be."""
    shown = clean_line(str(path))
    try:
        flags = os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY | os.O_CLOEXEC
        with os.fdopen(os.open(path, flags, mode), "w", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(Problem("a file of that name", "a new name", "another `--output`", shown)) from None
    except OSError as error:
        why = (error.strerror or "it cannot be written").lower()
        raise UsageError(Problem(why, f"a place for {what}", file=shown)) from None
