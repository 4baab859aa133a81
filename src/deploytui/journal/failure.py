"""What SQLite's errors mean for the person in front of the screen: in words, with the right exit code."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploytui.base.errors import DAMAGED, DeploytuiError, UnsoundSession, UnusableSession
from deploytui.base.text import clean_line
from deploytui.journal.schema import recover_hint
from deploytui.journal.store import StoreBusy

_PRIMARY = 0xFF
_NOT_A_DATABASE = "a file that is no database"
_WORDS = {
    sqlite3.SQLITE_FULL: ("disk full", "freeing some space and pressing the key again"),
    sqlite3.SQLITE_IOERR: (
        "the disk reported an error",
        "checking the disk and its space, then pressing the key again",
    ),
    sqlite3.SQLITE_READONLY: ("read-only file or folder", "`deploytui watch`, or making it writable"),
    sqlite3.SQLITE_CANTOPEN: ("a file or folder that cannot be opened", "checking the rights of the folder"),
    sqlite3.SQLITE_PERM: ("no right to use the file", "checking the rights of the file"),
    sqlite3.SQLITE_NOMEM: ("no memory left", "closing other programs"),
}
# SQLite calls a file read-only whose name no longer leads to it; what is written there would be in no session.
_MOVED = ("the session file was moved, replaced or deleted", "putting it back and pressing the key again")


def code_of(error: BaseException | None) -> int:
    """SQLite's extended result code, or 0 where the error has none (Python's own, such as bad UTF-8)."""
    return int(getattr(error, "sqlite_errorcode", 0) or 0)


def is_damage(error: sqlite3.Error | UnicodeDecodeError) -> bool:
    """Whether the file itself is to blame, and not the disk, its rights or another process."""
    primary = code_of(error) & _PRIMARY
    is_known = primary in _WORDS or primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return not is_known or code_of(error) == sqlite3.SQLITE_IOERR_SHORT_READ


def is_other_file(error: BaseException | None) -> bool:
    """Whether a file that was a session before is none any more: emptied, or written over with something else."""
    return code_of(error) & _PRIMARY in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_NOTADB)


def is_corrupt(error: BaseException | None) -> bool:
    """Whether a file's pages do not fit together, or there are fewer than there were."""
    return code_of(error) & _PRIMARY == sqlite3.SQLITE_CORRUPT


def is_moved(error: BaseException | None) -> bool:
    """Whether the file has lost its name: what is in it is in no session, as long as it is not put back."""
    return code_of(error) == sqlite3.SQLITE_READONLY_DBMOVED


def short_words(error: sqlite3.Error | UnicodeDecodeError) -> str:
    """What went wrong in a few words, without what to do about it."""
    primary = code_of(error) & _PRIMARY
    if is_damage(error):
        return _NOT_A_DATABASE if primary == sqlite3.SQLITE_NOTADB else "its pages do not fit together"
    return _words(code_of(error))[0] if primary in _WORDS else "locked by another process"


def _words(code: int) -> tuple[str, str]:
    return _MOVED if code == sqlite3.SQLITE_READONLY_DBMOVED else _WORDS[code & _PRIMARY]


def explain(error: sqlite3.Error | UnicodeDecodeError, path: Path) -> DeploytuiError:
    """The error to raise instead. What is none of the disk's or another process' doing is an unsound file."""
    code = code_of(error)
    primary = code & _PRIMARY
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreBusy.at(path, "the session file is locked by another process", try_="again in a moment")
    if primary in _WORDS and code != sqlite3.SQLITE_IOERR_SHORT_READ:
        found, try_ = _words(code)
        return UnusableSession.at(path, found, try_=try_)
    if primary == sqlite3.SQLITE_NOTADB:
        return UnsoundSession.at(path, _NOT_A_DATABASE, "a deploytui session file", "another file")
    if primary == sqlite3.SQLITE_CORRUPT:  # SQLite says the same when the disk fails while reading
        return unsound(path, "its pages do not fit together, or the disk cannot read them")
    return unsound(path, str(error))


def unsound(path: Path, found: str, try_: str | None = None) -> UnsoundSession:
    """The error for a session file of ours that is damaged, with what can still be done."""
    text = f"{DAMAGED}: {clean_line(found)}"
    return UnsoundSession.at(path, text, "a sound one", try_ or recover_hint(path))


def beyond_recovery(path: Path, found: str) -> UnsoundSession:
    """The error for a session file of ours without so much as its first event."""
    return unsound(path, found, "a backup of it: `recover` has nothing to copy")


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Inside, no error of SQLite gets out untranslated."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise explain(error, path) from error
