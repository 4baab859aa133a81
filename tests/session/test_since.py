"""What a driver is told who takes up a session: since when, what happened, and how long nobody drove."""

from __future__ import annotations

from deploytui.journal.fact import LevelChanged
from deploytui.session.act import SYSTEM, AddNote, By, CheckItem, SkipItem
from deploytui.session.session import Session
from deploytui.session.viewer import Viewer
from tests.session.fake import ANA, Driven, holder, opened, small_plan


def taken_up(session: Session, clock, name: str = "BEN") -> Session:
    other = Driven(small_plan(), session.store, clock, session.store.events())
    other.take_lease(holder(name))
    return other


def test_the_first_driver_is_told_nothing() -> None:
    session, clock = opened()
    assert Viewer(session).since(clock.now()) == ""


def test_a_session_that_was_opened_with_its_driver_has_none_before() -> None:
    session, clock = opened()
    fresh = Driven(small_plan(), session.store, clock, session.store.events())
    fresh.drive(session.store.lease().epoch)
    assert Viewer(fresh).since(clock.now()) == ""


def test_after_a_clean_leave() -> None:
    session, clock = opened()
    session.perform(CheckItem("val.1"), ANA)
    clock.advance(600)
    session.leave(ANA)
    clock.advance(120)
    script = Driven(small_plan(), session.store, clock, session.store.events())
    for item in ("pre.1", "pre.2"):
        script.perform(CheckItem(item), By("CI"), as_script=True)
    script.perform(SkipItem("pre.3", "x"), By("CI"), as_script=True)
    clock.advance(45 * 60)
    other = taken_up(session, clock)
    assert Viewer(other).since(clock.now()) == "since 02:10Z: 2 ticked, 1 skipped; no driver for 47 min"


def test_after_a_death_it_counts_from_the_last_word_of_the_driver_or_its_gauges() -> None:
    session, clock = opened()
    session.perform(AddNote("here"), ANA)
    clock.advance(300)
    session.perform(LevelChanged("errors", "ok", "breach", "7 %"), By(SYSTEM))
    clock.advance(61)
    other = taken_up(session, clock)
    assert Viewer(other).since(clock.now()) == "since 02:05Z: nothing happened; no driver for 2 min"


def test_a_step_that_started_by_itself_is_not_counted() -> None:
    session, clock = opened()
    session.leave(ANA)
    script = Driven(small_plan(), session.store, clock, session.store.events())
    script.perform(CheckItem("exec.1"), By("CI"), as_script=True)
    other = taken_up(session, clock)
    assert "1 ticked;" in Viewer(other).since(clock.now())


def test_a_follower_is_told_nothing() -> None:
    session, clock = opened()
    session.leave(ANA)
    follower = Driven(small_plan(), session.store, clock, session.store.events())
    assert Viewer(follower).since(clock.now()) == ""
