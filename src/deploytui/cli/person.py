"""Whose hands are at the keyboard: the name that goes into the journal with every act."""

from __future__ import annotations

import os
from collections.abc import Mapping

from deploytui.base.errors import Problem, UsageError
from deploytui.base.text import clean_line, quoted, shorten
from deploytui.cli.console import Console
from deploytui.session.act import By

ROLE_ACCOUNTS = frozenset(("root", "deploy", "ubuntu", "ec2-user", "admin", "jenkins"))
NAME_MAX = 80


def acting(console: Console, given: str | None) -> By:
    """Who acts: `--as`, else the login; a role account is nobody's name, so the person is asked."""
    if given is not None:
        return By(_name(given))
    login = _login(console.env)
    if login and login not in ROLE_ACCOUNTS:
        return By(_name(login))
    if not console.is_terminal:
        found = f"the role account {quoted(login)}" if login else "no login name"
        raise UsageError(Problem(found, "a person's name for the journal", '`--as "NAME"`'))
    proposed = clean_line(console.env.get("SUDO_USER", ""))
    proposed = "" if proposed in ROLE_ACCOUNTS else proposed
    hint = f" [{proposed}]" if proposed else ""
    return By(_name(console.ask(f"Your name, as the journal keeps it{hint}:") or proposed))


def _name(text: str) -> str:
    name = shorten(clean_line(text).strip(), NAME_MAX)
    if not name:
        raise UsageError(Problem("an empty name", "a person's name for the journal", '`--as "NAME"`'))
    return name


def _login(env: Mapping[str, str]) -> str:
    """The login name as shells set it, else as the system knows this user."""
    for variable in ("LOGNAME", "USER"):
        if name := env.get(variable):
            return name
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's user without a name
        return ""
