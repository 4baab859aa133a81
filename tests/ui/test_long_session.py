"""A long session on the dashboard: what came before the events at hand is checked behind the first frame, and shown."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from deploytui.base.errors import Problem, UnsoundSession
from deploytui.journal.event import Draft, Event
from deploytui.journal.fact import NoteAdded
from deploytui.journal.fold import fold
from deploytui.session.act import AddNote
from deploytui.session.viewer import Viewer
from deploytui.session.writer import Writer
from deploytui.ui.service import Services
from tests.session.fake import ANA, Driven, ListStore, holder
from tests.ui.bridge import Bridge, bridge
from tests.ui.night import make_services

AT_HAND = 60
NOTES = 500


def long_services() -> Services:
    """Services whose session has only its last events at hand."""
    services, clock = make_services()
    whole = services.session
    for number in range(NOTES):
        whole.perform(AddNote(f"note {number}", "exec.1"), ANA)
    whole.leave(ANA)
    store = whole.store
    assert isinstance(store, ListStore)
    drafts = [Draft(NoteAdded(text="by a script"), by="CI")] * (AT_HAND + 20)
    store.append(store.head()[0], lambda new: drafts, None)
    before = store.head()[0] - AT_HAND
    session = Driven(whole.plan, store, clock, store.events(before), fold(store.events(0, before)))
    session.take_lease(holder())
    services.session, services.viewer = session, Viewer(session)
    services.writer = Writer(session.core, clock)
    return services


async def until(night: Bridge, is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not is_so():
            await asyncio.sleep(0.005)
    await night.settle()


async def test_what_happened_since_is_told_once_it_is_known() -> None:
    services = long_services()
    assert services.viewer.since(services.clock.now()) == ""
    async with bridge(services=services) as night:
        await until(night, lambda: services.session.tail.is_whole)
        assert f"{AT_HAND + 20} noted; no driver for" in night.footer


async def test_the_journal_scrolls_into_what_is_not_at_hand() -> None:
    async with bridge(services=long_services()) as night:
        await until(night, lambda: night.session.tail.is_whole)
        await night.press("4", "G")
        await until(night, lambda: "session opened" in night.text)
        assert "is being read" not in night.text


async def test_a_fault_found_later_stops_saving_and_stays_on_the_screen() -> None:
    services = long_services()
    store = services.session.store
    assert isinstance(store, ListStore)
    sound = store.events

    def tampered(after_seq: int = 0, limit: int | None = None) -> list[Event]:
        if after_seq < 17:
            raise UnsoundSession(Problem("a damaged session file: event 17: its hash does not fit"))
        return sound(after_seq, limit)

    store.events = tampered  # type: ignore[method-assign]
    async with bridge(services=services) as night:
        await until(night, lambda: bool(services.session.fault))
        assert "NOT SAVING" in night.text
        assert "event 17" in night.text
        head = store.head()
        await night.press("space")
        assert "nothing is saved any more" in night.footer
        await night.press("escape", "escape", "escape")
        assert store.head() == head
        assert "NOT SAVING" in night.text
        assert "event 17" in night.text


async def test_only_the_writers_thread_touches_the_store() -> None:
    services = long_services()
    store, threads = services.session.store, set()

    class Seen:
        def __getattr__(self, name: str) -> object:
            threads.add(threading.current_thread().name)
            return getattr(store, name)

    services.session.core._store = Seen()
    async with bridge(services=services) as night:
        await until(night, lambda: night.session.tail.is_whole)
        await night.press("space", "j", "x", "4", "G", "u")
        await night.tick()
    assert threads == {"store"}
