"""`deploytui verify`: every event against its hash and the one before. It names the first that does not fit."""

from __future__ import annotations

from contextlib import closing

import click

from deploytui.base.errors import Problem, UnsoundSession
from deploytui.base.text import clean_line, quoted
from deploytui.cli.console import Console
from deploytui.cli.option import Command, session_argument, store_option
from deploytui.cli.shelf import find_named, shelf_of
from deploytui.journal.integrity import verify
from deploytui.journal.sqlite import open_store

_LEAST = 12  # digits of a head that are enough to name it


@click.command("verify", cls=Command)
@session_argument
@click.option("--expect", metavar="HEAD", help="the head that was noted elsewhere")
@store_option
@click.pass_obj
def command(console: Console, name: str, expect: str | None, store: str | None) -> int:
    """Check a session's journal, event by event."""
    path = find_named(console, shelf_of(console, store), name)
    file = clean_line(str(path))
    with closing(open_store(path, writable=False, clock=console.clock)) as journal:
        verdict = verify(journal)
    if verdict.broken is not None:
        sound = f"{verdict.events} sound events before it"
        hint = f"`deploytui recover {file} NEW`"
        raise UnsoundSession(Problem(f"{verdict.broken}; {sound}", try_=hint, file=file))
    if expect is not None:
        noted = expect.strip().lower()
        if len(noted) < _LEAST or not verdict.head.startswith(noted):
            found = f"head {verdict.head[:_LEAST]} after {verdict.events} events"
            raise UnsoundSession(Problem(found, quoted(expect), file=file))
    console.say(f"sound: {verdict.events} events, head {verdict.head}")
    return 0
