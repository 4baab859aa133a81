"""The writer's own thread: acts are committed in order, others' events are polled, the lease is kept alive, the driver is
watched.

Only its queues and its end are for another thread. When one act cannot be saved, it and all behind it are not saved,
and nothing is tried again by itself. Only a file that another program holds is waited for, until that is given up.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from contextlib import suppress

from msgspec import Struct

from deploytui.base.clock import Clock
from deploytui.base.errors import DeploytuiError, Refused, UnsoundSession
from deploytui.journal.fact import DriverTook
from deploytui.journal.store import Fenced, StoreBusy, Unconfirmed, WentBack
from deploytui.session.act import By
from deploytui.session.driver_watch import DriverWatch
from deploytui.session.journal_tail import PAGE
from deploytui.session.journal_writer import Committed, JournalWriter
from deploytui.session.ticket import (
    Damaged,
    DriverSeen,
    EarlierRead,
    Foreign,
    LeaseLost,
    PageRead,
    Report,
    RuleRefused,
    Saved,
    StoreTrouble,
    Ticket,
)

POLL_S = 0.5
BEAT_S = 5.0
LOOK_S = 1.0
BUSY_REST_S = 0.05
PIECE_REST_S = 0.002  # between two pieces of what is checked: a key must find both threads free


class Look(Struct, frozen=True):
    """A wish to read: a page of older events, or (None) all that came before those at hand, to check it."""

    after_seq: int | None


class Failed(Struct, frozen=True):
    """Of this generation and those before it nothing more is saved."""

    why: str
    generation: int


Wish = Ticket | Look | By | None  # `By` leaves and ends, None ends


class WriterThread:
    """`watch` looks at the driver where this process follows one. `clock` is the real one."""

    def __init__(self, journal: JournalWriter, clock: Clock, watch: DriverWatch | None) -> None:
        self.ended = threading.Event()
        self._inbox: queue.SimpleQueue[Wish] = queue.SimpleQueue()
        self._given_up: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._journal = journal
        self._clock = clock
        self._watch = watch
        self._tell: Callable[[Report | Failed], None] = lambda report: None
        self._failed_generation = 0
        self._trouble = self._driver_note = ""
        self._unconfirmed: dict[str, Ticket] = {}  # by the ids of events that may have been kept
        self._is_lost = self._is_checking = False
        self._polled_s = self._beaten_s = self._looked_s = 0.0

    # -- for the other side ----------------------------------------------------------------------------

    def begin(self, tell: Callable[[Report | Failed], None]) -> None:
        """Start; `tell` is called on this thread and must not block."""
        self._tell = tell
        self._polled_s = self._beaten_s = self._looked_s = self._clock.monotonic_s()
        threading.Thread(target=self._run, name="store", daemon=True).start()

    def wish(self, wanted: Wish) -> None:
        """Queue it behind what was wished for before."""
        self._inbox.put(wanted)

    def give_up(self, generation: int) -> None:
        """Begin no ticket of this generation any more, nor try one again."""
        self._given_up.put(generation)

    # -- on its own thread -----------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while True:
                try:
                    wanted = self._inbox.get(timeout=PIECE_REST_S if self._is_checking else POLL_S)
                except queue.Empty:
                    self._read_on()
                    self._keep_up()
                    continue
                if wanted is None:
                    return
                if isinstance(wanted, By):
                    self._leave(wanted)
                    return
                if isinstance(wanted, Look):
                    self._look(wanted)
                elif not self._is_given_up(wanted):
                    self._commit(wanted)
                self._keep_up()
        finally:
            self.ended.set()

    def _commit(self, ticket: Ticket) -> None:
        """One act. A file that another process holds is tried again until the other side gives up on it."""
        try:
            committed = self._committed(ticket)
        except Refused as refused:
            self._tell(RuleRefused(ticket, str(refused)))
        except Fenced:
            self._fail(ticket, "somebody else drives now")
            self._lose_lease()
        except WentBack as error:
            self._say_damaged(error)
            self._fail(ticket, error.problems[0].found)
        except DeploytuiError as error:
            if isinstance(error, Unconfirmed):
                self._unconfirmed.update(dict.fromkeys(error.events, ticket))
            self._fail(ticket, error.what)
        except Exception as error:  # a defect must not end the thread that saves, nor pass for success
            self._fail(ticket, f"a defect of ours: {type(error).__name__}")
        else:
            self._tell(Saved(ticket, committed))
            self._confirm(committed)

    def _confirm(self, committed: Committed) -> None:
        """Acts of ours that nobody could tell of, and that were saved after all."""
        ids = [event.id for event in committed.events if event.id in self._unconfirmed]
        known = [self._unconfirmed.pop(id_) for id_ in ids]
        for ticket in {ticket.number: ticket for ticket in known}.values():
            self._tell(Saved(ticket, Committed((), committed.state)))

    def _committed(self, ticket: Ticket) -> Committed:
        while True:
            try:
                return self._journal.commit(ticket.act, ticket.by)
            except StoreBusy as busy:
                if self._is_given_up(ticket) or self.ended.wait(BUSY_REST_S):
                    raise
                self._say_trouble(f"{busy.what}; saving is tried again")

    def _is_given_up(self, ticket: Ticket) -> bool:
        """Whether this one is not to be saved any more: it stood behind one that failed, or was waited for too long."""
        with suppress(queue.Empty):
            while True:
                self._failed_generation = max(self._failed_generation, self._given_up.get_nowait())
        return ticket.generation <= self._failed_generation

    def _fail(self, ticket: Ticket, why: str) -> None:
        self._failed_generation = max(self._failed_generation, ticket.generation)
        self._tell(Failed(why, ticket.generation))

    def _lose_lease(self) -> None:
        if not self._is_lost:
            self._is_lost = True
            self._tell(LeaseLost())

    def _look(self, wanted: Look) -> None:
        if wanted.after_seq is None:
            self._is_checking = not self._journal.is_all_read
            return
        try:
            self._tell(PageRead(tuple(self._journal.page(wanted.after_seq, PAGE))))
        except DeploytuiError as error:
            self._tell(PageRead(()))
            self._say_trouble(error.what)

    def _read_on(self) -> None:
        """One piece more of what came before; where the disk does not let it be read it is tried again later."""
        if not self._is_checking:
            return
        try:
            earlier = self._journal.read_earlier()
        except UnsoundSession as error:
            self._is_checking = False
            self._say_damaged(error)
        except DeploytuiError as error:
            self._say_trouble(error.what)
            self.ended.wait(BUSY_REST_S)
        else:
            self._is_checking = not self._journal.is_all_read
            if earlier is not None:
                by_item = {item: tuple(events) for item, events in earlier.by_item.items()}
                self._tell(EarlierRead(by_item, tuple(earlier.unled)))

    def _keep_up(self) -> None:
        now_s = self._clock.monotonic_s()
        if now_s - self._polled_s < POLL_S * 0.8:
            return
        self._polled_s = now_s
        try:
            committed = self._journal.poll()
            if committed.events:
                self._tell(Foreign(committed))
                self._confirm(committed)
            is_taken = any(isinstance(event.fact, DriverTook) for event in committed.events)
            if self._journal.is_driving and (is_taken or now_s - self._beaten_s >= BEAT_S):
                if not self._journal.beat():
                    self._lose_lease()
                self._beaten_s = (
                    now_s  # one that failed is due again at the next look, and its trouble is still said
                )
            self._look_at_driver(now_s)
        except Fenced:
            self._lose_lease()
        except WentBack as error:
            self._say_damaged(error)
        except DeploytuiError as error:
            self._say_trouble(error.what)
        except Exception as error:  # the same: said, and tried again a quarter of a second later
            self._say_trouble(f"a defect of ours: {type(error).__name__}")
        else:
            self._say_trouble("")

    def _look_at_driver(self, now_s: float) -> None:
        if self._watch is None or now_s - self._looked_s < LOOK_S:
            return
        self._looked_s = now_s
        note = self._watch.look(self._journal.lease(), now_s, is_driving=self._journal.is_driving)
        if note != self._driver_note:
            self._driver_note = note
            self._tell(DriverSeen(note))

    def _say_damaged(self, error: UnsoundSession) -> None:
        problem = error.problems[0]
        shared = error.shared if isinstance(error, WentBack) else None
        self._tell(Damaged(problem.found, problem.try_ or "", shared))

    def _say_trouble(self, why: str) -> None:
        if why != self._trouble:
            self._trouble = why
            self._tell(StoreTrouble(why))

    def _leave(self, by: By) -> None:
        before = self._journal.fault
        with suppress(DeploytuiError, Fenced):  # the lease runs out by itself
            self._journal.leave(by)
        if (fault := self._journal.fault) is not None and fault is not before:
            self._say_damaged(fault)
