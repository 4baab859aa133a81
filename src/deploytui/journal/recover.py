"""The sound part of a damaged session file, copied into a new one. The old file is only ever read."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from deploytui.base.clock import Clock
from deploytui.base.errors import Problem, UnsoundSession, UsageError
from deploytui.base.paths import SESSION_SUFFIX
from deploytui.base.text import clean_line
from deploytui.journal import codec, place
from deploytui.journal.connection import connect
from deploytui.journal.event import Draft
from deploytui.journal.fact import NoteAdded
from deploytui.journal.failure import told
from deploytui.journal.integrity import BrokenChain, Row, follow
from deploytui.journal.sqlite import make
from deploytui.journal.sqlite_store import SqliteStore
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
        raise UsageError(Problem("a file of that name", "a new name", "another NEW", clean_line(str(new))))
    place.make_folder(new.parent)
    with tempfile.TemporaryDirectory(prefix=".recover-", dir=new.parent) as folder:
        copy = Path(folder) / "copy"
        try:
            shutil.copyfile(old, copy)
            journal = old.with_name(old.name + "-journal")
            if journal.is_file():
                shutil.copyfile(journal, copy.with_name(copy.name + "-journal"))
        except OSError as error:
            words = clean_line(error.strerror or "an error of the file system")
            raise UsageError(Problem(f"{words} while copying", file=clean_line(str(old)))) from None
        header_body, plan, rows, stopped = _salvage(copy, old)
    note = Draft(NoteAdded(_note(old, len(rows), stopped)), by=by)
    _make(new, header_body, plan, rows, note, clock, allow_network_fs=allow_network_fs)
    return Recovered(len(rows), rows[-1].hash.hex(), stopped, codec.decode_header(header_body))


def rescue(path: Path, header_body: bytes, plan: bytes, rows: Sequence[Row], by: str, clock: Clock) -> Path:
    """What a program still knows of the session at `path`, whose file was written over, in a new one beside it."""
    name = clean_line(path.name)
    try:
        follow(rows, 0, codec.first_link(header_body))
        plan = _sound_plan(plan, codec.decode_header(header_body))
    except BrokenChain as broken:
        text = f"what came before is not known here ({broken})"
        raise UnsoundSession(Problem(text, file=name)) from None
    except LookupError as error:
        raise UnsoundSession(Problem(str(error), file=name)) from None
    stem, number = path.name.removesuffix(SESSION_SUFFIX), 1
    while os.path.lexists(
        new := path.with_name(f"{stem}-recovered{-number if number > 1 else ''}{SESSION_SUFFIX}")
    ):
        number += 1
    note = f"recovered from what was known of {name}, which was written over: {len(rows)} events, nothing was lost"
    _make(
        new,
        header_body,
        plan,
        rows,
        Draft(NoteAdded(note), by=by),
        clock,
        allow_network_fs=True,
    )
    return new


def _make(
    new: Path,
    header_body: bytes,
    plan: bytes,
    rows: Sequence[Row],
    note: Draft,
    clock: Clock,
    *,
    allow_network_fs: bool,
) -> None:
    def fill(store: SqliteStore) -> None:
        with store.transaction():
            store.make_tables(plan)
            store.put_rows(rows)
            store.insert([note], rows[-1].epoch)

    make(new, header_body, fill, clock, allow_network_fs=allow_network_fs).close()


def _note(old: Path, kept: int, stopped: str) -> str:
    lost = f"what came after is lost ({stopped})" if stopped else "nothing was lost"
    return f"recovered from {clean_line(old.name)}: the first {kept} events were kept, {lost}"


def _salvage(copy: Path, old: Path) -> tuple[bytes, bytes, list[Row], str]:
    with told(old):
        db = connect(copy, writable=True)
        try:
            db.execute("PRAGMA writable_schema=ON")  # else SQLite refuses all of a file whose end is missing
            header_body = _meta(db, "header")
            plan = _plan(db, codec.decode_header(header_body))
            rows, stopped = _sound_rows(db, codec.first_link(header_body))
        except ValueError:
            raise _hopeless(old, "its header cannot be read") from None
        except LookupError as error:
            raise _hopeless(old, str(error)) from None
        finally:
            db.close()
    if not rows:
        raise _hopeless(old, stopped or "it holds no event")
    return header_body, plan, rows, stopped


def _hopeless(old: Path, why: str) -> UnsoundSession:
    return UnsoundSession(Problem(f"nothing that can be recovered: {why}", file=clean_line(str(old))))


def _meta(db: sqlite3.Connection, key: str) -> bytes:
    row = db.execute(_META, (key,)).fetchone()
    return row[0] if row and isinstance(row[0], bytes) else b""


def _plan(db: sqlite3.Connection, header: Header) -> bytes:
    try:
        inside = _meta(db, "plan")
    except (sqlite3.Error, UnicodeDecodeError):
        inside = b""
    return _sound_plan(inside, header)


def _sound_plan(inside: bytes, header: Header) -> bytes:
    """The checklist inside the file, or where that is damaged the file it came from, if it is still the same."""
    if hashlib.sha256(inside).hexdigest() == header.plan_sha256:
        return inside
    outside = b""
    with contextlib.suppress(OSError):
        if Path(header.plan_path).is_file():
            outside = Path(header.plan_path).read_bytes()
    if hashlib.sha256(outside).hexdigest() != header.plan_sha256:
        raise LookupError(f"the checklist inside is damaged, and {header.plan_path} is not the same any more")
    return outside


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
