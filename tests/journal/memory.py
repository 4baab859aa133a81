"""A journal in memory, for the contract and for what needs no file: the promises of the file's, but for durability."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from deploytui.base.clock import Clock
from deploytui.journal import codec
from deploytui.journal.event import Draft, Event, stamp
from deploytui.journal.store import Appended, Fenced, Header, Holder, Lease


class _Journal:
    """What several stores share, as several connections share a file."""

    def __init__(self, header: Header, plan_source: bytes) -> None:
        self.header = header
        self.plan_source = plan_source
        self.events: list[Event] = []
        self.links = [codec.first_link(codec.encode_header(header))]
        self.lease = Lease(0, None, 0)
        self.snapshot: tuple[int, bytes] | None = None
        self.version = 0


class MemoryStore:
    """`JournalStore` without a file. `another()` is a second store on the same journal."""

    def __init__(self, journal: _Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._seen_version = -1

    @classmethod
    def create(
        cls, header: Header, plan_source: bytes, *, clock: Clock, holder: Holder, opening: Sequence[Draft]
    ) -> MemoryStore:
        """A new journal with its `opening` events, driven by `holder` in epoch 1."""
        store = cls(_Journal(header, plan_source), clock)
        store._journal.lease = Lease(1, holder, 1)
        store._insert(opening, 1)
        return store

    def another(self) -> MemoryStore:
        return MemoryStore(self._journal, self._clock)

    @property
    def name(self) -> str:
        return self.header.session

    @property
    def header(self) -> Header:
        return self._journal.header

    @property
    def plan_source(self) -> bytes:
        return self._journal.plan_source

    @property
    def is_read_only(self) -> bool:
        return False

    def events(self, after_seq: int = 0, limit: int | None = None) -> list[Event]:
        return self._journal.events[after_seq:][:limit]

    def head(self) -> tuple[int, str]:
        return len(self._journal.events), self._journal.links[-1].hex()

    def has_changed(self) -> bool:
        before, self._seen_version = self._seen_version, self._journal.version
        return before != self._journal.version

    def append(
        self,
        after_seq: int,
        decide: Callable[[Sequence[Event]], Sequence[Draft]],
        epoch: int | None,
    ) -> Appended:
        lease = self._journal.lease
        if epoch is not None and (lease.epoch != epoch or lease.holder is None):
            raise Fenced(f"epoch {epoch} is over")
        foreign = self.events(after_seq)
        return Appended(tuple(foreign), tuple(self._insert(decide(foreign), lease.epoch)))

    def _insert(self, drafts: Sequence[Draft], epoch: int) -> list[Event]:
        """Stored as the file would give them back: through their canonical bodies, all or none."""
        events: list[Event] = []
        links = self._journal.links[-1:]
        for seq, draft in enumerate(drafts, len(self._journal.events) + 1):
            body = codec.encode(stamp(draft, seq, epoch, self._clock))
            events.append(codec.decode(body))
            links.append(codec.link(links[-1], body))
        self._journal.events += events
        self._journal.links += links[1:]
        self._wrote()
        return events

    def _wrote(self) -> None:
        """Others see the change; the writer itself does not."""
        is_current = self._seen_version == self._journal.version
        self._journal.version += 1
        if is_current:
            self._seen_version = self._journal.version

    def lease(self) -> Lease:
        return self._journal.lease

    def take_lease(self, holder: Holder, expected: Lease, draft: Draft) -> Event:
        lease = self._journal.lease
        if (lease.epoch, lease.beat) != (expected.epoch, expected.beat):
            raise Fenced("somebody was faster")
        (event,) = self._insert([draft], lease.epoch + 1)
        self._journal.lease = Lease(lease.epoch + 1, holder, lease.beat + 1)
        return event

    def beat(self, epoch: int) -> bool:
        lease = self._journal.lease
        if lease.epoch != epoch or lease.holder is None:
            return False
        self._journal.lease = replace(lease, beat=lease.beat + 1)
        self._wrote()
        return True

    def release(self, epoch: int) -> None:
        lease = self._journal.lease
        if lease.epoch == epoch:
            self._journal.lease = Lease(epoch, None, lease.beat + 1)
            self._wrote()

    def snapshot(self) -> tuple[int, bytes] | None:
        return self._journal.snapshot

    def save_snapshot(self, seq: int, body: bytes) -> None:
        if 0 < seq <= len(self._journal.events):
            self._journal.snapshot = (seq, body)
            self._wrote()

    def close(self) -> None:
        """Nothing is held open."""
