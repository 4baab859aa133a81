"""The program as click has it: its commands by section, each loaded when it is called, and the picker without one."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click

from deploytui import __version__
from deploytui.base.errors import Problem, UsageError
from deploytui.cli.option import Command, as_option, store_option

# A command is the `command` of the module of its name; those that act stand together under their own names.
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "Sessions": ("run", "resume", "watch", "sessions", "status", "report", "close"),
    "From a script": ("tick", "note", "move"),
    "Checklists": ("check", "import", "print", "probe", "schema"),
    "Journal": ("verify", "recover"),
    "This machine": ("doctor", "completion"),
}
_MODULES = {"import": "import_markdown"}  # a word of Python's
ACTS = ("tick", "note", "move", "close")


class LazyGroup(Command, click.Group):
    """Commands that are imported when they are called, or when their help is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for names in SECTIONS.values() for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        is_act = cmd_name in ACTS
        module = import_module(
            f"deploytui.cli.command.{'script' if is_act else _MODULES.get(cmd_name, cmd_name)}"
        )
        command: click.Command = getattr(module, cmd_name if is_act else "command")
        return command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.format_commands(ctx, formatter)
        super().format_options(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for section, names in SECTIONS.items():
            commands = [(name, self.get_command(ctx, name)) for name in names]
            with formatter.section(section):
                formatter.write_dl([(name, found.get_short_help_str()) for name, found in commands if found])


def _version(context: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        context.obj.say(f"deploytui {__version__}")
        context.exit()


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    epilog="Exit codes: 0 fine, 1 findings, 2 what was named is not usable, 3 refused by a rule, 4 not a sound "
    "session, 5 sound but not usable now, 70 a defect of deploytui, 128+n ended by signal n.",
)
@as_option
@store_option
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="the version"
)
@click.pass_context
def program(context: click.Context, as_: str | None, store: str | None) -> int:
    """A terminal dashboard for a live deployment window.

    Without a command: resume a live session, or pick a checklist to start.
    """
    if context.invoked_subcommand is None:
        from deploytui.cli.command.run import pick

        return pick(context, as_=as_, store=store)
    if as_ is not None or store is not None:
        raise UsageError(Problem("--as or --store before the command", try_="them after it"))
    return 0
