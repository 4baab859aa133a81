"""A script beside a rehearsal lives by its clock: its fast one, as it was last set, and none once it is over."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from deploytui.base.clock import AcceleratedClock, FrozenClock
from deploytui.cli.opened import clock_of
from deploytui.journal.event import Draft, Event
from deploytui.journal.fact import DriverTook, RehearsalPaced
from deploytui.journal.fold import fold
from deploytui.journal.lease import this_process
from deploytui.journal.sqlite import create, open_store
from deploytui.journal.state import Pace, SessionState
from deploytui.journal.store import Header
from deploytui.session.act import By
from deploytui.session.session_rules import opening, paced
from tests.cli.conftest import NOW, PLAN, Box

START = NOW + timedelta(hours=1)
ANA = By("ANA")


def rehearsed(box: Box, speed: float = 180) -> Path:
    """A rehearsal that began now and stands at 01:05 there."""
    source = PLAN.encode()
    header = Header("r", "Ship it", "ship.yaml", str(box.checklist), hashlib.sha256(source).hexdigest(),
                    "rehearsal", NOW, "0.1.0")  # fmt: skip
    drafts = opening(ANA, NOW + timedelta(hours=2), "pre", ())
    took = Draft(DriverTook("", ""), by="ANA")
    path = box.state / "r.deploytui"
    fast = AcceleratedClock(box.clock, START, speed)
    pace = ANA.draft(paced(Pace(START, box.clock.now(), speed)))
    create(
        path, header, source, clock=fast, holder=this_process("ANA"), opening=[*drafts, pace, took]
    ).close()
    return path


def test_a_tick_beside_a_rehearsal_has_its_time(box: Box) -> None:
    path = rehearsed(box)
    box.clock.advance(10)
    assert box.run("tick", str(path), "pre.backup", "--as", "CI").code == 0
    found = box.run("status", str(path), "--json").data
    ticked = next(item for item in found["items"] if item["id"] == "pre.backup")
    assert ticked["at"] == "2026-11-24T01:35:00Z"  # half an hour at 180 times
    assert (found["now"], found["mode"]) == ("2026-11-24T01:35:00Z", "rehearsal")


def test_another_speed_counts_from_where_it_was_set(box: Box) -> None:
    path = rehearsed(box)
    box.clock.advance(10)
    store = open_store(path, writable=True, clock=box.clock)
    pace = Pace(START + timedelta(minutes=30), box.clock.now(), 60)
    store.append(0, lambda new: [ANA.draft(paced(pace))], None)
    store.close()
    box.clock.advance(10)
    assert box.run("status", str(path), "--json").data["now"] == "2026-11-24T01:45:00Z"


def test_a_rehearsal_that_is_over_stands_still(box: Box) -> None:
    path = rehearsed(box)
    box.clock.advance(10)
    box.run("close", str(path), "--outcome", "done")
    box.clock.advance(3600)
    assert box.run("status", str(path), "--json").data["now"] == "2026-11-24T01:35:00Z"


def test_a_live_session_has_the_machines_clock() -> None:
    clock = FrozenClock(NOW)
    assert clock_of(SessionState(), clock, is_driven=True) is clock


@pytest.mark.parametrize(("closed_at", "is_driven"), [(START, True), (None, False)])
def test_without_a_driver_the_clock_stands(closed_at: datetime | None, is_driven: bool) -> None:
    state = SessionState(
        pace=Pace(START, NOW, 180), last_at=START + timedelta(minutes=9), closed_at=closed_at
    )
    found = clock_of(state, FrozenClock(NOW + timedelta(days=9000)), is_driven=is_driven)
    assert found.now() == START + timedelta(minutes=9)


@pytest.mark.parametrize(("speed", "at"), [("fast", ""), ("nan", ""), ("0", ""), ("180", "yesterday")])
def test_an_event_that_no_program_of_ours_wrote_sets_no_clock(speed: str, at: str) -> None:
    paced = RehearsalPaced(at or START.isoformat(), NOW.isoformat(), speed)
    assert fold([Event(1, "e1", 1, paced, NOW)]).pace is None


def test_a_clock_can_be_set_to_what_another_process_says() -> None:
    inner = FrozenClock(NOW)
    clock = AcceleratedClock(inner, START, 60)
    inner.advance(10)
    clock.set_to(START + timedelta(hours=2), 120)
    assert clock.now() == START + timedelta(hours=2)
    inner.advance(1)
    assert clock.now() == START + timedelta(hours=2, minutes=2)
