"""The tables of the README that are made from the program: its keys, its commands, its events."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import click

from deploytui.cli.option import EVERYWHERE
from deploytui.cli.program import program
from deploytui.journal.event import Kind
from deploytui.ui.command import key_table

README = Path(__file__).parents[2] / "README.md"
_MADE = re.compile(r"(<!-- made: (?P<name>\w+) -->\n).*?(<!-- end -->)", re.DOTALL)

MEANINGS: Mapping[Kind, str] = {
    Kind.SESSION_OPENED: "the session was made: checklist, go-live, variables",
    Kind.SESSION_LEFT: "the driver left; the session stays open",
    Kind.SESSION_CLOSED: "it ended for good, with this outcome",
    Kind.DRIVER_TOOK: "somebody drives from now on, and why if it was taken over",
    Kind.PHASES_SET_ASIDE: "these phases are not in this session",
    Kind.PHASE_ENTERED: "the night is in this phase now",
    Kind.ITEM_STARTED: "work on an item began",
    Kind.ITEM_CHECKED: "an item was ticked, with its evidence",
    Kind.ITEM_SKIPPED: "an item was skipped, and why",
    Kind.ITEM_FAILED: "an item was tried and did not work",
    Kind.ITEM_REASONED: "the reason of a skip or a failure, told later",
    Kind.ITEM_OVERRIDDEN: "an item was accepted in spite of what stood against it, and why",
    Kind.ITEM_UNDONE: "the last word on an item was taken back",
    Kind.ITEM_LAPSED: "what a gauge had ticked no longer holds",
    Kind.ITEM_RECOVERED: "what had lapsed holds again",
    Kind.ITEM_INSERTED: "an item that nobody had planned came in below another one",
    Kind.ITEM_WITHDRAWN: "an inserted item was taken out again",
    Kind.NOTE_ADDED: "a note, on an item or on the night",
    Kind.LEVEL_CHANGED: "a gauge went from one level to another",
    Kind.BASELINE_CAPTURED: "a gauge's usual value was kept, to compare with",
    Kind.ALARM_ACKED: "somebody has seen an alarm",
    Kind.TRIGGER_RAISED: "a rollback trigger is met",
    Kind.TRIGGER_CLEARED: "it is no longer met",
    Kind.TRIGGER_SHELVED: "it is out of the way for a while, and why",
    Kind.HOLD_BEGAN: "work is on hold, how long and why",
    Kind.HOLD_ENDED: "work goes on",
    Kind.EDGE_MOVED: "the go-live or a window's edge was moved by agreement",
    Kind.PROMISE_MADE: "somebody said by when",
    Kind.PROMISE_SETTLED: "a promise was kept, or not",
    Kind.FINDING_ACCEPTED: "a finding of the lint was taken as it is: by whom, why, and until when",
    Kind.PLAN_FILE_CHANGED: "the file of the plan became another one; the session keeps the plan it was opened with",
    Kind.REHEARSAL_PACED: "a rehearsal runs this fast from here on",
    Kind.CLOCK_STEPPED: "the machine's clock was set; order is never taken from it",
}


def event_table() -> str:
    """The README's table of events, as Markdown."""
    rows = [f"| `{kind}` | {MEANINGS[kind]} |" for kind in Kind]
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
