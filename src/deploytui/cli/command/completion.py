"""`deploytui completion SHELL`: completion for bash, zsh and fish, made from the same declarations as the parser."""

from __future__ import annotations

from argparse import Namespace

from deploytui.cli.completion import script
from deploytui.cli.console import Console


def run(console: Console, args: Namespace) -> int:
    console.source(script(args.shell))
    return 0
