"""`deploytui move`: a window's edge or go-live, by agreement. The first plan stays as planned."""

from __future__ import annotations

import click

from deploytui.base.errors import Problem, UsageError
from deploytui.base.text import quoted
from deploytui.base.units import iso
from deploytui.cli.console import Console
from deploytui.cli.option import TextCommand, as_option, session_argument, store_option
from deploytui.cli.script import acting_in
from deploytui.journal.state import GO_LIVE
from deploytui.session.act import MoveEdge
from deploytui.session.label import edge_name
from deploytui.session.phrase import signed_seconds


@click.command("move", cls=TextCommand)
@session_argument
@click.argument("edge", help="go-live, end (of the phase the night is in), PHASE.start or PHASE.end")
@click.argument("by", help="how far: +30m, -10m")
@click.option("--reason", metavar="TEXT", required=True, help="why, and who agreed")
@as_option
@store_option
@click.pass_obj
def command(
    console: Console, name: str, edge: str, by: str, reason: str, as_: str | None, store: str | None
) -> int:
    """Move a window's edge or the go-live, by agreement."""
    try:
        seconds = signed_seconds(by)
    except ValueError as error:
        raise UsageError(Problem(quoted(by), str(error), key="BY")) from None
    with acting_in(console, name, store, as_) as (joined, actor):
        session = joined.session
        edge = session.edge(edge)
        joined.perform(MoveEdge(edge, seconds, reason), actor)
        phase, _, end = edge.rpartition(".")
        span = session.spans().get(phase)
        at = (
            session.go_live
            if edge == GO_LIVE
            else span and (span.start_at if end == "start" else span.end_at)
        )
        console.say(f"{edge_name(session.index, edge)} is now {iso(at) if at else 'not placed'}")
    return 0
