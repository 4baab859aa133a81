"""The session file's tables and their dated history. Events are never rewritten: only derived tables may change.

`user_version` is the number of the newest entry in `HISTORY`; `meta.min_reader` is the oldest program's
version that may still look at the file.
"""

from __future__ import annotations

import shlex
import sqlite3
from pathlib import Path

from deploytui.base.errors import UnsoundSession, UnusableSession
from deploytui.base.text import clean_line, quoted
from deploytui.base.units import is_whole_number
from deploytui.journal.place import never_made

APPLICATION_ID = 0x44504C59  # "DPLY"
HISTORY: tuple[tuple[int, str, str], ...] = (
    (1, "2026-11-24", "event, lease, meta, snapshot; events chained by SHA-256 over canonical bodies"),
)
VERSION = HISTORY[-1][0]
MIN_READER = 1
MIN_SQLITE = (3, 37, 0)  # STRICT tables

# The insert trigger is what stops INSERT OR REPLACE, whose hidden delete fires no delete trigger.
_EVENT = """CREATE TABLE event(
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, epoch INTEGER NOT NULL,
  body TEXT NOT NULL, prev BLOB NOT NULL, hash BLOB NOT NULL
) STRICT"""
_LEASE = """CREATE TABLE lease(
  k INTEGER PRIMARY KEY CHECK(k=1), epoch INTEGER NOT NULL, holder TEXT, host TEXT NOT NULL,
  pid INTEGER NOT NULL, pid_start INTEGER NOT NULL, boot_id TEXT NOT NULL, beat INTEGER NOT NULL
) STRICT"""
_META = "CREATE TABLE meta(k TEXT PRIMARY KEY, v BLOB NOT NULL) STRICT"
_SNAPSHOT = """CREATE TABLE snapshot(
  k INTEGER PRIMARY KEY CHECK(k=1), seq INTEGER NOT NULL, hash BLOB NOT NULL, body BLOB NOT NULL
) STRICT"""
# This one also stops INSERT OR REPLACE, whose hidden delete fires no delete trigger.
_IN_ORDER = """CREATE TRIGGER event_insert BEFORE INSERT ON event
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM event) OR EXISTS(SELECT 1 FROM event WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'events are appended in order'); END"""
_NO_UPDATE = """CREATE TRIGGER event_update BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'events never change'); END"""
_NO_DELETE = """CREATE TRIGGER event_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'events are kept'); END"""
TABLES: tuple[str, ...] = (_EVENT, _LEASE, _META, _SNAPSHOT, _IN_ORDER, _NO_UPDATE, _NO_DELETE)
TAKE_LEASE = (
    "UPDATE lease SET holder=?, host=?, pid=?, pid_start=?, boot_id=?, epoch=epoch+1, beat=beat+1"
    " WHERE k=1 AND epoch=? AND beat=?"
)
# Changes nothing, and is a real write all the same: SQLite skips an UPDATE that leaves a row as it was, and would
# then "commit" on a disk that cannot be written.
TOUCH = f"PRAGMA user_version={VERSION}"


def make(db: sqlite3.Connection) -> None:
    """The empty tables, inside the caller's transaction."""
    for statement in TABLES:
        db.execute(statement)
    db.execute("INSERT INTO lease VALUES(1, 0, NULL, '', 0, 0, '', 0)")
    db.execute(f"PRAGMA application_id={APPLICATION_ID}")
    db.execute(f"PRAGMA user_version={VERSION}")


def _pragma(db: sqlite3.Connection, name: str) -> int:
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])


def _meta(db: sqlite3.Connection, key: str) -> str:
    row = db.execute("SELECT v FROM meta WHERE k=?", (key,)).fetchone()
    return row[0].decode("utf-8", "replace") if row and isinstance(row[0], bytes) else ""


def check_version(db: sqlite3.Connection, path: Path, *, writable: bool) -> None:
    """Refuse what is not ours (before anything is written) and what only a newer program may write or read."""
    if _pragma(db, "page_count") == 0:  # it is empty only now: SQLite has undone the unfinished making
        raise never_made(path)
    if _pragma(db, "application_id") != APPLICATION_ID:
        text = "a database of another program"
        raise UnsoundSession.at(path, text, "a deploytui session file", "another file")
    version = _pragma(db, "user_version")
    if version == VERSION:
        _check_tables(db, path)
    elif version < 1:
        raise UnsoundSession.at(path, f"format {version}", "format 1 or later", "another file")
    elif writable or not is_whole_number(_meta(db, "min_reader")) or int(_meta(db, "min_reader")) > VERSION:
        by = quoted(_meta(db, "program") or "a newer deploytui")
        can = "can" if writable else "cannot even"
        try_ = f"to install that version or a newer one (this one {can} look at it)"
        raise UnusableSession.at(
            path, f"format {version}, written by {by}", f"format {VERSION} or older", try_
        )


def _check_tables(db: sqlite3.Connection, path: Path) -> None:
    """The tables and triggers are exactly ours: nothing was added that would run, no guard was taken away."""
    found = {row[0] for row in db.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()}
    if found != set(TABLES):
        text = "tables or triggers that were changed"
        raise UnsoundSession.at(path, text, "those of a session file", recover_hint(path))


def recover_hint(path: Path) -> str:
    """What to do with a file that is not sound."""
    return f"`deploytui recover {shlex.quote(clean_line(str(path)))} NEW` to copy its sound part"
