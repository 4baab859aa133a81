"""The list of commands as people read it: `deploytui --help`, and the table of the README."""

from __future__ import annotations

from deploytui.cli.catalog import COMMANDS, GLOBAL, PICK
from deploytui.cli.declaration import Argument, Command


def help_text() -> str:
    """What `deploytui --help` prints."""
    commands = [(command.name, command.help) for command in COMMANDS]
    options = [(_option(argument), argument.help) for argument in GLOBAL]
    width = max(len(name) for name, _ in commands + options) + 2
    lines = [
        "usage: deploytui [COMMAND] [ARGUMENTS]",
        "",
        "A terminal dashboard for a live deployment window.",
        f"Without a command: {PICK.help}.",
        "",
        "commands:",
        *(f"  {name:<{width}}{text}" for name, text in commands),
        "",
        "everywhere:",
        *(f"  {name:<{width}}{text}" for name, text in options),
        f"  {'-h, --help':<{width}}help on the program, or on one command",
        f"  {'--version':<{width}}the version",
        "",
        "exit codes: 0 fine, 1 findings, 2 what was named is not usable, 3 refused by a rule, 4 not a sound session,",
        "  5 sound but not usable now, 70 a defect of deploytui, 128+n ended by signal n",
    ]
    return "\n".join(lines) + "\n"


def markdown_table() -> str:
    """The README's table of commands; `python -m deploytui.cli.usage` prints it."""
    rows = [f"| {_cell(_full(command))} | {command.help} |" for command in (PICK, *COMMANDS)]
    return "\n".join(["| command | does |", "|---|---|", *rows]) + "\n"


def _option(argument: Argument) -> str:
    value = argument.metavar or "|".join(argument.choices)
    return f"{argument.name} {value}" if value else argument.name


def _full(command: Command) -> str:
    options = (
        _option(argument) if argument.is_required else f"[{_option(argument)}]"
        for argument in command.options
        if argument.name != "--store"
    )
    return " ".join([command.synopsis, *options])


def _cell(text: str) -> str:
    return "`" + text.replace("|", "\\|") + "`"


if __name__ == "__main__":
    print(markdown_table(), end="")
