"""`deploytui completion SHELL`: the script by which bash, zsh and fish ask the program itself on Tab."""

from __future__ import annotations

import click

from deploytui.cli.completion import script
from deploytui.cli.option import Command


@click.command(
    "completion",
    cls=Command,
    epilog="""\b
    bash, 4.4 or newer:  eval "$(deploytui completion bash)"
    zsh:   deploytui completion zsh > ~/.zfunc/_deploytui
    fish:  deploytui completion fish > ~/.config/fish/completions/deploytui.fish""",
)
@click.argument(
    "shell", metavar="SHELL", type=click.Choice(("bash", "zsh", "fish")), help="bash, zsh or fish"
)
@click.pass_context
def command(context: click.Context, shell: str) -> int:
    """A completion script for your shell."""
    context.obj.source(script(shell, context.find_root().command, context.obj))
    return 0
