"""The writer's thread: in order, durable before it is told, and never a silent loss."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from deploytui.base.clock import FrozenClock
from deploytui.base.errors import Problem, Refused, UnusableSession
from deploytui.journal.event import Event
from deploytui.journal.fact import DriverTook, ItemChecked, NoteAdded
from deploytui.journal.state import SessionState
from deploytui.journal.store import Fenced, Lease, StoreBusy, Unconfirmed, WentBack
from deploytui.session.act import Act, By, CheckItem
from deploytui.session.driver_watch import DriverWatch
from deploytui.session.journal_writer import Committed
from deploytui.session.ticket import (
    Damaged,
    DriverSeen,
    Foreign,
    LeaseLost,
    NotSaved,
    Report,
    RuleRefused,
    Saved,
    StoreTrouble,
)
from deploytui.session.writer import BEAT_S, GIVE_UP_S, LOOK_S, POLL_S, Writer
from tests.session.fake import GO_LIVE, holder

ANA = By("ANA")
NOTHING = Committed((), SessionState())


class FakeJournal:
    """Does with each act what `on_commit` says."""

    def __init__(self, on_commit: Callable[[Act], Committed]) -> None:
        self.on_commit = on_commit
        self.is_driving = True
        self.committed: list[Act] = []
        self.foreign: tuple[Event, ...] = ()
        self.is_taken = self.is_read_only = False
        self.beats = 0

    def commit(self, act: Act, by: By) -> Committed:
        appended = self.on_commit(act)
        self.committed.append(act)
        return appended

    def poll(self) -> Committed:
        foreign, self.foreign = self.foreign, ()
        return Committed(foreign, NOTHING.state)

    def beat(self) -> bool:
        self.beats += 1
        if self.is_read_only:
            raise UnusableSession(Problem("read-only file or folder", file="/state/s.deploytui"))
        self.is_driving = self.is_driving and not self.is_taken
        return self.is_driving

    def lease(self) -> Lease:
        return Lease(1, holder("KIM"), self.beats)

    def leave(self, by: By) -> None: ...


class Desk:
    """A writer with what it reported."""

    def __init__(self, on_commit: Callable[[Act], Committed], watch: DriverWatch | None = None) -> None:
        self.journal = FakeJournal(on_commit)
        self.clock = FrozenClock(GO_LIVE)
        self.writer = Writer(self.journal, self.clock, watch)
        self.reports: list[Report] = []
        self.writer.start(self.reports.append)

    async def until(self, count: int) -> list[Report]:
        async with asyncio.timeout(20):
            while len(self.reports) < count:
                await asyncio.sleep(0)
        return self.reports


def fine(act: Act) -> Committed:
    return NOTHING


async def test_acts_are_committed_in_order_and_told_after() -> None:
    desk = Desk(fine)
    acts = [CheckItem(f"i{n}") for n in range(20)]
    for act in acts:
        desk.writer.submit(act, ANA)
    reports = await desk.until(20)
    assert desk.journal.committed == acts
    assert [report.ticket.act for report in reports if isinstance(report, Saved)] == acts
    assert desk.writer.pending == ()
    desk.writer.stop()
    assert await desk.writer.ended(2)


async def test_nothing_is_told_before_the_commit_returned() -> None:
    gate = threading.Event()

    def slow(act: Act) -> Committed:
        gate.wait(10)
        return NOTHING

    desk = Desk(slow)
    desk.writer.submit(CheckItem("a"), ANA)
    for _ in range(200):
        await asyncio.sleep(0)
    assert desk.reports == []
    assert desk.writer.is_saving("a")
    gate.set()
    await desk.until(1)
    assert not desk.writer.is_saving("a")
    desk.writer.stop()


async def test_when_one_fails_it_and_all_behind_it_are_not_saved() -> None:
    gate = threading.Event()

    def full(act: Act) -> Committed:
        gate.wait(10)
        raise UnusableSession("disk full")

    desk = Desk(full)
    for name in "abc":
        desk.writer.submit(CheckItem(name), ANA)
    gate.set()
    (report,) = await desk.until(1)
    assert isinstance(report, NotSaved)
    assert [ticket.item for ticket in report.tickets] == ["a", "b", "c"]
    assert "disk full" in report.why
    desk.journal.on_commit = fine
    desk.writer.submit(CheckItem("d"), ANA)
    await desk.until(2)
    assert desk.journal.committed == [CheckItem("d")]  # nothing that failed was tried again by itself
    desk.writer.stop()


async def test_a_busy_file_is_tried_again_and_then_saved() -> None:
    tries = iter([StoreBusy("held"), StoreBusy("held"), None])

    def held(act: Act) -> Committed:
        if (error := next(tries)) is not None:
            raise error
        return NOTHING

    desk = Desk(held)
    desk.writer.submit(CheckItem("a"), ANA)
    async with asyncio.timeout(20):
        while not any(isinstance(report, Saved) for report in desk.reports):
            await asyncio.sleep(0)
    assert any(isinstance(report, StoreTrouble) and "tried again" in report.why for report in desk.reports)
    desk.writer.stop()


async def test_a_file_that_was_written_over_is_said_once_and_the_act_is_not_saved() -> None:
    problem = Problem("the file went back to event 3: this program knows 7", try_="opening it anew")

    def gone(act: Act) -> Committed:
        raise WentBack(problem, 3, lambda by: Path(by))

    desk = Desk(gone)
    desk.writer.submit(CheckItem("a"), ANA)
    told, not_saved = await desk.until(2)
    assert told == Damaged(problem.found, "opening it anew", 3)
    assert isinstance(not_saved, NotSaved)
    assert not_saved.why == problem.found
    desk.writer.stop()


async def test_a_look_that_finds_another_file_says_it() -> None:
    desk = Desk(fine)

    def gone() -> Committed:
        raise WentBack(Problem("the file was emptied: this program knows 7"), 0, lambda by: Path(by))

    desk.journal.poll = gone  # type: ignore[method-assign]
    desk.clock.advance(POLL_S)
    assert await desk.until(1) == [Damaged("the file was emptied: this program knows 7", "", 0)]
    desk.writer.stop()


@pytest.mark.parametrize("is_seen_by", ["a look", "the next act"])
async def test_what_was_not_certain_is_told_once_it_is_read_as_saved(is_seen_by: str) -> None:
    kept = Event(9, "e9", 1, ItemChecked("a"), GO_LIVE, by="ANA")

    def uncertain(act: Act) -> Committed:
        raise Unconfirmed(Problem("it is not certain"), frozenset({"e9"}))

    desk = Desk(uncertain)
    ticket = desk.writer.submit(CheckItem("a"), ANA)
    assert await desk.until(1) == [NotSaved((ticket,), "it is not certain")]
    if is_seen_by == "a look":
        desk.journal.foreign = (kept,)
        desk.clock.advance(POLL_S)
        seen: Report = Foreign(Committed((kept,), NOTHING.state))
    else:
        desk.journal.on_commit = lambda act: Committed((kept,), NOTHING.state)
        seen = Saved(desk.writer.submit(CheckItem("b"), ANA), Committed((kept,), NOTHING.state))
    assert (await desk.until(3))[1:] == [seen, Saved(ticket, NOTHING, was_given_up=True)]
    desk.journal.foreign = (kept,)
    desk.clock.advance(POLL_S)
    assert (await desk.until(4))[3:] == [Foreign(Committed((kept,), NOTHING.state))]  # and only once
    desk.writer.stop()


async def test_what_takes_half_a_minute_is_given_up_and_said_if_it_was_saved_after_all() -> None:
    begun, gate = threading.Event(), threading.Event()

    def hung(act: Act) -> Committed:
        begun.set()
        gate.wait(10)
        return NOTHING

    desk = Desk(hung)
    desk.writer.submit(CheckItem("a"), ANA)
    desk.writer.submit(CheckItem("b"), ANA)
    assert begun.wait(10)
    desk.clock.advance(GIVE_UP_S)
    desk.writer.check()
    assert isinstance(desk.reports[0], NotSaved)
    gate.set()
    reports = await desk.until(2)
    assert isinstance(reports[1], Saved)
    assert reports[1].was_given_up
    desk.writer.submit(CheckItem("c"), ANA)
    await desk.until(3)
    assert desk.journal.committed == [CheckItem("a"), CheckItem("c")]  # b was given up before its turn
    desk.writer.stop()


@pytest.mark.parametrize(("error", "kind"), [(Refused("no"), RuleRefused), (Fenced(), NotSaved)])
async def test_a_refusal_is_no_failure_and_a_lost_lease_is_said(error, kind) -> None:
    def refuse(act: Act) -> Committed:
        raise error

    desk = Desk(refuse)
    desk.writer.submit(CheckItem("a"), ANA)
    await desk.until(1)
    assert any(isinstance(report, kind) for report in desk.reports)
    if isinstance(error, Fenced):
        await desk.until(2)
        assert any(isinstance(report, LeaseLost) for report in desk.reports)
    desk.writer.stop()


async def test_a_driver_whose_lease_is_taken_knows_it_with_the_event_and_not_at_the_next_beat() -> None:
    desk = Desk(fine)
    took = Event(9, "e9", 2, DriverTook("", ""), GO_LIVE, by="KIM")
    noted = Event(8, "e8", 1, NoteAdded("-"), GO_LIVE, by="CI")
    desk.journal.foreign = (noted,)
    desk.clock.advance(POLL_S)
    await desk.until(1)
    assert desk.journal.beats == 0
    desk.journal.is_taken, desk.journal.foreign = True, (took,)
    desk.clock.advance(POLL_S)
    reports = await desk.until(3)
    assert reports == [
        Foreign(Committed((noted,), NOTHING.state)),
        Foreign(Committed((took,), NOTHING.state)),
        LeaseLost(),
    ]  # who drives is known before it is said
    desk.writer.stop()
    assert await desk.writer.ended(2)


async def test_a_beat_that_cannot_be_written_is_said_until_one_was() -> None:
    desk = Desk(fine)

    async def look_again() -> None:
        beats = desk.journal.beats
        desk.clock.advance(POLL_S)
        async with asyncio.timeout(20):
            while desk.journal.beats == beats:
                await asyncio.sleep(0)

    desk.journal.is_read_only = True
    desk.clock.advance(BEAT_S)
    await desk.until(1)
    await look_again()  # and not five seconds later
    await look_again()
    assert desk.reports == [StoreTrouble("read-only file or folder")]
    desk.journal.is_read_only = False
    await look_again()
    assert await desk.until(2) == [StoreTrouble("read-only file or folder"), StoreTrouble("")]
    desk.writer.stop()
    assert await desk.writer.ended(2)


async def test_a_follower_is_told_what_becomes_of_the_driver_once_it_changes() -> None:
    watch = DriverWatch(Lease(1, holder("KIM"), 0), FrozenClock(GO_LIVE).monotonic_s(), "read-only here")
    desk = Desk(fine, watch)
    desk.journal.is_driving = False
    desk.clock.advance(LOOK_S)
    await desk.until(1)
    desk.clock.advance(12)
    await desk.until(2)
    assert desk.reports == [
        DriverSeen("read-only here, on here"),
        DriverSeen("read-only here, on here, silent 13 s"),
    ]
    desk.writer.stop()
