"""A follower says within a second what has become of the driver, and never guesses."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from deploytui.base.clock import FrozenClock
from deploytui.journal.event import Draft
from deploytui.journal.fact import DriverTook
from deploytui.journal.lease import this_process
from deploytui.journal.sqlite import open_store
from deploytui.session.driver_watch import DriverWatch
from tests.journal.sample import AT, new_session

HERE = f"read-only here, on {os.uname().nodename}"


class Follower:
    """A watch over a session's file, on a clock of its own."""

    def __init__(self, path: Path) -> None:
        self.clock = FrozenClock(AT)
        self.store = open_store(path, writable=False, clock=self.clock)
        self.watch = DriverWatch(self.store.lease(), self.clock.monotonic_s(), "read-only here")

    def note(self, *, is_driving: bool = False) -> str:
        return self.watch.look(self.store.lease(), self.clock.monotonic_s(), is_driving=is_driving)


def test_a_driver_that_beats_a_silent_one_and_one_that_left(tmp_path: Path) -> None:
    path = tmp_path / "s.deploytui"
    driver = new_session(path)
    epoch = driver.take_lease(this_process("ANA"), driver.lease(), Draft(DriverTook("", ""), by="ANA")).epoch
    follower = Follower(path)
    for _ in range(5):
        assert follower.note() == HERE
        follower.clock.advance(5)
        driver.beat(epoch)
    assert follower.note() == HERE
    follower.clock.advance(13)
    assert follower.note() == f"{HERE}, silent 13 s"
    driver.beat(epoch)
    assert follower.note() == HERE
    driver.release(epoch)
    follower.clock.advance(20)
    assert follower.note() == "read-only here"
    driver.close()


def test_a_driver_whose_program_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "s.deploytui"
    driver = new_session(path)
    driver.take_lease(this_process("ANA"), driver.lease(), Draft(DriverTook("", ""), by="ANA"))
    driver.close()
    follower = Follower(path)
    assert follower.note() == HERE
    db = sqlite3.connect(path)
    db.execute("UPDATE lease SET pid_start = 1")
    db.commit()
    db.close()
    assert follower.note() == f"{HERE}, whose program is gone"


def test_a_driver_does_not_watch_itself(tmp_path: Path) -> None:
    path = tmp_path / "s.deploytui"
    new_session(path).close()
    assert Follower(path).note(is_driving=True) == ""
