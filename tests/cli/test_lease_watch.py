"""A follower says within a second what has become of the driver, and never guesses."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from deploytui.cli.lease_watch import WatchedSession
from deploytui.cli.opened import open_session
from deploytui.journal.event import Draft
from deploytui.journal.fact import DriverTook
from deploytui.journal.lease import this_process
from deploytui.journal.sqlite import open_store
from deploytui.session.viewer import Viewer
from tests.cli.conftest import Box

HERE = f"read-only here, on {os.uname().nodename}"


def follow(box: Box, path: Path) -> tuple[WatchedSession, Viewer]:
    from deploytui.cli.console import Console

    session, _ = open_session(Console(env=box.env, clock=box.clock), path, writable=False)
    viewer = Viewer(session)
    return WatchedSession(session, viewer, box.clock, "read-only here"), viewer


def test_a_driver_that_beats_a_silent_one_and_one_that_left(box: Box) -> None:
    path = box.session("s")
    driver = open_store(path, writable=True, clock=box.clock)
    epoch = driver.take_lease(this_process("ANA"), driver.lease(), Draft(DriverTook("", ""), by="ANA")).epoch
    watched, viewer = follow(box, path)
    for _ in range(5):
        watched.poll()
        assert viewer.driver_note == HERE
        box.clock.advance(5)
        driver.beat(epoch)
    watched.poll()
    box.clock.advance(13)
    watched.poll()
    assert viewer.driver_note == f"{HERE}, silent 13 s"
    driver.beat(epoch)
    box.clock.advance(0.5)
    watched.poll()
    assert viewer.driver_note == f"{HERE}, silent 13 s"  # it looks once a second
    box.clock.advance(0.5)
    watched.poll()
    assert viewer.driver_note == HERE
    driver.release(epoch)
    box.clock.advance(20)
    watched.poll()
    assert viewer.driver_note == "read-only here"
    driver.close()


def test_a_driver_whose_program_is_gone(box: Box) -> None:
    path = box.session("s")
    driver = open_store(path, writable=True, clock=box.clock)
    driver.take_lease(this_process("ANA"), driver.lease(), Draft(DriverTook("", ""), by="ANA"))
    driver.close()
    watched, viewer = follow(box, path)
    watched.poll()
    assert viewer.driver_note == HERE
    db = sqlite3.connect(path)
    db.execute("UPDATE lease SET pid_start = 1")
    db.commit()
    db.close()
    box.clock.advance(1)
    watched.poll()
    assert viewer.driver_note == f"{HERE}, whose program is gone"


def test_a_driver_does_not_watch_itself(box: Box) -> None:
    path = box.session("s")
    watched, viewer = follow(box, path)
    assert viewer.driver_note == "read-only here"
    watched._session.epoch = 2
    box.clock.advance(60)
    watched.poll()
    assert viewer.driver_note == ""
    assert watched.is_driving
