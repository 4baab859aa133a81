"""A small session for the tests of this room."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from deploytui.base.clock import FrozenClock
from deploytui.journal.event import Draft, Kind
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
OPENING = (Draft(Kind.SESSION_OPENED.value, {"go_live": "2026-11-24T02:00:00Z"}, by="ANA"),)


def checked(item: str) -> Draft:
    return Draft(Kind.ITEM_CHECKED.value, {"item": item}, by="ANA")


def new_session(path: Path, events: int = 0) -> SqliteStore:
    """A session file with its opening event and so many ticks, driven by ANA in epoch 1."""
    store = create(path, HEADER, PLAN, clock=FrozenClock(AT), holder=ANA, opening=OPENING)
    if events:
        store.append(1, lambda new: [checked(f"item-{number}") for number in range(events)], 1)
    return store
