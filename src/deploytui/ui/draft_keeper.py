"""The begun texts' own thread: it reads what an earlier program has kept, and writes what is typed, a moment later.

No key and no event waits for it. What it cannot do is said once.
"""

from __future__ import annotations

import asyncio
import contextvars
import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

from deploytui.journal.draft_store import Begun, DraftsLost, unsent
from deploytui.session.session import Session
from deploytui.ui.draft import Drafts

REST_S = 0.25
LEAVE_S = 0.25


class DraftStore(Protocol):
    """Where the texts are kept. Both may raise `DraftsLost`."""

    def load(self) -> list[Begun]:
        """What is kept, the newest last."""

    def save(self, texts: Sequence[Begun]) -> None:
        """Keep these and nothing else."""


class DraftKeeper:
    """`by` is who types here: what others began stays theirs, and is neither offered nor lost."""

    def __init__(self, drafts: Drafts, store: DraftStore, session: Session, by: str) -> None:
        self._drafts = drafts
        self._store = store
        self._session = session
        self._by = by
        self._others: list[Begun] = []
        self._queue: queue.SimpleQueue[list[Begun] | None] = queue.SimpleQueue()
        self._tell: Callable[[str], None] = lambda why: None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._context = contextvars.copy_context()
        self._later: asyncio.TimerHandle | None = None
        self._is_recalled = self._has_failed = False
        self._ended = threading.Event()

    # -- on the loop's thread --------------------------------------------------------------------------

    def start(self, tell: Callable[[str], None]) -> None:
        """Begin, behind the first frame; `tell` is called on this loop. Who only follows neither reads nor writes."""
        if not self._session.is_driving:
            return
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._context = contextvars.copy_context()
        self._drafts.on_change, self._drafts.on_saved = self._changed, self._hand_over
        threading.Thread(target=self._run, name="drafts", daemon=True).start()

    async def stop(self) -> None:
        """Write what was typed last, and end; a disk that does not answer is not waited for."""
        if self._loop is None:
            return
        if self._later is not None:
            self._hand_over()
        self._queue.put(None)
        waited_s = 0.0
        while not self._ended.is_set() and waited_s < LEAVE_S:
            await asyncio.sleep(0.01)
            waited_s += 0.01

    def _changed(self) -> None:
        if self._is_recalled and self._later is None and self._loop is not None:
            self._later = self._loop.call_later(REST_S, self._hand_over)

    def _hand_over(self) -> None:
        if self._later is not None:
            self._later.cancel()
            self._later = None
        if not self._is_recalled or not self._session.is_driving:
            return  # what is kept is not known yet, or somebody else drives now and keeps their own
        seq = self._session.state.seq
        own = [Begun(key, text, self._by, seq) for key, text in self._drafts.all()]
        self._queue.put([*self._others, *own])

    def _recalled(self, kept: list[Begun]) -> None:
        self._others = [one for one in kept if one.by != self._by]
        own = [one for one in kept if one.by == self._by]
        fresh = unsent(own, self._session.events)
        self._drafts.take_over({one.key: one.text for one in fresh})
        self._is_recalled = True
        if len(fresh) < len(own) or self._drafts.all():
            self._changed()

    # -- on their own thread ---------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            kept: list[Begun] = []
            with suppress(DraftsLost):  # what cannot be read was lost before; what is typed now is not
                kept = self._store.load()
            self._call(lambda: self._recalled(kept))
            while (texts := self._queue.get()) is not None:
                self._save(texts)
        finally:
            self._ended.set()

    def _save(self, texts: list[Begun]) -> None:
        try:
            self._store.save(texts)
        except DraftsLost as lost:
            if not self._has_failed:
                why = str(lost)
                self._call(lambda: self._tell(why))
            self._has_failed = True
        else:
            self._has_failed = False

    def _call(self, do: Callable[[], None]) -> None:
        assert self._loop is not None
        with suppress(RuntimeError):  # the loop is gone, and so is the screen
            self._loop.call_soon_threadsafe(do, context=self._context)
