"""The checklist's variables as a person gives them: in words, from the environment, or from a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from deploytui.base.errors import Problem, UsageError
from deploytui.base.small_file import Unreadable, read_small
from deploytui.base.text import clean_line, quoted
from deploytui.cli.console import Console
from deploytui.cli.mistake import nearest
from deploytui.plan.model import Variable

Settings = Mapping[str, Sequence[str]]  # what was given, by the option: set, set_env, set_file


def given_variables(console: Console, declared: Sequence[Variable], settings: Settings) -> dict[str, str]:
    """The values of `--set`, `--set-env` and `--set-file`; a variable takes one of them. A name the checklist does
    not know is a mistake, with the nearest one. What is wrong with a value never shows it."""
    names = [variable.name for variable in declared]
    given: dict[str, str] = {}
    by: dict[str, str] = {}
    problems: list[Problem] = []
    for option, texts, what, read in (
        ("--set", settings["set"], "VALUE", str),
        ("--set-env", settings["set_env"], "NAME", partial(_from_env, console)),
        ("--set-file", settings["set_file"], "FILE", partial(_from_file, console)),
    ):
        for setting in texts:
            name, sign, text = setting.partition("=")
            if not sign:
                problems.append(Problem(quoted(name), f"VAR={what}", key=option))
            elif name not in names:
                known = nearest(name, names) or ", ".join(names) or "no variable: the checklist has none"
                problems.append(Problem(f"no variable {quoted(name)}", try_=clean_line(known), key=option))
            elif by.setdefault(name, option) != option:
                problems.append(Problem(f"{name} is given by {by[name]} already", key=option))
            else:
                try:
                    given[name] = read(text)
                except ValueError as why:
                    problems.append(Problem(f"{why}, so {name} has no value", key=option))
    if problems:
        raise UsageError(problems)
    _warn(console, declared, settings["set"])
    return given


def _warn(console: Console, declared: Sequence[Variable], settings: Sequence[str]) -> None:
    """Everybody on the machine can read what a program was started with."""
    typed = {setting.partition("=")[0] for setting in settings}
    if shown := [variable.name for variable in declared if variable.is_secret and variable.name in typed]:
        console.remark(
            f"everybody here can read a --set in `ps`, and {' and '.join(shown)} "
            f"{'is' if len(shown) == 1 else 'are'} secret: use --set-env VAR=NAME or --set-file VAR=FILE"
        )


def _from_env(console: Console, name: str) -> str:
    if value := console.env.get(name):
        return value
    raise ValueError(f"{quoted(name)} is not set in the environment, or empty")


def _from_file(console: Console, text: str) -> str:
    try:
        value = read_small(console.path(text)).decode().removesuffix("\n").removesuffix("\r")
    except Unreadable as why:
        raise ValueError(f"{quoted(text)} {why}") from None
    except UnicodeDecodeError:
        raise ValueError(f"{quoted(text)} is no text in UTF-8") from None
    if not value:
        raise ValueError(f"{quoted(text)} is empty")
    return value
