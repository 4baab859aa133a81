"""`deploytui note`: a note from a script or from somebody who does not drive."""

from __future__ import annotations

from argparse import Namespace

from deploytui.cli.console import Console
from deploytui.cli.opened import opened
from deploytui.cli.person import acting
from deploytui.cli.script import item_named, perform
from deploytui.cli.shelf import find_named, shelf_of
from deploytui.session.act import AddNote


def run(console: Console, args: Namespace) -> int:
    by = acting(console, args.as_)
    path = find_named(console, shelf_of(console, args.store), args.session)
    with opened(console, path, writable=True, allow_network_fs=args.allow_network_fs) as session:
        item = item_named(session, args.item) if args.item is not None else ""
        events = perform(session, AddNote(args.text, item), by)
        console.say(f"noted as event {events[-1].seq}")
    return 0
