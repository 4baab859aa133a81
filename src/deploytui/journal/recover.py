"""The sound part of a damaged session file, copied into a new one. The old file is only ever read."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path

from msgspec import Struct

from deploytui.base.clock import Clock
from deploytui.base.errors import UnsoundSession, UsageError, words
from deploytui.base.text import clean_line
from deploytui.journal import codec, place
from deploytui.journal.connection import connect
from deploytui.journal.event import Draft
from deploytui.journal.fact import NoteAdded
from deploytui.journal.failure import told
from deploytui.journal.integrity import BrokenChain, Row, follow
from deploytui.journal.sqlite import make_copy, sound_plan
from deploytui.journal.store import Header

_META = "SELECT v FROM meta WHERE k=?"
_ROW = "SELECT seq, id, epoch, CAST(body AS BLOB), prev, hash FROM event WHERE seq=?"
# By the rows and by their index: damage that hides the last rows from one of them seldom hides them from both.
_HOW_MANY = "SELECT max(seq) FROM event UNION ALL SELECT count(*) FROM event"


class Recovered(Struct, frozen=True):
    """How many events were kept, the head after them, and why it stopped there ("" when nothing was lost)."""

    kept: int
    head: str
    stopped: str
    header: Header


def recover(old: Path, new: Path, *, by: str, clock: Clock, allow_network_fs: bool = False) -> Recovered:
    """Copy the events of `old` up to the first bad one into `new`, which must not exist. A note in `new` says so.

    SQLite works on a private copy, journal included: even undoing an unfinished save leaves `old` as it was.
    """
    place.check_file(old, writable=False)
    if new.exists() or new.is_symlink():
        raise UsageError.at(new, "a file of that name", "a new name", "another NEW")
    place.make_folder(new.parent)
    with tempfile.TemporaryDirectory(prefix=".recover-", dir=new.parent) as folder:
        copy = Path(folder) / "copy"
        try:
            shutil.copyfile(old, copy)
            journal = old.with_name(old.name + "-journal")
            if journal.is_file():
                shutil.copyfile(journal, copy.with_name(copy.name + "-journal"))
        except OSError as error:
            raise UsageError.at(old, f"{words(error)} while copying") from None
        header_body, plan, rows, stopped = _salvage(copy, old)
    lost = f"what came after is lost ({stopped})" if stopped else "nothing was lost"
    text = f"recovered from {clean_line(old.name)}: the first {len(rows)} events were kept, {lost}"
    note = Draft(NoteAdded(text), by=by)
    make_copy(new, header_body, plan, rows, note, clock, allow_network_fs=allow_network_fs)
    return Recovered(len(rows), rows[-1].hash.hex(), stopped, codec.decode_header(header_body))


def _salvage(copy: Path, old: Path) -> tuple[bytes, bytes, list[Row], str]:
    with told(old):
        try:
            with closing(connect(copy, writable=True)) as db:
                db.execute(
                    "PRAGMA writable_schema=ON"
                )  # else SQLite refuses all of a file whose end is missing
                header_body, plan = _meta(db, "header"), b""
                header = codec.decode_header(header_body)
                with suppress(sqlite3.Error, UnicodeDecodeError):
                    plan = _meta(db, "plan")
                plan = sound_plan(plan, header)
                rows, stopped = _sound_rows(db, codec.first_link(header_body))
        except ValueError:
            raise _hopeless(old, "its header cannot be read") from None
        except LookupError as error:
            raise _hopeless(old, str(error)) from None
    if not rows:
        raise _hopeless(old, stopped or "it holds no event")
    return header_body, plan, rows, stopped


def _hopeless(old: Path, why: str) -> UnsoundSession:
    return UnsoundSession.at(old, f"nothing that can be recovered: {why}")


def _meta(db: sqlite3.Connection, key: str) -> bytes:
    row = db.execute(_META, (key,)).fetchone()
    return row[0] if row and isinstance(row[0], bytes) else b""


def _sound_rows(db: sqlite3.Connection, prev: bytes) -> tuple[list[Row], str]:
    """Row by row: the last one before the damage counts, whatever SQLite says of the rest."""
    rows: list[Row] = []
    while True:
        seq = len(rows) + 1
        try:
            found = db.execute(_ROW, (seq,)).fetchone()
            if found is None:
                last = max(row[0] or 0 for row in db.execute(_HOW_MANY).fetchall())
                return rows, f"event {seq} is missing" if last >= seq else ""
            row = Row(*found)
            follow([row], seq - 1, prev)
        except BrokenChain as broken:
            return rows, str(broken)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            return rows, f"event {seq}: {clean_line(str(error))}"
        rows.append(row)
        prev = row.hash
