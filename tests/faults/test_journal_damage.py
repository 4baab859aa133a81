"""Damage: a file with a flipped bit or a missing end is refused, or it still says exactly what it said."""

from __future__ import annotations

import json
import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from deploytui.base.clock import SystemClock
from deploytui.base.errors import DeploytuiError
from deploytui.journal import snapshot
from deploytui.journal.event import Event
from deploytui.journal.fold import fold
from deploytui.journal.integrity import verify
from deploytui.journal.recover import recover
from deploytui.journal.sqlite import open_store
from deploytui.journal.state import SessionState
from deploytui.journal.store import Header, Lease
from tests.faults.conftest import SOAK
from tests.journal.sample import new_session

FLIPS = 20_000 if SOAK else 1000
CUTS = 3000 if SOAK else 300
RECOVERIES = 3000 if SOAK else 200
EVENTS = 200
CLOCK = SystemClock()

Content = tuple[Header, bytes, list[Event], SessionState | None]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("original") / "s.deploytui"
    store = new_session(path, events=EVENTS)
    store.save_snapshot(150, snapshot.encode(fold(store.events()[:150])))
    store.close()
    return path.read_bytes()


def content_of(path: Path) -> Content:
    """All that a user could be shown of a file; refused where it is not sound."""
    store = open_store(path, writable=False, clock=CLOCK)
    try:
        verdict = verify(store)
        if verdict.broken is not None:
            raise DeploytuiError(str(verdict.broken))
        kept = store.snapshot()
        assert isinstance(store.lease(), Lease)
        return store.header, store.plan_source, store.events(), snapshot.decode(kept[1]) if kept else None
    finally:
        store.close()


def judged(path: Path, damaged: bytes, expected: Content) -> str:
    """A snapshot is derived: it may be gone, but never be another one."""
    path.write_bytes(damaged)
    path.with_name(path.name + "-journal").unlink(missing_ok=True)
    try:
        found = content_of(path)
    except DeploytuiError:
        return "refused"
    is_same = found[:3] == expected[:3] and found[3] in (None, expected[3])
    return "unchanged" if is_same else "accepted although changed"


def flipped(content: bytes, dice: random.Random) -> bytes:
    damaged = bytearray(content)
    damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
    return bytes(damaged)


def test_no_flipped_bit_changes_what_a_file_says(
    tmp_path: Path, original: bytes, counted: Callable[[str], None]
) -> None:
    path, dice = tmp_path / "s.deploytui", random.Random(7)
    path.write_bytes(original)
    expected = content_of(path)
    assert expected[3] is not None
    outcomes = Counter(judged(path, flipped(original, dice), expected) for _ in range(FLIPS))
    counted(
        f"flipped bits: {FLIPS} files, {dict(sorted(outcomes.items()))}, 0 may be accepted although changed"
    )
    assert outcomes["accepted although changed"] == 0
    assert outcomes["refused"] > FLIPS / 2


def test_no_missing_end_changes_what_a_file_says(
    tmp_path: Path, original: bytes, counted: Callable[[str], None]
) -> None:
    path, dice = tmp_path / "s.deploytui", random.Random(8)
    path.write_bytes(original)
    expected = content_of(path)
    sizes = [dice.randrange(len(original)) for _ in range(CUTS)]
    outcomes = Counter(judged(path, original[:size], expected) for size in sizes)
    counted(f"missing ends: {CUTS} files, {dict(outcomes)}")
    assert outcomes["accepted although changed"] == 0
    assert outcomes["refused"] > CUTS * 0.8  # a cut in the last page may only have taken the snapshot


def test_what_is_recovered_is_the_beginning_of_what_was(
    tmp_path: Path, original: bytes, counted: Callable[[str], None]
) -> None:
    path, new, dice = tmp_path / "s.deploytui", tmp_path / "new.deploytui", random.Random(9)
    path.write_bytes(original)
    expected, kept = content_of(path), []
    for number in range(RECOVERIES):
        damaged = flipped(original, dice) if number % 2 else original[: dice.randrange(len(original))]
        path.write_bytes(damaged)
        try:
            outcome = recover(path, new, by="ANA", clock=CLOCK)
        except DeploytuiError:
            assert not new.exists()
            continue
        assert path.read_bytes() == damaged
        found = content_of(new)
        assert found[:2] == expected[:2]
        assert found[2][:-1] == expected[2][: outcome.kept]
        assert outcome.stopped or outcome.kept == EVENTS + 1
        kept.append(outcome.kept)
        new.unlink()
    counted(
        f"recovered: {len(kept)} of {RECOVERIES} damaged files, {sum(kept) // len(kept)} of {EVENTS + 1} events each"
    )
    assert len(kept) > RECOVERIES / 2


def naive_content(path: Path) -> list[object]:
    """What a program would read that trusts SQLite's own check."""
    db = sqlite3.connect(path)
    try:
        if db.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("found by quick_check")
        rows = db.execute("SELECT seq, id, epoch, body FROM event ORDER BY seq").fetchall()
        return [(seq, id_, epoch, json.loads(body)) for seq, id_, epoch, body in rows]
    finally:
        db.close()


def test_flipped_bits_get_past_sqlite_alone(
    tmp_path: Path, original: bytes, counted: Callable[[str], None]
) -> None:
    path, dice = tmp_path / "s.deploytui", random.Random(7)
    path.write_bytes(original)
    expected, accepted = naive_content(path), 0
    for _ in range(300):
        path.write_bytes(flipped(original, dice))
        try:
            accepted += naive_content(path) != expected
        except (sqlite3.Error, ValueError):
            continue
    counted(f"  control, without the chain and the columns: {accepted} of 300 accepted although changed")
    assert accepted > 0
