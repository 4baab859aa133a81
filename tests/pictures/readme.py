"""The tables of the README that are made from the program: its keys, its commands, its events."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import click

from deploytui.cli.option import EVERYWHERE
from deploytui.cli.program import program
from deploytui.journal.fact import Known
from deploytui.ui.command import COMMANDS, GROUPS

README = Path(__file__).parents[2] / "README.md"
_MADE = re.compile(r"(<!-- made: (?P<name>\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def key_table() -> str:
    """The README's table of keys, as Markdown."""
    lines = ["| key | does |", "|---|---|"]
    for group in GROUPS:
        for command in COMMANDS:
            shown = command.shown.split() + [f":{command.word}"] * bool(command.word)
            if command.group == group and shown:
                keys = " ".join(f"`{key}`" for key in shown)
                lines.append(f"| {keys} | {command.help} |")
    return "\n".join(lines) + "\n"


def event_table() -> str:
    """The README's table of events, as Markdown: of each, the first line of its docstring."""
    rows = []
    for kind in get_args(Known):
        meaning = kind.__doc__.split("\n")[0].removesuffix(".")
        rows.append(f"| `{kind.__struct_config__.tag}` | {meaning[0].lower()}{meaning[1:]} |")
    return "\n".join(["| event | means |", "|---|---|", *rows]) + "\n"


def command_table() -> str:
    """The README's table of commands, as Markdown."""
    context = click.Context(program, info_name="deploytui")
    commands = [(name, program.get_command(context, name)) for name in program.list_commands(context)]
    rows = [(_synopsis(context, "", program), program.help.partition("Without a command: ")[2])]
    rows += [(_synopsis(context, name, found), found.get_short_help_str()) for name, found in commands]
    texts = [f"| {left} | {right[:1].lower()}{right[1:].rstrip().rstrip('.')} |" for left, right in rows]
    return "\n".join(["| command | does |", "|---|---|", *texts]) + "\n"


def _synopsis(context: click.Context, name: str, command: click.Command) -> str:
    """`deploytui tick SESSION ITEM [--skip]`; what stands everywhere and `--store` are told once, below the table."""
    words = ["deploytui", name] if name else ["deploytui"]
    words += [param.make_metavar(context) for param in command.params if isinstance(param, click.Argument)]
    for param in command.params:
        if (
            isinstance(param, click.Option)
            and param not in EVERYWHERE
            and param.name not in ("store", "version")
        ):
            value = "" if param.is_flag else f" {param.make_metavar(context).strip('[]')}"
            words.append(param.opts[-1] + value if param.required else f"[{param.opts[-1]}{value}]")
    return "`" + " ".join(words).replace("|", "\\|") + "`"


TABLES = {"keys": key_table, "commands": command_table, "events": event_table}


def filled(text: str) -> str:
    """The README with every made part as the program has it now."""
    return _MADE.sub(lambda found: found[1] + TABLES[found["name"]]() + found[3], text)


def made_parts(text: str) -> set[str]:
    """The names of the made parts that the text has."""
    return {found["name"] for found in _MADE.finditer(text)}
