"""The fold: total, in any pieces, and undo goes back exactly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploytui.journal import snapshot
from deploytui.journal.event import Event
from deploytui.journal.fact import Known, Value
from deploytui.journal.fold import apply, fold
from deploytui.journal.state import UNDO_DEPTH, ItemStatus, SessionState
from tests.journal.sample import AT, fact

_ITEM = st.sampled_from(["a", "b", "c"])
_VALUE: st.SearchStrategy[Value] = st.one_of(
    _ITEM, st.text(max_size=5), st.integers(), st.booleans(), st.none(), st.lists(_ITEM, max_size=3)
)
_INSTANT = st.sampled_from(
    ["2026-11-24T02:00:00Z", "2026-11-24T02:00:00", "9999-12-31T23:59:59+05:00", "soon"]
)
_KEYS = (
    "item",
    "reason",
    "evidence",
    "auto",
    "phase",
    "phases",
    "gauge",
    "after",
    "why",
    "outcome",
    "promise",
    "kept",
)
_PAYLOAD = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(_KEYS, _VALUE),
        **dict.fromkeys(("go_live", "due_at", "expected_at"), st.one_of(_INSTANT, _VALUE)),
        "edge": st.one_of(st.just("go-live"), _VALUE),
        "seconds": st.one_of(st.integers(-(10**12), 10**12), _VALUE),
    },
)
_KIND = st.sampled_from(
    [*(kind.__struct_config__.tag for kind in get_args(Known)), "rollback.called_by_a_newer_program"]
)


def in_order(acts: list[tuple[str, dict[str, Value]]], after: int = 0) -> list[Event]:
    """The acts as events one second apart."""
    return [
        Event(seq, f"id{seq}", 1, fact(kind, **payload), AT + timedelta(seconds=seq), by="ANA")
        for seq, (kind, payload) in enumerate(acts, after + 1)
    ]


JOURNALS = st.lists(st.tuples(_KIND, _PAYLOAD), max_size=40).map(in_order)


def act(kind: str, seq: int, item: str = "a", **payload: Value) -> Event:
    return Event(seq, f"id{seq}", 1, fact(kind, item=item, **payload), AT + timedelta(seconds=seq), by="ANA")


@settings(max_examples=500, deadline=None)
@given(JOURNALS)
def test_whatever_stands_in_a_journal_can_be_folded(events: list[Event]) -> None:
    state = fold(events)
    assert state.seq == len(events)
    assert state.last_at == (events[-1].at if events else None)
    for at in (state.go_live, state.planned_go_live, *(promise.due_at for promise in state.promises)):
        assert at is None or at.tzinfo is not None


@given(JOURNALS, st.integers(0, 40))
def test_folding_in_two_pieces_is_folding_at_once(events: list[Event], cut: int) -> None:
    assert fold(events[cut:], fold(events[:cut])) == fold(events)


@given(JOURNALS, st.integers(0, 40))
def test_a_snapshot_and_the_rest_is_folding_at_once(events: list[Event], cut: int) -> None:
    kept = snapshot.decode(snapshot.encode(fold(events[:cut])))
    assert kept == fold(events[:cut])
    assert fold(events[cut:], kept) == fold(events)


@given(JOURNALS, st.sampled_from(["item.praised", "", "session.opened.v2"]))
def test_an_unknown_kind_only_moves_the_sequence(events: list[Event], kind: str) -> None:
    before = fold(events)
    after = apply(before, Event(len(events) + 1, "x", 1, fact(kind, item="a"), AT))
    assert after.seq == before.seq + 1
    assert after.items == before.items
    assert after.undoable == before.undoable


_SAYING = st.sampled_from(["item.started", "item.checked", "item.skipped", "item.failed"])


@given(st.lists(st.tuples(_SAYING, _ITEM), max_size=20), _SAYING, _ITEM)
def test_undo_goes_back_to_exactly_what_was(before: list[tuple[str, str]], kind: str, item: str) -> None:
    seqs = count(1)
    state = fold([act(said, next(seqs), on) for said, on in before])
    done = apply(state, act(kind, next(seqs), item))
    undone = apply(done, act("item.undone", next(seqs), item))
    assert undone.items == state.items
    assert undone.undoable == state.undoable[-UNDO_DEPTH:]


def test_all_can_be_undone_to_nothing() -> None:
    said = [act("item.started", 1), act("item.failed", 2), act("item.checked", 3)]
    state = fold([*said, *(act("item.undone", seq) for seq in (4, 5, 6, 7))])
    assert dict(state.items) == {}
    assert state.undoable == ()


def test_an_item_that_started_by_itself_is_not_what_undo_means() -> None:
    state = fold([act("item.checked", 1, "a"), act("item.started", 2, "b", auto=True)])
    assert state.items["b"].status is ItemStatus.ACTIVE
    assert state.undoable == ((1, "a"),)


def test_the_start_is_kept_through_the_tick() -> None:
    state = fold([act("item.started", 1), act("item.checked", 9)])
    assert state.items["a"].started_at == AT + timedelta(seconds=1)
    assert state.items["a"].at == AT + timedelta(seconds=9)


def test_the_reason_may_come_later_and_goes_with_the_undo() -> None:
    state = fold([act("item.failed", 1), act("item.reasoned", 2, reason="disk")])
    assert (state.items["a"].reason, state.items["a"].status) == ("disk", ItemStatus.FAILED)
    assert dict(apply(state, act("item.undone", 3)).items) == {}


def test_notes_are_counted_by_item_and_survive_an_undo() -> None:
    notes = [
        act("note.added", 2),
        act("note.added", 3),
        act("note.added", 4, ""),
        act("note.added", 5, "b"),
    ]
    state = fold([act("item.checked", 1), *notes, act("item.undone", 6)])
    assert dict(state.item_notes) == {"a": 2, "b": 1}


def test_only_the_last_acts_can_be_undone_one_by_one() -> None:
    state = fold([act("item.checked", seq, f"i{seq}") for seq in range(1, UNDO_DEPTH + 11)])
    assert len(state.undoable) == UNDO_DEPTH
    assert state.undoable[-1] == (UNDO_DEPTH + 10, f"i{UNDO_DEPTH + 10}")


def test_a_driver_who_left_is_followed_by_one_who_took() -> None:
    took, left = act("driver.took", 1), act("session.left", 2)
    assert fold([took]).driver_left_at is None
    assert fold([took, left]).driver_left_at == left.at
    assert fold([took, left, act("driver.took", 3)]).driver_left_at is None


def test_an_instant_without_a_zone_is_utc() -> None:
    state = fold([act("session.opened", 1, go_live="2026-11-24T02:00:00")])
    assert state.go_live == datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize("seconds", [10**12, -(10**12), 10**400])
def test_a_move_beyond_the_calendar_moves_nothing(seconds: int) -> None:
    opened = act("session.opened", 1, go_live="2026-11-24T02:00:00Z")
    state = fold([opened, act("edge.moved", 2, edge="go-live", seconds=seconds)])
    assert state.go_live == datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def test_nothing_folds_to_nothing() -> None:
    assert fold([]) == SessionState()
