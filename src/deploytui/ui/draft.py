"""Texts that were begun and not sent: kept at `esc`, gone once what they became is saved; and their own thread, which reads
what an earlier program has kept and writes what is typed, a moment later. No key and no event waits for it.
"""

from __future__ import annotations

import asyncio
import contextvars
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Protocol

from msgspec import Struct

from deploytui.journal.draft_store import Begun, DraftsLost, unsent
from deploytui.session.session import Session

REST_S = 0.25
LEAVE_S = 0.25


class Form(Struct, frozen=True):
    """How a text is asked for. `draft` is where it is kept, `again` the key or word that goes on with it; `value` is of
    this moment and comes before what was begun."""

    title: str
    label: str
    draft: str = ""
    again: str = ""
    lead: str = ""
    hint: str = "enter sends · esc keeps the text for later"
    presets: Sequence[str] = ()
    value: str = ""
    width: int = 64
    max_length: int = 2000


class Drafts:
    """By the dialog they belong to. A text that was sent is nobody's to go on with until it is known what became of it."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._sent: dict[int, tuple[str, str]] = {}
        self.on_change: Callable[[], None] = lambda: None
        self.on_saved: Callable[[], None] = lambda: None

    def offered(self, key: str) -> str:
        """What was begun there, or ""."""
        return self._texts.get(key, "")

    def keep(self, key: str, text: str) -> None:
        """What the dialog holds now; "" when it was emptied."""
        if text == self._texts.get(key, ""):
            return
        self._texts.pop(key, None)  # the newest stands last
        if text:
            self._texts[key] = text
        self.on_change()

    def send(self, key: str, number: int) -> None:
        """The text became the act of this ticket."""
        if text := self._texts.pop(key, ""):
            self._sent[number] = key, text

    def saved(self, number: int) -> None:
        """What it became is durable."""
        if self._sent.pop(number, None) is not None:
            self.on_saved()

    def not_saved(self, number: int) -> None:
        """It came to nothing: the text is there again, unless another was begun meanwhile."""
        if (sent := self._sent.pop(number, None)) is not None:
            self._texts.setdefault(*sent)
            self.on_change()

    def take_over(self, texts: Mapping[str, str]) -> None:
        """What an earlier program has kept; what was typed since counts more."""
        self._texts = {**texts, **self._texts}

    def all(self) -> list[tuple[str, str]]:
        """Everything that would be lost now, the newest last."""
        return [*self._sent.values(), *self._texts.items()]


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
        self._is_recalled = False
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
        await asyncio.to_thread(self._ended.wait, LEAVE_S)

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
            is_told = False
            while (texts := self._queue.get()) is not None:
                try:
                    self._store.save(texts)
                    is_told = False
                except DraftsLost as lost:
                    if not is_told:
                        self._call(partial(self._tell, str(lost)))
                    is_told = True
        finally:
            self._ended.set()

    def _call(self, do: Callable[[], None]) -> None:
        assert self._loop is not None
        with suppress(RuntimeError):  # the loop is gone, and so is the screen
            self._loop.call_soon_threadsafe(do, context=self._context)
