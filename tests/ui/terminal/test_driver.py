"""The driver on a pseudo-terminal inside the test, beside Textual's own: what each does with the same signal, write, size."""

from __future__ import annotations

import asyncio
import io
import os
import pty
import select
import signal
import termios
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from deploytui.ui.terminal.driver import GuardedDriver, WakingEvent

BOTH = pytest.mark.parametrize("driver", [GuardedDriver, LinuxDriver])
HANDLED = (signal.SIGTSTP, signal.SIGCONT, signal.SIGWINCH, signal.SIGTTIN, signal.SIGTTOU)


class Listener:
    """What a driver needs of its app; it keeps what it is told."""

    message_queue_size = 0

    def __init__(self) -> None:
        self.sizes: list[tuple[int, int]] = []
        self.said: list[object] = []
        self.is_leaving = False

    def post_message(self, message: Message) -> None:
        if isinstance(message, events.Resize):
            self.sizes.append(tuple(message.size))

    async def _post_message(self, message: Message) -> None:
        self.post_message(message)

    def call_later(self, _callback: object, *values: object) -> None:
        self.said.extend(values)

    def panic(self) -> None: ...

    def leave(self, code: int, why: str) -> None:
        self.said.append((code, why))

    def defect(self, error: BaseException) -> None:
        self.said.append(error)


@pytest.fixture(autouse=True)
def signals_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in HANDLED}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@contextmanager
def terminal() -> Iterator[int]:
    """A descriptor that is a terminal."""
    master, slave = pty.openpty()
    yield slave
    os.close(master)
    os.close(slave)


@asynccontextmanager
async def started(kind: type[LinuxDriver]) -> AsyncIterator[Any]:
    """A driver in application mode; what it writes goes nowhere."""
    with terminal() as slave:
        driver: Any = kind(Listener())  # type: ignore[arg-type]
        driver.fileno, driver._file = slave, io.StringIO()
        driver.start_application_mode()
        try:
            await settle()
            yield driver
        finally:
            driver.stop_application_mode()
            driver.close()
            await settle()


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0.001)


def resizing(kind: type[LinuxDriver]) -> Any:
    """A driver whose terminal changes its size once more in the middle of being asked for it."""

    class Resizing(kind):  # type: ignore[misc,valid-type]
        size = (100, 30)
        is_asked = True

        def _get_terminal_size(self) -> tuple[int, int]:
            size = self.size
            if not self.is_asked:
                self.is_asked, self.size = True, (80, 24)
                os.kill(os.getpid(), signal.SIGWINCH)
                time.sleep(0)  # where the handler of the second may come in
            return size

    return Resizing


@BOTH
async def test_the_last_size_told_is_the_size_the_terminal_has(driver: type[LinuxDriver]) -> None:
    async with started(resizing(driver)) as made:
        made.size, made.is_asked = (29, 83), False
        os.kill(os.getpid(), signal.SIGWINCH)
        await settle()
        assert (made._app.sizes[-1] == (80, 24)) is (driver is GuardedDriver)


@BOTH
async def test_what_is_written_while_nobody_writes_it_is_dropped(driver: type[LinuxDriver]) -> None:
    """After it was stopped, the loop goes on and paints: forty frames must not stop it."""
    with terminal():
        made: Any = driver(Listener())  # type: ignore[arg-type]
        writer = made._writer_thread = WriterThread(io.StringIO())
        writer.start()
        writer.stop()
        painting = threading.Thread(target=lambda: [made.write("frame") for _ in range(40)], daemon=True)
        painting.start()
        painting.join(0.5)
        is_stuck = painting.is_alive()
        while is_stuck and painting.is_alive():  # it is let go
            writer._queue.get()
        assert is_stuck is (driver is LinuxDriver)


@BOTH
async def test_an_input_thread_that_fails_is_a_defect(driver: type[LinuxDriver]) -> None:
    class Failing(driver):  # type: ignore[misc,valid-type]
        def run_input_thread(self) -> None:
            raise ValueError

    async with started(Failing) as made:
        async with asyncio.timeout(5):
            while not made._app.said:
                await asyncio.sleep(0.001)
        assert isinstance(made._app.said[0], ValueError) is (driver is GuardedDriver)


@BOTH
async def test_the_keyboards_thread_sleeps_at_rest(driver: type[LinuxDriver]) -> None:
    async with started(driver) as made:
        status = Path(f"/proc/self/task/{made._key_thread.native_id}/status")

        def slept() -> int:
            return int(status.read_text().split("\nvoluntary_ctxt_switches:")[1].split()[0])

        before = slept()
        await asyncio.sleep(0.5)
        assert (slept() == before) is (driver is GuardedDriver)


async def test_who_is_told_to_end_while_stopped_takes_no_terminal_and_is_not_stopped_again() -> None:
    async with started(GuardedDriver) as made:
        made.suspend_application_mode()
        made._is_suspended = made._app.is_leaving = True
        made._suspend()  # a SIGSTOP would end this test here
        made._wake()
        assert not made._is_on


async def test_a_terminal_that_was_given_back_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be a shell's by now: to change its modes from the background would stop us."""
    async with started(GuardedDriver) as made:
        made.stop_application_mode()
        changed: list[object] = []
        monkeypatch.setattr(termios, "tcsetattr", lambda *args: changed.append(args))
        made.stop_application_mode()
        made.abandon()
        assert changed == []


def test_whoever_waits_for_input_is_woken_to_leave() -> None:
    event = WakingEvent()
    for _ in range(3):
        assert select.select([event.fd], [], [], 0)[0] == []
        event.set()
        event.set()
        assert select.select([event.fd], [], [], 0)[0] == [event.fd]
        assert event.is_set()
        event.clear()
