"""`deploytui report`: the night from its journal alone, as Markdown or JSON."""

from __future__ import annotations

import json
from argparse import Namespace

from deploytui.cli.console import Console
from deploytui.cli.opened import opened
from deploytui.cli.output import write_new
from deploytui.cli.shelf import find_named, shelf_of
from deploytui.report.night import night, night_payload
from deploytui.report.night_markdown import night_markdown


def run(console: Console, args: Namespace) -> int:
    path = find_named(console, shelf_of(console, args.store), args.session)
    with opened(console, path, is_whole=True) as session:
        found = night(session)
        console.is_masked = not args.unmask
        if args.format == "json":
            payload = console.masked(night_payload(found))
            text = json.dumps(payload, indent=2, ensure_ascii=False) + "\n"
        else:
            text = "\n".join(console.shown(line) for line in night_markdown(found).split("\n"))
    if args.output is None:
        console.say(*text.rstrip("\n").split("\n"))
    else:
        write_new(console.path(args.output), text, "the report", 0o600)
    return 0
