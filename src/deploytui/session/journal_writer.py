"""The writing side of one session: act -> rules -> durable append -> fold. It alone has the store and the lease.

All of it blocks, and belongs to one thread: the writer's once a dashboard has begun, else the only one there is. What
the other side is to know goes there as a frozen value.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from msgspec import Struct

from deploytui.base.clock import Clock
from deploytui.base.errors import Refused, UnsoundSession, UnusableSession
from deploytui.journal import snapshot
from deploytui.journal.event import Draft, Event
from deploytui.journal.fact import DriverTook, SessionLeft
from deploytui.journal.fold import fold
from deploytui.journal.state import SessionState
from deploytui.journal.store import Fenced, Holder, JournalStore, Lease, WentBack
from deploytui.session.act import Act, By
from deploytui.session.journal_tail import EarlierCheck
from deploytui.session.rules import Rules, follower_text


class Committed(Struct, frozen=True):
    """What is durable since the last time: `events`, the last of them `own`, and the `state` that all add up to."""

    events: tuple[Event, ...]
    state: SessionState
    own: tuple[Event, ...] = ()


class JournalWriter:
    """`events` are those at hand, and `state` what the whole journal adds up to. There is one state in a program: it
    is folded here, inside or right behind the transaction, and drawn from the very same value once that has arrived
    on the other side."""

    def __init__(
        self,
        store: JournalStore,
        clock: Clock,
        rules: Rules,
        events: Sequence[Event],
        state: SessionState,
    ) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules
        self._state = state
        self._epoch: int | None = None
        self.fault: UnsoundSession | None = None  # after which nothing is appended any more
        is_whole = not events or events[0].seq == 1
        self._earlier = None if is_whole else EarlierCheck(store, events, state)

    # -- who drives ------------------------------------------------------------------------------------

    @property
    def is_driving(self) -> bool:
        """Whether this process may write by the lease, as far as it knows."""
        return self._epoch is not None

    def head(self) -> tuple[int, str]:
        """The last event and its hash."""
        return self._store.head()

    def lease(self) -> Lease:
        return self._store.lease()

    def drive(self, epoch: int) -> None:
        """The lease of that epoch was taken by this process when it made the session."""
        self._epoch = epoch

    def take_lease(self, holder: Holder, reason: str = "", expected: Lease | None = None) -> Committed:
        """Become the driver, journaled in the same transaction. `Fenced` when somebody was faster: since
        `expected` was seen, where that is given."""
        expected = expected or self._store.lease()
        draft = Draft(DriverTook(holder.host, reason), by=holder.name)
        self._epoch = self._store.take_lease(holder, expected, draft).epoch
        return self._read_new()

    def leave(self, by: By) -> Committed:
        """The session goes on without a driver; the last event says when."""
        epoch, self._epoch = self._epoch, None
        events: tuple[Event, ...] = ()
        if epoch is None:
            return Committed((), self._state)
        lost = self._went_back
        try:
            if self.fault is None:
                with suppress(UnusableSession):
                    events = self._say_left(by, epoch)
            if lost is None:
                self._store.release(epoch)
        except WentBack as error:
            lost = error
        if lost is not None:
            self.fault = lost if lost.is_kept else lost.kept(by.name)
        return Committed(events, self._state)

    def _say_left(self, by: By, epoch: int) -> tuple[Event, ...]:
        draft = Draft(SessionLeft(), by.name)
        appended = self._store.append(self._state.seq, lambda new: [draft], epoch)
        events = (*appended.foreign, *appended.own)
        self._state = fold(events, self._state)
        if self._state.seq >= snapshot.EVERY:
            snapshot.keep(self._store, self._state)
        return events

    def beat(self) -> bool:
        """The driver's sign of life. False when the lease was lost: from then on this process follows. In a file that
        went back there is none; what could not be kept elsewhere then is tried again here."""
        if (lost := self._went_back) is not None:
            if self.is_driving and not lost.is_kept and (kept := self._give_up(lost)).is_kept:
                raise kept
            return self.is_driving
        try:
            if self._epoch is not None and not self._store.beat(self._epoch):
                self._epoch = None
        except WentBack as error:
            raise self._give_up(error) from None
        return self.is_driving

    # -- a file that was written over ------------------------------------------------------------------

    @property
    def _went_back(self) -> WentBack | None:
        return self.fault if isinstance(self.fault, WentBack) else None

    def _give_up(self, error: WentBack) -> WentBack:
        """The file is another one now: what is known here stays as it is, and the driver keeps it in a new file."""
        self._earlier = None
        self.fault = fault = error.kept(self._state.driver) if self.is_driving else error
        return fault

    # -- appending -------------------------------------------------------------------------------------

    def commit(self, act: Act, by: By) -> Committed:
        """Append what `act` means, durably. Raises `Refused`, `Fenced` or `UnusableSession`; then nothing happened."""
        if self._epoch is None:
            raise Refused(follower_text(self._state.driver))
        return self._append(act, by, self._epoch)

    def commit_as_script(self, act: Act, by: By) -> Committed:
        """The same without the lease: what is new is folded and the rules asked inside one transaction."""
        return self._append(act, by, None)

    def _append(self, act: Act, by: By, epoch: int | None) -> Committed:
        if self.fault is not None:
            raise UnsoundSession(self.fault.problems)
        before = with_foreign = self._state

        def decide(new: Sequence[Event]) -> Sequence[Draft]:
            nonlocal with_foreign
            with_foreign = fold(new, before)
            self._rules = self._rules.of(with_foreign)
            return [by.draft(fact) for fact in self._rules.facts(with_foreign, act, self._clock.now())]

        try:
            appended = self._store.append(before.seq, decide, epoch)
        except WentBack as error:
            raise self._give_up(error) from None
        except Fenced:
            self._epoch = None
            raise
        self._state = fold(appended.own, with_foreign)
        if snapshot.is_due(before, self._state):
            snapshot.keep(self._store, self._state)
        return Committed((*appended.foreign, *appended.own), self._state, appended.own)

    # -- reading ---------------------------------------------------------------------------------------

    def poll(self) -> Committed:
        """What others appended since; nothing is read where nothing has changed, or where the file is another one."""
        try:
            if self._went_back or not self._store.has_changed():
                return Committed((), self._state)
            return self._read_new()
        except WentBack as error:
            raise self._give_up(error) from None

    def _read_new(self) -> Committed:
        events = self._store.events(self._state.seq)
        self._state = fold(events, self._state)
        return Committed(tuple(events), self._state)

    def page(self, after_seq: int, limit: int) -> list[Event]:
        """Events of the journal, wherever in it."""
        if self._went_back:
            raise UnsoundSession(self._went_back.problems)
        return self._store.events(after_seq, limit)

    @property
    def is_all_read(self) -> bool:
        """Whether no events are left to be checked behind the first frame."""
        return self._earlier is None

    def read_earlier(self) -> EarlierCheck | None:
        """Check one more piece of what came before the events at hand; it is given back once all of it is sound.
        A fault is raised as `UnsoundSession`, and nothing is appended any more."""
        earlier = self._earlier
        try:
            if earlier is None or earlier.read_on():
                return None
        except UnsoundSession as error:
            self._earlier, self.fault = None, error
            raise
        self._earlier = None
        return earlier
