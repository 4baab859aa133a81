"""Session files: created whole or not at all, opened only when sound."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from deploytui.base.clock import Clock
from deploytui.base.errors import UnsoundSession
from deploytui.base.paths import SESSION_SUFFIX
from deploytui.base.small_file import Unreadable, read_small
from deploytui.base.text import clean_line
from deploytui.journal import codec, place, schema
from deploytui.journal.connection import connect, is_unfinished, make_durable, roll_back
from deploytui.journal.event import Draft
from deploytui.journal.fact import NoteAdded
from deploytui.journal.failure import told, unsound
from deploytui.journal.integrity import BrokenChain, Row, follow
from deploytui.journal.sqlite_store import SqliteStore
from deploytui.journal.store import Header, Holder, Lease

_MOST_PLAN = 1 << 24  # the largest checklist that a session is made of


def create(
    path: Path,
    header: Header,
    plan_source: bytes,
    *,
    clock: Clock,
    holder: Holder,
    opening: Sequence[Draft],
    allow_network_fs: bool = False,
) -> SqliteStore:
    """A new session file with its plan and `opening` events, driven by `holder` in epoch 1.

    All of it is one transaction: a crash leaves a sound session, or an empty file that can be named and skipped.
    """
    if header.plan_sha256 != hashlib.sha256(plan_source).hexdigest():
        raise ValueError("the header's hash is not the plan's")

    def fill(store: SqliteStore) -> None:
        with store.transaction():
            store.make_tables(plan_source)
            epoch = store.put_holder(holder, Lease(0, None, 0))
            store.insert(opening, epoch)

    return make(path, codec.encode_header(header), fill, clock, allow_network_fs=allow_network_fs)


def make(
    path: Path,
    header_body: bytes,
    fill: Callable[[SqliteStore], None],
    clock: Clock,
    *,
    allow_network_fs: bool,
) -> SqliteStore:
    """A new file that `fill` writes in one transaction. Nothing is left behind where that fails."""
    place.make_folder(path.parent)
    place.check_folder(path.parent)
    place.check_disk(path.parent, allow_network_fs=allow_network_fs)
    place.make_file(path)
    try:
        with told(path), contextlib.ExitStack() as on_error:
            db = connect(path, writable=True)
            on_error.callback(db.close)
            make_durable(db, path)
            store = SqliteStore(db, path, clock, header_body, partial(rescue, clock), is_read_only=False)
            fill(store)
            on_error.pop_all()
            return store
    except BaseException:
        for leftover in (path, path.with_name(path.name + "-journal")):
            with contextlib.suppress(OSError):
                leftover.unlink()
        raise


def open_store(path: Path, *, writable: bool, clock: Clock, allow_network_fs: bool = False) -> SqliteStore:
    """A session file that is sound as far as its header, its plan and its last 1,000 events; `integrity.verify`
    reads the rest. To write, the right to do so is proved by a real write: SQLite itself would tell too late.
    """
    place.check_file(path, writable=writable)
    if writable:
        place.check_disk(path.parent, allow_network_fs=allow_network_fs)
    with told(path), contextlib.ExitStack() as on_error:
        db = connect(path, writable=writable)
        on_error.callback(db.close)
        _undo_unfinished(db, path)
        schema.check_version(db, path, writable=writable)
        if writable:
            make_durable(db, path)
        store = SqliteStore(
            db, path, clock, _read_header(db, path), partial(rescue, clock), is_read_only=not writable
        )
        _ = store.plan_source  # it is the one that the header speaks of
        store.check_tail()
        if writable:
            with store.transaction():
                db.execute(schema.TOUCH)
        on_error.pop_all()
        return store


def make_copy(
    new: Path,
    header_body: bytes,
    plan: bytes,
    rows: Sequence[Row],
    note: Draft,
    clock: Clock,
    *,
    allow_network_fs: bool,
) -> None:
    """A new file of events as they were stored in another one, and a note of where they come from."""

    def fill(store: SqliteStore) -> None:
        with store.transaction():
            store.make_tables(plan)
            store.put_rows(rows)
            store.insert([note], rows[-1].epoch)

    make(new, header_body, fill, clock, allow_network_fs=allow_network_fs).close()


def rescue(clock: Clock, path: Path, header_body: bytes, plan: bytes, rows: Sequence[Row], by: str) -> Path:
    """What a program still knows of the session at `path`, whose file was written over, in a new one beside it."""
    try:
        follow(rows, 0, codec.first_link(header_body))
        plan = sound_plan(plan, codec.decode_header(header_body))
    except BrokenChain as broken:
        raise UnsoundSession.at(path, f"what came before is not known here ({broken})") from None
    except LookupError as error:
        raise UnsoundSession.at(path, str(error)) from None
    stem, number = path.name.removesuffix(SESSION_SUFFIX), 1
    new = path.with_name(f"{stem}-recovered{SESSION_SUFFIX}")
    while os.path.lexists(new):
        number += 1
        new = path.with_name(f"{stem}-recovered-{number}{SESSION_SUFFIX}")
    name = clean_line(path.name)
    note = f"recovered from what was known of {name}, which was written over: {len(rows)} events, nothing was lost"
    draft = Draft(NoteAdded(note), by=by)
    make_copy(new, header_body, plan, rows, draft, clock, allow_network_fs=True)
    return new


def sound_plan(inside: bytes, header: Header) -> bytes:
    """The checklist inside the file, or where that is damaged the file it came from, if it is still the same."""
    if hashlib.sha256(inside).hexdigest() == header.plan_sha256:
        return inside
    outside = b""
    with contextlib.suppress(Unreadable):
        outside = read_small(header.plan_path, _MOST_PLAN)
    if hashlib.sha256(outside).hexdigest() != header.plan_sha256:
        raise LookupError(f"the checklist inside is damaged, and {header.plan_path} is not the same any more")
    return outside


def _undo_unfinished(db: sqlite3.Connection, path: Path) -> None:
    try:
        db.execute("PRAGMA schema_version").fetchall()
    except sqlite3.OperationalError as error:
        if not is_unfinished(error):
            raise
        roll_back(path)


def _read_header(db: sqlite3.Connection, path: Path) -> bytes:
    rows = db.execute("SELECT v FROM meta WHERE k='header'").fetchall()
    body = rows[0][0] if rows and isinstance(rows[0][0], bytes) else b""
    try:
        codec.decode_header(body)
    except ValueError:
        raise unsound(path, "a header that cannot be read") from None
    return body
