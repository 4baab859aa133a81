"""One SQLite connection to a session file, set up so that what was committed survives a power cut."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from deploytui.base.errors import Problem, UnusableSession
from deploytui.base.text import clean_line
from deploytui.journal.failure import code_of
from deploytui.journal.place import may_write
from deploytui.journal.schema import MIN_SQLITE

BUSY_MS = 2000
_EXTRA = 3


def sqlite_version() -> tuple[int, ...]:
    """The version of the one SQLite library in this process."""
    return sqlite3.sqlite_version_info


def connect(path: Path, *, writable: bool) -> sqlite3.Connection:
    """A connection that never creates the file, and as a reader never changes it.

    It may be made on one thread and used on another, never on two at once. `immutable` is never set: it would
    read what a dead driver had not committed.
    """
    if sqlite_version() < MIN_SQLITE:
        wanted = ".".join(str(part) for part in MIN_SQLITE)
        raise UnusableSession(
            Problem(f"SQLite {sqlite3.sqlite_version}", f"{wanted} or newer", "a newer Python")
        )
    name = os.path.abspath(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    db = sqlite3.connect(
        f"file:{name}?mode={'rw' if writable else 'ro'}",
        uri=True,
        timeout=BUSY_MS / 1000,
        isolation_level=None,
        check_same_thread=False,
    )
    for setting in ("trusted_schema=OFF", "foreign_keys=ON", "cell_size_check=ON", "mmap_size=0"):
        db.execute(f"PRAGMA {setting}")
    if not writable:
        db.execute("PRAGMA query_only=ON")
    return db


def make_durable(db: sqlite3.Connection, path: Path) -> None:
    """The rollback journal, with the folder synced after its deletion: the two settings no power cut got past.

    Read back, because SQLite answers with what it did, not with an error.
    """
    mode = str(db.execute("PRAGMA journal_mode=DELETE").fetchone()[0])
    db.execute("PRAGMA synchronous=EXTRA")
    level = int(db.execute("PRAGMA synchronous").fetchone()[0])
    if mode != "delete" or level != _EXTRA:
        found = f"journal mode {clean_line(mode)}, synchronous {level}"
        raise UnusableSession.at(path, found, "delete and 3", "closing whatever else has it open")


def is_unfinished(error: BaseException) -> bool:
    """Whether a reader met the journal of a save that its driver did not live to finish."""
    return code_of(error) == sqlite3.SQLITE_READONLY_ROLLBACK


def roll_back(path: Path) -> None:
    """Let SQLite undo a dead driver's unfinished save. Needs the right to write; a viewer of another user waits."""
    if not may_write(path):
        text = "a save that its driver did not live to finish"
        raise UnusableSession.at(path, text, try_="again once its owner has opened it")
    db = connect(path, writable=True)
    try:
        db.execute("SELECT count(*) FROM sqlite_schema").fetchall()
    finally:
        db.close()
