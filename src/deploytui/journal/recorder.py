"""The samples' own thread: it opens their file, reads the gauges' past, and saves what comes to it.

Nothing waits for it. What it cannot save is kept for a while and tried again, and said in words; no event depends
on it, and it never ends the program.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from deploytui.base.clock import Clock
from deploytui.base.text import clean_line
from deploytui.journal.sample_store import SampleFile, SamplesLost
from deploytui.metrics.history import Bucket, History

FLUSH_S = 10.0
RETRY_S = 30.0
MOST_WAITING = 20_000  # steps that wait for a disk that takes none; the oldest go first


class Recorder:
    """`history` is the gauges' past. All but `_run` belongs to the loop's thread.

    `clock` is the session's, `machine` the real one; `may_write` is asked before anything is written: who does
    not drive reads only.
    """

    def __init__(self, file: SampleFile, clock: Clock, machine: Clock, may_write: Callable[[], bool]) -> None:
        self.history = History()
        self._file = file
        self._clock = clock
        self._machine = machine
        self._may_write = may_write
        self._queue: queue.SimpleQueue[Sequence[Bucket] | None] = queue.SimpleQueue()
        self._waiting: list[Bucket] = []
        self._remarks: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._trouble = ""
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
        self._recalled = threading.Event()

    # -- on the loop's thread --------------------------------------------------------------------------

    def start(self) -> None:
        """Begin; called behind the first frame."""
        loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, args=(loop,), name="samples", daemon=True)
        self._thread.start()

    async def recalled(self, timeout_s: float = 1.0) -> None:
        """Until the past is here; a disk that does not answer is not waited for."""
        await _until(self._recalled, timeout_s)

    def keep(self) -> None:
        """Hand over the steps that have ended."""
        if (closed := self.history.drain()) and self._thread is not None:
            self._queue.put(closed)

    def _take_over(self, older: History) -> None:
        self.history.take_over(older)
        self._recalled.set()

    def remark(self) -> str:
        """The next word there is to say of the file; "" when there is none."""
        try:
            return self._remarks.get_nowait()
        except queue.Empty:
            return ""

    async def stop(self, timeout_s: float = 0.25) -> None:
        """Save what is there, and end; a disk that does not answer is not waited for."""
        if self._thread is None:
            return
        self._queue.put(self.history.drain(whole=True))
        self._queue.put(None)
        await _until(self._ended, timeout_s)

    # -- on the samples' thread ------------------------------------------------------------------------

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            self._recall(loop)
            due_s = self._machine.monotonic_s()
            is_last = False
            while not is_last:
                is_last = self._collect(max(0.05, due_s - self._machine.monotonic_s()))
                if is_last or self._machine.monotonic_s() >= due_s:
                    due_s = self._machine.monotonic_s() + (FLUSH_S if self._save() else RETRY_S)
        finally:
            self._file.close()
            self._ended.set()

    def _collect(self, timeout_s: float) -> bool:
        """Take what comes until `timeout_s` is over; True when it was the last."""
        try:
            found = self._queue.get(timeout=timeout_s)
        except queue.Empty:
            return False
        if found is None:
            return True
        self._waiting += found
        del self._waiting[:-MOST_WAITING]
        return False

    def _recall(self, loop: asyncio.AbstractEventLoop) -> None:
        """The past as the file has it: it is sorted in here, so that the loop has only to take it over."""
        older = History()

        def read() -> None:
            if self._file.connect(writable=self._may_write(), make=False):
                older.fill(self._file.read(self._clock.now().timestamp()))

        self._try(read)
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(self._take_over, older)

    def _save(self) -> bool:
        if not self._may_write():
            self._waiting.clear()
        return not self._waiting or self._try(self._write)

    def _write(self) -> None:
        self._file.connect(writable=True)
        self._file.write(self._waiting, self._clock.now().timestamp())
        self._waiting.clear()

    def _try(self, do: Callable[[], None]) -> bool:
        """Do it; what goes wrong is said once. A damaged file is put away, and a new one is begun."""
        try:
            do()
        except SamplesLost as lost:
            is_new = lost.is_damaged and self._begin_anew(str(lost), do)
            return is_new or self._say_lost(str(lost))
        except Exception as error:  # a defect must not end the thread in silence
            return self._say_lost(f"a defect of ours: {type(error).__name__}")
        if self._trouble:
            self._trouble = ""
            self._remarks.put("gauge history is saved again")
        return True

    def _begin_anew(self, why: str, do: Callable[[], None]) -> bool:
        self._file.close()
        if not self._may_write():
            return False
        try:
            aside = self._file.set_aside()
            do()
        except SamplesLost:
            return False
        self._trouble = ""
        kept = f", the old one is {clean_line(aside)}" if aside else ""
        self._remarks.put(f"gauge history begins anew: {why}{kept}")
        return True

    def _say_lost(self, why: str) -> bool:
        self._file.close()
        if why != self._trouble:
            self._trouble = why
            what = "saved" if self._may_write() else "read"
            self._remarks.put(
                f"gauge history is not {what}: {why}; the session itself is not touched by that"
            )
        return False


async def _until(event: threading.Event, timeout_s: float) -> None:
    waited_s = 0.0
    while not event.is_set() and waited_s < timeout_s:
        await asyncio.sleep(0.01)
        waited_s += 0.01
