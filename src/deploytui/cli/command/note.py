"""`deploytui note`: a note from a script or from somebody who does not drive."""

from __future__ import annotations

import click

from deploytui.cli import completion
from deploytui.cli.console import Console
from deploytui.cli.option import TextCommand, as_option, session_argument, store_option
from deploytui.cli.script import acting_in, item_named
from deploytui.session.act import AddNote


@click.command("note", cls=TextCommand)
@session_argument
@click.argument("text", help="the note")
@click.option("--item", metavar="ITEM", shell_complete=completion.items, help="the item it belongs to")
@as_option
@store_option
@click.pass_obj
def command(
    console: Console, name: str, text: str, item: str | None, as_: str | None, store: str | None
) -> int:
    """Add a note to a session."""
    with acting_in(console, name, store, as_) as (joined, by):
        item = item_named(joined.session, item) if item is not None else ""
        events = joined.perform(AddNote(text, item), by)
        console.say(f"noted as event {events[-1].seq}")
    return 0
