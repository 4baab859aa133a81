"""`deploytui verify`: every event against its hash and the one before. It names the first that does not fit."""

from __future__ import annotations

from argparse import Namespace

from deploytui.base.errors import Problem, UnsoundSession
from deploytui.base.text import clean_line, quoted
from deploytui.cli.console import Console
from deploytui.cli.shelf import find_named, shelf_of
from deploytui.journal.integrity import verify
from deploytui.journal.sqlite import open_store

_LEAST = 12


def run(console: Console, args: Namespace) -> int:
    path = find_named(console, shelf_of(console, args.store), args.session)
    file = clean_line(str(path))
    store = open_store(path, writable=False, clock=console.clock)
    try:
        verdict = verify(store)
    finally:
        store.close()
    if verdict.broken is not None:
        sound = f"{verdict.events} sound events before it"
        raise UnsoundSession(
            Problem(f"{verdict.broken}; {sound}", try_=f"`deploytui recover {file} NEW`", file=file)
        )
    if args.expect is not None and not _is_expected(args.expect, verdict.head):
        raise UnsoundSession(
            Problem(
                f"head {verdict.head[:_LEAST]} after {verdict.events} events",
                f"{quoted(args.expect)}",
                file=file,
            )
        )
    console.say(f"sound: {verdict.events} events, head {verdict.head}")
    return 0


def _is_expected(expected: str, head: str) -> bool:
    """Whether the head is the one that was noted, in full or by its first 12 digits or more."""
    wanted = expected.strip().lower()
    return len(wanted) >= _LEAST and head.startswith(wanted)
