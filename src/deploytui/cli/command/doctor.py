"""`deploytui doctor`: what works here and what does not. The last line says it all."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from deploytui.cli.console import Console
from deploytui.cli.examination import Found
from deploytui.cli.shelf import shelf_of


def run(console: Console, args: Namespace) -> int:
    exceptions: list[str] = []
    for found in _examine(console, shelf_of(console, args.store).folder, args):
        console.say(f"{found.label:<12}{found.text}")
        if found.exception:
            exceptions.append(found.exception)
    console.say(f"ready, except: {'; '.join(exceptions)}" if exceptions else "ready")
    return 0


def _examine(console: Console, folder: Path, args: Namespace) -> Iterator[Found]:
    from deploytui.cli import examination as look

    yield from look.versions()
    yield look.terminal(console)
    yield look.size(console)
    yield look.colors(console, args.color or "auto")
    yield look.signs(console)
    yield look.clock(console)
    yield look.sqlite()
    yield look.store(console, folder, allow_network_fs=args.allow_network_fs)
    if args.checklist is not None:
        yield from look.checklist(console, args)
