"""What is wrong with the words of a command line, as one of our own problems, with what was probably meant."""

from __future__ import annotations

from collections.abc import Sequence

import click

from deploytui.base.errors import Problem
from deploytui.base.paths import CHECKLIST_SUFFIXES
from deploytui.base.text import clean_line, quoted, shorten

_MOST_CHARACTERS = 300


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The known word that was probably meant, or None."""
    import difflib

    found = difflib.get_close_matches(word, known, 1, 0.6)
    return found[0] if found else next((name for name in known if word and name.startswith(word)), None)


def problem_of(error: click.ClickException) -> Problem:
    """What click found, in one line."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    help_ = f"`{context.command_path if context else 'deploytui'} --help`"
    if context and isinstance(error, click.NoSuchCommand):
        return Problem(f"no command {quoted(error.command_name)}", try_=_command(context, error.command_name))
    if context and isinstance(error, click.NoSuchOption):
        names = [name for param in context.command.params for name in param.opts if name.startswith("--")]
        hint = nearest(error.option_name, names) or help_
        return Problem(f"no option {quoted(error.option_name)}", try_=hint)
    if context and isinstance(error, click.MissingParameter) and isinstance(error.param, click.Argument):
        help_ = f"`{' '.join(context.get_usage().split()[1:])}`"
    said = " ".join(error.format_message().split()).rstrip(".")
    return Problem(shorten(clean_line(said[:1].lower() + said[1:]), _MOST_CHARACTERS), try_=help_)


def _command(context: click.Context, word: str) -> str:
    """The command that was meant; a checklist where a command belongs was to be run."""
    assert isinstance(context.command, click.Group)
    known = nearest(word, context.command.list_commands(context))
    if known is None and word.endswith(CHECKLIST_SUFFIXES):
        return f"`deploytui run {clean_line(word)}`"
    return f"`deploytui {known}`" if known else "`deploytui --help`"
