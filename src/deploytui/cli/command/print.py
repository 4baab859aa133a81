"""`deploytui print`: a checklist, or the one inside a session, as Markdown with boxes, for paper or a ticket."""

from __future__ import annotations

import os
from contextlib import closing

import click

from deploytui.base.errors import Problem, UsageError
from deploytui.base.paths import SESSION_SUFFIX
from deploytui.base.text import quoted
from deploytui.cli import completion
from deploytui.cli.beginning import hidden_texts
from deploytui.cli.checklist import find_checklist
from deploytui.cli.console import Console
from deploytui.cli.opened import plan_of
from deploytui.cli.option import Command, store_option, unmask_option
from deploytui.cli.shelf import find_named, shelf_of
from deploytui.journal.fold import fold
from deploytui.journal.sqlite import open_store
from deploytui.plan.load import load_plan
from deploytui.plan.model import Plan
from deploytui.report.printable import printable
from deploytui.session.unplanned import with_unplanned


@click.command("print", cls=Command)
@click.argument(
    "what",
    shell_complete=completion.checklists,
    help="a checklist, or a session: the checklist it was opened with",
)
@unmask_option
@store_option
@click.pass_obj
def command(console: Console, what: str, store: str | None) -> int:
    """A checklist or a session as Markdown with boxes."""
    plan = _plan(console, what, store)
    console.hide(hidden_texts(plan, {}, console.env))
    console.source(printable(plan, console.mask, console.drawn))
    return 0


def _plan(console: Console, what: str, store: str | None) -> Plan:
    """A checklist comes before a session of the same name; a session file is known by its suffix."""
    if what.endswith(SESSION_SUFFIX):
        return _inside(console, what, store)
    try:
        path = find_checklist(console, what)
    except UsageError:
        if os.sep in what:
            raise
        try:
            return _inside(console, what, store)
        except UsageError:
            found = f"no checklist and no session {quoted(what)}"
            raise UsageError(Problem(found, try_="the path of a file, or `deploytui sessions`")) from None
    return load_plan(path).plan


def _inside(console: Console, what: str, store: str | None) -> Plan:
    path = find_named(console, shelf_of(console, store), what)
    with closing(open_store(path, writable=False, clock=console.clock)) as found:
        return with_unplanned(plan_of(found), fold(found.events()).inserted)
