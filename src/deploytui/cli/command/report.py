"""`deploytui report`: the night from its journal alone, as Markdown or JSON."""

from __future__ import annotations

from argparse import Namespace

from deploytui.cli.console import Console, as_json
from deploytui.cli.opened import opened
from deploytui.cli.output import write_new
from deploytui.cli.shelf import find_named, shelf_of
from deploytui.report.night import night, night_payload
from deploytui.report.night_markdown import night_markdown


def run(console: Console, args: Namespace) -> int:
    path = find_named(console, shelf_of(console, args.store), args.session)
    with opened(console, path, is_whole=True) as session:
        found, mask = night(session), console.mask
        if args.format == "json":
            text = as_json(mask.value(night_payload(found)))
        else:
            text = night_markdown(found, mask)
    if args.output is not None:
        write_new(console.path(args.output), text, "the report", 0o600)
    elif args.format == "json":
        console.source(text)
    else:
        console.say_whole(*text.rstrip("\n").split("\n"))
    return 0
