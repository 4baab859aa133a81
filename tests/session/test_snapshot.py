"""A long session keeps a snapshot, and opened from it is the session that folding everything gives."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from deploytui.base.clock import FrozenClock
from deploytui.base.errors import UnusableSession
from deploytui.journal import snapshot
from deploytui.journal.store import Header, Holder
from deploytui.session.act import AddNote, By, CheckItem, UndoLast
from deploytui.session.session import Session
from tests.journal.memory import MemoryStore
from tests.session.fake import GO_LIVE, Driven, small_plan

ANA = By("ANA")
CLOCK = FrozenClock(GO_LIVE)
HEADER = Header("s", "S", "s", "", "0" * 64, "live", datetime(2025, 11, 22, tzinfo=UTC), "0")


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setattr(snapshot, "EVERY", 10)
    store = MemoryStore.create(HEADER, b"", clock=CLOCK, holder=Holder("ANA", "h", 1, 1, "b"), opening=[])
    driving = Driven(small_plan(), store, CLOCK, store.events())
    driving.drive(1)
    return driving


def busy(session: Session, notes: int) -> None:
    session.perform(CheckItem("pre.1"), ANA)
    session.perform(CheckItem("pre.2"), ANA)
    session.perform(UndoLast(), ANA)
    for number in range(notes):
        session.perform(AddNote(f"note {number}", "pre.1"), ANA)


def test_a_short_session_keeps_none(session: Session) -> None:
    busy(session, 2)
    session.leave(ANA)
    assert session.store.snapshot() is None


def test_a_long_one_is_opened_from_its_newest(session: Session) -> None:
    busy(session, 30)
    found = session.store.snapshot()
    assert found is not None
    assert found[0] == session.state.seq // 10 * 10
    again = Driven(
        small_plan(), session.store, CLOCK, session.store.events(), snapshot.restore(session.store)
    )
    assert again.state == session.state
    assert again.events == session.events
    assert again.tally.everything() == session.tally.everything()
    again.drive(1)
    again.perform(CheckItem("pre.2"), ANA)
    assert again.state.items["pre.2"].seq == session.state.seq + 1


def test_leaving_keeps_the_last_state(session: Session) -> None:
    busy(session, 12)
    session.leave(ANA)
    kept = snapshot.restore(session.store)
    assert kept is not None
    assert kept.seq == session.store.head()[0]
    assert kept.driver_left_at is not None


def test_a_disk_too_full_for_a_snapshot_disturbs_nobody(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: MemoryStore, seq: int, body: bytes) -> None:
        raise UnusableSession("disk full")

    monkeypatch.setattr(MemoryStore, "save_snapshot", full)
    busy(session, 30)
    session.leave(ANA)
    assert session.store.lease().holder is None
