"""`deploytui tick`: one item from a script or CI, by the same rules as a key, while a driver may be at work."""

from __future__ import annotations

from argparse import Namespace

from deploytui.base.errors import Problem, UsageError
from deploytui.cli.console import Console
from deploytui.cli.opened import opened
from deploytui.cli.person import acting
from deploytui.cli.script import item_named, perform
from deploytui.cli.shelf import find_named, shelf_of
from deploytui.session.act import Act, CheckItem, FailItem, SkipItem, UndoLast


def run(console: Console, args: Namespace) -> int:
    _check(args)
    by = acting(console, args.as_)
    path = find_named(console, shelf_of(console, args.store), args.session)
    with opened(console, path, writable=True, allow_network_fs=args.allow_network_fs) as session:
        item = item_named(session, args.item)
        events = perform(session, _act(args, item), by)
        said = session.state.items.get(item)
        status = said.status.value if said else "open"
        console.say(f"{item} {status}" if events else f"{item} is {status} already, nothing appended")
    return 0


def _check(args: Namespace) -> None:
    if args.reason is not None and not (args.skip or args.fail):
        raise UsageError(Problem("--reason alone", try_="--skip or --fail with it"))
    if args.evidence is not None and (args.skip or args.fail or args.undo):
        raise UsageError(Problem("--evidence with --skip, --fail or --undo", "--evidence with a tick"))


def _act(args: Namespace, item: str) -> Act:
    if args.skip:
        return SkipItem(item, args.reason or "")
    if args.fail:
        return FailItem(item, args.reason or "")
    return UndoLast(item) if args.undo else CheckItem(item, args.evidence or "")
