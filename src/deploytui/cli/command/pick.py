"""`deploytui` alone: the live sessions to resume, then the checklists it finds to start one of."""

from __future__ import annotations

from argparse import Namespace

from deploytui.base.errors import Problem, UsageError
from deploytui.base.text import clean_line
from deploytui.cli.catalog import BY_NAME
from deploytui.cli.checklist import found_checklists
from deploytui.cli.console import Console
from deploytui.cli.question import choose
from deploytui.cli.shelf import live_sessions, name_of, shelf_of


def run(console: Console, args: Namespace) -> int:
    if not console.is_terminal:
        raise UsageError(
            Problem(
                "no command and no terminal to ask on",
                try_="`deploytui sessions`, `deploytui run CHECKLIST` or --help",
            )
        )
    live = live_sessions(console, shelf_of(console, args.store))
    checklists = list(found_checklists(console).items())
    if not live and not checklists:
        raise UsageError(Problem("no session and no checklist here", try_="`deploytui run FILE`"))
    options = [f"resume {name_of(path)}" for path in live]
    options += [f"start   {clean_line(name)}  ({clean_line(str(path))})" for name, path in checklists]
    chosen = choose(console, "Which one?", [*options, "leave"])
    if chosen == len(options):
        return 0
    if chosen < len(live):
        from deploytui.cli.command.resume import resume

        return resume(console, _with_defaults("resume", args), live[chosen])
    from deploytui.cli.command.run import start

    return start(console, _with_defaults("run", args), checklists[chosen - len(live)][1])


def _with_defaults(name: str, args: Namespace) -> Namespace:
    """The arguments of another command, where they were not given to this one."""
    values: dict[str, object] = {
        argument.dest: [] if argument.is_repeated else None if argument.takes_value else False
        for argument in BY_NAME[name].arguments
    }
    return Namespace(**{**values, **vars(args)})
