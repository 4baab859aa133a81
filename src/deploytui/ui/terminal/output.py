"""The terminal as a file that can neither raise, nor block for long, nor be written to once it is gone.

Textual's writer thread dies with the first failed write and then fills a queue that blocks the program; a terminal that
no longer reads (a dropped connection, a frozen window) blocks it the same way
(`test_a_terminal_that_no_longer_reads_blocks_textual_alone`; #6692 is about the same queue, open).
"""

from __future__ import annotations

import os
import select
from collections.abc import Callable

from deploytui.base.clock import Clock

_CANCEL = b"\x18"  # ends a sequence that was cut in the middle
_BUFFER = 64 * 1024


class TerminalFile:
    """What Textual's writer thread writes to. `on_gone` and `on_flow` are called from that thread.

    After `patience_s` without progress what is left is dropped and so is all that follows, until the terminal
    reads again; then `on_flow` asks for a full repaint.
    """

    def __init__(
        self,
        fd: int,
        clock: Clock,
        on_gone: Callable[[], None],
        on_flow: Callable[[], None],
        patience_s: float = 0.5,
    ) -> None:
        self._tty_fd = fd
        self._fd = _own_description(fd)
        self._clock = clock
        self._on_gone = on_gone
        self._on_flow = on_flow
        self._patience_s = patience_s
        self._buffer = bytearray()
        self._is_behind = False
        self.is_gone = False

    def fileno(self) -> int:
        return self._tty_fd

    def write(self, text: str) -> int:
        self._buffer += text.encode("utf-8", "replace")
        if len(self._buffer) > _BUFFER:
            self.flush()
        return len(text)

    def flush(self) -> None:
        data, self._buffer = bytes(self._buffer), bytearray()
        if not data or self.is_gone:
            return
        try:
            if self._is_behind:
                if not self._is_writable(0):
                    return
                self._is_behind = False
                data = _CANCEL + data
                self._on_flow()
            self._push(data)
        except OSError:
            self.is_gone = True
            self._on_gone()

    def _push(self, data: bytes) -> None:
        give_up_at_s = self._clock.monotonic_s() + self._patience_s
        while data:
            try:
                data = data[os.write(self._fd, data) :]
                give_up_at_s = self._clock.monotonic_s() + self._patience_s
            except BlockingIOError:
                if self._clock.monotonic_s() >= give_up_at_s:
                    self._is_behind = True
                    return
                self._is_writable(0.05)

    def _is_writable(self, timeout_s: float) -> bool:
        return bool(select.select([], [self._fd], [], timeout_s)[1])


def _own_description(fd: int) -> int:
    """The same terminal opened once more, so that only we do not block: the flag is shared by all who
    inherited the descriptor, the shell among them."""
    try:
        flags = os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC
        return os.open(os.ttyname(fd), flags)
    except OSError:
        return fd
