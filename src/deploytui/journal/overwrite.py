"""Whether a session's file is still the one that this program has read and saved, or another that was written over it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploytui.base.errors import Problem, UnsoundSession
from deploytui.base.text import clean_line
from deploytui.journal import codec
from deploytui.journal.failure import is_corrupt, is_other_file, told
from deploytui.journal.integrity import ROWS, Row
from deploytui.journal.store import WentBack

Read = Callable[[str, Sequence[object]], list[Any]]
# The session's file, its header and checklist, its events, and by whom: the new file.
Rescue = Callable[[Path, bytes, bytes, Sequence[Row], str], Path]
_OTHER = "the file was written over or damaged"


class Overwrite:
    """What is known of the file: the last event that was read checked, or saved. Whoever may write keeps the bodies up to
    there too, without a gap, from the earliest that was read with them. `read` asks the file; `rescue` makes a new one
    beside it of what is known here."""

    def __init__(
        self, path: Path, header_body: bytes, read: Read, rescue: Rescue, *, is_read_only: bool
    ) -> None:
        self._path, self._header_body = path, header_body
        self._read, self._make = read, rescue
        self._is_read_only = is_read_only
        self.seq, self._hash = 0, codec.first_link(header_body)
        self._before = (0, self._hash)  # the event that the first body is chained to
        self._bodies: list[bytes] = []

    @contextmanager
    def told(self) -> Iterator[None]:
        """As `failure.told`; and what was a session when it was opened and is none now was written over."""
        try:
            with told(self._path):
                yield
        except UnsoundSession as error:
            cause = error.__cause__
            if self.seq and (is_other_file(cause) or (is_corrupt(cause) and self._is_damaged())):
                raise self.error(_OTHER, 0) from None
            raise

    def _is_damaged(self) -> bool:
        """Whether what a read met is in the file itself, and not a disk that failed for a moment."""
        try:
            self._read("PRAGMA shrink_memory", ())
            return self._read("PRAGMA quick_check(1)", ()) != [("ok",)]
        except (sqlite3.Error, UnicodeDecodeError) as error:
            return is_corrupt(error)

    def check(self) -> None:
        """The file still holds what this program has read and saved; else `WentBack`."""
        if self.seq and self._read("SELECT hash FROM event WHERE seq=?", (self.seq,)) != [(self._hash,)]:
            raise self.went_back()

    def learn(self, seq: int, prev: bytes, rows: Sequence[Row]) -> None:
        """These rows, checked, are all there is behind event `seq` with its hash `prev`; `WentBack` where that cannot be."""
        if self.contradicts(seq, prev, rows):
            raise self.went_back()
        last = seq + len(rows)
        if self.seq == 0 or seq > self.seq or (seq <= self._before[0] and last >= self.seq):
            self._before, self._bodies = (seq, prev), []
        else:
            rows = rows[self.seq - seq :]
        if rows:
            self.seq, self._hash = last, rows[-1].hash
            if not self._is_read_only:
                self._bodies += [row.body for row in rows]

    def contradicts(self, seq: int, prev: bytes, rows: Sequence[Row]) -> bool:
        """Whether they have another event, or none, at the place of the last one known."""
        place = self.seq - seq
        if place < 0:
            return False
        found = prev if place == 0 else rows[place - 1].hash if place <= len(rows) else b""
        return found != self._hash

    def went_back(self) -> WentBack:
        """The error for a journal that ends before what is known here, or differently."""
        stored = dict(self._read("SELECT seq, hash FROM event", ()))
        places = [self._before, *((row.seq, row.hash) for row in self._kept())]
        last = max(stored, default=0)
        shared = max((seq for seq, link in places if stored.get(seq) == link), default=0)
        is_older = self._is_read_only or last <= self._before[0] or last == shared
        is_back = 0 < last < self.seq and is_older
        return self.error(f"the file went back to event {last}" if is_back else _OTHER, shared)

    def error(self, text: str, shared: int) -> WentBack:
        """What became of the file, and up to which event it is still the one that is known here."""
        found = f"{text}: this program knows {self.seq}"
        return WentBack(
            Problem(found, try_="opening it anew", file=clean_line(str(self._path))), shared, self._rescue
        )

    def _kept(self) -> Iterator[Row]:
        """The events that are kept, as they were stored."""
        prev = self._before[1]
        for body in self._bodies:
            event, link = codec.decode(body), codec.link(prev, body)
            yield Row(event.seq, event.id, event.epoch, body, prev, link)
            prev = link

    def _rescue(self, by: str) -> Path:
        """From memory, and from the file only what was there before, and the checklist."""
        plan, rows = b"", list[Row]()
        with contextlib.suppress(sqlite3.Error, IndexError):
            plan = self._read("SELECT v FROM meta WHERE k='plan'", ())[0][0]
        if self._before[0]:
            with told(self._path):
                rows = list(map(Row._make, self._read(ROWS, (1, self._before[0]))))
        return self._make(self._path, self._header_body, plan, [*rows, *self._kept()], by)
