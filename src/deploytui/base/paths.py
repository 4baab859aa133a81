"""Where things live: the state folder (XDG), and the checklists and themes that people and the program bring."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from deploytui.base.errors import Problem, UsageError
from deploytui.base.text import clean_line, quoted

APP = "deploytui"
SESSION_SUFFIX = ".deploytui"
SAMPLES_SUFFIX = ".samples"
DRAFTS_SUFFIX = ".drafts"
CHECKLIST_SUFFIXES = (".yaml", ".yml", ".md")


def expanded(text: str, key: str | None = None) -> Path:
    """The path with the home folder for its `~`; `key` is where it is stated. UsageError where nobody knows it."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        user = text.partition("/")[0][1:]
        if user:
            raise UsageError(Problem(f"no user {quoted(user)}", file=clean_line(text), key=key)) from None
        found = "no home folder: HOME is not set, and this user has none"
        hint = "HOME=… in the environment, or DEPLOYTUI_STATE_DIR=… for the sessions"
        raise UsageError(Problem(found, try_=hint, file=clean_line(text), key=key)) from None


def state_dir(env: Mapping[str, str]) -> Path:
    """The folder of the sessions: `DEPLOYTUI_STATE_DIR`, else `$XDG_STATE_HOME/deploytui`, else the default."""
    if own := env.get("DEPLOYTUI_STATE_DIR"):
        return expanded(own, "DEPLOYTUI_STATE_DIR")
    if base := env.get("XDG_STATE_HOME"):
        return expanded(base, "XDG_STATE_HOME") / APP
    return expanded("~/.local/state") / APP


def crash_dir(env: Mapping[str, str]) -> Path | None:
    """Where the file about a defect goes; None where the folder of the sessions is not known."""
    try:
        return state_dir(env)
    except UsageError:
        return None


def config_dirs(env: Mapping[str, str]) -> list[Path]:
    """The user's own themes and checklists: `$XDG_CONFIG_HOME/deploytui`, else `~/.config/deploytui`. None where nobody
    knows that home: a container's user without a name has no checklists of their own."""
    try:
        return [expanded(env.get("XDG_CONFIG_HOME") or "~/.config") / APP]
    except UsageError:
        return []


def bundled_dirs(kind: str) -> list[Path]:
    """Where `kind` ("checklists", "themes") ships: inside an installed package, or beside `src` in a checkout."""
    package = Path(__file__).resolve().parent.parent
    return [package / "bundled" / kind, package.parent.parent / kind]


def search_dirs(kind: str, env: Mapping[str, str], cwd: Path) -> list[Path]:
    """Where `kind` is looked for, first found wins: the working folder, the user's, the bundled ones."""
    return [cwd / kind, *(own / kind for own in config_dirs(env)), *bundled_dirs(kind)]


def find_all(kind: str, suffixes: tuple[str, ...], env: Mapping[str, str], cwd: Path) -> dict[str, Path]:
    """Every file of that kind by its stem; an earlier folder hides a later one."""
    found: dict[str, Path] = {}
    for folder in search_dirs(kind, env, cwd):
        if folder.is_dir():
            for path in sorted(folder.iterdir()):
                if path.suffix in suffixes and path.is_file() and os.access(path, os.R_OK):
                    found.setdefault(path.stem, path)
    return found
