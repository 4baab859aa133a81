"""`deploytui` alone: the live sessions to resume, then the checklists it finds to start one of."""

from __future__ import annotations

from typing import Any

import click

from deploytui.base.errors import Problem, UsageError
from deploytui.base.text import clean_line
from deploytui.cli.checklist import found_checklists
from deploytui.cli.command import resume, run
from deploytui.cli.console import Console
from deploytui.cli.shelf import live_sessions, name_of, shelf_of


def pick(context: click.Context, **options: Any) -> int:
    """Ask which one, and call the command that opens it with these options of the program's own."""
    console: Console = context.obj
    if not console.is_terminal:
        hint = "`deploytui sessions`, `deploytui run CHECKLIST` or --help"
        raise UsageError(Problem("no command and no terminal to ask on", try_=hint))
    live = live_sessions(console, shelf_of(console, options["store"]))
    checklists = list(found_checklists(console).items())
    if not live and not checklists:
        raise UsageError(Problem("no session and no checklist here", try_="`deploytui run FILE`"))
    choices = [f"resume {name_of(path)}" for path in live]
    choices += [f"start   {clean_line(name)}  ({clean_line(str(path))})" for name, path in checklists]
    chosen = console.choose("Which one?", [*choices, "leave"])
    if chosen < len(live):
        return int(context.invoke(resume.command, name=str(live[chosen]), **options))
    if chosen < len(choices):
        path = checklists[chosen - len(live)][1]
        return int(context.invoke(run.command, checklist=str(path), **options))
    return 0
