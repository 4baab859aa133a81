"""A program of its own that runs one command, and ends whatever came of it: started by path, standard library only.

Its input is a pipe that its starter holds. The end of that pipe, asked for or because the starter was killed, is the
end of the command and of all its descendants. On Linux that is sure: whoever loses a parent becomes a child of this
process, whatever session or group it moved to. Elsewhere it is the command's process group, and what moved out lives on.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress

TERM_S = 2.0  # to end by itself when it is asked to
_SURE_S = 30.0  # a hung disk may hold a process for longer; then it is left to the system
_SET_PDEATHSIG = 1
_SET_CHILD_SUBREAPER = 36


def main(program: str, argv: list[str]) -> None:
    """Runs `program`, whatever `argv` calls it. On standard error it says `exit STATUS`, or `errno NUMBER` where that
    could not be started."""
    held, said = os.dup(0), os.dup(2)
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    # Whoever stops a whole service signals this process too; it has to outlive what it runs.
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _nothing)
    is_adopting = _prctl(_SET_CHILD_SUBREAPER, 1)
    command = _Command(program, argv, said)
    os.close(1)  # the output ends with those who write it
    while True:
        ready = select.select([held, woken], [], [])[0]
        if woken in ready:
            os.read(woken, 4096)
            command.reap()
        if held in ready:  # nothing is ever written there
            break
    command.end_all(is_adopting)


class _Command:
    """The command, and which of its processes are still there."""

    def __init__(self, program: str, argv: list[str], said: int) -> None:
        self._said = said
        self._is_running = True
        self._pid = os.fork()
        if not self._pid:
            _become(program, argv, said)

    def reap(self) -> bool:
        """Take note of every child that has ended; whether one is left."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if not pid:
                return True
            if pid == self._pid:
                self._is_running = False
                with suppress(OSError):  # nobody listens any more
                    os.write(self._said, f"exit {os.waitstatus_to_exitcode(status)}\n".encode("ascii"))

    def end_all(self, is_adopting: bool) -> None:
        """TERM where it still runs, and KILL a little later until nobody is left. A child that has not been reaped keeps
        its number: no stranger is hit."""
        if self._is_running:
            _send(os.killpg, self._pid, signal.SIGTERM)
        until_s = time.monotonic() + TERM_S
        while self._is_running and self.reap() and time.monotonic() < until_s:
            time.sleep(0.005)
        if self._is_running or not is_adopting:  # its number has then been free for a moment only
            _send(os.killpg, self._pid, signal.SIGKILL)
        until_s, pause_s = time.monotonic() + _SURE_S, 0.001
        while self.reap() and time.monotonic() < until_s:
            for pid in {*_children(), *((self._pid,) if self._is_running else ())}:
                _send(os.kill, pid, signal.SIGKILL)
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, 0.25)


def _send(send: Callable[[int, int], None], pid: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        send(pid, number)


def _become(program: str, argv: list[str], said: int) -> None:
    """In the new process: no terminal, no input, no error output, and the signals as a program expects them."""
    try:
        _prctl(_SET_PDEATHSIG, signal.SIGKILL)  # the least that holds when this supervisor itself is killed
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 2)
        for number in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        os.execvp(program, argv)  # noqa: S606
    except OSError as error:
        os.write(said, f"errno {error.errno}\n".encode("ascii"))
    finally:
        os._exit(127)


def _children() -> list[int]:
    """The children of this process, where the system lists processes as Linux does."""
    found: list[int] = []
    with suppress(OSError):
        for name in os.listdir("/proc"):
            with suppress(OSError, ValueError, IndexError):
                pid = int(name)
                with open(f"/proc/{pid}/stat", "rb") as file:
                    if int(file.read().rpartition(b")")[2].split()[1]) == os.getpid():
                        found.append(pid)
    return found


def _prctl(option: int, value: int) -> bool:
    if sys.platform != "linux":
        return False
    try:
        import ctypes

        return bool(ctypes.CDLL(None).prctl(option, value, 0, 0, 0) == 0)
    except (ImportError, OSError, AttributeError):
        return False


def _nothing(*_: object) -> None:
    """A handler, and not to ignore: what is ignored stays so in the command."""


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
