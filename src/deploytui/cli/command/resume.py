"""`deploytui resume`: the dashboard of a session that exists, driving it where that is allowed, else following."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from deploytui.base.errors import Problem, UsageError
from deploytui.cli.console import Console


def run(console: Console, args: Namespace) -> int:
    from deploytui.cli.compose import require_terminal
    from deploytui.cli.shelf import find_session, shelf_of
    from deploytui.journal.sqlite import open_store

    path = find_session(console, shelf_of(console, args.store), args.session)
    if not console.is_terminal:  # what is wrong with the file comes first
        open_store(path, writable=False, clock=console.clock).close()
        require_terminal(console)
    return resume(console, args, path)


def resume(console: Console, args: Namespace, path: Path) -> int:
    """Open the dashboard of the session at `path`."""
    from deploytui.cli.beginning import hidden_texts
    from deploytui.cli.compose import choose_look, recorder_of, show
    from deploytui.cli.driving import Wish, seat, take
    from deploytui.cli.opened import given_at_start, restored
    from deploytui.cli.person import acting
    from deploytui.cli.setting import given_variables
    from deploytui.cli.trust import agreed, settle_trust, wanted

    wish = Wish(acting(console, args.as_), args.take_over, args.reason or "", args.allow_network_fs)
    look = choose_look(console, args)
    found = seat(path, wish, console.clock)
    try:
        if found.store.header.mode != "live":
            raise UsageError(
                Problem(
                    "a rehearsal",
                    "a live session: a rehearsal is never resumed",
                    "`run --rehearse` for another",
                )
            )
        session = restored(found.store, console.clock)
        given = {**given_at_start(session), **given_variables(console, session.plan.variables, args)}
        console.hide(hidden_texts(session.plan, given, console.env))
        list_ = wanted(
            console, Path(found.store.header.plan_path), found.store.plan_source, session.plan, given
        )
        drives = found.take_reason is not None and session.state.closed_at is None
        allowed = (settle_trust if drives else agreed)(console, list_, flag=bool(args.trust))
        died_at = session.state.last_at
        note = take(session, found, wish.by)
        recorder = recorder_of(console, session, path)
        code = show(console, session, wish.by, given, look, recorder, path, note, agreed=allowed)
    finally:
        found.store.close()
    if found.died and died_at:
        console.say(f"{found.died}'s program had ended without a word, last heard at {died_at:%H:%M}Z: "
                    "if that terminal looks wrong, type `reset` there")  # fmt: skip
    return code
