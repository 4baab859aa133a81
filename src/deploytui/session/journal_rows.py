"""The journal as rows: its newest, those further back, and those of one item. No look depends on how long it is."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from deploytui.session.event_text import journal_row
from deploytui.session.session import Session
from deploytui.session.view import JournalRow

_UNREAD = datetime(1970, 1, 1, tzinfo=UTC)


def journal_rows(session: Session, limit: int, skip: int = 0) -> tuple[JournalRow, ...]:
    """The newest rows first; `skip` leaves out that many of the newest."""
    last = session.state.seq - skip
    first = max(1, last - limit + 1)
    found = session.tail.between(first, last)
    rows = [
        _unread(seq) if event is None else journal_row(event, session.index)
        for seq, event in zip(range(first, last + 1), found, strict=True)
    ]
    if session.header.mode != "live":
        rows = [replace(row, text=f"REHEARSAL {row.text}") for row in rows]
    return tuple(reversed(rows))


def _unread(seq: int) -> JournalRow:
    return JournalRow(seq, _UNREAD, "        ", "", "○", f"event {seq} is being read")


def item_history(session: Session, item: str) -> list[str]:
    """What was last said of one item, oldest first."""
    rows = [journal_row(event, session.index) for event in session.tail.of_item(item)]
    return [f"{row.clock} {row.by} {row.text}" for row in rows]
