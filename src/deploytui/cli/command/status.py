"""`deploytui status`: where a session stands, while a driver may be at work. Never writes."""

from __future__ import annotations

from argparse import Namespace

from deploytui.cli.console import Console
from deploytui.cli.opened import is_alive, opened
from deploytui.cli.shelf import find_session, shelf_of
from deploytui.session.status import head_text, status_payload, status_text


def run(console: Console, args: Namespace) -> int:
    path = find_session(console, shelf_of(console, args.store), args.session)
    with opened(console, path) as session:
        now, lease = session.clock.now(), session.store.lease()
        if args.json:
            payload = status_payload(session, now, lease, is_alive(lease))
            console.data({"session": payload.pop("session"), "file": str(path), **payload}, "phase")
        else:
            console.say(*status_text(session, now, lease, is_alive(lease)))
            console.say_whole(head_text(session))
    return 0
