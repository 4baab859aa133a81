"""Which checklist is meant: a file, or the name of one that is found."""

from __future__ import annotations

import os
from pathlib import Path

from msgspec.structs import replace

from deploytui.base.errors import InvalidChecklist, Problem, UsageError
from deploytui.base.paths import CHECKLIST_SUFFIXES, find_all
from deploytui.base.text import clean_line, quoted
from deploytui.cli.console import Console
from deploytui.cli.mistake import nearest
from deploytui.plan.describe import counts
from deploytui.plan.load import Loaded, load_plan


def find_checklist(console: Console, text: str) -> Path:
    """The file: what stands at that path, else the checklist of that name in the folders they are looked for in."""
    path = console.path(text)
    if os.path.lexists(path):
        return path
    found = found_checklists(console)
    name, suffix = Path(text).stem, Path(text).suffix
    if os.sep not in text and name in found and suffix in ("", *CHECKLIST_SUFFIXES):
        return found[name]
    close = nearest(name, list(found))
    names = ", ".join(map(clean_line, sorted(found)))
    hint = clean_line(str(found[close])) if close else f"one of {names}" if names else "the path of a file"
    raise UsageError(Problem(f"no file and no checklist {quoted(text)}", try_=hint))


def load_linted(console: Console, text: str) -> Loaded:
    """The checklist with what the lint says of it now."""
    from deploytui.plan.lint import lint  # a dashboard starts without it

    loaded = load_plan(find_checklist(console, text))
    return replace(loaded, findings=lint(loaded.plan, now=console.clock.now()))


def require_items(loaded: Loaded) -> None:
    """A document of which nothing became an item is no checklist to work through; where its tasks are is said."""
    if not loaded.recognized or counts(loaded.plan)["items"]:
        return
    hidden = next((one.as_.partition(",")[0] for one in loaded.warnings if "--from-code" in one.as_), "")
    hint = (
        f"`deploytui import --from-code`: there are {hidden}"
        if hidden
        else "`deploytui import` says what was read"
    )
    raise InvalidChecklist(
        Problem("no item", "a box, a numbered step or a table of tasks", hint, clean_line(str(loaded.path)))
    )


def assumptions(loaded: Loaded) -> list[str]:
    """What a person should know of a document before they rely on what was read of it."""
    return [f"{clean_line(loaded.name)}: line {one.line}: {one.as_}" for one in loaded.warnings]


def found_checklists(console: Console) -> dict[str, Path]:
    """Every checklist by its name: in the working folder, the user's, the bundled ones."""
    return find_all("checklists", CHECKLIST_SUFFIXES, console.env, console.cwd)
