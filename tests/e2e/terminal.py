"""A program in a real pseudo-terminal: send keys, wait for what is on the screen, look at what is left behind.

Nothing here sleeps: every wait has a deadline and ends with the first output that fits.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

What = str | re.Pattern[str] | Callable[["Terminal"], bool]

# Each mode a full-screen program may set: how it is set, and how it is given back.
MODES: Mapping[str, tuple[bytes, bytes]] = {
    "alternate screen": (b"\x1b[?1049h", b"\x1b[?1049l"),
    "mouse 1000": (b"\x1b[?1000h", b"\x1b[?1000l"),
    "mouse 1002": (b"\x1b[?1002h", b"\x1b[?1002l"),
    "mouse 1003": (b"\x1b[?1003h", b"\x1b[?1003l"),
    "mouse 1006": (b"\x1b[?1006h", b"\x1b[?1006l"),
    "mouse 1015": (b"\x1b[?1015h", b"\x1b[?1015l"),
    "mouse 1016": (b"\x1b[?1016h", b"\x1b[?1016l"),
    "bracketed paste": (b"\x1b[?2004h", b"\x1b[?2004l"),
    "focus reports": (b"\x1b[?1004h", b"\x1b[?1004l"),
    "size reports": (b"\x1b[?2048h", b"\x1b[?2048l"),
    "synchronized output": (b"\x1b[?2026h", b"\x1b[?2026l"),
    "hidden cursor": (b"\x1b[?25l", b"\x1b[?25h"),
    "no line wrap": (b"\x1b[?7l", b"\x1b[?7h"),
    "kitty keyboard": (b"\x1b[>", b"\x1b[<u"),
    "saved title": (b"\x1b[22;2t", b"\x1b[23;2t"),
}
# What pyte would draw as text: the kitty keyboard's sequences and queries with a dollar sign.
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[(?:[<>=][0-9;]*[a-z]|\?[0-9;]*\$p)")
_CUT_SEQUENCE = re.compile(rb"\x1b(?:\[[<>=?0-9;$]*)?$")


class TimedOut(AssertionError):
    """What was waited for did not come; the message holds the screen as it was."""


class Terminal:
    """`argv` on a terminal of `cols` by `rows`. Use it as a context manager: leaving kills what still runs."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        cols: int = 100,
        rows: int = 24,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        ignore: Sequence[signal.Signals] = (),
    ) -> None:
        self.raw = bytearray()
        self.screen = pyte.Screen(cols, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._unfed = b""
        self.master, self.slave = pty.openpty()
        self._set_size(cols, rows)
        self._before = termios.tcgetattr(self.slave)

        def in_child() -> None:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            for number in ignore:
                signal.signal(number, signal.SIG_IGN)

        self.process = subprocess.Popen(
            argv,
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            start_new_session=True,
            preexec_fn=in_child,
            env=terminal_env(env),
            cwd=cwd,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for fd in (self.master, self.slave):
            with contextlib.suppress(OSError):
                os.close(fd)

    # -- what a person does -----------------------------------------------------------------------------

    def send(self, keys: str | bytes) -> None:
        """Type, at once; output is read meanwhile, so that neither side can block the other."""
        data = keys.encode() if isinstance(keys, str) else keys
        while data:
            readable, writable, _ = select.select([self.master], [self.master], [], 10)
            if readable:
                self.pump(0)
            if writable:
                data = data[os.write(self.master, data[:1024]) :]
            elif not readable:
                raise TimedOut("the program reads nothing")

    def resize(self, cols: int, rows: int) -> None:
        self._set_size(cols, rows)
        self.screen.resize(rows, cols)

    def resize_quietly(self, cols: int, rows: int) -> None:
        """A size that our own picture of the screen need not follow: as large or small as a terminal can be."""
        self._set_size(cols, rows)

    def cook(self) -> None:
        """What a shell does to the terminal when it takes it."""
        termios.tcsetattr(self.slave, termios.TCSANOW, self._before)

    def signal(self, number: int) -> None:
        os.kill(self.process.pid, number)

    def hang_up(self) -> None:
        """The window is closed: nobody holds the terminal any more."""
        os.close(self.master)

    def master_is_open(self) -> bool:
        """The terminal was not hung up."""
        with contextlib.suppress(OSError):
            return os.fstat(self.master) is not None
        return False

    # -- what a person sees -----------------------------------------------------------------------------

    def pump(self, timeout_s: float) -> bool:
        """Read once what the program wrote, waiting at most so long; False when nothing came."""
        if not select.select([self.master], [], [], timeout_s)[0]:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.raw += data
        self._feed(data)
        return bool(data)

    def wait_for(self, what: What, timeout_s: float = 10) -> None:
        """Until a text is on the screen, a pattern matches it, or a condition holds."""
        until = time.monotonic() + timeout_s
        while not self._holds(what):
            left = until - time.monotonic()
            if left <= 0 or (self.process.poll() is not None and not self.pump(0.05)):
                if self._holds(what):
                    return
                state = (
                    "is running" if self.process.poll() is None else f"ended with {self.process.returncode}"
                )
                raise TimedOut(f"waited for {what!r}; the program {state}; the screen:\n{self.text}")
            self.pump(min(0.05, max(0.0, left)))

    def settle(self, at_least_s: float = 0.3) -> None:
        """Read what comes for so long: for what has no sign of its own on the screen, such as a second of quiet."""
        until = time.monotonic() + at_least_s
        while (left := until - time.monotonic()) > 0:
            self.pump(left)

    def wait_for_start(self, what: What) -> None:
        """As `wait_for`, before there is a `with` that would clean up."""
        try:
            self.wait_for(what)
        except BaseException:
            self.__exit__(None, None, None)
            raise

    def wait(self, timeout_s: float = 10) -> int:
        """Until the program has ended; its exit code, negative for a signal."""
        until = time.monotonic() + timeout_s
        while self.process.poll() is None:
            if time.monotonic() > until:
                raise TimedOut(f"still running after {timeout_s} s; the screen:\n{self.text}")
            try:
                self.pump(0.02)
            except (OSError, ValueError):  # hung up: there is nothing to read
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(0.02)
        with contextlib.suppress(OSError, ValueError):
            while self.pump(0.05):
                pass
        return self.process.returncode

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    @property
    def title(self) -> str:
        return str(self.screen.title)

    def row(self, number: int) -> str:
        return str(self.screen.display[number]).rstrip()

    # -- what is left behind ----------------------------------------------------------------------------

    def is_restored(self) -> bool:
        """The terminal's attributes are what they were before the program started."""
        return termios.tcgetattr(self.slave) == self._before

    def is_raw(self) -> bool:
        return not termios.tcgetattr(self.slave)[3] & termios.ICANON

    def modes_left(self) -> list[str]:
        """The names of the modes that were set and not given back."""
        raw = bytes(self.raw)
        left = [name for name, (on, off) in MODES.items() if raw.rfind(on) > raw.rfind(off)]
        for name in ("kitty keyboard", "saved title"):  # stacks: as many taken off as put on
            on, off = MODES[name]
            if raw.count(on) != raw.count(off) and name not in left:
                left.append(name)
        return left

    def printed_after(self) -> str:
        """What was written after the alternate screen was left, without escape sequences."""
        after = bytes(self.raw).rpartition(MODES["alternate screen"][1])[2]
        return re.sub(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))", b"", after).decode()

    def is_stopped(self) -> bool:
        """The program is suspended by a signal."""
        return Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"

    def threads(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/task"))

    def rss_mb(self) -> float:
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def cpu_s(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    # -- inside -----------------------------------------------------------------------------------------

    def _holds(self, what: What) -> bool:
        if isinstance(what, str):
            return what in self.text
        if isinstance(what, re.Pattern):
            return what.search(self.text) is not None
        return what(self)

    def _set_size(self, cols: int, rows: int) -> None:
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def _feed(self, data: bytes) -> None:
        data = self._unfed + data
        cut = _CUT_SEQUENCE.search(data)
        self._unfed = data[cut.start() :] if cut else b""
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", data[: cut.start()] if cut else data))


def terminal_env(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a program under test: ours, less what would change what it shows."""
    unwanted = ("COLUMNS", "LINES", "NO_COLOR", "TEXTUAL", "TEXTUAL_PRESS", "TMUX", "TERM_PROGRAM")
    env = {name: value for name, value in os.environ.items() if name not in unwanted}
    return env | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"} | dict(extra or {})
