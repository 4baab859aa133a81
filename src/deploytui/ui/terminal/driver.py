"""The terminal's driver: Textual's own, made to survive any input, a vanished terminal and every way to end.

Beside each deviation stands the test that fails on Textual alone, and what upstream says of it. Private names of Textual
are overridden and used: `test_private_name` lists them; when one disappears, look here first.
"""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import errno
import os
import select
import signal
import sys
import termios
import threading
from collections.abc import Callable
from concurrent import futures
from functools import partial
from typing import Any, Protocol, cast

from textual import events
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

from deploytui.base.clock import SystemClock
from deploytui.base.text import clean_line, shorten
from deploytui.ui.terminal.key_parser import KeyParser, PasteSplitter
from deploytui.ui.terminal.output import TerminalFile

# How often an escape that nothing has followed is looked at: it may be the key, or the beginning of a sequence.
ESCAPE_S = 0.1
MAX_COLUMNS, MAX_ROWS = 1000, 500
_READ = 4096
_MOST_WAITING, _PATIENCE_S = 64, 1.0
# Everything Textual or we may have set, off. Setting a mode off twice does no harm, with two exceptions that
# are left to Textual: leaving the alternate screen moves the cursor, and the kitty keyboard is a stack.
_ALL_OFF = (
    "".join(f"\x1b[?{mode}l" for mode in (1000, 1002, 1003, 1006, 1015, 1016, 2004, 1004, 2048, 2026))
    + "\x1b[?7h\x1b[?25h\x1b[0m"
)
_TITLE_SAVE, _TITLE_RESTORE = "\x1b[22;2t", "\x1b[23;2t"


class WakingEvent(threading.Event):
    """An event that a `select` can wait for: `fd` is readable from `set` to `clear`. The thread that reads the keys then
    sleeps until there is something to do. Textual's looks ten times a second, which is 0.06 % of a core, a sixth of what
    btop takes (`test_the_keyboards_thread_sleeps_at_rest`; no issue found)."""

    def __init__(self) -> None:
        super().__init__()
        self.fd, self._waker = os.pipe()
        os.set_blocking(self._waker, False)

    def set(self) -> None:
        super().set()
        with contextlib.suppress(BlockingIOError):
            os.write(self._waker, b"\0")

    def clear(self) -> None:
        super().clear()
        while select.select([self.fd], [], [], 0)[0]:
            os.read(self.fd, 64)


class Leaver(Protocol):
    """What the driver needs of the app: the one way out, callable from any thread and from signal handlers."""

    @property
    def is_leaving(self) -> bool: ...

    def leave(self, code: int, why: str) -> None: ...

    def defect(self, error: BaseException) -> None: ...


class GuardedDriver(LinuxDriver):
    """Input of any bytes drops the input, never the app; the terminal is restored on every end but SIGKILL."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=False, mouse=mouse, size=size)
        self._clock = SystemClock()
        out = sys.__stderr__ if sys.__stderr__ is not None and sys.__stderr__.isatty() else sys.__stdout__
        assert out is not None
        self._output = TerminalFile(out.fileno(), self._clock, self._gone, self._flows_again)
        self._file = cast(Any, self._output)
        self._is_on = False
        self._is_suspended = False
        self._title = ""
        self._raw_attributes: list[Any] | None = None
        self.exit_event = self._waking = WakingEvent()

    # -- the terminal is taken and given back -----------------------------------------------------------

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]
        # Textual returns early, and silently, where we are in the background.
        self._is_on = self._key_thread is not None and self._key_thread.is_alive()
        if self._is_on:
            signal.signal(signal.SIGWINCH, self._sigwinch)
            self._is_suspended = False
            with contextlib.suppress(termios.error):
                self._raw_attributes = termios.tcgetattr(self.fileno)
            self.write(_TITLE_SAVE)
            self.set_title(self._title)

    def stop_application_mode(self) -> None:
        if not self._is_on:
            return
        self._is_on = False
        super().stop_application_mode()
        self.write(_TITLE_RESTORE)

    def abandon(self) -> None:
        """Give the terminal back at once, from any thread, when the orderly way does not come to its end."""
        if not self._is_on or self._output.is_gone:
            return
        if self.attrs_before is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        self._output.write("\x18\x1b[<u\x1b[?1049l" + _TITLE_RESTORE + _ALL_OFF)
        self._output.flush()

    def write(self, data: str) -> None:
        """As Textual's, but data without a running writer is dropped: its queue would fill and block the loop
        (`test_what_is_written_while_nobody_writes_it_is_dropped`; #6692, open)."""
        if self._writer_thread is not None and self._writer_thread.is_alive():
            super().write(data)

    def set_title(self, title: str) -> None:
        """What the terminal's tab or window says, until the terminal is given back. Textual has no title outside."""
        self._title = shorten(clean_line(title), 80)
        if self._is_on and self._title and os.environ.get("TERM") != "linux":
            self.write(f"\x1b]2;{self._title}\x1b\\")

    def tell(self, sequence: str) -> None:
        """Write what draws nothing, while the terminal is ours."""
        if self._is_on:
            self.write(sequence)

    @property
    def is_gone(self) -> bool:
        """The terminal has vanished: nothing can be written any more, not even to standard error."""
        return self._output.is_gone

    # -- signals ----------------------------------------------------------------------------------------

    # Stopped and continued (`test_stray_continues_ruin_textual_alone`; #1582, open). A handler runs in the middle of
    # anything, a queue's lock included: only the loop touches the writer.

    def _sigtstp_application(self, *_: object) -> None:
        self._soon(self._suspend)

    def _sigcont_application(self, *_: object) -> None:
        self._soon(self._wake)

    def _sigwinch(self, *_: object) -> None:
        """Textual's reads the size in the handler; one interrupted by the next then tells the older size last, and the
        screen stays drawn for it (`test_the_last_size_told_is_the_size_the_terminal_has`; no issue found)."""
        self._soon(self._tell_size)

    def _tell_size(self) -> None:
        size = Size(*self._get_terminal_size())
        self._app.post_message(events.Resize(size, size))

    def _suspend(self) -> None:
        if self._auto_restart and self._is_on:
            self.suspend_application_mode()
            self._must_signal_resume = True
            self._is_suspended = True
        if not self._leaver.is_leaving:
            os.kill(os.getpid(), signal.SIGSTOP)

    def _wake(self) -> None:
        """Only after our own stop is there anything to start again; a stray signal only repaints. Who was told to end
        meanwhile does not take a terminal that may be a shell's by now."""
        if self._is_suspended:
            if not self._leaver.is_leaving:
                self.resume_application_mode()
        elif self._is_on:
            # A shell that took the terminal in between has changed its modes. In the background this stops
            # us again, as it should.
            if self._raw_attributes is not None:
                with contextlib.suppress(termios.error):
                    termios.tcsetattr(self.fileno, termios.TCSANOW, self._raw_attributes)
            self._repaint()

    # -- input ------------------------------------------------------------------------------------------

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except OSError:
            self._gone()
        except BaseException as error:
            # Textual shows a traceback (`test_an_input_thread_that_fails_is_a_defect`; no issue found). Reported on
            # the loop: a thread has nobody above it who could.
            self._soon(partial(self._leaver.defect, error))

    def run_input_thread(self) -> None:
        """Read until the app leaves.

        - Bytes that are no UTF-8 do not end it (`test_textual_alone_ends`; #6456, open, #6498 would mend it).
        - The end of the input means that the terminal has gone: OSError, where Textual reads on at once, for ever
          (`test_a_vanished_terminal_without_the_guard_is_never_noticed`; #6690, open).
        - What was pasted and what was typed are told apart: see `paste` and `key_parser`.
        """
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        splitter, keys = PasteSplitter(), KeyParser()
        while not self.exit_event.is_set():
            if self._is_readable(ESCAPE_S if keys.is_waiting else None):
                text = decoder.decode(self._read())
                for piece in splitter.feed(text, self._clock.monotonic_s()):
                    if piece.is_paste:
                        self.process_message(events.Paste(piece.text))
                    else:
                        for message in keys.feed(piece.text):
                            self.process_message(message)
            for message in keys.tick():
                self.process_message(message)

    def _is_readable(self, timeout_s: float | None) -> bool:
        return self.fileno in select.select([self.fileno, self._waking.fd], [], [], timeout_s)[0]

    def _read(self) -> bytes:
        if data := os.read(self.fileno, _READ):
            return data
        raise OSError(errno.EIO, "the terminal was closed")

    def send_message(self, message: Message) -> None:
        """As Textual's, but only so many wait: what comes faster than it is handled stays in the terminal. A rain of
        bytes would take all memory and starve the clock (`test_the_same_rain_takes_both_from_textual_alone`; no issue
        found)."""
        give_up_at_s = self._clock.monotonic_s() + _PATIENCE_S
        while self._waiting() >= _MOST_WAITING and self._clock.monotonic_s() < give_up_at_s:
            if self.exit_event.wait(0.005):
                return
        posted = asyncio.run_coroutine_threadsafe(self._app._post_message(message), self._loop)
        # A busy loop has not even taken them yet: those would wait beside every queue.
        while threading.current_thread() is self._key_thread and not posted.done():
            if self.exit_event.is_set() or self._clock.monotonic_s() > give_up_at_s:
                return
            futures.wait([posted], 0.05)

    def _waiting(self) -> int:
        """The messages of all who hand a key on: the app passes it at once to the screen and to what has the focus, and
        gets back what these do not want."""
        screens = self._app._screen_stack[-1:]
        focused = [screen.focused for screen in screens if screen.focused is not None]
        return sum(pump.message_queue_size for pump in (self._app, *screens, *focused))

    def _get_terminal_size(self) -> tuple[int, int]:
        """Of this very terminal, within reason: COLUMNS and LINES in the environment would freeze it
        (`test_the_environment_freezes_the_size_of_textual_alone`; #6153, open)."""
        try:
            columns, rows = os.get_terminal_size(self._output.fileno())
        except OSError:
            columns, rows = 0, 0
        return min(columns or 80, MAX_COLUMNS), min(rows or 24, MAX_ROWS)

    # -- what other threads notice ----------------------------------------------------------------------

    @property
    def _leaver(self) -> Leaver:
        return cast(Leaver, self._app)

    def _gone(self) -> None:
        self._output.is_gone = True
        self.exit_event.set()
        self._leaver.leave(128 + signal.SIGHUP, "the terminal is gone")

    def _flows_again(self) -> None:
        self._soon(self._repaint)

    def _repaint(self) -> None:
        with self._app._context():
            self._app.refresh(layout=True)

    def _soon(self, call: Callable[[], object]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(call)
