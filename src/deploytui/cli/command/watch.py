"""`deploytui watch`: follow a session, live. It never writes, not even where it could."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from deploytui.cli.console import Console


def run(console: Console, args: Namespace) -> int:
    from deploytui.cli.beginning import hidden_texts
    from deploytui.cli.compose import choose_look, recorder_of, require_terminal, show
    from deploytui.cli.opened import given_at_start, open_session
    from deploytui.cli.shelf import find_session, shelf_of
    from deploytui.cli.trust import agreed, wanted
    from deploytui.session.act import By

    path = find_session(console, shelf_of(console, args.store), args.session)
    session, store = open_session(console, path, writable=False)
    try:
        require_terminal(console)
        console.hide(hidden_texts(session.plan, {}, console.env))
        recorder = recorder_of(console, session, path)
        given = given_at_start(session)
        list_ = wanted(console, Path(store.header.plan_path), store.plan_source, session.plan, given)
        allowed = agreed(console, list_, flag=bool(args.trust))
        return show(
            console, session, By(""), given, choose_look(console, args), recorder, path, agreed=allowed
        )
    finally:
        store.close()
