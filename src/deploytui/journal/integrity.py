"""Whether a journal is whole: each event fits its hash, its columns and the one before.

Tamper-evident, not tamper-proof: who rewrites everything, or cuts the end, is found out only by a head that
was noted elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from deploytui.journal.codec import is_plain, link, read_body, to_event
from deploytui.journal.event import Event


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


def follow(rows: Iterable[tuple[int, str, int, bytes, bytes, bytes]], seq: int, prev: bytes) -> list[Event]:
    """The events of `rows`, which must continue the chain after `seq` and its hash `prev`.

    Every plain column is compared with the body: the hash covers only the body.
    """
    events: list[Event] = []
    for row_seq, row_id, epoch, body, row_prev, row_hash in rows:
        seq += 1
        if row_seq != seq:
            raise BrokenChain(seq, f"missing, the next is {row_seq}")
        if row_prev != prev or link(prev, body) != row_hash:
            raise BrokenChain(seq, "its hash does not fit")
        try:
            found = read_body(body)
            event = to_event(found, is_plain=is_plain(body))
        except (ValueError, OverflowError):
            raise BrokenChain(seq, "it cannot be read") from None
        if found.seq != row_seq or found.id != row_id or found.epoch != epoch:
            raise BrokenChain(seq, "its columns differ from its text")
        events.append(event)
        prev = row_hash
    return events
