"""`deploytui watch`: follow a session, live. It never writes, not even where it could."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

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
    from deploytui.cli.beginning import hidden_texts
    from deploytui.cli.compose import choose_look, recorder_of, require_terminal, show
    from deploytui.cli.opened import given_at_start, open_session
    from deploytui.cli.shelf import find_session, shelf_of
    from deploytui.cli.trust import agreed, wanted
    from deploytui.session.act import By

    path = find_session(console, shelf_of(console, store), name)
    joined, journal = open_session(console, path, writable=False)
    session = joined.session
    with closing(journal):
        require_terminal(console)
        console.hide(hidden_texts(session.plan, {}, console.env))
        recorder = recorder_of(console, session, path)
        given = given_at_start(joined)
        list_ = wanted(console, Path(journal.header.plan_path), journal.plan_source, session.plan, given)
        allowed = agreed(console, list_)
        return show(
            console, joined, By(""), given, choose_look(console, theme), recorder, path, agreed=allowed
        )
