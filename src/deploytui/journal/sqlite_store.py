"""A session's journal on one SQLite connection: read checked, appended durably, fenced by the lease."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploytui.base.clock import Clock
from deploytui.base.errors import Problem, UnsoundSession, UnusableSession
from deploytui.base.paths import SESSION_SUFFIX
from deploytui.base.text import clean_line
from deploytui.journal import codec, schema
from deploytui.journal.connection import is_unfinished, roll_back
from deploytui.journal.event import Draft, Event, stamp
from deploytui.journal.failure import beyond_recovery, explain, is_moved, told, unsound
from deploytui.journal.integrity import ROWS, BrokenChain, Row, follow
from deploytui.journal.overwrite import Overwrite, Rescue
from deploytui.journal.store import (
    Appended,
    Fenced,
    Holder,
    Lease,
    StoreBusy,
    Unconfirmed,
)

TAIL = 1000
_LAST = "SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1"
_PLAN = "SELECT v FROM meta WHERE k='plan'"
_INSERT = "INSERT INTO event VALUES(?,?,?,?,?,?)"
_LEASE = "SELECT epoch, beat, pid, pid_start, host, boot_id, holder FROM lease WHERE k=1"
_HELD = [int, int, int, int, str, str, str]  # STRICT is kept on writing, not on reading a damaged file
_FREE = [*_HELD[:-1], type(None)]
_UNLIMITED = -1


class SqliteStore:
    """`JournalStore` on one connection. Made by `create` and `open_store`."""

    def __init__(
        self,
        db: sqlite3.Connection,
        path: Path,
        clock: Clock,
        header_body: bytes,
        rescue: Rescue,
        *,
        is_read_only: bool,
    ) -> None:
        self._db = db
        self.path = path  # other files of the session stand beside it
        self._clock = clock
        self._header_body = header_body
        self.header = codec.decode_header(header_body)
        self.is_read_only = is_read_only
        self.first_link = codec.first_link(header_body)
        self._seen_version: int | None = None
        self._is_uncertain = False
        self._overwrite = Overwrite(path, header_body, self._rows, rescue, is_read_only=is_read_only)
        self._fresh: list[Row] = []

    @property
    def name(self) -> str:
        return clean_line(self.path.name.removesuffix(SESSION_SUFFIX))

    @property
    def plan_source(self) -> bytes:
        """Read from the file: beside the plan that is made of it, a second copy would only take room."""
        with told(self.path):
            rows = self._rows(_PLAN)
        source = rows[0][0] if rows and isinstance(rows[0][0], bytes) else b""
        if hashlib.sha256(source).hexdigest() != self.header.plan_sha256:
            raise unsound(self.path, "a checklist that was changed inside it")
        return source

    # -- reading ---------------------------------------------------------------------------------------

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        """Fetched whole, so that no lock is held afterwards."""
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.OperationalError as error:
            if not (self.is_read_only and is_unfinished(error)):
                raise
        roll_back(self.path)
        return self._db.execute(sql, values).fetchall()

    def stored(self, after_seq: int, limit: int) -> list[Row]:
        """The rows after `after_seq` as they are stored, unchecked."""
        with told(self.path):
            return [Row(*row) for row in self._rows(ROWS, (after_seq + 1, limit))]

    def damage(self) -> str:
        with told(self.path):
            answer = clean_line(str(self._rows("PRAGMA integrity_check(1)")[0][0]))
        return "" if answer == "ok" else answer

    def _last(self) -> tuple[int, bytes]:
        found = self._rows(_LAST)
        return (found[0][0], found[0][1]) if found else (0, self.first_link)

    def _after(self, seq: int, limit: int | None = None) -> list[Event]:
        """The events after `seq`, each checked against the one before."""
        count = _UNLIMITED if limit is None else limit + (seq > 0)
        rows = list(map(Row._make, self._rows(ROWS, (max(seq, 1), count))))
        prev = self.first_link
        if seq > 0:
            if not rows or rows[0].seq != seq:
                if seq <= self._overwrite.seq:
                    raise self._overwrite.went_back()
                return []
            prev = rows.pop(0).hash
        try:
            events = follow(rows, seq, prev)
        except BrokenChain as broken:
            raise (beyond_recovery if broken.seq == 1 else unsound)(self.path, str(broken)) from None
        if limit is None:
            self._overwrite.learn(seq, prev, rows)
        return events

    def check_tail(self) -> None:
        """The first event opens a session, the last ones fit together and nothing was cut out; else `UnsoundSession`
        with the first bad one."""
        if not self._after(0, 1):
            raise beyond_recovery(self.path, "event 1: missing, there are no events")
        seq = self._last()[0]
        counted = self._rows("SELECT count(*) FROM event")[0][0]  # by the index on id, not by seq
        try:
            self._after(max(0, seq - TAIL))
        except UnsoundSession:
            self._after(0)
            raise
        if counted != seq:
            self._after(0)
            raise unsound(self.path, f"{seq} events, but its index counts {counted}")

    def keep_time(self, clock: Clock) -> None:
        """Stamp events by this clock from now on: a rehearsal has one of its own."""
        self._clock = clock

    def events(self, after_seq: int = 0, limit: int | None = None) -> list[Event]:
        with self._overwrite.told():
            return self._after(after_seq, limit)

    def head(self) -> tuple[int, str]:
        with told(self.path):
            seq, link = self._last()
        return seq, link.hex()

    def has_changed(self) -> bool:
        if self._is_uncertain:
            with self.transaction():
                pass  # which ends the uncertainty
        with self._overwrite.told():
            version: int = self._rows("PRAGMA data_version")[0][0]
        before, self._seen_version = self._seen_version, version
        return version != before

    def lease(self) -> Lease:
        with told(self.path):
            return self._lease()

    def _lease(self) -> Lease:
        rows = self._rows(_LEASE)
        types = [type(value) for value in rows[0]] if rows else []
        if types not in (_HELD, _FREE):
            raise unsound(self.path, "a lease that cannot be read")
        epoch, beat, pid, pid_start, host, boot_id, name = rows[0]
        holder = name and Holder(clean_line(name), clean_line(host), pid, pid_start, boot_id)
        return Lease(epoch, holder, beat)

    # -- writing ---------------------------------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Iterator[list[Event]]:
        """All or nothing, and durable when it ends. The events put into the list are what a commit is judged by;
        without them an error is an error, as when a whole file is being made."""
        own, self._fresh = list[Event](), []
        with self._overwrite.told():
            # SQLite takes a page in its memory for the file's where 16 bytes are the same. In another copy of this session
            # they may well be: what is read from here on is read from the file.
            self._db.execute("PRAGMA shrink_memory")
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._overwrite.check()
                if self._is_uncertain:
                    self._db.execute(schema.TOUCH)
                yield own
            except BaseException:
                self._roll_back()
                raise
            try:
                self._db.execute("COMMIT")
            except sqlite3.Error as error:
                self._roll_back()
                self._settle(own, error)
            if self._is_uncertain:  # what was kept of the save before has reached the disk with this one
                self._is_uncertain, self._seen_version = False, None
            if self._fresh:
                self._overwrite.learn(self._fresh[0].seq - 1, self._fresh[0].prev, self._fresh)

    def _roll_back(self) -> None:
        if self._db.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")

    def _settle(self, own: Sequence[Event], error: sqlite3.Error) -> None:
        """What a failed commit left behind: an error means *not saved* only when the events are not there.

        Where they are there, one more durable write proves that the disk has them; only then it was saved.
        """
        told_error = explain(error, self.path)
        if isinstance(told_error, StoreBusy) or not own:
            raise told_error from error
        problem = told_error.problems[0]
        try:
            if not self._db.execute("SELECT 1 FROM event WHERE id=?", (own[-1].id,)).fetchall():
                raise told_error from error
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute(schema.TOUCH)
            self._db.execute("COMMIT")
        except sqlite3.Error as second:
            self._roll_back()
            self._is_uncertain = True
            text = f"{problem.found} while saving, and it is not certain whether this was kept"
            problem = Problem(text, try_="looking before doing it again", file=problem.file)
            raise Unconfirmed(problem, frozenset(event.id for event in own)) from second

    def make_tables(self, plan_source: bytes) -> None:
        """The tables of a new file and what stands in `meta`, inside the caller's transaction."""
        schema.make(self._db)
        meta = {"header": self._header_body, "plan": plan_source, "program": self.header.program.encode(),
                "min_reader": b"%d" % schema.MIN_READER}  # fmt: skip
        self._db.executemany("INSERT INTO meta VALUES(?,?)", meta.items())

    def put_rows(self, rows: Sequence[Row]) -> None:
        """Events of another file of this session as they were stored there, inside the caller's transaction."""
        for row in rows:
            self._db.execute(_INSERT, (row.seq, row.id, row.epoch, row.body.decode(), row.prev, row.hash))
        self._db.execute("UPDATE lease SET epoch=? WHERE k=1", (rows[-1].epoch,))

    def insert(self, drafts: Sequence[Draft], epoch: int) -> list[Event]:
        """The drafts as the next events of the chain, inside the caller's transaction."""
        seq, prev = self._last()
        events: list[Event] = []
        for draft in drafts:
            seq += 1
            event = stamp(draft, seq, epoch, self._clock)
            body = codec.encode(event)
            link = codec.link(prev, body)
            self._db.execute(_INSERT, (seq, event.id, epoch, body.decode(), prev, link))
            self._fresh.append(Row(seq, event.id, epoch, body, prev, link))
            events.append(event)
            prev = link
        return events

    def append(
        self,
        after_seq: int,
        decide: Callable[[Sequence[Event]], Sequence[Draft]],
        epoch: int | None,
    ) -> Appended:
        with self.transaction() as own:
            lease = self._lease()
            if epoch is not None and (lease.epoch != epoch or lease.holder is None):
                raise Fenced(f"epoch {epoch} is over")
            foreign = self._after(after_seq) if self._last()[0] > after_seq else []
            own += self.insert(decide(foreign), lease.epoch)
        return Appended(tuple(foreign), tuple(own))

    # -- who drives ------------------------------------------------------------------------------------

    def put_holder(self, holder: Holder, expected: Lease) -> int:
        """The new epoch, inside the caller's transaction. `Fenced` when the lease is not `expected` any more."""
        columns = (holder.name, holder.host, holder.pid, holder.pid_start, holder.boot_id)
        taken = self._db.execute(schema.TAKE_LEASE, (*columns, expected.epoch, expected.beat))
        if taken.rowcount != 1:
            raise Fenced("somebody was faster")
        return expected.epoch + 1

    def take_lease(self, holder: Holder, expected: Lease, draft: Draft) -> Event:
        with self.transaction() as own:
            epoch = self.put_holder(holder, expected)
            own += self.insert([draft], epoch)
        return own[0]

    def beat(self, epoch: int) -> bool:
        with self.transaction():
            sql = "UPDATE lease SET beat=beat+1 WHERE k=1 AND epoch=? AND holder IS NOT NULL"
            return self._db.execute(sql, (epoch,)).rowcount == 1

    def release(self, epoch: int) -> None:
        try:
            with self.transaction():
                self._db.execute("UPDATE lease SET holder=NULL, beat=beat+1 WHERE k=1 AND epoch=?", (epoch,))
        except UnusableSession as error:
            if is_moved(error.__cause__):  # until now it could have been put back
                raise self._overwrite.error("the file was moved, replaced or deleted", 0) from None
            raise

    # -- snapshots -------------------------------------------------------------------------------------

    def snapshot(self) -> tuple[int, bytes] | None:
        sql = "SELECT s.seq, s.hash, s.body, e.hash FROM snapshot s JOIN event e ON e.seq=s.seq"
        with told(self.path):
            for seq, seal, body, link in self._rows(sql):
                if isinstance(body, bytes) and isinstance(link, bytes) and codec.link(link, body) == seal:
                    return seq, body
        return None

    def save_snapshot(self, seq: int, body: bytes) -> None:
        sql = "INSERT OR REPLACE INTO snapshot SELECT 1, seq, ?, ? FROM event WHERE seq=? AND hash=?"
        with self.transaction():
            for (link,) in self._db.execute("SELECT hash FROM event WHERE seq=?", (seq,)).fetchall():
                self._db.execute(sql, (codec.link(link, body), body, seq, link))

    def close(self) -> None:
        with told(self.path):
            self._db.close()
