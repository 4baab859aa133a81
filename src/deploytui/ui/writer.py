"""The store's thread: acts are committed in order, others' events are polled, the lease is kept alive.

Nothing here touches the screen. Each result is a frozen report, delivered on the loop's thread. When one act
cannot be saved, it and all behind it are not saved, and nothing is tried again by itself. Only a file that another
program holds is waited for, until half a minute is over.
"""

from __future__ import annotations

import asyncio
import contextvars
import queue
import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from msgspec import Struct

from deploytui.base.clock import Clock
from deploytui.base.errors import DAMAGED, DeploytuiError, Refused, UnsoundSession
from deploytui.journal.event import Event
from deploytui.journal.fact import DriverTook
from deploytui.journal.store import Appended, Fenced, StoreBusy, Unconfirmed, WentBack
from deploytui.session.act import Act, By
from deploytui.session.history import PAGE, Earlier
from deploytui.ui.ticket import (
    Damaged,
    EarlierRead,
    Foreign,
    LeaseLost,
    NotSaved,
    PageRead,
    Report,
    RuleRefused,
    Saved,
    StoreTrouble,
    Ticket,
)

POLL_S = 0.5
BEAT_S = 5.0
GIVE_UP_S = 30.0
BUSY_REST_S = 0.05
PIECE_REST_S = 0.002  # between two pieces of what is checked: a key must find both threads free


class Writable(Protocol):
    """The part of a session that blocks on its store."""

    @property
    def is_driving(self) -> bool: ...

    def commit(self, act: Act, by: By) -> Appended: ...

    def poll(self) -> Appended: ...

    @property
    def is_all_read(self) -> bool: ...

    def read_earlier(self) -> Earlier | None: ...

    def page(self, after_seq: int, limit: int) -> list[Event]: ...

    def beat(self) -> bool: ...

    def leave(self, by: By) -> None: ...


class _Look(Struct, frozen=True):
    """A wish to read: a page of older events, or (None) all that came before those at hand, to check it."""

    after_seq: int | None


class Writer:
    """An ordered queue with one thread behind it. `submit`, `check` and `pending` belong to the loop's thread."""

    def __init__(self, session: Writable, clock: Clock) -> None:
        self._session = session
        self._clock = clock
        self._queue: queue.SimpleQueue[Ticket | By | _Look | None] = queue.SimpleQueue()
        self._pending: dict[int, Ticket] = {}
        self._saving: dict[str, int] = {}
        self._number = 0
        self._generation = 1
        self._failed_generation = 0
        self._deliver: Callable[[Report], None] = lambda report: None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._context = contextvars.copy_context()
        self._thread: threading.Thread | None = None
        self._left = threading.Event()
        self._trouble = ""
        self._unconfirmed: dict[str, Ticket] = {}  # by the ids of events that may have been kept
        self._is_lost = False
        self._polled_s = self._beaten_s = 0.0
        self._is_checking = False

    # -- on the loop's thread --------------------------------------------------------------------------

    def start(self, deliver: Callable[[Report], None]) -> None:
        """Begin; `deliver` is called on the running loop, in the caller's context."""
        self._deliver = deliver
        self._loop = asyncio.get_running_loop()
        self._context = contextvars.copy_context()
        self._polled_s = self._beaten_s = self._clock.monotonic_s()
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)
        self._thread.start()

    def submit(self, act: Act, by: By) -> Ticket:
        """Queue one act behind those that are being saved."""
        self._number += 1
        item = getattr(act, "item", "")
        ticket = Ticket(self._number, act, by, item, self._clock.monotonic_s(), self._generation)
        self._pending[ticket.number] = ticket
        if item:
            self._saving[item] = ticket.number
        self._queue.put(ticket)
        return ticket

    def check_earlier(self) -> None:
        """Begin to check what came before the events at hand, a piece at a time where nothing is to be saved."""
        self._queue.put(_Look(None))

    def read_page(self, after_seq: int) -> None:
        """Read older events, to be shown."""
        self._queue.put(_Look(after_seq))

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
            self._failed_generation = self._generation
            self._drop(f"the disk has not answered for {GIVE_UP_S:.0f} s", self._generation)

    def leave(self, by: By) -> None:
        """Ask the thread to give the lease back and end, after what is queued."""
        self._queue.put(by)

    def stop(self) -> None:
        """Ask the thread to end after what is queued, without a word in the journal."""
        self._queue.put(None)

    async def ended(self, timeout_s: float) -> bool:
        """Whether the thread comes to its end in time."""
        waited_s = 0.0
        while not self._left.is_set() and waited_s < timeout_s:
            await asyncio.sleep(0.01)
            waited_s += 0.01
        return self._left.is_set()

    def _drop(self, why: str, generation: int) -> None:
        lost = tuple(ticket for ticket in self._pending.values() if ticket.generation <= generation)
        self._generation = max(self._generation, generation + 1)
        for ticket in lost:
            self._forget(ticket)
        if lost:
            self._deliver(NotSaved(lost, why))

    def _forget(self, ticket: Ticket) -> bool:
        if self._saving.get(ticket.item) == ticket.number:
            del self._saving[ticket.item]
        return self._pending.pop(ticket.number, None) is not None

    def _arrived(self, report: Report | tuple[str, int]) -> None:
        match report:
            case Saved(ticket, events):
                was_pending = self._forget(ticket)
                self._deliver(report if was_pending else Saved(ticket, events, was_given_up=True))
            case RuleRefused(ticket):
                self._forget(ticket)
                self._deliver(report)
            case (str() as why, int() as generation):
                self._drop(why, generation)
            case (
                Foreign() | LeaseLost() | StoreTrouble() | NotSaved() | PageRead() | EarlierRead() | Damaged()
            ):
                self._deliver(report)

    # -- on the store's thread -------------------------------------------------------------------------

    def _tell(self, report: Report | tuple[str, int]) -> None:
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(self._arrived, report, context=self._context)
        except RuntimeError:
            return  # the loop is gone, and so is the screen

    def _run(self) -> None:
        try:
            while True:
                try:
                    wanted = self._queue.get(timeout=PIECE_REST_S if self._is_checking else POLL_S)
                except queue.Empty:
                    self._read_on()
                    self._keep_up()
                    continue
                if wanted is None:
                    return
                if isinstance(wanted, By):
                    self._leave(wanted)
                    return
                if isinstance(wanted, _Look):
                    self._look(wanted)
                elif wanted.generation > self._failed_generation:
                    self._commit(wanted)
                self._keep_up()
        finally:
            self._left.set()

    def _commit(self, ticket: Ticket) -> None:
        """One act. A file that another process holds is tried again until the loop's thread gives up on it."""
        try:
            appended = self._committed(ticket)
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
            self._tell(Saved(ticket, (*appended.foreign, *appended.own)))
            self._confirm(appended.foreign)

    def _confirm(self, events: Sequence[Event]) -> None:
        """Acts of ours that nobody could tell of, and that were saved after all."""
        known = [self._unconfirmed.pop(event.id) for event in events if event.id in self._unconfirmed]
        for ticket in {ticket.number: ticket for ticket in known}.values():
            self._tell(Saved(ticket, ()))

    def _committed(self, ticket: Ticket) -> Appended:
        while True:
            try:
                return self._session.commit(ticket.act, ticket.by)
            except StoreBusy as busy:
                if ticket.generation <= self._failed_generation or self._left.wait(BUSY_REST_S):
                    raise
                self._say_trouble(f"{busy.what}; saving is tried again")

    def _fail(self, ticket: Ticket, why: str) -> None:
        self._failed_generation = max(self._failed_generation, ticket.generation)
        self._tell((why, ticket.generation))

    def _lose_lease(self) -> None:
        if not self._is_lost:
            self._is_lost = True
            self._tell(LeaseLost())

    def _look(self, wanted: _Look) -> None:
        if wanted.after_seq is None:
            self._is_checking = not self._session.is_all_read
            return
        try:
            self._tell(PageRead(tuple(self._session.page(wanted.after_seq, PAGE))))
        except DeploytuiError as error:
            self._tell(PageRead(()))
            self._say_trouble(error.what)

    def _read_on(self) -> None:
        """One piece more of what came before; where the disk does not let it be read it is tried again later."""
        if not self._is_checking:
            return
        try:
            earlier = self._session.read_earlier()
        except UnsoundSession as error:
            self._is_checking = False
            self._say_damaged(error)
        except DeploytuiError as error:
            self._say_trouble(error.what)
            self._left.wait(BUSY_REST_S)
        else:
            self._is_checking = not self._session.is_all_read
            if earlier is not None:
                self._tell(EarlierRead(earlier))

    def _keep_up(self) -> None:
        now_s = self._clock.monotonic_s()
        if now_s - self._polled_s < POLL_S * 0.8:
            return
        self._polled_s = now_s
        try:
            foreign = self._session.poll().foreign
            if foreign:
                self._tell(Foreign(foreign))
                self._confirm(foreign)
            is_taken = any(isinstance(event.fact, DriverTook) for event in foreign)
            if self._session.is_driving and (is_taken or now_s - self._beaten_s >= BEAT_S):
                if not self._session.beat():
                    self._lose_lease()
                self._beaten_s = (
                    now_s  # one that failed is due again at the next look, and its trouble is still said
                )
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

    def _say_damaged(self, error: UnsoundSession) -> None:
        problem = error.problems[0]
        self._tell(Damaged(problem.found.removeprefix(f"{DAMAGED}: "), problem.try_ or ""))

    def _say_trouble(self, why: str) -> None:
        if why != self._trouble:
            self._trouble = why
            self._tell(StoreTrouble(why))

    def _leave(self, by: By) -> None:
        try:
            self._session.leave(by)
        except (DeploytuiError, Fenced):
            return  # the lease runs out by itself
