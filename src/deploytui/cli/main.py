"""The program's front door: words in, one command run, an exit code out."""

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

    gc.disable()  # before anything of ours is imported
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
    from deploytui.cli.console import Console

    words = list(sys.argv[1:] if argv is None else argv)
    console = Console(env=env, cwd=cwd, stdin=stdin, stdout=stdout, stderr=stderr, clock=clock)
    try:
        code = _guarded(words, console)
        console.stdout.flush()
    except BrokenPipeError:  # whoever read the result went away, as `head` does
        console.silence()
        return PIPE_CLOSED
    except OSError as error:  # a full disk behind a redirection
        console.silence()
        console.remark(
            f"error: cannot write the result: {(error.strerror or 'an error of the file system').lower()}"
        )
        return UNWRITABLE
    return code


def _guarded(words: list[str], console: Console) -> int:
    """What click's own `main` does, but that it prints and exits: all that is said here goes through the console."""
    from click import UsageError
    from click.exceptions import Exit

    from deploytui.base.errors import DeploytuiError
    from deploytui.cli.completion import PROGRAM, VARIABLE, answer
    from deploytui.cli.console import OutputFailed
    from deploytui.cli.mistake import problem_of
    from deploytui.cli.program import program

    try:
        if asked := console.env.get(VARIABLE):
            console.source(answer(asked, program, console))
            return 0
        with program.make_context(PROGRAM, words, obj=console) as context:
            code: int = program.invoke(context)
            return code
    except Exit as left:
        return left.exit_code
    except UsageError as error:
        console.problems([problem_of(error)])
        return error.exit_code
    except DeploytuiError as error:
        console.problems(error.problems)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except (BrokenPipeError, OutputFailed):
        raise
    except Exception as error:
        return _defect(console, error)


def _defect(console: Console, error: Exception) -> int:
    """One line that names the crash file; the exception's own words stay off the screen."""
    from deploytui.base.crash import write_crash
    from deploytui.base.paths import crash_dir

    path = write_crash(error, crash_dir(console.env), console.clock.now(), console.env)
    where = f"where it happened is in {path}" if path else "its crash file could not be written"
    console.remark(f"error: a defect of deploytui ({type(error).__name__}), not of your input; {where}")
    return DEFECT
