"""A session file that is written over while it is open: noticed before anything is written there, and kept elsewhere."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from deploytui.base.clock import FrozenClock
from deploytui.base.errors import Problem, UnsoundSession, UsageError
from deploytui.journal.event import Draft
from deploytui.journal.fact import DriverTook
from deploytui.journal.integrity import verify
from deploytui.journal.sqlite import open_store, rescue
from deploytui.journal.sqlite_store import TAIL, SqliteStore
from deploytui.journal.store import WentBack
from tests.journal.sample import ANA, AT, BO, HEADER, PLAN, checked, new_session

CLOCK = FrozenClock(AT)
TOOK = Draft(DriverTook("", ""), by="BO")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "s.deploytui"


def write_over(path: Path, other: Path) -> None:
    """As `cp other path` does it: the same file, other content."""
    with path.open("r+b") as file:
        file.truncate()
        file.write(other.read_bytes())


def driven(path: Path, events: int = 3, later: int = 3) -> tuple[SqliteStore, Path]:
    """A driver that has saved `later` ticks since a copy of its file was made."""
    store = new_session(path, events=events)
    copy = path.with_name("copy")
    shutil.copyfile(path, copy)
    for number in range(later):
        store.append(store.head()[0], lambda new, n=number: [checked(f"later-{n}")], 1)  # type: ignore[misc]
    return store, copy


def lost(do: Callable[[], object]) -> WentBack:
    with pytest.raises(WentBack) as caught:
        do()
    return caught.value


def said(do: Callable[[SqliteStore], object], store: SqliteStore) -> str:
    return lost(lambda: do(store)).problems[0].found


WRITES: dict[str, Callable[[SqliteStore], object]] = {
    "append": lambda store: store.append(7, lambda new: [checked("x")], 1),
    "append by a script": lambda store: store.append(7, lambda new: [checked("x")], None),
    "beat": lambda store: store.beat(1),
    "take the lease": lambda store: store.take_lease(BO, store.lease(), TOOK),
    "release": lambda store: store.release(1),
    "save a snapshot": lambda store: store.save_snapshot(4, b"state"),
    "read on": lambda store: store.events(7),
    "read all": lambda store: store.events(),
}


@pytest.mark.parametrize("what", WRITES)
def test_an_older_copy_is_noticed_whatever_is_done_next_and_not_written_to(path: Path, what: str) -> None:
    store, copy = driven(path)
    write_over(path, copy)
    error = lost(lambda: WRITES[what](store))
    assert error.problems[0].found == "the file went back to event 4: this program knows 7"
    assert error.shared == 4
    assert path.read_bytes() == copy.read_bytes()


def fork(path: Path, store: SqliteStore) -> Path:
    """Another end of the same session: as many events, and to SQLite's memory the very same file."""
    other = path.with_name("fork.deploytui")
    shutil.copyfile(path, other)
    branch = open_store(other, writable=False, clock=CLOCK)
    body = branch._header_body
    branch = SqliteStore(_writable(other), other, CLOCK, body, partial(rescue, CLOCK), is_read_only=False)
    branch.append(4, lambda new: [checked("theirs")], 1)
    branch.close()
    store.append(4, lambda new: [checked("mine")], 1)
    assert other.read_bytes()[24:40] == path.read_bytes()[24:40]
    return other


def _writable(path: Path):  # type: ignore[no-untyped-def]
    from deploytui.journal.connection import connect

    return connect(path, writable=True)


@pytest.mark.parametrize("what", ["append", "beat", "save a snapshot", "release"])
def test_another_end_of_the_same_length_is_noticed_though_sqlite_would_not(path: Path, what: str) -> None:
    store = new_session(path, events=3)
    other = fork(path, store)
    write_over(path, other)
    error = lost(lambda: WRITES[what](store))
    assert error.problems[0].found == "the file was written over or damaged: this program knows 5"
    assert error.shared == 4
    assert path.read_bytes() == other.read_bytes()


def test_another_session_an_emptied_journal_an_empty_file_and_no_database_are_noticed(path: Path) -> None:
    other = path.with_name("other")
    driven(other, events=30)
    emptied, nothing, text = path.with_name("emptied"), path.with_name("nothing"), path.with_name("text")
    new_session(emptied).close()
    _writable(emptied).executescript("DROP TRIGGER event_delete; DELETE FROM event")
    nothing.touch()
    text.write_bytes(b"no database" * 1000)
    found = []
    for over in (other, emptied, nothing, text):
        path.unlink(missing_ok=True)
        store, copy = driven(path)
        write_over(path, over)
        errors = {said(WRITES[what], store) for what in ("append", "beat", "read on")}
        found += [error.partition(":")[0] for error in errors]
        assert path.read_bytes() == over.read_bytes()
        store.close()
        copy.unlink()
    assert found == ["the file was written over or damaged"] * 4


@pytest.mark.parametrize("kept", [4096, 9000, 0.5, 0.9])
def test_a_file_that_was_cut_off_is_noticed(path: Path, kept: float) -> None:
    store, _ = driven(path, events=30)
    size = path.stat().st_size
    os.truncate(path, int(kept if kept > 1 else size * kept))
    cut = path.read_bytes()
    errors = [lost(lambda one=one: WRITES[one](store)) for one in ("append", "beat", "read all")]  # type: ignore[misc]
    assert {error.problems[0].found.partition(":")[0] for error in errors} == {
        "the file was written over or damaged"
    }
    assert path.read_bytes() == cut


def test_a_disk_that_fails_for_a_moment_is_no_damaged_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = driven(path)

    def fail(*_: object) -> None:
        error = sqlite3.DatabaseError("database disk image is malformed")
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(store._overwrite, "check", fail)
        with pytest.raises(UnsoundSession) as caught:
            store.beat(1)
    assert not isinstance(caught.value, WentBack)
    assert store.beat(1)


def test_a_follower_notices_it_too(path: Path) -> None:
    driver, copy = driven(path)
    follower = open_store(path, writable=False, clock=CLOCK)
    follower.has_changed()
    driver.close()
    write_over(path, copy)
    assert follower.has_changed()
    error = lost(lambda: follower.events(7))
    assert error.problems[0].found == "the file went back to event 4: this program knows 7"


def test_a_file_that_only_grew_is_no_other_file(path: Path) -> None:
    store, _ = driven(path)
    script = open_store(path, writable=True, clock=CLOCK)
    script.append(7, lambda new: [checked("by a script")], None)
    assert store.beat(1)
    assert [event.item for event in store.events(7)] == ["by a script"]
    script.append(8, lambda new: [checked("again")], None)
    assert [event.seq for event in store.append(8, lambda new: [checked("x")], 1).foreign] == [9]
    assert store.events(0, 2) == store.events()[:2]  # a page of older events is compared with nothing
    assert len(store.events()) == 10


def rescued(error: WentBack) -> Path:
    kept = error.kept("ANA")
    assert kept.is_kept
    name = kept.problems[0].found.rpartition(" ")[2]
    assert kept.problems[0].try_ == f"`deploytui resume {name}` after leaving"
    return Path(kept.problems[0].file or "").with_name(f"{name}.deploytui")


def test_what_is_known_is_kept_in_a_new_file_and_nothing_is_overwritten(path: Path) -> None:
    store, copy = driven(path)
    rows = store.stored(0, 100)
    write_over(path, copy)
    path.with_name("s-recovered.deploytui").write_text("mine")
    new = rescued(lost(lambda: store.beat(1)))
    assert new.name == "s-recovered-2.deploytui"
    assert path.with_name("s-recovered.deploytui").read_text() == "mine"
    assert path.read_bytes() == copy.read_bytes()
    assert stat.S_IMODE(new.stat().st_mode) == 0o600
    again = open_store(new, writable=True, clock=CLOCK)
    assert again.stored(0, 7) == rows
    assert verify(again).broken is None
    assert (again.header, again.plan_source, again.lease().holder) == (HEADER, PLAN, None)
    note = again.events(7)
    assert [(event.kind, event.by) for event in note] == [("note.added", "ANA")]
    assert note[0].fact.text == (
        "recovered from what was known of s.deploytui, which was written over: 7 events, nothing was lost"
    )
    assert again.take_lease(ANA, again.lease(), TOOK).epoch == 2


def test_what_a_program_has_not_read_it_takes_from_the_file_as_far_as_that_goes(path: Path) -> None:
    new_session(path, events=TAIL + 100).close()
    store = open_store(path, writable=True, clock=CLOCK)
    copy, far = path.with_name("copy"), path.with_name("far")
    shutil.copyfile(path, copy)
    store.append(TAIL + 101, lambda new: [checked("later")], 1)
    rows = store.stored(0, 2 * TAIL)
    write_over(path, copy)
    again = open_store(rescued(lost(lambda: store.beat(1))), writable=False, clock=CLOCK)
    assert again.stored(0, TAIL + 102) == rows
    assert verify(again).broken is None
    new_session(far, events=3).close()
    write_over(path, far)
    error = lost(lambda: store.beat(1)).kept("ANA")
    assert not error.is_kept
    assert "a file of its own could not be made: what came before is not known here (event 5:" in str(error)
    assert "this program knows 1102" in str(error)
    assert sorted(path.name for path in path.parent.glob("*recovered*")) == ["s-recovered.deploytui"]


def test_a_copy_that_cannot_be_made_is_said_and_can_be_tried_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, copy = driven(path)
    write_over(path, copy)
    error = lost(lambda: store.beat(1))

    def full(*words: object, **more: object) -> None:
        raise UsageError(Problem("disk full"))

    with monkeypatch.context() as patched:
        patched.setattr("deploytui.journal.sqlite.make", full)
        told = error.kept("ANA")
    words = "the file went back to event 4: this program knows 7"
    assert told.problems[0].found == f"{words}, and a file of its own could not be made: disk full"
    assert not told.is_kept
    assert told.kept("ANA").problems[0].found == f"{words}, all of it is in s-recovered"


def test_a_folder_that_is_gone_is_a_word_and_no_traceback(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    store, copy = driven(folder / "s.deploytui")
    shutil.copyfile(copy, tmp_path / "copy")
    write_over(folder / "s.deploytui", tmp_path / "copy")
    error = lost(lambda: store.beat(1))
    for left in folder.iterdir():
        os.unlink(left)
    folder.rmdir()
    folder.symlink_to(tmp_path / "nowhere")
    assert "a file of its own could not be made" in str(error.kept("ANA"))
