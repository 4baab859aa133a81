"""A session whose file is written over: what it goes on to say, what it keeps, and that it stops."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploytui.base.errors import Problem, UnsoundSession, UsageError
from deploytui.cli.compose import farewell
from deploytui.cli.opened import plan_of
from deploytui.journal.lease import this_process
from deploytui.journal.sqlite import open_store
from deploytui.journal.store import WentBack
from deploytui.session.act import AddNote, By, CheckItem
from deploytui.session.alarm import alarm_view
from deploytui.session.answer import No
from deploytui.session.viewer import Viewer
from tests.cli.conftest import Box
from tests.journal.test_overwrite import write_over
from tests.session.fake import Driven

ANA = By("ANA")
BACK = "the file went back to event 5: this program knows 6"
KEPT = f"{BACK}, all of it is in s-recovered"


def sides(box: Box, path: Path, *, writable: bool) -> Driven:
    """Both sides of the session at `path`."""
    store = open_store(path, writable=writable, clock=box.clock)
    return Driven(plan_of(store), store, box.clock, store.events())


@pytest.fixture
def went_back(box: Box) -> tuple[Driven, Path]:
    """A driver whose file is, since it saved the last tick, the older copy again."""
    path = box.session("s")
    session = sides(box, path, writable=True)
    session.take_lease(this_process("ANA"))
    session.perform(CheckItem("pre.backup"), ANA)
    shutil.copyfile(path, box.root / "old")
    session.perform(CheckItem("pre.call"), ANA)
    session.poll()
    write_over(path, box.root / "old")
    return session, path


def now() -> datetime:
    return datetime(2026, 11, 24, 0, 6, tzinfo=UTC)


def test_the_first_look_stops_the_driver_and_keeps_what_it_knows(
    box: Box, went_back: tuple[Driven, Path]
) -> None:
    session, path = went_back
    old = path.read_bytes()
    with pytest.raises(WentBack, match=KEPT):
        session.poll()
    assert session.poll() == frozenset()
    assert session.is_driving
    assert session.beat()
    assert session.propose(AddNote("x")) == No(f"NOT SAVED, nothing is saved any more: {KEPT}")
    with pytest.raises(UnsoundSession, match=KEPT):
        session.perform(AddNote("x"), ANA)
    with pytest.raises(UnsoundSession, match=KEPT):
        session.core.page(0, 10)
    alarm = alarm_view(session, now())
    assert (alarm.text, alarm.short) == (f"NOT SAVING: {KEPT}", "NOT SAVING: the file went back to event 5")
    rows = {item: Viewer(session).item_row(item, now()).right for item in ("pre.backup", "pre.call")}
    assert rows == {"pre.backup": "ANA 00:05", "pre.call": "ONLY HERE, ANA 00:05"}
    session.leave(ANA)
    assert farewell(session, "") == f"left s (2 of 4 done), NOT SAVED to its end: {KEPT}"
    assert path.read_bytes() == old
    copies = [found.name for found in path.parent.glob("*recovered*")]
    assert copies == ["s-recovered.deploytui"]
    assert "pre.call is done already" in box.run("tick", "s-recovered", "pre.call").out


@pytest.mark.parametrize("act", ["commit", "beat", "leave"])
def test_it_is_kept_whatever_notices_it(went_back: tuple[Driven, Path], act: str) -> None:
    session, path = went_back
    if act == "leave":
        session.leave(ANA)
    else:
        with pytest.raises(WentBack, match=KEPT):
            session.beat() if act == "beat" else session.perform(AddNote("x"), ANA)
    assert session.fault == KEPT
    copy = open_store(path.with_name("s-recovered.deploytui"), writable=False, clock=session.clock)
    assert copy.events()[:-1] == session.events


def test_what_could_not_be_kept_is_tried_again_at_each_beat(
    went_back: tuple[Driven, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    session, _ = went_back

    def full(*words: object, **more: object) -> None:
        raise UsageError(Problem("disk full"))

    with monkeypatch.context() as patched:
        patched.setattr("deploytui.journal.sqlite.make", full)
        with pytest.raises(WentBack, match="disk full"):
            session.beat()
        assert session.beat()  # still not
        assert session.fault == f"{BACK}, and a file of its own could not be made: disk full"
    with pytest.raises(WentBack, match=KEPT):
        session.beat()
    assert session.fault == KEPT
    assert session.beat()


@pytest.mark.parametrize("is_replaced", [True, False])
def test_whoever_leaves_a_file_without_a_name_leaves_a_copy(box: Box, is_replaced: bool) -> None:
    path = box.session("s")
    shutil.copyfile(path, box.root / "old")
    session = sides(box, path, writable=True)
    session.take_lease(this_process("ANA"))
    if is_replaced:
        (box.root / "old").replace(path)
    else:
        path.unlink()
    session.leave(ANA)
    assert (
        "the file was moved, replaced or deleted: this program knows 4, all of it is in s-recovered"
        in farewell(session, "")
    )
    copy = open_store(path.with_name("s-recovered.deploytui"), writable=False, clock=box.clock)
    assert copy.events()[:-1] == session.events


def test_who_follows_says_it_and_makes_no_copy(box: Box, went_back: tuple[Driven, Path]) -> None:
    driver, path = went_back
    write_over(path, _of(driver, path))
    follower = sides(box, path, writable=False)
    follower.poll()
    write_over(path, box.root / "old")
    words = "the file went back to event 5: this program knows 7"  # with the note of the copy
    with pytest.raises(WentBack, match=words):
        follower.poll()
    assert follower.poll() == frozenset()
    assert alarm_view(follower, now()).text == f"NOT FOLLOWING: {words}"
    assert Viewer(follower).item_row("pre.call", now()).status == "done"
    assert [found.name for found in path.parent.glob("*recovered*")] == ["s-recovered.deploytui"]


def _of(driver: Driven, path: Path) -> Path:
    """The file as it would be: what the driver knows."""
    with pytest.raises(WentBack):
        driver.poll()
    return path.with_name("s-recovered.deploytui")


def test_a_script_that_finds_another_file_between_reading_and_writing_says_so(box: Box) -> None:
    path = box.session("s")
    shutil.copyfile(path, box.root / "old")
    box.run("tick", "s", "pre.backup")
    session = sides(box, path, writable=True)
    write_over(path, box.root / "old")
    with pytest.raises(WentBack, match="the file went back to event 3: this program knows 4") as caught:
        session.perform(CheckItem("pre.call"), ANA, as_script=True)
    assert caught.value.exit_code == 4
    assert list(path.parent.glob("*recovered*")) == []
