"""`deploytui doctor`: what works here and what does not. The last line says it all."""

from __future__ import annotations

import click

from deploytui.cli import completion
from deploytui.cli.console import Console
from deploytui.cli.examination import examine
from deploytui.cli.option import Command, setting_options, store_option, unmask_option
from deploytui.cli.shelf import shelf_of


@click.command("doctor", cls=Command)
@click.argument(
    "checklist",
    required=False,
    shell_complete=completion.checklists,
    help="also check this one, and ask its gauges",
)
@unmask_option
@setting_options
@store_option
@click.pass_obj
def command(
    console: Console, /, checklist: str | None, store: str | None, **settings: tuple[str, ...]
) -> int:
    """What works here and what does not."""
    exceptions: list[str] = []
    for found in examine(console, shelf_of(console, store).folder, checklist, settings):
        console.say(f"{found.label:<12}{found.text}")
        if found.exception:
            exceptions.append(found.exception)
    console.say(f"ready, except: {'; '.join(exceptions)}" if exceptions else "ready")
    return 0
