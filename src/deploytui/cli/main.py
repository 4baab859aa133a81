"""The program's front door: words in, one command run, an exit code out. It answers `--version` without imports."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from deploytui.base.clock import Clock
    from deploytui.cli.console import Console

INTERRUPTED = 130
PIPE_CLOSED = 141
DEFECT = 70
UNWRITABLE = 5


def main(
    argv: Sequence[str] | None = None,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: TextIO | None = None,
    stdout: TextIO | None = None,
    stderr: TextIO | None = None,
    clock: Clock | None = None,
) -> int:
    """Run one command. Everything it touches outside can be handed in; left out, it is the process's own."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words == ["--version"]:
        from deploytui import __version__

        (stdout or sys.stdout).write(f"deploytui {__version__}\n")
        return 0
    from deploytui.cli.console import Console

    console = Console(env=env, cwd=cwd, stdin=stdin, stdout=stdout, stderr=stderr, clock=clock)
    try:
        code = _guarded(words, console)
        console.stdout.flush()
        console.stderr.flush()
    except BrokenPipeError:
        return _quiet_pipe(console)
    except OSError as error:  # the result could not be written: a full disk behind a redirection
        return _cannot_write(console, error)
    return code


def _guarded(words: list[str], console: Console) -> int:
    from deploytui.base.errors import DeploytuiError
    from deploytui.cli.parse import Helped

    try:
        return _run(words, console)
    except Helped as help_:
        console.say(str(help_).rstrip("\n"))
        return 0
    except DeploytuiError as error:
        console.problems(error.problems)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:
        return _defect(console, error)


def _run(words: list[str], console: Console) -> int:
    from importlib import import_module

    from deploytui.cli.parse import parse

    command, args = parse(words)
    console.is_ascii = console.is_ascii or args.ascii
    module = import_module(f"deploytui.cli.command.{command.module}")
    code: int = module.run(console, args)
    return code


def _defect(console: Console, error: Exception) -> int:
    """One line that names the crash file; the exception's own words stay off the screen."""
    from deploytui.base.crash import write_crash
    from deploytui.base.paths import state_dir

    path = write_crash(error, state_dir(console.env), console.clock.now(), console.env)
    where = f"where it happened is in {path}" if path else "its crash file could not be written"
    console.remark(f"error: a defect of deploytui ({type(error).__name__}), not of your input; {where}")
    return DEFECT


def _quiet_pipe(console: Console) -> int:
    """Whoever read the output went away, as `head` does: no message, and none at the interpreter's exit."""
    import os

    try:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, console.stdout.fileno())
        os.close(silent)
    except (OSError, ValueError):  # a stream of a test has no descriptor
        pass
    return PIPE_CLOSED


def _cannot_write(console: Console, error: OSError) -> int:
    from deploytui.base.errors import Problem

    _quiet_pipe(console)
    why = (error.strerror or "an error of the file system").lower()
    console.problems([Problem(f"cannot write the result: {why}")])
    return UNWRITABLE
