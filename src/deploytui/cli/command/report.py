"""`deploytui report`: the night from its journal alone, as Markdown or JSON."""

from __future__ import annotations

import click

from deploytui.cli.console import Console, as_json, write_new
from deploytui.cli.opened import opened
from deploytui.cli.option import Command, output_option, session_argument, store_option, unmask_option
from deploytui.cli.shelf import find_named, shelf_of


@click.command("report", cls=Command)
@session_argument
@click.option(
    "--format", "form", type=click.Choice(("md", "json")), default="md", help="how it is written; default: md"
)
@output_option
@unmask_option
@store_option
@click.pass_obj
def command(console: Console, name: str, form: str, output: str | None, store: str | None) -> int:
    """A session as a report: planned and actual, what was skipped, failed and moved, and why."""
    from deploytui.report.night import night
    from deploytui.report.night_markdown import night_markdown

    path = find_named(console, shelf_of(console, store), name)
    with opened(console, path, is_whole=True) as joined:
        found, mask = night(joined.session, joined.writer.head()), console.mask
        text = as_json(mask.value(found)) if form == "json" else night_markdown(found, mask)
    if output is not None:
        write_new(console.path(output), text, "the report", 0o600)
    elif form == "json":
        console.source(text)
    else:
        console.say_whole(*text.rstrip("\n").split("\n"))
    return 0
