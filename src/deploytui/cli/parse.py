"""From words to a command and its arguments. Only the parser of the command that was typed is built."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from functools import partial
from typing import NoReturn

from deploytui.base.errors import Problem, UsageError
from deploytui.base.text import clean_line, quoted
from deploytui.cli.catalog import BY_NAME, GLOBAL, PICK
from deploytui.cli.declaration import Argument, Command

_HELP = ("-h", "--help")
# argparse makes a formatter for each option it is given, and one without a width measures the terminal each time.
_NARROW = partial(argparse.RawDescriptionHelpFormatter, width=80)


class Helped(Exception):
    """Help was asked for: the text to print, and nothing else happens."""


class _Parser(argparse.ArgumentParser):
    """argparse that raises instead of printing and exiting."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(Problem(clean_line(message), try_=f"`{self.prog} --help`"))

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        raise Helped(message or "")

    def print_help(self, file: object = None) -> None:
        self.formatter_class = argparse.RawDescriptionHelpFormatter
        raise Helped(self.format_help())


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The known word that was probably meant, or None."""
    import difflib

    found = difflib.get_close_matches(word, known, 1, 0.6)
    return found[0] if found else next((name for name in known if word and name.startswith(word)), None)


def parse(argv: Sequence[str]) -> tuple[Command, argparse.Namespace]:
    """The command and its arguments. `UsageError` says what is wrong, with the nearest name; `Helped` is help."""
    before, rest = _leading_options(argv)
    if rest and rest[0] not in _HELP and not rest[0].startswith("-"):
        command = _named(rest[0])
        return command, _parser(command).read([*before, *rest[1:]])
    if rest and rest[0] in _HELP:
        from deploytui.cli.usage import help_text

        raise Helped(help_text())
    return PICK, _parser(PICK).read([*before, *rest])


def _leading_options(argv: Sequence[str]) -> tuple[list[str], list[str]]:
    """The global options before the command's name, and the rest."""
    valued = {argument.name for argument in GLOBAL if argument.takes_value}
    flags = {argument.name for argument in GLOBAL}
    at = 0
    while at < len(argv) and argv[at].split("=", 1)[0] in flags:
        at += 2 if argv[at] in valued else 1
    return list(argv[:at]), list(argv[at:])


def _named(word: str) -> Command:
    command = BY_NAME.get(word)
    if command is not None:
        return command
    known = nearest(word, list(BY_NAME))
    if known is None and word.endswith((".yaml", ".yml", ".md")):
        raise UsageError(Problem(f"no command {quoted(word)}", try_=f"`deploytui run {clean_line(word)}`"))
    hint = f"`deploytui {known}`" if known else "`deploytui --help`"
    raise UsageError(Problem(f"no command {quoted(word)}", try_=hint))


class _Reader:
    """One command's parser, and what it makes of words it does not know."""

    def __init__(self, command: Command, parser: _Parser) -> None:
        self._command = command
        self._parser = parser

    def read(self, words: list[str]) -> argparse.Namespace:
        args, extra = self._parser.parse_known_args(words)
        if extra:
            raise UsageError([self._unknown(word) for word in extra])
        return args

    def _unknown(self, word: str) -> Problem:
        help_ = f"`{self._parser.prog} --help`"
        if not word.startswith("-"):
            return Problem(f"one argument too many, {quoted(word)}", try_=help_)
        names = [argument.name for argument in (*self._command.options, *GLOBAL)]
        name = word.split("=", 1)[0]
        return Problem(f"no option {quoted(name)}", try_=nearest(name, names) or help_)


def _parser(command: Command) -> _Reader:
    parser = _Parser(
        prog=f"deploytui {command.name}".strip(),
        description=command.help,
        epilog=command.epilog or None,
        formatter_class=_NARROW,
        allow_abbrev=False,
    )
    # `move … -10m` is an argument, not an option: no option of ours begins with a digit.
    parser._negative_number_matcher = re.compile(r"-\d")
    groups: dict[str, argparse._MutuallyExclusiveGroup] = {}
    for argument in command.arguments:
        if argument.group:
            if argument.group not in groups:
                groups[argument.group] = parser.add_mutually_exclusive_group()
            _add(groups[argument.group], argument)
        else:
            _add(parser, argument)
    everywhere = parser.add_argument_group("everywhere")
    for argument in GLOBAL:
        _add(everywhere, argument)
    return _Reader(command, parser)


def _add(parser: argparse._ActionsContainer, argument: Argument) -> None:
    text = argument.help.replace("%", "%%")
    choices = argument.choices or None
    if not argument.is_option:
        nargs = "?" if argument.is_optional else None
        parser.add_argument(argument.dest, metavar=argument.name, help=text, nargs=nargs, choices=choices)
        return
    names = [argument.short, argument.name] if argument.short else [argument.name]
    if not argument.takes_value:
        parser.add_argument(*names, dest=argument.dest, help=text, action="store_true")
        return
    parser.add_argument(
        *names,
        dest=argument.dest,
        help=text,
        metavar=argument.metavar or None,
        choices=choices,
        action="append" if argument.is_repeated else "store",
        required=argument.is_required,
        default=[] if argument.is_repeated else None,
    )
