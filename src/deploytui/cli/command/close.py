"""`deploytui close`: the end of a session, with its outcome. What is open then stays open in the record."""

from __future__ import annotations

import click

from deploytui.cli.console import Console
from deploytui.cli.option import Command, as_option, session_argument, store_option
from deploytui.cli.script import acting_in
from deploytui.session.act import CloseSession

OUTCOMES = ("done", "done-with-exceptions", "rolled-back", "abandoned")


@click.command("close", cls=Command)
@session_argument
@click.option("--outcome", type=click.Choice(OUTCOMES), required=True, help="how it ended")
@as_option
@store_option
@click.pass_obj
def command(console: Console, name: str, outcome: str, as_: str | None, store: str | None) -> int:
    """End a session for good, with its outcome."""
    with acting_in(console, name, store, as_) as (joined, by):
        session = joined.session
        joined.perform(CloseSession(outcome), by)
        counts = session.tally.everything()
        rest = f", {counts.left_in_all} left open" if counts.left_in_all else ""
        console.say(f"closed {session.name}: {outcome}, {counts.done} of {counts.total} done{rest}")
    return 0
