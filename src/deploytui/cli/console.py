"""Where a command reads and writes: streams, environment, folder and clock are arguments, so tests need no process.

All text goes out through here, cleaned and masked, whatever the locale can encode.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from deploytui.base.clock import Clock, SystemClock
from deploytui.base.errors import Problem, UsageError
from deploytui.base.paths import expanded
from deploytui.base.text import clean_line
from deploytui.base.units import is_whole_number

if TYPE_CHECKING:
    from deploytui.base.mask import Mask

# The signs that the program's own texts use, and what they are where only ASCII can be shown.
_ASCII = {
    "…": "...", "·": "-", "→": "->", "✓": "x", "✗": "!", "▶": ">", "○": ".", "●": "*", "▲": "!", "■": "#", "•": "*",
    "☐": "[ ]", "☑": "[x]", "│": "|", "─": "-", "━": "=", "—": "-", "–": "-", "±": "+-", "≤": "<=", "≥": ">=",
    "“": '"', "”": '"', "’": "'", "−": "-", "×": "x", "█": "#",
}  # fmt: skip
_TO_ASCII = str.maketrans(_ASCII)
_UTF8 = ("utf-8", "utf8")


class OutputFailed(OSError):
    """Standard output takes nothing any more: a full disk behind a redirection."""


class Console:
    """One invocation's outside world."""

    def __init__(
        self,
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stdin: TextIO | None = None,
        stdout: TextIO | None = None,
        stderr: TextIO | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.env: Mapping[str, str] = os.environ if env is None else env
        self._is_here = cwd is None
        self.cwd = _working_folder(self.env) if cwd is None else cwd
        self.stdin = _or_nothing(sys.stdin if stdin is None else stdin, "r")
        self.stdout = _or_nothing(sys.stdout if stdout is None else stdout, "w")
        self.stderr = _or_nothing(sys.stderr if stderr is None else stderr, "w")
        self.clock: Clock = clock or SystemClock()
        self.color = "auto"
        self.trusts = False
        self.allow_network_fs = False
        self.is_masked = True
        self._mask: Mask | None = None
        self.is_ascii = not _can_unicode(self.stdout, self.env)
        for stream in (self.stdout, self.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")

    @property
    def is_terminal(self) -> bool:
        """Whether a person can be asked and a dashboard be drawn."""
        return _is_tty(self.stdin) and _is_tty(self.stdout) and not self.is_dumb

    @property
    def is_dumb(self) -> bool:
        return self.env.get("TERM", "") in ("", "dumb", "unknown")

    def say(self, *lines: str) -> None:
        """Lines for people on standard output. No text can begin a line of its own."""
        self.say_whole(*(self.shown(clean_line(line)) for line in lines))

    def say_whole(self, *lines: str) -> None:
        """Like `say`, cleaned but never masked: for what a person agrees to and has to see whole, and for texts that
        were masked before they were escaped."""
        for line in lines:
            self.source(self.drawn(line) + "\n")

    def drawn(self, line: str) -> str:
        """The line as it goes out once it is masked: cleaned, and with the signs that can be shown here."""
        return self._drawn(clean_line(line))

    def data(self, value: object, *addresses: str) -> None:
        """One JSON object on standard output, masked but for what a program works with, also what stands under the names
        of `addresses`. ASCII only: it is the same in every locale and holds no escapes."""
        self.source(as_json(self.mask.value(value, addresses)))

    def source(self, text: str) -> None:
        """A text of our own, as it is."""
        try:
            self.stdout.write(text)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputFailed(error.errno, error.strerror) from error

    def remark(self, text: str) -> None:
        """A line beside the result, on standard error."""
        with contextlib.suppress(OSError):  # nobody listens: there is nowhere left to say so
            self.stderr.write(self._drawn(self.shown(clean_line(text))) + "\n")

    def problems(self, problems: Iterable[Problem]) -> None:
        """One line each on standard error."""
        for problem in problems:
            self.remark(f"error: {problem}")

    def ask(self, prompt: str) -> str:
        """One line from the person at the terminal. `UsageError` when there is nobody to answer."""
        self.source(self._drawn(self.shown(clean_line(prompt)) + " "))
        self.stdout.flush()
        answer = self.stdin.readline()
        if not answer:
            self.source("\n")
            raise UsageError(Problem("no answer: standard input ended"))
        return clean_line(answer.strip())

    def choose(self, question: str, options: Sequence[str]) -> int:
        """The place of the option that was chosen by its number; Enter takes the first. Anything else is asked again."""
        self.say(question, *(f"  {number}  {option}" for number, option in enumerate(options, 1)))
        while answer := self.ask("Number [1]:"):
            if is_whole_number(answer) and 1 <= int(answer) <= len(options):
                return int(answer) - 1
            self.say(f"a number from 1 to {len(options)}, or Enter for 1")
        return 0

    def path(self, text: str) -> Path:
        """A path as it was typed, seen from the working folder; messages then show it as it was typed."""
        path = expanded(text)
        if not self._is_here:
            return self.cwd / path
        if not path.is_absolute() and not _is_there():
            found, hint = "the working folder no longer exists", "`cd` to one that does, or the whole path"
            raise UsageError(Problem(found, try_=hint, file=clean_line(text)))
        return path

    def hide(self, extra: Iterable[str]) -> None:
        """Mask these texts too, from now on: `hidden_texts` knows those of a plan."""
        from deploytui.base.mask import Mask

        self._mask = Mask(extra)

    @property
    def mask(self) -> Mask:
        """What every output of this command goes through before it is escaped or encoded."""
        if not self.is_masked:
            from deploytui.base.mask import NoMask

            return NoMask()
        if self._mask is None:
            self.hide(())
            assert self._mask is not None
        return self._mask

    def shown(self, text: str) -> str:
        """The text as a shared screen may show it."""
        return self.mask.text(text)

    def silence(self) -> None:
        """Nothing more is written, and the interpreter's exit does not complain once more."""
        with contextlib.suppress(OSError, ValueError):  # a stream of a test has no descriptor
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, self.stdout.fileno())
            os.close(nothing)

    def _drawn(self, text: str) -> str:
        return text.translate(_TO_ASCII) if self.is_ascii else text


def write_new(path: Path, text: str, what: str, mode: int = 0o666) -> None:
    """Make the file `path`: always a new one, because one that is there may hold a day's work. `what` names the thing
    for the message where that cannot be."""
    shown = clean_line(str(path))
    try:
        flags = os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY | os.O_CLOEXEC
        with os.fdopen(os.open(path, flags, mode), "w", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(Problem("a file of that name", "a new name", "another `--output`", shown)) from None
    except OSError as error:
        why = (error.strerror or "it cannot be written").lower()
        raise UsageError(Problem(why, f"a place for {what}", file=shown)) from None


def as_json(value: object) -> str:
    """One JSON object, in ASCII."""
    return json.dumps(value, ensure_ascii=True, indent=2, allow_nan=False) + "\n"


def _is_there() -> bool:
    """Whether the working folder is; somebody may have deleted it under the shell."""
    try:
        return bool(os.getcwd())
    except OSError:
        return False


def _working_folder(env: Mapping[str, str]) -> Path:
    """Where that is gone, the shell's name for it: an absolute path, at which nothing is found."""
    return Path.cwd() if _is_there() else Path(os.sep) / env.get("PWD", "")


def _or_nothing(stream: TextIO | None, mode: str) -> TextIO:
    """A program that was started with a closed stream has none; it reads nothing, and writes into nothing."""
    if stream is not None:
        return stream
    return io.TextIOWrapper(open(os.devnull, mode + "b"))


def _is_tty(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:  # closed: nobody is there
        return False


def _can_unicode(stream: TextIO, env: Mapping[str, str]) -> bool:
    """Whether the program's own signs can be shown: by the stream's encoding, and by a locale that was set."""
    if (getattr(stream, "encoding", None) or "utf-8").lower().replace("_", "-") not in _UTF8:
        return False
    named = env.get("LC_ALL") or env.get("LC_CTYPE") or env.get("LANG") or ""
    return not named or "utf" in named.lower()
