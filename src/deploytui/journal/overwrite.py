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
from deploytui.journal.integrity import Row
from deploytui.journal.known import Known
from deploytui.journal.store import WentBack

Read = Callable[[str, Sequence[object]], list[Any]]
# The session's file, its header and checklist, its events, and by whom: the new file.
Rescue = Callable[[Path, bytes, bytes, Sequence[Row], str], Path]


class Overwrite:
    """What is known of the file, and the error where it does not hold that. `read` asks the file; `rescue` makes a new
    one beside it of what is known here, which only whoever may write keeps."""

    def __init__(
        self, path: Path, header_body: bytes, read: Read, rescue: Rescue, *, is_read_only: bool
    ) -> None:
        self._path, self._header_body = path, header_body
        self._read, self._make = read, rescue
        self._is_read_only = is_read_only
        self.known = Known(codec.first_link(header_body), keeps=not is_read_only)

    @contextmanager
    def told(self) -> Iterator[None]:
        """As `failure.told`; and what was a session when it was opened and is none now was written over."""
        try:
            with told(self._path):
                yield
        except UnsoundSession as error:
            if self.known.seq and is_other_file(error.__cause__):
                raise self.error("the file was written over, it is no session any more", 0) from None
            if self.known.seq and is_corrupt(error.__cause__) and self._is_damaged():
                raise self.error("the file was cut off or damaged", 0) from None
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
        known = self.known
        if known.seq and self._read("SELECT hash FROM event WHERE seq=?", (known.seq,)) != [(known.hash,)]:
            raise self.went_back()

    def learn(self, seq: int, prev: bytes, rows: Sequence[Row]) -> None:
        """These rows, checked, are all there is behind event `seq`; `WentBack` where that cannot be."""
        if self.known.contradicts(seq, prev, rows):
            raise self.went_back()
        self.known.learn(seq, prev, rows)

    def went_back(self) -> WentBack:
        """The error for a journal that ends before what is known here, or differently."""
        known, stored = self.known, dict(self._read("SELECT seq, hash FROM event", ()))
        last, shared = max(stored, default=0), known.shared(stored)
        is_older = self._is_read_only or last <= known.before[0] or last == shared
        if not stored:
            text = "the file was emptied"
        elif last < known.seq and is_older:
            text = f"the file went back to event {last}"
        else:
            text = "the file was written over with other events"
        return self.error(text, shared)

    def error(self, text: str, shared: int) -> WentBack:
        """What became of the file, and up to which event it is still the one that is known here."""
        found = f"{text}: this program knows {self.known.seq}"
        return WentBack(
            Problem(found, try_="opening it anew", file=clean_line(str(self._path))), shared, self._rescue
        )

    def _rescue(self, by: str) -> Path:
        """From memory, and from the file only what was there before, and the checklist."""
        known, plan, rows = self.known, b"", list[Row]()
        with contextlib.suppress(sqlite3.Error, IndexError):
            plan = self._read("SELECT v FROM meta WHERE k='plan'", ())[0][0]
        if known.before[0]:
            with told(self._path):
                rows = self._read_rows(known.before[0])
        return self._make(self._path, self._header_body, plan, [*rows, *known.rows()], by)

    def _read_rows(self, last: int) -> list[Row]:
        sql = "SELECT seq, id, epoch, CAST(body AS BLOB), prev, hash FROM event WHERE seq<=? ORDER BY seq"
        return list(map(Row._make, self._read(sql, (last,))))
