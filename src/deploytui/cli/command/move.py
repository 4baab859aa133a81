"""`deploytui move`: a window's edge or go-live, by agreement. The first plan stays as planned."""

from __future__ import annotations

from argparse import Namespace

from deploytui.base.errors import Problem, UsageError
from deploytui.base.text import quoted
from deploytui.base.units import iso
from deploytui.cli.console import Console
from deploytui.cli.opened import opened
from deploytui.cli.person import acting
from deploytui.cli.script import perform
from deploytui.cli.shelf import find_named, shelf_of
from deploytui.journal.state import GO_LIVE
from deploytui.session.act import MoveEdge
from deploytui.session.phrase import signed_seconds
from deploytui.session.wording import edge_name


def run(console: Console, args: Namespace) -> int:
    by = acting(console, args.as_)
    try:
        seconds = signed_seconds(args.by)
    except ValueError as error:
        raise UsageError(Problem(quoted(args.by), str(error), key="BY")) from None
    path = find_named(console, shelf_of(console, args.store), args.session)
    with opened(console, path, writable=True, allow_network_fs=args.allow_network_fs) as session:
        edge = session.edge(args.edge)
        perform(session, MoveEdge(edge, seconds, args.reason), by)
        phase, _, end = edge.rpartition(".")
        span = session.spans().get(phase)
        at = (
            session.go_live
            if edge == GO_LIVE
            else span and (span.start_at if end == "start" else span.end_at)
        )
        console.say(f"{edge_name(session.index, edge)} is now {iso(at) if at else 'not placed'}")
    return 0
