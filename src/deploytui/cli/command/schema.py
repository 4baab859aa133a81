"""`deploytui schema`: the JSON Schema of a checklist, for editors."""

from __future__ import annotations

from argparse import Namespace

from deploytui.cli.console import Console, as_json
from deploytui.plan.schema import json_schema


def run(console: Console, args: Namespace) -> int:
    console.source(as_json(json_schema()))
    return 0
