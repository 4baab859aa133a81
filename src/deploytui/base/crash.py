"""What a defect of ours leaves behind: a file only its owner can read. No local variables, no secrets.

The user is told one line with the file's path; the exception's text is never put on a shared screen.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
import sys
import traceback
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from deploytui.base.mask import DOT, Mask, encoded
from deploytui.base.text import clean_line, shorten

_MESSAGE = 500
_FRAMES = 60
_CHAIN = 20
_SECRET_NAMES = re.compile(r"TOKEN|SECRET|PASSW|PWD|KEY|CREDENTIAL|DSN|AUTH", re.IGNORECASE)
# An exception's text may quote data of any kind. What is quoted, and what looks made by a machine, goes.
_QUOTED = re.compile(r"""'[^']{4,}'|"[^"]{4,}\"""")
_MACHINE_MADE = re.compile(r"(?=[\w+/=.-]*\d)[\w+/=.-]{10,}")


def write_crash(
    error: BaseException, folder: Path | None, at: datetime, env: Mapping[str, str], *, about: str = ""
) -> Path | None:
    """Write what happened to a new 0600 file in `folder` and return its path; None where there is none, or that fails too."""
    if folder is None:
        return None
    text = describe(error, at, env, about=about)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in range(100):
            suffix = f"-{number}" if number else ""
            path = folder / f"crash-{at:%Y%m%d-%H%M%S}-{os.getpid()}{suffix}.txt"
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            with contextlib.suppress(FileExistsError), os.fdopen(os.open(path, flags, 0o600), "w") as file:
                file.write(text)
                return path
    except OSError:
        return None
    return None


def describe(error: BaseException, at: datetime, env: Mapping[str, str], *, about: str = "") -> str:
    """The crash file's text: versions, the chain of exceptions with redacted texts, and their frames."""
    from deploytui import __version__

    lines = [
        f"deploytui {__version__}, Python {sys.version.split()[0]}, {platform.system()} {platform.release()}",
        f"at {at:%Y-%m-%dT%H:%M:%SZ}{', ' + clean_line(about) if about else ''}",
        "Local variables are left out, and so is what was quoted or looks like a secret.",
    ]
    secrets = _secrets(env)
    for one in _chain(error):
        name = f"{type(one).__module__}.{type(one).__qualname__}"
        lines += ["", f"{name}: {redact(_words(one), secrets)}", *(f"  {place}" for place in _places(one))]
    return "\n".join(lines) + "\n"


def _chain(error: BaseException) -> list[BaseException]:
    """The exception, what it came from, and the members of groups; each once."""
    found: list[BaseException] = []
    todo: list[BaseException | None] = [error]
    while todo and len(found) < _CHAIN:
        one = todo.pop(0)
        if one is None or any(one is other for other in found):
            continue
        found.append(one)
        todo.append(one.__cause__ or (None if one.__suppress_context__ else one.__context__))
        if isinstance(one, BaseExceptionGroup):
            todo += one.exceptions
    return found


def _words(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return "(its text cannot be made)"


def place_of(error: BaseException) -> str:
    """Where it was raised, as `app.py:120 in compose`; the innermost frame that is no library's, if there is one."""
    frames = list(traceback.extract_tb(error.__traceback__))
    ours = [frame for frame in frames if not _is_library(frame.filename)] or frames
    if not ours:
        return "an unknown place"
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno} in {ours[-1].name}"


def _is_library(filename: str) -> bool:
    if f"{os.sep}deploytui{os.sep}" in filename:
        return False
    return "site-packages" in filename or filename.startswith((sys.prefix, sys.base_prefix, "<"))


def redact(message: str, secrets: re.Pattern[str] | None = None) -> str:
    """An exception's text without what may be data."""
    text = shorten(clean_line(message), _MESSAGE)
    if secrets is not None:
        text = secrets.sub(DOT * 3, text)
    text, _ = Mask().apply(text)
    text = _QUOTED.sub(lambda match: f"{match.group()[0]}{DOT * 3}{match.group()[0]}", text)
    return _MACHINE_MADE.sub(DOT * 3, text)


def _secrets(env: Mapping[str, str]) -> re.Pattern[str] | None:
    values = {value for name, value in env.items() if len(value) >= 8 and _SECRET_NAMES.search(name)}
    forms = {form for value in values for form in (value, *encoded(value))}
    if not forms:
        return None
    return re.compile("|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True)))


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__, limit=-_FRAMES)
    return [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
