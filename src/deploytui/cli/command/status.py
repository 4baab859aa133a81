"""`deploytui status`: where a session stands, while a driver may be at work. Never writes."""

from __future__ import annotations

import click

from deploytui.cli.console import Console
from deploytui.cli.opened import is_alive, opened
from deploytui.cli.option import Command, json_option, live_session_argument, store_option, unmask_option
from deploytui.cli.shelf import find_session, shelf_of
from deploytui.session.status import head_text, status_payload, status_text


@click.command("status", cls=Command)
@live_session_argument
@json_option
@unmask_option
@store_option
@click.pass_obj
def command(console: Console, name: str | None, is_json: bool, store: str | None) -> int:
    """Where a session stands, on one screen of text."""
    path = find_session(console, shelf_of(console, store), name)
    with opened(console, path) as joined:
        session, lease, head = joined.session, joined.writer.lease(), joined.writer.head()
        now = session.clock.now()
        if is_json:
            payload = status_payload(session, now, lease, is_alive(lease), head)
            console.data({"session": payload.pop("session"), "file": str(path), **payload}, "phase")
        else:
            console.say(*status_text(session, now, lease, is_alive(lease)))
            console.say_whole(head_text(head))
    return 0
