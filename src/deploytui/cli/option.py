"""What commands share on the command line: the options that stand everywhere, and those that stand in several."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

from deploytui.cli import completion
from deploytui.cli.console import Console

F = TypeVar("F", bound=Callable[..., Any])

# What a word must look like to be an option: `-10m` and `- all fine` are a distance and a note.
_OPTION = re.compile(r"-(-[\w-]*(=.*)?|[a-zA-Z]\S*)?", re.DOTALL)
_NO_OPTION = "\0"  # no argument of a process can hold it


def _set(context: click.Context, param: click.Parameter, value: object) -> None:
    """They count before the command's name and after it; what is said last is heard."""
    if value:
        setattr(context.obj, param.name, value)


def _unmask(context: click.Context, param: click.Parameter, value: bool) -> None:
    context.obj.is_masked = not value


def _help(context: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        console: Console = context.obj
        console.say(*context.get_help().split("\n"))
        context.exit()


def _everywhere(*names: str, callback: Callable[..., None] = _set, **settings: Any) -> click.Option:
    return click.Option(names, expose_value=False, callback=callback, **settings)


_COLORS = click.Choice(("auto", "always", "never"))
_TRUST = "agree to all that this very checklist takes from this machine or runs on it, for this once"
_NETWORK = "drive a session on a network file system, at your own risk"
EVERYWHERE: tuple[click.Parameter, ...] = (
    _everywhere("--color", type=_COLORS, help="when to use color; default: auto"),
    _everywhere("--ascii", "is_ascii", is_flag=True, help="draw with ASCII characters only"),
    _everywhere("--trust", "trusts", is_flag=True, help=_TRUST),
    _everywhere("--allow-network-fs", is_flag=True, help=_NETWORK),
    _everywhere("-h", "--help", is_flag=True, is_eager=True, callback=_help, help="this help"),
)


_SETTINGS = (
    ("--set", "VAR=VALUE", "give a variable of the checklist its value"),
    ("--set-env", "VAR=NAME", "its value from an environment variable"),
    ("--set-file", "VAR=FILE", "its value from a file of at most 64 KiB"),
)


def setting_options(function: F) -> F:
    """The values of the checklist's variables, as `set`, `set_env` and `set_file`."""
    for name, metavar, help_ in reversed(_SETTINGS):
        function = click.option(name, metavar=metavar, multiple=True, help=help_)(function)
    return function


class Command(click.Command):
    """A command that takes the options that stand everywhere."""

    def __init__(self, name: str | None, **settings: Any) -> None:
        super().__init__(name, add_help_option=False, **settings)
        self.params += EVERYWHERE

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        own = [param for param in self.params if param not in EVERYWHERE and isinstance(param, click.Option)]
        for title, params in (("Options", own), ("Everywhere", EVERYWHERE)):
            if records := [record for param in params if (record := param.get_help_record(ctx))]:
                with formatter.section(title):
                    formatter.write_dl(records)

    def get_short_help_str(self, limit: int = 0) -> str:
        """The first sentence, whole."""
        return super().get_short_help_str(limit or 200)


class TextCommand(Command):
    """A command with an argument that may begin with a dash: only what looks like an option is taken for one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        marked = [arg if _OPTION.fullmatch(arg) or arg[:1] != "-" else _NO_OPTION + arg for arg in args]
        rest = super().parse_args(ctx, marked)
        for name, value in ctx.params.items():
            if isinstance(value, str):
                ctx.params[name] = value.removeprefix(_NO_OPTION)
        return rest


checklist_argument = click.argument(
    "checklist",
    shell_complete=completion.checklists,
    help="a checklist file, or the name of one that is found",
)
session_argument = click.argument(
    "name",
    metavar="SESSION",
    shell_complete=completion.sessions,
    help="a session's name, its beginning, or its file",
)
live_session_argument = click.argument(
    "name",
    metavar="[SESSION]",
    required=False,
    shell_complete=completion.sessions,
    help="a session's name, its beginning, or its file; left out: the only live one",
)
item_argument = click.argument(
    "item", shell_complete=completion.items, help="an item's id, or its unambiguous beginning"
)
as_option = click.option(
    "--as", "as_", metavar="NAME", help="your name, as the journal keeps it; default: your login"
)
store_option = click.option(
    "--store",
    metavar="PATH",
    shell_complete=completion.files,
    help="the folder of the sessions, or one session file",
)
json_option = click.option("--json", "is_json", is_flag=True, help="one JSON object on standard output")
theme_option = click.option("--theme", metavar="NAME", help="a color theme by name")
unmask_option = click.option(
    "--unmask",
    is_flag=True,
    expose_value=False,
    callback=_unmask,
    help="phones, e-mails, tokens and hidden texts as they are",
)
output_option = click.option(
    "-o",
    "--output",
    metavar="FILE",
    shell_complete=completion.files,
    help="the file to make; default: print it",
)
