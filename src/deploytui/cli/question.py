"""What is asked before there is a dashboard: plain text on the terminal, numbers and Enter."""

from __future__ import annotations

from collections.abc import Sequence

from deploytui.base.units import is_whole_number
from deploytui.cli.console import Console


def choose(console: Console, question: str, options: Sequence[str]) -> int:
    """The place of the option that was chosen; Enter takes the first. Anything else is asked again."""
    console.say(question)
    for number, option in enumerate(options, 1):
        console.say(f"  {number}  {option}")
    while True:
        answer = console.ask("Number [1]:")
        if not answer:
            return 0
        if is_whole_number(answer) and 1 <= int(answer) <= len(options):
            return int(answer) - 1
        console.say(f"a number from 1 to {len(options)}, or Enter for 1")
