"""The program's front door: words in, one command run, an exit code out. It answers `--version` without imports."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import NoReturn, TextIO

    from deploytui.base.clock import Clock
    from deploytui.cli.console import Console

INTERRUPTED = 130
PIPE_CLOSED = 141
DEFECT = 70
UNWRITABLE = 5


def process() -> NoReturn:
    """The program as a process of its own. A command is over before there is a cycle worth collecting, and a dashboard
    switches the collector on behind its first frame; at the end nobody looks once more through all that was loaded."""
    import gc

    gc.disable()
    code = main()
    gc.freeze()
    sys.exit(code)


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
    out = sys.stdout if stdout is None else stdout
    try:
        if words == ["--version"]:
            return _say_version(out)
        from deploytui.cli.console import Console

        console = Console(env=env, cwd=cwd, stdin=stdin, stdout=stdout, stderr=stderr, clock=clock)
        code = _guarded(words, console)
        console.stdout.flush()
    except BrokenPipeError:  # whoever read the result went away, as `head` does
        _silence(out)
        return PIPE_CLOSED
    except OSError as error:  # a full disk behind a redirection
        _silence(out)
        why = (error.strerror or "an error of the file system").lower()
        print(f"error: cannot write the result: {why}", file=sys.stderr if stderr is None else stderr)
        return UNWRITABLE
    return code


def _say_version(out: TextIO | None) -> int:
    from deploytui import __version__

    if out is not None:
        out.write(f"deploytui {__version__}\n")
        out.flush()
    return 0


def _silence(out: TextIO | None) -> None:
    """Nothing more is written, and the interpreter's exit does not complain once more."""
    import os

    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, out.fileno() if out is not None else 1)
        os.close(nothing)
    except (OSError, ValueError):  # a stream of a test has no descriptor
        pass


def _guarded(words: list[str], console: Console) -> int:
    from deploytui.base.errors import DeploytuiError
    from deploytui.cli.console import OutputFailed
    from deploytui.cli.parse import Helped

    try:
        return _run(words, console)
    except Helped as help_:
        console.say(*str(help_).rstrip("\n").split("\n"))
        return 0
    except DeploytuiError as error:
        console.problems(error.problems)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except (BrokenPipeError, OutputFailed):
        raise
    except Exception as error:
        return _defect(console, error)


def _run(words: list[str], console: Console) -> int:
    from importlib import import_module

    from deploytui.cli.parse import parse

    command, args = parse(words)
    console.is_ascii = console.is_ascii or args.ascii
    console.is_masked = not getattr(args, "unmask", False)
    module = import_module(f"deploytui.cli.command.{command.module}")
    code: int = module.run(console, args)
    return code


def _defect(console: Console, error: Exception) -> int:
    """One line that names the crash file; the exception's own words stay off the screen."""
    from deploytui.base.crash import write_crash
    from deploytui.base.paths import crash_dir

    path = write_crash(error, crash_dir(console.env), console.clock.now(), console.env)
    where = f"where it happened is in {path}" if path else "its crash file could not be written"
    console.remark(f"error: a defect of deploytui ({type(error).__name__}), not of your input; {where}")
    return DEFECT
