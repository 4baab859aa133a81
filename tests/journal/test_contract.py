"""What every store promises, asked of each of them in the same words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploytui.base.clock import FrozenClock
from deploytui.base.errors import Refused
from deploytui.journal.event import Draft
from deploytui.journal.fact import DriverTook, ItemSkipped, NoteAdded
from deploytui.journal.sqlite import open_store
from deploytui.journal.store import Fenced, JournalStore, Lease
from tests.journal.memory import MemoryStore
from tests.journal.sample import ANA, AT, BO, HEADER, OPENING, PLAN, checked, new_session

TOOK = Draft(DriverTook("", "ANA is gone"), by="BO")


class Contract:
    """`first` made the journal and drives it in epoch 1; `second` is another way to the same journal."""

    @pytest.fixture
    def first(self) -> Iterator[JournalStore]:
        raise NotImplementedError

    @pytest.fixture
    def second(self, first: JournalStore) -> Iterator[JournalStore] | JournalStore:
        raise NotImplementedError

    def test_begins_with_header_plan_and_opening_events(
        self, first: JournalStore, second: JournalStore
    ) -> None:
        for store in (first, second):
            assert store.header == HEADER
            assert store.plan_source == PLAN
            assert not store.is_read_only
            (opened,) = store.events()
            assert (opened.seq, opened.epoch, opened.kind, opened.by) == (1, 1, "session.opened", "ANA")
            assert opened.at == AT
            assert store.lease() == Lease(1, ANA, 1)

    def test_append_gives_what_is_then_read(self, first: JournalStore, second: JournalStore) -> None:
        draft = Draft(ItemSkipped("a", "größer\nals"), "ANA", "Kim", "phone")
        appended = first.append(1, lambda new: [draft, checked("b")], 1)
        assert appended.foreign == ()
        assert [event.seq for event in appended.own] == [2, 3]
        assert second.events(1) == list(appended.own)
        assert second.events(3) == []
        assert second.events(0, 2) == second.events()[:2]
        assert second.events(1, 1) == list(appended.own[:1])
        assert second.events(2, 5) == list(appended.own[1:])
        skipped = second.events(1)[0]
        assert (skipped.by, skipped.for_, skipped.via) == ("ANA", "Kim", "phone")
        assert skipped.fact == ItemSkipped("a", "größer\nals")

    def test_ids_differ_and_heads_agree(self, first: JournalStore, second: JournalStore) -> None:
        heads = {first.head()}
        for number in range(5):
            first.append(0, lambda new, n=number: [checked(f"{n}")], 1)  # type: ignore[misc]
            heads.add(first.head())
            assert first.head() == second.head()
        assert len(heads) == 6
        assert len({event.id for event in first.events()}) == 6

    def test_a_script_needs_no_lease_and_hands_its_event_to_the_driver(
        self, first: JournalStore, second: JournalStore
    ) -> None:
        by_script = second.append(1, lambda new: [checked("a")], None).own
        assert by_script[0].epoch == 1
        seen: list[int] = []
        appended = first.append(1, lambda new: [checked(f"after {seen.append(len(new))}")], 1)
        assert appended.foreign == by_script
        assert seen == [1]
        assert appended.own[0].seq == 3

    def test_what_decide_raises_leaves_nothing(self, first: JournalStore) -> None:
        def refuse(new: object) -> list[Draft]:
            raise Refused("not now")

        head = first.head()
        with pytest.raises(Refused):
            first.append(1, refuse, 1)
        assert first.head() == head
        assert first.append(1, lambda new: [checked("a")], 1).own[0].seq == 2

    def test_a_draft_that_cannot_be_stored_leaves_nothing_of_its_group(self, first: JournalStore) -> None:
        bad = Draft(NoteAdded(1.5))  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            first.append(1, lambda new: [checked("a"), bad], 1)
        assert first.head()[0] == 1

    def test_no_drafts_append_nothing(self, first: JournalStore) -> None:
        head = first.head()
        assert first.append(1, lambda new: [], 1).own == ()
        assert first.head() == head

    def test_a_takeover_fences_the_one_before(self, first: JournalStore, second: JournalStore) -> None:
        event = second.take_lease(BO, second.lease(), TOOK)
        assert (event.seq, event.epoch, event.kind) == (2, 2, "driver.took")
        assert second.lease().holder == BO
        asked: list[object] = []
        with pytest.raises(Fenced):
            first.append(1, lambda new: [checked(str(asked.append(new)))], 1)
        assert asked == []
        assert not first.beat(1)
        assert second.append(2, lambda new: [checked("a")], 2).own[0].epoch == 2

    def test_the_second_of_two_takeovers_loses(self, first: JournalStore, second: JournalStore) -> None:
        seen = first.lease()
        second.take_lease(BO, seen, TOOK)
        head = first.head()
        with pytest.raises(Fenced):
            first.take_lease(ANA, seen, TOOK)
        assert first.head() == head
        assert first.lease() == second.lease()

    def test_a_beat_in_between_stops_a_takeover(self, first: JournalStore, second: JournalStore) -> None:
        seen = second.lease()
        assert first.beat(1)
        assert first.lease().beat == seen.beat + 1
        with pytest.raises(Fenced):
            second.take_lease(BO, seen, TOOK)

    def test_release_means_nobody_drives(self, first: JournalStore, second: JournalStore) -> None:
        first.release(1)
        assert second.lease().holder is None
        assert not first.beat(1)
        with pytest.raises(Fenced):
            first.append(1, lambda new: [checked("a")], 1)
        assert second.append(1, lambda new: [checked("a")], None).own[0].seq == 2
        assert second.take_lease(BO, second.lease(), TOOK).epoch == 2

    def test_release_of_a_lost_lease_does_nothing(self, first: JournalStore, second: JournalStore) -> None:
        second.take_lease(BO, second.lease(), TOOK)
        first.release(1)
        assert second.lease().holder == BO

    def test_changes_of_others_are_noticed_once(self, first: JournalStore, second: JournalStore) -> None:
        second.has_changed()
        assert not second.has_changed()
        first.append(1, lambda new: [checked("a")], 1)
        assert second.has_changed()
        assert not second.has_changed()

    def test_own_changes_are_no_news(self, first: JournalStore) -> None:
        first.has_changed()
        first.append(1, lambda new: [checked("a")], 1)
        assert not first.has_changed()

    def test_the_newest_snapshot_comes_back(self, first: JournalStore, second: JournalStore) -> None:
        assert second.snapshot() is None
        first.save_snapshot(1, b"one")
        first.append(1, lambda new: [checked("a")], 1)
        first.save_snapshot(2, b"\x00two\xff")
        assert second.snapshot() == (2, b"\x00two\xff")

    def test_a_snapshot_of_no_event_is_not_kept(self, first: JournalStore) -> None:
        first.save_snapshot(7, b"seven")
        assert first.snapshot() is None


class TestSqlite(Contract):
    @pytest.fixture
    def first(self, tmp_path: Path) -> Iterator[JournalStore]:
        store = new_session(tmp_path / "s.deploytui")
        yield store
        store.close()

    @pytest.fixture
    def second(self, first: JournalStore, tmp_path: Path) -> Iterator[JournalStore]:
        store = open_store(tmp_path / "s.deploytui", writable=True, clock=FrozenClock(AT))
        yield store
        store.close()


class TestMemory(Contract):
    @pytest.fixture
    def first(self) -> Iterator[JournalStore]:
        store = MemoryStore.create(HEADER, PLAN, clock=FrozenClock(AT), holder=ANA, opening=OPENING)
        yield store
        store.close()

    @pytest.fixture
    def second(self, first: JournalStore) -> JournalStore:
        assert isinstance(first, MemoryStore)
        return first.another()
