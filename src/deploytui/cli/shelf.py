"""Where sessions stand and how one is named: a name, an unambiguous beginning, a file, or the only live one."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from deploytui.base.errors import DeploytuiError, Problem, UsageError
from deploytui.base.paths import SESSION_SUFFIX, state_dir
from deploytui.base.text import clean_line, quoted
from deploytui.cli.console import Console
from deploytui.cli.mistake import nearest

NAME = re.compile(r"[A-Za-z0-9._-]{1,80}")
_SHOWN = 10


class Shelf(Struct, frozen=True):
    """The folder of the sessions; with `file` only that one."""

    folder: Path
    file: Path | None = None

    def files(self) -> list[Path]:
        """Every session file by name, whatever it turns out to be."""
        if self.file is not None:
            return [self.file]
        try:
            names = [name for name in os.listdir(self.folder) if name.endswith(SESSION_SUFFIX)]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            why = (error.strerror or "cannot be read").lower()
            raise UsageError(Problem(why, "the folder of the sessions", file=str(self.folder))) from None
        return [self.folder / name for name in sorted(names)]


def shelf_of(console: Console, store: str | None) -> Shelf:
    """Where `--store`, or else `DEPLOYTUI_STORE`, or else the state folder says that sessions are."""
    text = store or console.env.get("DEPLOYTUI_STORE") or ""
    if not text:
        return Shelf(state_dir(console.env))
    if "://" in text:
        found = f"the database URL {quoted(text.partition('://')[0] + '://…')}"
        expected = "a folder or a session file: this version keeps no session in a database"
        raise UsageError(Problem(found, expected))
    path = console.path(text)
    if path.is_dir() or not (path.suffix == SESSION_SUFFIX or path.exists()):
        return Shelf(path)
    return Shelf(path.parent, path)


def name_of(path: Path) -> str:
    """What a session's file is called, fit to be printed."""
    return clean_line(path.name.removesuffix(SESSION_SUFFIX))


def address(console: Console, path: Path) -> str:
    """What to type to name this session: its name where that is enough, else its file."""
    try:
        is_usual = path.parent.resolve() == shelf_of(console, None).folder.resolve()
    except UsageError:
        is_usual = False
    return name_of(path) if is_usual else clean_line(shlex.quote(str(path)))


def find_named(console: Console, shelf: Shelf, text: str) -> Path:
    """The file that `text` names. It need not be sound: whoever opens it says what is wrong with it."""
    if os.sep in text:
        return console.path(text)
    files = {path.name.removesuffix(SESSION_SUFFIX): path for path in shelf.files()}
    stem = text.removesuffix(SESSION_SUFFIX)
    if stem in files:
        return files[stem]
    if text != stem and os.path.lexists(console.path(text)):
        return console.path(text)
    begun = [name for name in files if stem and name.startswith(stem)]
    if len(begun) == 1:
        return files[begun[0]]
    if begun:
        raise UsageError(Problem(f"{quoted(text)} may be {listed(begun)}", try_="the whole name"))
    close = nearest(text, list(files))
    hint = clean_line(close) if close and NAME.fullmatch(close) else "`deploytui sessions`"
    raise UsageError(Problem(f"no session {quoted(text)} in {clean_line(str(shelf.folder))}", try_=hint))


def listed(names: Sequence[str]) -> str:
    """Names in a sentence, not too many of them."""
    some = ", ".join(clean_line(name) for name in names[:_SHOWN])
    return some + (" …" if len(names) > _SHOWN else "")


def find_session(console: Console, shelf: Shelf, text: str | None) -> Path:
    """The session that was named, or the only live one."""
    if text is not None:
        return find_named(console, shelf, text)
    if shelf.file is not None:
        return shelf.file
    live = live_sessions(console, shelf)
    if len(live) == 1:
        return live[0]
    if live:
        names = listed([name_of(path) for path in live])
        raise UsageError(Problem(f"{len(live)} live sessions: {names}", try_="naming one"))
    found = f"no live session in {clean_line(str(shelf.folder))}"
    hint = "`deploytui run CHECKLIST` or `deploytui sessions`"
    raise UsageError(Problem(found, try_=hint))


def live_sessions(console: Console, shelf: Shelf, plan_path: Path | None = None) -> list[Path]:
    """The sound sessions that are not closed, newest first; `plan_path` asks for those of one checklist."""
    from deploytui.cli.opened import is_live

    found: list[tuple[float, Path]] = []
    for path in shelf.files():
        with suppress(DeploytuiError, OSError):  # `sessions` names it
            if is_live(console, path, plan_path):
                found.append((path.stat().st_mtime, path))
    return [path for _, path in sorted(found, key=lambda one: one[0], reverse=True)]


def checked_name(text: str) -> str:
    """A session name a person chose, with or without the ending of its file."""
    text = text.removesuffix(SESSION_SUFFIX)
    if NAME.fullmatch(text) and not text.startswith((".", "-")):
        return text
    expected = "a session name of letters, digits, dot, dash and underscore, at most 80"
    raise UsageError(Problem(quoted(text), expected, key="--session"))
