"""Snapshots: only their own program's bytes count, and deep histories fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploytui.journal import snapshot
from deploytui.journal.fold import fold
from deploytui.journal.state import SessionState
from tests.journal.test_state import act, in_order

BODY = snapshot.encode(fold(in_order([("item.checked", {"item": "a"}), ("note.added", {"item": "a"})])))


@given(st.binary(max_size=200))
def test_any_other_bytes_are_ignored(body: bytes) -> None:
    assert snapshot.decode(body) is None


@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_a_damaged_snapshot_never_raises(at: int, flip: int) -> None:
    damaged = bytearray(BODY)
    damaged[at] ^= flip
    assert isinstance(snapshot.decode(bytes(damaged)), SessionState | None)


def test_another_layout_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    assert snapshot.decode(BODY) is not None
    monkeypatch.setattr(snapshot, "__version__", "0.0.9")
    assert snapshot.decode(BODY) is None


def test_an_item_said_of_a_thousand_times_fits() -> None:
    kinds = ("item.failed", "item.checked")
    state = fold([act(kinds[seq % 2], seq) for seq in range(1, 5001)])
    back = snapshot.decode(snapshot.encode(state))
    assert back is not None
    assert back == state
    assert [one.seq for one in back.items["a"].earlier] == list(range(1, 5000))
