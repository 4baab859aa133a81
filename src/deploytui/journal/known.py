"""What this program has read and saved of a journal: a file that was written over is told by it from one that grew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from deploytui.journal import codec
from deploytui.journal.integrity import Row


class Known:
    """The place and the hash of the last event that was read checked, or saved. Where it `keeps` them, the bodies of the
    events up to there too, without a gap, from the earliest that was read with them."""

    def __init__(self, first_link: bytes, *, keeps: bool) -> None:
        self.seq, self.hash = 0, first_link
        self.before = (0, first_link)  # the event that the first body is chained to
        self._keeps = keeps
        self._bodies: list[bytes] = []

    def learn(self, seq: int, prev: bytes, rows: Sequence[Row]) -> None:
        """These rows fit, and stand right behind event `seq` with its hash `prev`."""
        last = seq + len(rows)
        if self.seq == 0 or seq > self.seq or (seq <= self.before[0] and last >= self.seq):
            self.before, self._bodies = (seq, prev), []
        else:
            rows = rows[self.seq - seq :]
        if rows:
            self.seq, self.hash = last, rows[-1].hash
            if self._keeps:
                self._bodies += [row.body for row in rows]

    def contradicts(self, seq: int, prev: bytes, rows: Sequence[Row]) -> bool:
        """Whether rows that were read up to the end of the file, behind event `seq`, have another event, or none, at
        the place of the last one known."""
        place = self.seq - seq
        if place < 0:
            return False
        found = prev if place == 0 else rows[place - 1].hash if place <= len(rows) else b""
        return found != self.hash

    def shared(self, stored: Mapping[int, bytes]) -> int:
        """The last event that is also among the `stored` hashes; 0 where that is not known."""
        places = [self.before, *((row.seq, row.hash) for row in self.rows())]
        return max((seq for seq, link in places if stored.get(seq) == link), default=0)

    def rows(self) -> Iterator[Row]:
        """The events that are kept, as they were stored."""
        prev = self.before[1]
        for body in self._bodies:
            found, link = codec.decode(body), codec.link(prev, body)
            yield Row(found.seq, found.id, found.epoch, body, prev, link)
            prev = link
