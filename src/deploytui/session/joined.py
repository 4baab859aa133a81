"""Both sides of a session where one thread has them: a script's for good, a dashboard's until its writer begins."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from deploytui.base.clock import Clock
from deploytui.journal.event import Event
from deploytui.journal.fold import fold
from deploytui.journal.state import SessionState
from deploytui.journal.store import Holder, JournalStore, Lease
from deploytui.plan.model import Plan
from deploytui.session.act import Act, By
from deploytui.session.journal_writer import JournalWriter
from deploytui.session.rules import rules_of
from deploytui.session.session import Session


class Joined(Struct, frozen=True):
    """`session` reads, `writer` writes. Once a thread of its own has the writer, nobody else calls it."""

    session: Session
    writer: JournalWriter

    def take_lease(self, holder: Holder, reason: str = "", expected: Lease | None = None) -> None:
        """Become the driver. `Fenced` when somebody was faster."""
        self.session.absorb(self.writer.take_lease(holder, reason, expected))
        self.session.is_driving = True

    def drive(self, epoch: int) -> None:
        """This process has made the session, and drives it since that epoch."""
        self.writer.drive(epoch)
        self.session.is_driving = True

    def perform(self, act: Act, by: By) -> tuple[Event, ...]:
        """Append what `act` means, without the lease: what it appended, nothing when it was so already. `Refused` says
        which rule forbids it."""
        committed = self.writer.commit_as_script(act, by)
        self.session.absorb(committed)
        return committed.own


def join(
    plan: Plan,
    store: JournalStore,
    clock: Clock,
    events: Sequence[Event],
    state: SessionState | None = None,
) -> Joined:
    """Both sides over a store. `state` is a snapshot's: of `events` those after it are still to be folded, and those
    before it are only for showing."""
    known = 0 if state is None else state.seq
    state = fold([event for event in events if event.seq > known], state)
    rules = rules_of(plan, state)
    session = Session(rules, store.header, store.name, clock, events, state)
    return Joined(session, JournalWriter(store, clock, rules, events, state))
