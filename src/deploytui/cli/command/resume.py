"""`deploytui resume`: the dashboard of a session that exists, driving it where that is allowed, else following."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from deploytui.base.errors import Problem, UsageError
from deploytui.cli.console import Console
from deploytui.cli.option import (
    Command,
    as_option,
    live_session_argument,
    setting_options,
    store_option,
    theme_option,
)


@click.command("resume", cls=Command)
@live_session_argument
@as_option
@click.option("--take-over", is_flag=True, help="drive although somebody else does; needs --reason")
@click.option("--reason", metavar="TEXT", help="why it is taken over")
@setting_options
@theme_option
@store_option
@click.pass_obj
def command(
    console: Console,
    /,
    name: str | None,
    as_: str | None,
    take_over: bool,
    reason: str | None,
    theme: str | None,
    store: str | None,
    **settings: tuple[str, ...],
) -> int:
    """Open the dashboard of a session again, and drive it."""
    from deploytui.cli.beginning import hidden_texts
    from deploytui.cli.compose import choose_look, recorder_of, require_terminal, show
    from deploytui.cli.driving import Wish, seat, take
    from deploytui.cli.opened import given_at_start, restored
    from deploytui.cli.person import acting
    from deploytui.cli.setting import given_variables
    from deploytui.cli.shelf import find_session, shelf_of
    from deploytui.cli.trust import agreed, settle_trust, wanted
    from deploytui.journal.sqlite import open_store

    path = find_session(console, shelf_of(console, store), name)
    if not console.is_terminal:  # what is wrong with the file comes first
        open_store(path, writable=False, clock=console.clock).close()
        require_terminal(console)
    wish = Wish(acting(console, as_), take_over, reason or "", console.allow_network_fs)
    look = choose_look(console, theme)
    found = seat(path, wish, console.clock)
    with closing(found.store):
        if found.store.header.mode != "live":
            expected = "a live session: a rehearsal is never resumed"
            raise UsageError(Problem("a rehearsal", expected, "`run --rehearse` for another"))
        joined = restored(found.store, console.clock)
        session = joined.session
        given = {**given_at_start(joined), **given_variables(console, session.plan.variables, settings)}
        console.hide(hidden_texts(session.plan, given, console.env))
        plan_path, source = Path(found.store.header.plan_path), found.store.plan_source
        list_ = wanted(console, plan_path, source, session.plan, given)
        drives = found.take_reason is not None and session.state.closed_at is None
        allowed = (settle_trust if drives else agreed)(console, list_)
        died_at = session.state.last_at
        note = take(joined, found, wish.by)
        recorder = recorder_of(console, session, path)
        code = show(console, joined, wish.by, given, look, recorder, path, note, agreed=allowed)
    if found.died and died_at:
        console.say(f"{found.died}'s program had ended without a word, last heard at {died_at:%H:%M}Z: "
                    "if that terminal looks wrong, type `reset` there")  # fmt: skip
    return code
