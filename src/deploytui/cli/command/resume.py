"""`deploytui resume`: the dashboard of a session that exists, driving it where that is allowed, else following."""

from __future__ import annotations

from contextlib import closing

import click

from deploytui.base.errors import Problem, UsageError
from deploytui.cli.console import Console
from deploytui.cli.option import (
    Command,
    as_option,
    live_session_argument,
    setting_options,
    store_option,
    theme_option,
)


@click.command("resume", cls=Command)
@live_session_argument
@as_option
@click.option("--take-over", is_flag=True, help="drive although somebody else does; needs --reason")
@click.option("--reason", metavar="TEXT", help="why it is taken over")
@setting_options
@theme_option
@store_option
@click.pass_obj
def command(
    console: Console,
    /,
    name: str | None,
    as_: str | None,
    take_over: bool,
    reason: str | None,
    theme: str | None,
    store: str | None,
    **settings: tuple[str, ...],
) -> int:
    """Open the dashboard of a session again, and drive it."""
    from deploytui.cli.compose import require_terminal
    from deploytui.cli.driving import open_to_drive, show_again
    from deploytui.cli.person import acting
    from deploytui.cli.shelf import find_session, shelf_of
    from deploytui.journal.sqlite import open_store

    path = find_session(console, shelf_of(console, store), name)
    if not console.is_terminal:  # what is wrong with the file comes first
        open_store(path, writable=False, clock=console.clock).close()
        require_terminal(console)
    by = acting(console, as_)
    if take_over and not (reason or "").strip():
        hint = '`--reason "TEXT"`: it goes into the journal'
        raise UsageError(Problem("--take-over without a reason", try_=hint))
    found = open_to_drive(console, path, (reason or "") if take_over else "")
    with closing(found.store):
        if found.store.header.mode != "live":
            expected = "a live session: a rehearsal is never resumed"
            raise UsageError(Problem("a rehearsal", expected, "`run --rehearse` for another"))
        return show_again(console, found, by, theme, settings)
