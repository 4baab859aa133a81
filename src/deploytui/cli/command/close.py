"""`deploytui close`: the end of a session, with its outcome. What is open then stays open in the record."""

from __future__ import annotations

from argparse import Namespace

from deploytui.cli.console import Console
from deploytui.cli.opened import opened
from deploytui.cli.person import acting
from deploytui.cli.script import perform
from deploytui.cli.shelf import find_named, shelf_of
from deploytui.session.act import CloseSession


def run(console: Console, args: Namespace) -> int:
    by = acting(console, args.as_)
    path = find_named(console, shelf_of(console, args.store), args.session)
    with opened(console, path, writable=True, allow_network_fs=args.allow_network_fs) as session:
        perform(session, CloseSession(args.outcome), by)
        counts = session.tally.everything()
        rest = f", {counts.left_in_all} left open" if counts.left_in_all else ""
        console.say(f"closed {session.name}: {args.outcome}, {counts.done} of {counts.total} done{rest}")
    return 0
