"""The near side of the writer: what was asked to be saved, what is on its way, and what became of it.

All of it belongs to the loop's thread. Each result is a frozen report, delivered there. What has taken half a minute is
given up, and said so.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from contextlib import suppress

from deploytui.base.clock import Clock
from deploytui.session.act import Act, By
from deploytui.session.driver_watch import DriverWatch
from deploytui.session.journal_writer import JournalWriter
from deploytui.session.ticket import NotSaved, Report, RuleRefused, Saved, Ticket
from deploytui.session.writer_thread import Failed, Look, WriterThread

GIVE_UP_S = 30.0


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
        self._thread.wish(ticket)
        return ticket

    def check_earlier(self) -> None:
        """Begin to check what came before the events at hand, a piece at a time where nothing is to be saved."""
        self._thread.wish(Look(None))

    def read_page(self, after_seq: int) -> None:
        """Read older events, to be shown."""
        self._thread.wish(Look(after_seq))

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
            self._thread.give_up(self._generation)
            self._drop(f"the disk has not answered for {GIVE_UP_S:.0f} s", self._generation)

    def leave(self, by: By) -> None:
        """Ask the thread to give the lease back and end, after what is queued."""
        self._thread.wish(by)

    def stop(self) -> None:
        """Ask the thread to end after what is queued, without a word in the journal."""
        self._thread.wish(None)

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
            self._deliver(NotSaved(lost, why))

    def _forget(self, ticket: Ticket) -> bool:
        if self._saving.get(ticket.item) == ticket.number:
            del self._saving[ticket.item]
        return self._pending.pop(ticket.number, None) is not None

    def _arrived(self, report: Report | Failed) -> None:
        match report:
            case Failed(why, generation):
                self._drop(why, generation)
            case Saved(ticket, committed):
                was_pending = self._forget(ticket)
                self._deliver(report if was_pending else Saved(ticket, committed, was_given_up=True))
            case RuleRefused(ticket):
                self._forget(ticket)
                self._deliver(report)
            case _:
                self._deliver(report)
