"""What a shell is offered for a value on Tab, and the answer in click's form.

Names of sessions and checklists are file names, which anybody may have made: only plain ones are offered. The others
are left to the shell, which knows how to quote what it finds itself.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import click

from deploytui.base.errors import DeploytuiError, Problem, UsageError
from deploytui.base.paths import CHECKLIST_SUFFIXES, find_all
from deploytui.base.text import quoted
from deploytui.cli.console import Console

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem, ShellComplete

# Click's own module for it is loaded when a shell asks: no other start waits for it.

PROGRAM = "deploytui"
VARIABLE = "_DEPLOYTUI_COMPLETE"  # set by click's script: which shell asks
_PLAIN = re.compile(r"[A-Za-z0-9._/][A-Za-z0-9._/-]*")

Offer = list["CompletionItem[str]"]


def script(shell: str, program: click.Command, console: Console) -> str:
    """Click's script for bash, zsh or fish. Its own `source()` starts a bash to ask for its version."""
    found = _of(shell, program, console)
    return found.source_template % found.source_vars()


def answer(asked: str, program: click.Command, console: Console) -> str:
    """What click's script wants to know: `asked` is `bash_complete`, the words are in the environment."""
    return _of(asked.partition("_")[0], program, console).complete() + "\n"


def _of(shell: str, program: click.Command, console: Console) -> ShellComplete:
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    if found is None:
        raise UsageError(Problem(f"the shell {quoted(shell)}", "bash, zsh or fish", key=VARIABLE))
    return found(program, {"obj": console}, PROGRAM, VARIABLE)


def files(context: click.Context, param: click.Parameter, typed: str) -> Offer:
    """Whatever file there is, as the shell finds them."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(typed, type="file")]


def sessions(context: click.Context, param: click.Parameter, typed: str) -> Offer:
    """The sessions of the folder; a path is the shell's business."""
    from deploytui.cli.shelf import NAME, name_of, shelf_of

    if os.sep in typed:
        return files(context, param, typed)
    names = [name_of(path) for path in shelf_of(context.obj, context.params.get("store")).files()]
    return _offered(typed, [name for name in names if NAME.fullmatch(name)])


def items(context: click.Context, param: click.Parameter, typed: str) -> Offer:
    """The ids of the session's items."""
    from deploytui.cli.opened import opened
    from deploytui.cli.shelf import find_named, shelf_of

    # Behind an option that waits for its value click has not given the arguments their names yet.
    name = context.params.get("name") or "".join(context.args[:1])
    try:
        path = find_named(context.obj, shelf_of(context.obj, context.params.get("store")), name)
        with opened(context.obj, path) as joined:
            return _offered(typed, list(joined.session.index.by_id))
    except DeploytuiError:  # there is no such session: nothing to offer, and a Tab is no place to say why
        return []


def checklists(context: click.Context, param: click.Parameter, typed: str) -> Offer:
    """The checklists that are found by name, those of the folder, and the folders to look into."""
    console: Console = context.obj
    above = typed[: typed.rfind(os.sep) + 1]
    begun = typed[len(above) :]
    try:
        found = sorted(os.scandir(console.path(above or os.curdir)), key=lambda entry: entry.name)
    except OSError:
        found = []
    seen = [entry for entry in found if entry.name.startswith(begun) and entry.name[0] != "."]
    folders = [f"{above}{entry.name}{os.sep}" for entry in seen if entry.is_dir()]
    here = [above + entry.name for entry in seen if entry.name.endswith(CHECKLIST_SUFFIXES)]
    named = find_all("checklists", CHECKLIST_SUFFIXES, console.env, console.cwd)
    offered = [*(name for name in named if name.startswith(typed)), *here, *folders]
    if offered == folders or not all(map(_PLAIN.fullmatch, offered)):
        return files(context, param, typed)
    return _offered(typed, offered)


def _offered(typed: str, names: list[str]) -> Offer:
    from click.shell_completion import CompletionItem

    return [CompletionItem(name) for name in names if _PLAIN.fullmatch(name) and name.startswith(typed)]
