"""The writer: acts are committed in order, others' events are polled, the lease is kept alive, the driver is watched.

`Writer` belongs to the loop's thread, all else of `WriterThread` than its queues and its end to its own. What comes
back is a frozen report. When one act cannot be saved, it and all behind it are not saved, and nothing is tried again by
itself; only a file that another program holds is waited for. What has taken half a minute is given up, and said so.
"""

from __future__ import annotations

import asyncio
import contextvars
import queue
import threading
from collections.abc import Callable
from contextlib import suppress

from msgspec import Struct

from deploytui.base.clock import Clock
from deploytui.base.errors import DeploytuiError, Refused, UnsoundSession
from deploytui.journal.fact import DriverTook
from deploytui.journal.store import Fenced, StoreBusy, Unconfirmed, WentBack
from deploytui.session import ticket as told
from deploytui.session.act import Act, By
from deploytui.session.driver_watch import DriverWatch
from deploytui.session.journal_tail import PAGE
from deploytui.session.journal_writer import Committed, JournalWriter
from deploytui.session.ticket import Report, Ticket

GIVE_UP_S = 30.0
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
        self.wishes: queue.SimpleQueue[Wish] = queue.SimpleQueue()  # each behind those before it
        self.given_up: queue.SimpleQueue[int] = (
            queue.SimpleQueue()
        )  # generations of which none is begun or tried again
        self._journal = journal
        self._clock = clock
        self._watch = watch
        self._tell: Callable[[Report | Failed], None] = lambda report: None
        self._failed_generation = 0
        self._trouble = self._driver_note = ""
        self._unconfirmed: dict[str, Ticket] = {}  # by the ids of events that may have been kept
        self._is_lost = self._is_checking = False
        self._polled_s = self._beaten_s = self._looked_s = 0.0

    # -- for the loop's side ---------------------------------------------------------------------------

    def begin(self, tell: Callable[[Report | Failed], None]) -> None:
        """Start; `tell` is called on this thread and must not block."""
        self._tell = tell
        self._polled_s = self._beaten_s = self._looked_s = self._clock.monotonic_s()
        threading.Thread(target=self._run, name="store", daemon=True).start()

    # -- on its own thread -----------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while True:
                try:
                    wanted = self.wishes.get(timeout=PIECE_REST_S if self._is_checking else POLL_S)
                except queue.Empty:
                    self._read_on()
                    self._keep_up()
                    continue
                match wanted:
                    case None:
                        return
                    case By():
                        self._leave(wanted)
                        return
                    case Look():
                        self._look(wanted)
                    case Ticket() if not self._is_given_up(wanted):
                        self._commit(wanted)
                self._keep_up()
        finally:
            self.ended.set()

    def _commit(self, ticket: Ticket) -> None:
        """One act. A file that another process holds is tried again until the other side gives up on it."""
        try:
            committed = self._committed(ticket)
        except Refused as refused:
            self._tell(told.RuleRefused(ticket, str(refused)))
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
            self._tell(told.Saved(ticket, committed))
            self._confirm(committed)

    def _confirm(self, committed: Committed) -> None:
        """Acts of ours that nobody could tell of, and that were saved after all."""
        ids = [event.id for event in committed.events if event.id in self._unconfirmed]
        known = [self._unconfirmed.pop(id_) for id_ in ids]
        for ticket in {ticket.number: ticket for ticket in known}.values():
            self._tell(told.Saved(ticket, Committed((), committed.state)))

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
                self._failed_generation = max(self._failed_generation, self.given_up.get_nowait())
        return ticket.generation <= self._failed_generation

    def _fail(self, ticket: Ticket, why: str) -> None:
        self._failed_generation = max(self._failed_generation, ticket.generation)
        self._tell(Failed(why, ticket.generation))

    def _lose_lease(self) -> None:
        if not self._is_lost:
            self._is_lost = True
            self._tell(told.LeaseLost())

    def _look(self, wanted: Look) -> None:
        if wanted.after_seq is None:
            self._is_checking = not self._journal.is_all_read
            return
        try:
            self._tell(told.PageRead(tuple(self._journal.page(wanted.after_seq, PAGE))))
        except DeploytuiError as error:
            self._tell(told.PageRead(()))
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
                self._tell(told.EarlierRead(by_item, tuple(earlier.unled)))

    def _keep_up(self) -> None:
        now_s = self._clock.monotonic_s()
        if now_s - self._polled_s < POLL_S * 0.8:
            return
        self._polled_s = now_s
        try:
            committed = self._journal.poll()
            if committed.events:
                self._tell(told.Foreign(committed))
                self._confirm(committed)
            is_taken = any(isinstance(event.fact, DriverTook) for event in committed.events)
            if self._journal.is_driving and (is_taken or now_s - self._beaten_s >= BEAT_S):
                if not self._journal.beat():
                    self._lose_lease()
                self._beaten_s = now_s  # one that failed is due again at the next look
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
            self._tell(told.DriverSeen(note))

    def _say_damaged(self, error: UnsoundSession) -> None:
        problem = error.problems[0]
        shared = error.shared if isinstance(error, WentBack) else None
        self._tell(told.Damaged(problem.found, problem.try_ or "", shared))

    def _say_trouble(self, why: str) -> None:
        if why != self._trouble:
            self._trouble = why
            self._tell(told.StoreTrouble(why))

    def _leave(self, by: By) -> None:
        before = self._journal.fault
        with suppress(DeploytuiError, Fenced):  # the lease runs out by itself
            self._journal.leave(by)
        if (fault := self._journal.fault) is not None and fault is not before:
            self._say_damaged(fault)


class Writer:
    """An ordered queue with one thread behind it, to which `journal` and `watch` belong from `start` on. `clock` is the
    real one."""

    def __init__(self, journal: JournalWriter, clock: Clock, watch: DriverWatch | None = None) -> None:
        self._thread = WriterThread(journal, clock, watch)
        self._clock = clock
        self._pending: dict[int, Ticket] = {}
        self._saving: dict[str, int] = {}
        self._number = 0
        self._generation = 1
        self._deliver: Callable[[Report], None] = lambda report: None

    def start(self, deliver: Callable[[Report], None]) -> None:
        """Begin; `deliver` is called on the running loop, in the caller's context."""
        self._deliver = deliver
        loop = asyncio.get_running_loop()
        context = contextvars.copy_context()

        def tell(report: Report | Failed) -> None:
            with suppress(RuntimeError):  # the loop is gone, and so is the screen
                loop.call_soon_threadsafe(self._arrived, report, context=context)

        self._thread.begin(tell)

    def submit(self, act: Act, by: By) -> Ticket:
        """Queue one act behind those that are being saved."""
        self._number += 1
        item = getattr(act, "item", "")
        ticket = Ticket(self._number, act, by, item, self._clock.monotonic_s(), self._generation)
        self._pending[ticket.number] = ticket
        if item:
            self._saving[item] = ticket.number
        self._thread.wishes.put(ticket)
        return ticket

    def check_earlier(self) -> None:
        """Begin to check what came before the events at hand, a piece at a time where nothing is to be saved."""
        self._thread.wishes.put(Look(None))

    def read_page(self, after_seq: int) -> None:
        """Read older events, to be shown."""
        self._thread.wishes.put(Look(after_seq))

    def is_saving(self, item: str) -> bool:
        """Whether an act on this item is on its way: until it is known, the item takes no other."""
        return item in self._saving

    @property
    def pending(self) -> tuple[Ticket, ...]:
        """What is not durable yet, oldest first."""
        return tuple(self._pending.values())

    def check(self) -> None:
        """Give up on what has taken too long; called once a second."""
        oldest = next(iter(self._pending.values()), None)
        if oldest is not None and self._clock.monotonic_s() - oldest.since_s >= GIVE_UP_S:
            self._thread.given_up.put(self._generation)
            self._drop(f"the disk has not answered for {GIVE_UP_S:.0f} s", self._generation)

    def leave(self, by: By) -> None:
        """Ask the thread to give the lease back and end, after what is queued."""
        self._thread.wishes.put(by)

    def stop(self) -> None:
        """Ask the thread to end after what is queued, without a word in the journal."""
        self._thread.wishes.put(None)

    async def ended(self, timeout_s: float) -> bool:
        """Whether the thread comes to its end in time."""
        waited_s = 0.0
        while not self._thread.ended.is_set() and waited_s < timeout_s:
            await asyncio.sleep(0.01)
            waited_s += 0.01
        return self._thread.ended.is_set()

    def _drop(self, why: str, generation: int) -> None:
        lost = tuple(ticket for ticket in self._pending.values() if ticket.generation <= generation)
        self._generation = max(self._generation, generation + 1)
        for ticket in lost:
            self._forget(ticket)
        if lost:
            self._deliver(told.NotSaved(lost, why))

    def _forget(self, ticket: Ticket) -> bool:
        if self._saving.get(ticket.item) == ticket.number:
            del self._saving[ticket.item]
        return self._pending.pop(ticket.number, None) is not None

    def _arrived(self, report: Report | Failed) -> None:
        match report:
            case Failed(why, generation):
                self._drop(why, generation)
            case told.Saved(ticket, committed):
                was_pending = self._forget(ticket)
                self._deliver(report if was_pending else told.Saved(ticket, committed, was_given_up=True))
            case told.RuleRefused(ticket):
                self._forget(ticket)
                self._deliver(report)
            case _:
                self._deliver(report)
