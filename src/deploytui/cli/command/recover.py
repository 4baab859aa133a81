"""`deploytui recover`: the sound part of a damaged session, copied to a new one. The old file is left as it is."""

from __future__ import annotations

import os

import click

from deploytui.base.paths import SESSION_SUFFIX
from deploytui.base.text import clean_line
from deploytui.cli import completion
from deploytui.cli.console import Console
from deploytui.cli.option import Command, as_option, store_option
from deploytui.cli.person import acting
from deploytui.cli.shelf import checked_name, find_named, shelf_of
from deploytui.journal.draft_store import DraftsLost, copy_drafts
from deploytui.journal.recover import recover
from deploytui.journal.sample_store import copy_samples, samples_path


@click.command("recover", cls=Command)
@click.argument("old", shell_complete=completion.sessions, help="the damaged session; it is never changed")
@click.argument("new", shell_complete=completion.files, help="the new session's name or file")
@as_option
@store_option
@click.pass_obj
def command(console: Console, old: str, new: str, as_: str | None, store: str | None) -> int:
    """Copy the sound part of a damaged session to a new file."""
    shelf = shelf_of(console, store)
    source = find_named(console, shelf, old)
    is_path = os.sep in new
    copy = console.path(new) if is_path else shelf.folder / (checked_name(new) + SESSION_SUFFIX)
    by = acting(console, as_).name
    found = recover(source, copy, by=by, clock=console.clock, allow_network_fs=console.allow_network_fs)
    lost = f"what came after is lost ({clean_line(found.stopped)})" if found.stopped else "nothing was lost"
    console.say(f"recovered {found.kept} events into {clean_line(str(copy))}; {lost}")
    try:
        if begun := copy_drafts(source, copy, found.header):
            console.say(f"half-typed texts were copied too: {begun}")
    except DraftsLost as lost:
        console.say(f"half-typed texts could not be copied: {lost}")
    past = samples_path(source)
    if past.is_file():
        outcome = "was copied too" if copy_samples(past, samples_path(copy)) else "could not be copied"
        console.say(f"the gauges' past {outcome}")
    return 0
