"""`deploytui schema`: the JSON Schema of a checklist, for editors."""

from __future__ import annotations

import click

from deploytui.cli.console import Console, as_json
from deploytui.cli.option import Command
from deploytui.plan.schema import json_schema


@click.command("schema", cls=Command)
@click.pass_obj
def command(console: Console) -> int:
    """The JSON Schema of a checklist, for editors."""
    console.source(as_json(json_schema()))
    return 0
