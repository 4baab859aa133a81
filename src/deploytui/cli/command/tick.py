"""`deploytui tick`: one item from a script or CI, by the same rules as a key, while a driver may be at work."""

from __future__ import annotations

import click

from deploytui.base.errors import Problem, UsageError
from deploytui.cli.console import Console
from deploytui.cli.option import Command, as_option, item_argument, session_argument, store_option
from deploytui.cli.script import acting_in, item_named
from deploytui.session.act import Act, CheckItem, FailItem, SkipItem, UndoLast


@click.command("tick", cls=Command)
@session_argument
@item_argument
@click.option("--skip", is_flag=True, help="not applicable; needs --reason")
@click.option("--fail", is_flag=True, help="tried, and it did not work")
@click.option("--undo", is_flag=True, help="take back what was last said of it")
@click.option("--reason", metavar="TEXT", help="why it is skipped or failed")
@click.option("--evidence", metavar="TEXT", help="what shows that it is done")
@as_option
@store_option
@click.pass_obj
def command(
    console: Console,
    name: str,
    item: str,
    skip: bool,
    fail: bool,
    undo: bool,
    reason: str | None,
    evidence: str | None,
    as_: str | None,
    store: str | None,
) -> int:
    """Tick, skip, fail or undo one item from a script."""
    if skip + fail + undo > 1:
        raise UsageError(Problem("more than one of --skip, --fail and --undo", try_="one of them"))
    if reason is not None and not (skip or fail):
        raise UsageError(Problem("--reason alone", try_="--skip or --fail with it"))
    if evidence is not None and (skip or fail or undo):
        raise UsageError(Problem("--evidence with --skip, --fail or --undo", "--evidence with a tick"))
    with acting_in(console, name, store, as_) as (joined, by):
        item = item_named(joined.session, item)
        act: Act = CheckItem(item, evidence or "")
        if skip or fail:
            act = (SkipItem if skip else FailItem)(item, reason or "")
        elif undo:
            act = UndoLast(item)
        events = joined.perform(act, by)
        said = joined.session.state.items.get(item)
        status = said.status.value if said else "open"
        console.say(f"{item} {status}" if events else f"{item} is {status} already, nothing appended")
    return 0
