"""`deploytui tick`, `note`, `move` and `close`: acts from a script, or from somebody who does not drive.

They go by the same rules as a key and need no lease, so that a driver may be at work meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import wraps

import click

from deploytui.base.errors import Problem, UsageError
from deploytui.base.text import quoted
from deploytui.base.units import iso
from deploytui.cli import completion
from deploytui.cli.console import Console
from deploytui.cli.mistake import nearest
from deploytui.cli.opened import opened
from deploytui.cli.option import (
    Command,
    TextCommand,
    as_option,
    item_argument,
    session_argument,
    store_option,
)
from deploytui.cli.person import acting
from deploytui.cli.shelf import find_named, shelf_of
from deploytui.journal.state import GO_LIVE
from deploytui.session import act as acts
from deploytui.session.joined import Joined
from deploytui.session.label import edge_name
from deploytui.session.phrase import signed_seconds
from deploytui.session.session import Session

Opening = AbstractContextManager[tuple[Joined, acts.By]]

OUTCOMES = ("done", "done-with-exceptions", "rolled-back", "abandoned")


@contextmanager
def _opened(
    console: Console, name: str, as_: str | None, store: str | None
) -> Iterator[tuple[Joined, acts.By]]:
    by = acting(console, as_)
    path = find_named(console, shelf_of(console, store), name)
    with opened(console, path, writable=True) as joined:
        yield joined, by


def _acts(function: Callable[..., str]) -> Callable[..., int]:
    """A command of a function that is given the named session, to open once its own words are in order, and who acts.
    It says what it did."""

    @as_option
    @store_option
    @click.pass_obj
    @wraps(function)
    def command(console: Console, /, name: str, as_: str | None, store: str | None, **said: object) -> int:
        console.say(function(_opened(console, name, as_, store), **said))
        return 0

    return command


@click.command(cls=Command)
@session_argument
@item_argument
@click.option("--skip", is_flag=True, help="not applicable; needs --reason")
@click.option("--fail", is_flag=True, help="tried, and it did not work")
@click.option("--undo", is_flag=True, help="take back what was last said of it")
@click.option("--reason", metavar="TEXT", help="why it is skipped or failed")
@click.option("--evidence", metavar="TEXT", help="what shows that it is done")
@_acts
def tick(
    named: Opening,
    /,
    item: str,
    skip: bool,
    fail: bool,
    undo: bool,
    reason: str | None,
    evidence: str | None,
) -> str:
    """Tick, skip, fail or undo one item from a script."""
    if skip + fail + undo > 1:
        raise UsageError(Problem("more than one of --skip, --fail and --undo", try_="one of them"))
    if reason is not None and not (skip or fail):
        raise UsageError(Problem("--reason alone", try_="--skip or --fail with it"))
    if evidence is not None and (skip or fail or undo):
        raise UsageError(Problem("--evidence with --skip, --fail or --undo", "--evidence with a tick"))
    with named as (joined, actor):
        item = _item_named(joined.session, item)
        act: acts.Act = acts.CheckItem(item, evidence or "")
        if skip or fail:
            act = (acts.SkipItem if skip else acts.FailItem)(item, reason or "")
        elif undo:
            act = acts.UndoLast(item)
        events = joined.perform(act, actor)
        said = joined.session.state.items.get(item)
        status = said.status.value if said else "open"
        return f"{item} {status}" if events else f"{item} is {status} already, nothing appended"


@click.command(cls=TextCommand)
@session_argument
@click.argument("text", help="the note")
@click.option("--item", metavar="ITEM", shell_complete=completion.items, help="the item it belongs to")
@_acts
def note(named: Opening, /, text: str, item: str | None) -> str:
    """Add a note to a session."""
    with named as (joined, actor):
        item = _item_named(joined.session, item) if item is not None else ""
        return f"noted as event {joined.perform(acts.AddNote(text, item), actor)[-1].seq}"


@click.command(cls=TextCommand)
@session_argument
@click.argument("edge", help="go-live, end (of the phase the night is in), PHASE.start or PHASE.end")
@click.argument("by", help="how far: +30m, -10m")
@click.option("--reason", metavar="TEXT", required=True, help="why, and who agreed")
@_acts
def move(named: Opening, /, edge: str, by: str, reason: str) -> str:
    """Move a window's edge or the go-live, by agreement."""
    try:
        seconds = signed_seconds(by)
    except ValueError as error:
        raise UsageError(Problem(quoted(by), str(error), key="BY")) from None
    with named as (joined, actor):
        session = joined.session
        edge = session.edge(edge)
        joined.perform(acts.MoveEdge(edge, seconds, reason), actor)
        phase, _, end = edge.rpartition(".")
        span = session.spans().get(phase)
        at = (
            session.go_live
            if edge == GO_LIVE
            else span and (span.start_at if end == "start" else span.end_at)
        )
        return f"{edge_name(session.index, edge)} is now {iso(at) if at else 'not placed'}"


@click.command(cls=Command)
@session_argument
@click.option("--outcome", type=click.Choice(OUTCOMES), required=True, help="how it ended")
@_acts
def close(named: Opening, /, outcome: str) -> str:
    """End a session for good, with its outcome."""
    with named as (joined, actor):
        session = joined.session
        joined.perform(acts.CloseSession(outcome), actor)
        counts = session.tally.everything()
        rest = f", {counts.left_in_all} left open" if counts.left_in_all else ""
        return f"closed {session.name}: {outcome}, {counts.done} of {counts.total} done{rest}"


def _item_named(session: Session, text: str) -> str:
    """The id that an id or its unambiguous beginning means."""
    try:
        return session.find_item(text)
    except LookupError as error:
        close = nearest(text, list(session.index.by_id))
        hint = close or "`deploytui status SESSION --json`, which lists all ids"
        raise UsageError(Problem(str(error), try_=hint)) from None
