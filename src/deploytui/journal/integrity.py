"""Whether a journal is whole: each event fits its hash, its columns and the one before.

Tamper-evident, not tamper-proof: who rewrites everything, or cuts the end, is found out only by a head that
was noted elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from msgspec import Struct

from deploytui.journal.codec import decode, link
from deploytui.journal.event import Event
from deploytui.journal.fact import SessionOpened

_PIECE = 2000
# From which event on, and how many (-1: all); as `Row` has them.
ROWS = "SELECT seq, id, epoch, CAST(body AS BLOB), prev, hash FROM event WHERE seq>=? ORDER BY seq LIMIT ?"


class Row(NamedTuple):
    """An event as it is stored. `body` is read as bytes: a damaged text must not end in a decoding error."""

    seq: int
    id: str
    epoch: int
    body: bytes
    prev: bytes
    hash: bytes


class BrokenChain(Exception):
    """The first event that does not fit, and why."""

    def __init__(self, seq: int, reason: str) -> None:
        super().__init__(f"event {seq}: {reason}")
        self.seq = seq
        self.reason = reason


def follow(
    rows: Iterable[tuple[int, str, int, bytes | None, bytes, bytes]], seq: int, prev: bytes
) -> list[Event]:
    """The events of `rows`, which must continue the chain after `seq` and its hash `prev`.

    Every plain column is compared with the body: the hash covers only the body. The first of all opens the session:
    what begins with another one is the rest of something.
    """
    events: list[Event] = []
    for row_seq, row_id, epoch, body, row_prev, row_hash in rows:
        seq += 1
        if row_seq != seq:
            raise BrokenChain(seq, f"missing, the next is {row_seq}")
        if not isinstance(body, bytes):  # the types of columns are kept on writing, not on reading
            raise BrokenChain(seq, "it cannot be read")
        if row_prev != prev or link(prev, body) != row_hash:
            raise BrokenChain(seq, "its hash does not fit")
        try:
            event = decode(body)
        except ValueError:
            raise BrokenChain(seq, "it cannot be read") from None
        if event.seq != row_seq or event.id != row_id or event.epoch != epoch:
            raise BrokenChain(seq, "its columns differ from its text")
        if seq == 1 and not isinstance(event.fact, SessionOpened):
            raise BrokenChain(seq, "it does not open a session")
        events.append(event)
        prev = row_hash
    return events


class Verdict(Struct, frozen=True):
    """What a full check found: the sound events from the first on, the head after them, and what broke there."""

    events: int
    head: str
    broken: BrokenChain | None = None


class Stored(Protocol):
    """Where rows can be read as they are stored, a bounded number at a time."""

    @property
    def first_link(self) -> bytes: ...

    def stored(self, after_seq: int, limit: int) -> Sequence[Row]: ...

    def damage(self) -> str:
        """What SQLite itself finds wrong, or ""."""


def verify(source: Stored) -> Verdict:
    """The whole journal against itself, in pieces: no lock is held for long, so a save is never kept waiting.

    Header and checklist were checked when the file was opened. Errors of the disk are raised, not judged.
    """
    seq, prev = 0, source.first_link
    while rows := source.stored(seq, _PIECE):
        sound, broken = _sound_part(rows, seq, prev)
        seq += len(sound)
        prev = sound[-1].hash if sound else prev
        if broken is not None:
            return Verdict(seq, prev.hex(), broken)
    if seq == 0:
        return Verdict(seq, prev.hex(), BrokenChain(1, "missing, there are no events"))
    if damage := source.damage():
        return Verdict(seq, prev.hex(), BrokenChain(seq + 1, damage))
    return Verdict(seq, prev.hex())


def _sound_part(rows: Sequence[Row], seq: int, prev: bytes) -> tuple[Sequence[Row], BrokenChain | None]:
    try:
        follow(rows, seq, prev)
    except BrokenChain as broken:
        return rows[: broken.seq - seq - 1], broken
    return rows, None
