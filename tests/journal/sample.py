"""A small session for the tests of this room."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from deploytui.base.clock import FrozenClock
from deploytui.journal import codec
from deploytui.journal.event import Draft, Event
from deploytui.journal.fact import Fact, ItemChecked, SessionOpened, Unknown, Value
from deploytui.journal.sample_store import SampleFile
from deploytui.journal.sqlite import create
from deploytui.journal.sqlite_store import SqliteStore
from deploytui.journal.store import Header, Holder

AT = datetime(2026, 11, 24, 2, 0, 0, 123456, tzinfo=UTC)
PLAN = "title: Größe ☐\n".encode()
HEADER = Header(
    session="salessync-20261124-0200",
    title="SalesSync",
    plan_name="salessync",
    plan_path="/srv/plans/salessync.yaml",
    plan_sha256=hashlib.sha256(PLAN).hexdigest(),
    mode="live",
    created_at=AT,
    program="0.1.0",
)
ANA = Holder("ANA", "app-1", 100, 7, "boot pid:[1]")
BO = Holder("BO", "app-1", 200, 9, "boot pid:[1]")
OPENING = (Draft(SessionOpened("2026-11-24T02:00:00Z"), by="ANA"),)


def fact(kind: str, **payload: Value) -> Fact:
    """What a stored event of that kind and payload says, however odd it is."""
    return codec.decode(codec.encode(Event(1, "e", 1, Unknown(kind, payload), AT))).fact


def checked(item: str) -> Draft:
    return Draft(ItemChecked(item), by="ANA")


def new_session(path: Path, events: int = 0) -> SqliteStore:
    """A session file with its opening event and so many ticks, driven by ANA in epoch 1."""
    store = create(path, HEADER, PLAN, clock=FrozenClock(AT), holder=ANA, opening=OPENING)
    if events:
        store.append(1, lambda new: [checked(f"item-{number}") for number in range(events)], 1)
    return store


def open_samples(path: Path, header: Header, *, writable: bool) -> SampleFile:
    """The past of the session of this header, open."""
    file = SampleFile(path, header)
    file.connect(writable=writable)
    return file
