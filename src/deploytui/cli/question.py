"""What is asked before there is a dashboard: plain text on the terminal, numbers and Enter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from deploytui.base.errors import UsageError
from deploytui.cli.beginning import PROPOSED, describe_go_live, read_go_live
from deploytui.cli.console import Console
from deploytui.plan.model import Plan


def choose(console: Console, question: str, options: Sequence[str]) -> int:
    """The place of the option that was chosen; Enter takes the first. Anything else is asked again."""
    console.say(question)
    for number, option in enumerate(options, 1):
        console.say(f"  {number}  {option}")
    while True:
        answer = console.ask("Number [1]:")
        if not answer:
            return 0
        if answer.isascii() and answer.isdecimal() and 1 <= int(answer[:4]) <= len(options):
            return int(answer) - 1
        console.say(f"a number from 1 to {len(options)}, or Enter for 1")


def ask_go_live(console: Console, plan: Plan, proposed: datetime | None) -> datetime:
    """T, shown with weekday, date and distance until somebody accepts it. `proposed` None: nothing is known."""
    now = console.clock.now()
    at = proposed
    if at is None:
        console.say("No go-live is given.")
    elif at < now:
        console.say(f"The go-live is past: {describe_go_live(plan, at, now)}.")
        at = None
    if at is None:
        at = read_go_live(plan, PROPOSED, now)
    while True:
        console.say(f"Go-live: {describe_go_live(plan, at, console.clock.now())}")
        answer = console.ask("Enter accepts, or another (02:00Z, now+1h, 2026-11-24T02:00Z):")
        if not answer:
            return at
        try:
            at = read_go_live(plan, answer, console.clock.now())
        except UsageError as error:
            console.problems(error.problems)
