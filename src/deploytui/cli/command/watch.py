"""`deploytui watch`: follow a session, live. It never writes, not even where it could."""

from __future__ import annotations

from contextlib import closing

import click

from deploytui.cli.console import Console
from deploytui.cli.option import Command, live_session_argument, store_option, theme_option


@click.command("watch", cls=Command)
@live_session_argument
@theme_option
@store_option
@click.pass_obj
def command(console: Console, name: str | None, theme: str | None, store: str | None) -> int:
    """Follow a session, read-only and live."""
    from deploytui.cli.compose import require_terminal
    from deploytui.cli.driving import Opened, show_again
    from deploytui.cli.shelf import find_session, shelf_of
    from deploytui.journal.sqlite import open_store
    from deploytui.session.act import By

    path = find_session(console, shelf_of(console, store), name)
    with closing(open_store(path, writable=False, clock=console.clock)) as found:
        require_terminal(console)
        return show_again(console, Opened(found), By(""), theme)
