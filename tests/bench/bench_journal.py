"""What the journal costs beside the bare thing it rests on, measured in turn in one run."""

from __future__ import annotations

import gc
import hashlib
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from deploytui.base.clock import FrozenClock
from deploytui.journal import snapshot
from deploytui.journal.event import Draft
from deploytui.journal.fact import ItemChecked, ItemUndone, SessionOpened
from deploytui.journal.fold import fold
from deploytui.journal.sqlite import create, open_store
from deploytui.journal.sqlite_store import SqliteStore
from deploytui.journal.store import Header, Holder

EPOCH = 1
ITEMS = 201
_AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
_PLAN = b"title: bench\n"
_HEADER = Header("bench", "Bench", "bench", "", hashlib.sha256(_PLAN).hexdigest(), "live", _AT, "bench")
_HOLDER = Holder("ANA", "bench", 1, 1, "bench")


def _draft(number: int) -> Draft:
    """Every item is ticked once; from then on undone and ticked again, so that no history piles up."""
    fact = ItemUndone if number // ITEMS % 2 else ItemChecked
    return Draft(fact(f"execution/steps/step-{number % ITEMS}"), by="ANA")


def _new_store(path: Path) -> SqliteStore:
    opening = [Draft(SessionOpened("2026-11-24T02:00:00Z"), by="ANA")]
    return create(path, _HEADER, _PLAN, clock=FrozenClock(_AT), holder=_HOLDER, opening=opening)


def bare(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=DELETE")
    db.execute("PRAGMA synchronous=EXTRA")
    db.execute(
        "CREATE TABLE event(seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL) STRICT"
    )
    return db


def _timed_ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def committed_event(folder: Path, rounds: int = 300) -> tuple[float, float]:
    """Medians of one bare INSERT and of one append with lease, chain and codec; each pair back to back."""
    db, store = bare(folder / "bare.db"), _new_store(folder / "event.deploytui")
    floor: list[float] = []
    seen: list[float] = []
    body = "x" * 260
    for number in range(rounds):
        row = (number, f"{number:032x}", body)
        floor.append(_timed_ms(lambda row=row: db.execute("INSERT INTO event VALUES(?,?,?)", row)))  # type: ignore[misc]
        seen.append(_timed_ms(lambda n=number: store.append(n + 1, lambda new: [_draft(n)], EPOCH)))  # type: ignore[misc]
    db.close()
    store.close()
    return statistics.median(floor), statistics.median(seen)


def long_journal(folder: Path, events: int = 100_000) -> Path:
    """A session file with that many events, and a snapshot as the driver keeps one."""
    path = folder / "long.deploytui"
    store = _new_store(path)
    for begin in range(1, events, 10_000):
        store.append(
            begin, lambda new, b=begin: [_draft(n) for n in range(b, min(b + 10_000, events))], EPOCH
        )  # type: ignore[misc]
    seq = events - events % snapshot.EVERY - snapshot.EVERY // 2
    state = fold([event for event in store.events() if event.seq <= seq])
    store.save_snapshot(seq, snapshot.encode(state))
    store.close()
    return path


def _open(path: Path) -> None:
    store = open_store(path, writable=False, clock=FrozenClock(_AT))
    seq, body = store.snapshot() or (0, b"")
    fold(store.events(seq), snapshot.decode(body))
    store.close()


def _fold_all(path: Path) -> None:
    store = open_store(path, writable=False, clock=FrozenClock(_AT))
    fold(store.events())
    store.close()


def _read_only(path: Path) -> list[tuple[int, bytes]]:
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    rows = db.execute("SELECT seq, CAST(body AS BLOB) FROM event").fetchall()
    db.close()
    return rows


def _median_ms(work: Callable[[], object], rounds: int) -> float:
    gc.collect()
    return statistics.median(_timed_ms(work) for _ in range(rounds))


def measure() -> list[tuple[str, float, float, float]]:
    """(name, floor ms, seen ms, ratio) of each row."""
    rows: list[tuple[str, float, float]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows.append(("one committed event", *committed_event(folder)))
        path = long_journal(folder)
        reading = _median_ms(lambda: _read_only(path), 3)
        rows.append(("open 100,000 events, by snapshot", reading, _median_ms(lambda: _open(path), 5)))
        rows.append(("open 100,000 events, folding all", reading, _median_ms(lambda: _fold_all(path), 1)))
    return [(name, floor, seen, seen / floor) for name, floor, seen in rows]


if __name__ == "__main__":
    for row in measure():
        print("{:36} floor {:9.3f} ms  seen {:9.3f} ms  x{:.2f}".format(*row))
