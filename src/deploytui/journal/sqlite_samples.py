"""The gauges' past as an SQLite file. It is synced less than a session's: a power cut may cost the past, never an event."""

from __future__ import annotations

import contextlib
import math
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploytui.base.errors import DeploytuiError
from deploytui.base.text import clean_line
from deploytui.base.units import iso
from deploytui.journal import place
from deploytui.journal.connection import connect
from deploytui.journal.failure import is_damage, short_words
from deploytui.journal.sample_store import SamplesLost, kept_s
from deploytui.journal.store import Header
from deploytui.metrics.history import TIERS, Bucket

APPLICATION_ID = 0x44504C53  # "DPLS"
VERSION = 1
_META = "CREATE TABLE meta(k TEXT PRIMARY KEY, v TEXT NOT NULL) STRICT"
_GAUGE = "CREATE TABLE gauge(n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT"
# In the order of time, so that new rows come at the end of their tier and old ones are one range.
_STEP = """CREATE TABLE step(
  step_s INTEGER NOT NULL, number INTEGER NOT NULL, gauge INTEGER NOT NULL, low REAL, high REAL,
  PRIMARY KEY(step_s, number, gauge)
) STRICT, WITHOUT ROWID"""
TABLES = (_META, _GAUGE, _STEP)
_READ = """SELECT number, id, low, high FROM step JOIN gauge ON gauge.n = step.gauge
WHERE step_s=? AND number>=? AND number<=?"""
_WRITE = """INSERT INTO step VALUES(?,?,?,?,?) ON CONFLICT DO UPDATE SET
low=min(coalesce(low, excluded.low), coalesce(excluded.low, low)),
high=max(coalesce(high, excluded.high), coalesce(excluded.high, high))"""
_PRUNE = "DELETE FROM step WHERE step_s=? AND (number<? OR number>?)"


class SamplesShelf:
    """The place of one session's past."""

    def __init__(self, path: Path, header: Header) -> None:
        self._path = path
        self._header = header

    def store(self, *, writable: bool, make: bool) -> SqliteSamples | None:
        if not make and not os.path.lexists(self._path):
            return None
        return open_samples(self._path, self._header, writable=writable)

    def set_aside(self) -> str:
        return set_aside(self._path)


class SqliteSamples:
    """`SampleStore` on one connection, which one thread at a time may use."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self._db = db
        self._path = path
        self._inode = _inode(path)
        rows = db.execute("SELECT id, n FROM gauge").fetchall()
        self._numbers: dict[str, int] = {name: number for name, number in rows if isinstance(number, int)}

    def read(self, now_s: float) -> list[Bucket]:
        found: list[Bucket] = []
        with _told():
            for tier in TIERS:
                last = int(now_s) // tier.step_s
                span = (tier.step_s, last - tier.shown_s // tier.step_s, last)
                rows = self._db.execute(_READ, span).fetchall()
                found += [Bucket(tier.step_s, *row) for row in rows if _is_sound(row)]
        return found

    def write(self, buckets: Sequence[Bucket]) -> None:
        """SQLite would go on writing into a file that somebody has removed, and nobody would ever read it."""
        if _inode(self._path) != self._inode:
            raise SamplesLost("its file was removed", is_damaged=True)
        known = dict(self._numbers)
        try:
            with _told(), _transaction(self._db):
                self._db.executemany(
                    _WRITE,
                    [(one.step_s, one.number, self._number(one.gauge), one.low, one.high) for one in buckets],
                )
        except BaseException:
            self._numbers = known  # those given in vain are not in the file
            raise

    def prune(self, now_s: float) -> None:
        """What lies far ahead was written under a clock that was wrong; it would never get old."""
        with _told(), _transaction(self._db):
            for step_s, span_s in kept_s(len(self._numbers)).items():
                ends = (step_s, int(now_s - span_s) // step_s, int(now_s + span_s) // step_s)
                self._db.execute(_PRUNE, ends)

    def close(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._db.close()

    def _number(self, gauge: str) -> int:
        if (number := self._numbers.get(gauge)) is None:
            self._db.execute("INSERT OR IGNORE INTO gauge(id) VALUES(?)", (gauge,))
            row = self._db.execute("SELECT n FROM gauge WHERE id=?", (gauge,)).fetchone()
            number = self._numbers[gauge] = int(row[0])
        return number


def open_samples(path: Path, header: Header, *, writable: bool) -> SqliteSamples:
    """The past that belongs to the session of this header; made where there is none and `writable` asks for one."""
    owner = f"{header.session} {iso(header.created_at)}"
    try:
        if writable and not os.path.lexists(path):
            place.make_file(path)
            return _opened(path, owner, writable=True, is_new=True)
        place.check_file(path, writable=writable)
    except DeploytuiError as error:
        found = error.problems[0].found
        is_empty = not path.is_symlink() and path.is_file() and not path.stat().st_size
        raise SamplesLost(found, is_damaged=is_empty) from None
    return _opened(path, owner, writable=writable, is_new=False)


def set_aside(path: Path) -> str:
    """Put away what is of no use, so that a new file can be made: its name from now on, "" where there was nothing.
    An older one that was put away is lost."""
    aside = path.with_name(path.name + ".old")
    try:
        os.replace(path, aside)
    except FileNotFoundError:
        return ""
    with contextlib.suppress(FileNotFoundError):
        os.replace(path.with_name(path.name + "-journal"), aside.with_name(aside.name + "-journal"))
    return aside.name


def copy_samples(old: Path, new: Path) -> bool:
    """Copy a past whole, where there is one. False: there is none, or it cannot be read."""
    if not old.is_file() or os.path.lexists(new):
        return False
    try:
        source = connect(old, writable=False)
        with contextlib.closing(source):
            place.make_file(new)
            target = connect(new, writable=True)
            with contextlib.closing(target):
                source.backup(target)
        return True
    except (sqlite3.Error, UnicodeDecodeError, DeploytuiError, OSError):
        with contextlib.suppress(OSError):
            new.unlink()
        return False


def _opened(path: Path, owner: str, *, writable: bool, is_new: bool) -> SqliteSamples:
    try:
        with _told(), contextlib.ExitStack() as on_error:
            db = connect(path, writable=writable)
            on_error.callback(db.close)
            if writable:
                db.execute("PRAGMA journal_mode=DELETE")
                db.execute("PRAGMA synchronous=NORMAL")
            if is_new:
                with _transaction(db):
                    _make(db, owner)
            _check(db, owner)
            store = SqliteSamples(db, path)
            on_error.pop_all()
            return store
    except SamplesLost:
        if is_new:
            with contextlib.suppress(OSError):
                path.unlink()
        raise


def _make(db: sqlite3.Connection, owner: str) -> None:
    for statement in TABLES:
        db.execute(statement)
    db.execute("INSERT INTO meta VALUES('session', ?)", (owner,))
    db.execute(f"PRAGMA application_id={APPLICATION_ID}")
    db.execute(f"PRAGMA user_version={VERSION}")


def _check(db: sqlite3.Connection, owner: str) -> None:
    """A file of another format is put away like a damaged one: the past is worth no more."""
    application, version = (
        db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
    )
    if (application, version) != (APPLICATION_ID, VERSION):
        raise SamplesLost("its file is of another program or version", is_damaged=True)
    found = {row[0] for row in db.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()}
    if found != set(TABLES):
        raise SamplesLost("the tables of its file were changed", is_damaged=True)
    row = db.execute("SELECT v FROM meta WHERE k='session'").fetchone()
    if row is None or row[0] != owner:
        raise SamplesLost("its file belongs to another session of this name", is_damaged=True)


def _is_sound(row: tuple[Any, ...]) -> bool:
    """STRICT is kept on writing, not on reading a damaged file."""
    number, name, low, high = row
    if not isinstance(number, int) or not isinstance(name, str):
        return False
    if low is None and high is None:
        return True
    return all(isinstance(value, float) and math.isfinite(value) for value in (low, high))


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return -1


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        raise


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise SamplesLost(clean_line(short_words(error)), is_damaged=is_damage(error)) from error
    except DeploytuiError as error:
        raise SamplesLost(error.problems[0].found) from None
