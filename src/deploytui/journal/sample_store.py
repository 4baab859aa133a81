"""The gauges' past as an SQLite file beside the session's. It is no part of the journal and synced less: a power cut may
cost the past, never an event."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from deploytui.base.errors import DeploytuiError, words
from deploytui.base.paths import SAMPLES_SUFFIX, SESSION_SUFFIX
from deploytui.base.text import clean_line
from deploytui.base.units import iso
from deploytui.journal import place
from deploytui.journal.connection import connect
from deploytui.journal.failure import is_damage, short_words
from deploytui.journal.store import Header
from deploytui.metrics.history import TIERS, Bucket

MOST_ROWS = 1_000_000  # about 40 bytes each
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
_READ = """SELECT step_s, number, id, low, high FROM step JOIN gauge ON gauge.n = step.gauge
WHERE step_s=? AND number>=? AND number<=? AND coalesce(abs(low) + abs(high), 0) < 9e999"""
_WRITE = """INSERT INTO step SELECT ?, ?, n, ?, ? FROM gauge WHERE id=? ON CONFLICT DO UPDATE SET
low=min(coalesce(low, excluded.low), coalesce(excluded.low, low)),
high=max(coalesce(high, excluded.high), coalesce(excluded.high, high))"""


class SamplesLost(Exception):
    """The past cannot be read or saved; the text says why. `is_damaged`: what stands there is of no use any more."""

    def __init__(self, why: str, *, is_damaged: bool = False) -> None:
        super().__init__(why)
        self.is_damaged = is_damaged


def samples_path(session: Path) -> Path:
    """Where the past of a session's gauges is kept: beside the session's own file."""
    return session.with_name(session.name.removesuffix(SESSION_SUFFIX) + SAMPLES_SUFFIX)


def kept_s(gauges: int) -> dict[int, int]:
    """By length of step, for how long steps are kept: shorter for hundreds of gauges, so that no file outgrows
    `MOST_ROWS`."""
    rows = gauges * sum(tier.kept_s // tier.step_s for tier in TIERS)
    share = min(1.0, MOST_ROWS / rows) if rows else 1.0
    return {tier.step_s: int(tier.kept_s * share) for tier in TIERS}


class SampleFile:
    """The past of one session's gauges: a closed file until `connect`, which one thread at a time may use. Every call may
    raise `SamplesLost`."""

    def __init__(self, path: Path, header: Header) -> None:
        self._path = path
        self._owner = f"{header.session} {iso(header.created_at)}"
        self._db: sqlite3.Connection | None = None
        self._inode = 0

    def connect(self, *, writable: bool, make: bool = True) -> bool:
        """Whether it is open: it is made where there is none and both `writable` and `make` ask for one."""
        if self._db is None and (make or os.path.lexists(self._path)):
            with self._told(), contextlib.ExitStack() as on_error:
                is_new = writable and not os.path.lexists(self._path)
                if is_new:
                    place.make_file(self._path)
                    on_error.callback(self._path.unlink, missing_ok=True)
                else:
                    place.check_file(self._path, writable=writable)
                db = connect(self._path, writable=writable)
                on_error.callback(db.close)
                if writable:
                    db.execute("PRAGMA journal_mode=DELETE")
                    db.execute("PRAGMA synchronous=NORMAL")
                if is_new:
                    _make(db, self._owner)
                _check(db, self._owner)
                on_error.pop_all()
                self._db, self._inode = db, self._path.stat().st_ino
        return self._db is not None

    def read(self, now_s: float) -> list[Bucket]:
        """What is shown at `now_s`, seconds since 1970. STRICT is kept on writing, not on reading a damaged file."""
        rows: list[object] = []
        with self._told() as db:
            for tier in TIERS:
                last = int(now_s) // tier.step_s
                rows += db.execute(_READ, (tier.step_s, last - tier.shown_s // tier.step_s, last)).fetchall()
        found: list[Bucket] = []
        for row in rows:
            with contextlib.suppress(
                msgspec.ValidationError
            ):  # one that says nothing takes nothing of the others
                found.append(msgspec.convert(row, Bucket))
        return found

    def write(self, buckets: Sequence[Bucket], now_s: float) -> None:
        """Keep these, a step that is there already becomes both, and let go of what is older than its tier is kept. What
        lies far ahead was written under a clock that was wrong; it would never get old."""
        with self._told() as db:
            # SQLite would go on writing into a file that somebody has removed, and nobody would ever read it.
            if not self._path.exists() or self._path.stat().st_ino != self._inode:
                raise SamplesLost("its file was removed", is_damaged=True)
            with _transaction(db):
                gauges = {one.gauge for one in buckets}
                db.executemany("INSERT OR IGNORE INTO gauge(id) VALUES(?)", [(gauge,) for gauge in gauges])
                rows = [(one.step_s, one.number, one.low, one.high, one.gauge) for one in buckets]
                db.executemany(_WRITE, rows)
                for step_s, span_s in kept_s(db.execute("SELECT count(*) FROM gauge").fetchone()[0]).items():
                    first, last = int(now_s - span_s) // step_s, int(now_s + span_s) // step_s
                    db.execute("DELETE FROM step WHERE step_s=? AND number<?", (step_s, first))
                    db.execute("DELETE FROM step WHERE step_s=? AND number>?", (step_s, last))

    def close(self) -> None:
        db, self._db = self._db, None
        with contextlib.suppress(sqlite3.Error):
            if db is not None:
                db.close()

    def set_aside(self) -> str:
        """Put away what is of no use, so that a new file can be made: its name from now on, "" where there was nothing.
        An older one that was put away is lost."""
        path = self._path
        aside = path.with_name(path.name + ".old")
        with self._told():
            if not os.path.lexists(path):
                return ""
            os.replace(path, aside)
            with contextlib.suppress(FileNotFoundError):
                os.replace(path.with_name(path.name + "-journal"), aside.with_name(aside.name + "-journal"))
        return aside.name

    @contextmanager
    def _told(self) -> Iterator[sqlite3.Connection]:
        try:
            yield self._db  # type: ignore[misc]  # only `connect` and `set_aside` are called without one
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise SamplesLost(clean_line(short_words(error)), is_damaged=is_damage(error)) from error
        except DeploytuiError as error:
            is_empty = self._path.is_file() and not self._path.is_symlink() and not self._path.stat().st_size
            raise SamplesLost(error.problems[0].found, is_damaged=is_empty) from None
        except OSError as error:
            raise SamplesLost(words(error)) from None


def copy_samples(old: Path, new: Path) -> bool:
    """Copy a past whole, where there is one. False: there is none, or it cannot be read."""
    if not old.is_file() or os.path.lexists(new):
        return False
    try:
        with contextlib.closing(connect(old, writable=False)) as source:
            place.make_file(new)
            with contextlib.closing(connect(new, writable=True)) as target:
                source.backup(target)
        return True
    except (sqlite3.Error, UnicodeDecodeError, DeploytuiError, OSError):
        with contextlib.suppress(OSError):
            new.unlink()
        return False


def _make(db: sqlite3.Connection, owner: str) -> None:
    with _transaction(db):
        for statement in TABLES:
            db.execute(statement)
        db.execute("INSERT INTO meta VALUES('session', ?)", (owner,))
        db.execute(f"PRAGMA application_id={APPLICATION_ID}")
        db.execute(f"PRAGMA user_version={VERSION}")


def _check(db: sqlite3.Connection, owner: str) -> None:
    """A file of another format is put away like a damaged one: the past is worth no more."""
    marks = [db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    if marks != [APPLICATION_ID, VERSION]:
        raise SamplesLost("its file is of another program or version", is_damaged=True)
    found = {row[0] for row in db.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()}
    if found != set(TABLES):
        raise SamplesLost("the tables of its file were changed", is_damaged=True)
    if db.execute("SELECT v FROM meta WHERE k='session'").fetchone() != (owner,):
        raise SamplesLost("its file belongs to another session of this name", is_damaged=True)


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
