"""`deploytui run`: a new session of a checklist, and its dashboard; and `deploytui` alone, which asks for one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deploytui.base.errors import Problem, UsageError
from deploytui.base.text import clean_line
from deploytui.cli.beginning import begin, hidden_texts, phase_named, read_go_live
from deploytui.cli.checklist import assumptions, find_checklist, found_checklists, require_items
from deploytui.cli.command import resume
from deploytui.cli.console import Console
from deploytui.cli.creation import New, create_session
from deploytui.cli.option import (
    Command,
    as_option,
    checklist_argument,
    setting_options,
    store_option,
    theme_option,
)
from deploytui.cli.person import acting
from deploytui.cli.setting import given_variables
from deploytui.cli.shelf import Shelf, address, checked_name, live_sessions, name_of, shelf_of
from deploytui.cli.trust import Agreed, settle_trust, wanted
from deploytui.journal.lock_trial import LockTrial, begin_trial
from deploytui.journal.recorder import Recorder
from deploytui.plan.load import load_plan

# What draws is imported below, behind the first look at the checklist and the folder's locks.
if TYPE_CHECKING:
    from deploytui.cli.compose import Look
    from deploytui.ui.service import Gauges


@click.command("run", cls=Command)
@checklist_argument
@click.option(
    "--go-live", metavar="WHEN", help="2026-11-24T02:00Z, 02:00Z (the nearest within 12 h), now or now+2h"
)
@as_option
@click.option("--session", metavar="NAME", help="the session's name; default: the checklist's and the time")
@click.option(
    "--from", "from_", metavar="PHASE", help="start in this phase; the ones before it are set aside"
)
@setting_options
@theme_option
@store_option
@click.option(
    "--rehearse", is_flag=True, help="rehearse: a fast clock and made-up gauges, never a live session"
)
@click.option("--speed", metavar="N", help="how fast a rehearsal runs: 1 to 600; default: 60")
@click.option(
    "--scenario",
    type=click.Choice(("good", "breach")),
    default="good",
    help="the rehearsed night; default: good",
)
@click.pass_context
def command(
    context: click.Context,
    /,
    checklist: str,
    go_live: str | None,
    as_: str | None,
    session: str | None,
    from_: str | None,
    theme: str | None,
    store: str | None,
    rehearse: bool,
    speed: str | None,
    scenario: str,
    **settings: tuple[str, ...],
) -> int:
    """Start a session and open the dashboard."""
    console: Console = context.obj
    path = find_checklist(console, checklist)
    loaded = load_plan(path)
    require_items(loaded)
    shelf = shelf_of(console, store)
    # The locks of the folder are tried while the screen's code is loaded.
    is_tried = console.is_terminal and not (rehearse or console.allow_network_fs) and shelf.folder.is_dir()
    trial = begin_trial(shelf.folder) if is_tried else None
    from deploytui.cli.compose import choose_look, require_terminal
    from deploytui.cli.start_question import agree_earlier, agree_go_live

    require_terminal(console)
    given = given_variables(console, loaded.plan.variables, settings)
    console.hide(hidden_texts(loaded.plan, given, console.env))
    console.say(*assumptions(loaded))
    look = choose_look(console, theme)
    # What is wrong with the options is said before anything is asked.
    if session is not None:
        checked_name(session)
    if from_ is not None:
        phase_named(loaded.plan, from_)
    if go_live is not None:
        read_go_live(loaded.plan, go_live, console.clock.now())
    if rehearse:
        from deploytui.cli.rehearsal import FOLDER, rehearsal

        new, gauges = rehearsal(console, loaded, path, acting(console, as_), go_live, from_, speed, scenario)
        return _show(console, Shelf(shelf.folder / FOLDER), new, session, look, gauges=gauges)
    resumed = _live_one(context, shelf, path, as_=as_, theme=theme, store=store, **settings)
    if resumed is not None:
        return resumed
    by = acting(console, as_)
    agreed = settle_trust(console, wanted(console, path, loaded.source, loaded.plan, given))
    at = agree_go_live(console, look, loaded.plan, go_live)
    if isinstance(at, int):
        return at
    earlier = None if from_ is not None else agree_earlier(console, look, loaded.plan, at)
    if isinstance(earlier, int):
        return earlier
    beginning = begin(loaded.plan, at, console.clock.now(), from_, earlier)
    new = New(loaded, path, by, at, beginning, given, console.clock)
    return _show(console, shelf, new, session, look, agreed=agreed, trial=trial)


def _show(
    console: Console,
    shelf: Shelf,
    new: New,
    name: str | None,
    look: Look,
    *,
    agreed: Agreed = frozenset(),
    trial: LockTrial | None = None,
    gauges: Callable[[Recorder], Gauges] | None = None,
) -> int:
    """Make the session and open its dashboard. A rehearsal brings the gauges that it makes up."""
    from deploytui.cli.compose import show

    joined, journal = create_session(console, shelf, new, name, trial)
    with closing(journal):
        code = show(console, joined, new.by, new.given, look, journal.path, agreed=agreed, gauges=gauges)
    if gauges:
        console.say(f"its report: deploytui report {address(console, journal.path)}")
    return code


def pick(context: click.Context, **options: Any) -> int:
    """`deploytui` alone: ask which live session to resume or which checklist to start, and call the command that opens it
    with these options of the program's own."""
    console: Console = context.obj
    if not console.is_terminal:
        hint = "`deploytui sessions`, `deploytui run CHECKLIST` or --help"
        raise UsageError(Problem("no command and no terminal to ask on", try_=hint))
    live = live_sessions(console, shelf_of(console, options["store"]))
    checklists = list(found_checklists(console).items())
    if not live and not checklists:
        raise UsageError(Problem("no session and no checklist here", try_="`deploytui run FILE`"))
    choices = [f"resume {name_of(path)}" for path in live]
    choices += [f"start   {clean_line(name)}  ({clean_line(str(path))})" for name, path in checklists]
    chosen = console.choose("Which one?", [*choices, "leave"])
    if chosen < len(live):
        return int(context.invoke(resume.command, name=str(live[chosen]), **options))
    if chosen < len(choices):
        path = checklists[chosen - len(live)][1]
        return int(context.invoke(command, checklist=str(path), **options))
    return 0


def _live_one(context: click.Context, shelf: Shelf, path: Path, **options: Any) -> int | None:
    """Two sessions of one checklist at once are nearly always a mistake: ask. None: start another."""
    console: Console = context.obj
    live = live_sessions(console, shelf, path.resolve())
    if not live:
        return None
    count = "a live session" if len(live) == 1 else f"{len(live)} live sessions"
    choices = [f"resume {name_of(one)}" for one in live] + ["start another", "leave"]
    chosen = console.choose(f"{clean_line(path.name)} has {count} already.", choices)
    if chosen < len(live):
        return int(context.invoke(resume.command, name=str(live[chosen]), **options))
    return None if chosen == len(live) else 0
