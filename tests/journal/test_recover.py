"""Recovering copies what is sound, says where it stopped, and never touches the old file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from deploytui.base.clock import FrozenClock
from deploytui.base.errors import UnsoundSession, UsageError
from deploytui.base.small_file import read_small
from deploytui.journal.event import Draft
from deploytui.journal.fact import DriverTook
from deploytui.journal.integrity import verify
from deploytui.journal.recover import Recovered, recover
from deploytui.journal.sqlite import create, open_store
from deploytui.journal.sqlite_store import SqliteStore
from tests.journal.sample import AT, BO, HEADER, OPENING, PLAN, checked, new_session
from tests.journal.test_sqlite import hot, rewrite

CLOCK = FrozenClock(AT)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.deploytui"
    new_session(path, events=300).close()
    return path


def recovered(old: Path) -> tuple[Recovered, SqliteStore]:
    """Recover into a folder beside `old`; also checks what must hold every time."""
    new = old.parent / "new" / "new.deploytui"
    before = {path.name: path.read_bytes() for path in old.parent.iterdir() if path.is_file()}
    outcome = recover(old, new, by="ANA", clock=CLOCK)
    assert {path.name: path.read_bytes() for path in old.parent.iterdir() if path.is_file()} == before
    assert [path.name for path in new.parent.iterdir()] == ["new.deploytui"]
    store = open_store(new, writable=True, clock=CLOCK)
    assert verify(store).broken is None
    assert (store.header, store.plan_source) == (HEADER, PLAN)
    assert store.head()[0] == outcome.kept + 1
    assert store.lease().holder is None
    return outcome, store


def test_a_sound_file_loses_nothing(old: Path) -> None:
    source = open_store(old, writable=False, clock=CLOCK)
    events, head = source.events(), source.head()
    source.close()
    outcome, store = recovered(old)
    assert outcome == Recovered(301, head[1], "", HEADER)
    assert store.events()[:-1] == events
    note = store.events()[-1]
    assert (note.kind, note.by) == ("note.added", "ANA")
    assert note.fact.text == "recovered from old.deploytui: the first 301 events were kept, nothing was lost"


def test_the_events_before_the_first_bad_one_are_kept(old: Path) -> None:
    rewrite(old, "UPDATE event SET epoch=9 WHERE seq=200")
    outcome, store = recovered(old)
    assert (outcome.kept, outcome.stopped) == (199, "event 200: its columns differ from its text")
    assert "what came after is lost (event 200" in store.events()[-1].fact.text


def test_a_gap_ends_what_is_kept(old: Path) -> None:
    rewrite(old, "DELETE FROM event WHERE seq=150")
    assert recovered(old)[0].stopped == "event 150 is missing"


def test_half_a_file_keeps_its_sound_half(old: Path) -> None:
    os.truncate(old, old.stat().st_size // 2)
    outcome, _ = recovered(old)
    assert 0 < outcome.kept < 301
    assert outcome.stopped.startswith(f"event {outcome.kept + 1}")


def test_an_unfinished_save_is_undone_in_the_copy_only(tmp_path: Path) -> None:
    path = tmp_path / "old.deploytui"
    hot(path)
    assert recovered(path)[0] == Recovered(31, recovered_head(tmp_path), "", HEADER)


def recovered_head(folder: Path) -> str:
    store = open_store(folder / "new" / "new.deploytui", writable=False, clock=CLOCK)
    return store.stored(30, 1)[0].hash.hex()


def test_guards_that_were_taken_away_are_back(old: Path) -> None:
    rewrite(old, "DROP TABLE snapshot")
    assert recovered(old)[0].stopped == ""


def test_a_damaged_checklist_is_taken_from_where_it_came_if_it_is_the_same(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewrite(old, "UPDATE meta SET v=x'00' WHERE k='plan'")
    with pytest.raises(UnsoundSession, match="is not the same any more"):
        recover(old, tmp_path / "new.deploytui", by="ANA", clock=CLOCK)
    assert not (tmp_path / "new.deploytui").exists()
    came_from = tmp_path / "plan.yaml"
    monkeypatch.setattr("deploytui.journal.sqlite.read_small", lambda path, most: read_small(came_from, most))
    came_from.write_bytes(PLAN + b"# changed")
    with pytest.raises(UnsoundSession):
        recover(old, tmp_path / "new.deploytui", by="ANA", clock=CLOCK)
    came_from.write_bytes(PLAN)
    assert recovered(old)[0].kept == 301


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE meta SET v=x'00' WHERE k='header'", "its header cannot be read"),
        ("UPDATE event SET epoch=9 WHERE seq=1", "event 1: its columns differ"),
        ("DELETE FROM event", "it holds no event"),
        ("DELETE FROM event WHERE seq=1", "event 1 is missing"),
    ],
)
def test_where_nothing_is_sound_nothing_is_made(
    old: Path, tmp_path: Path, statement: str, words: str
) -> None:
    rewrite(old, statement)
    with pytest.raises(UnsoundSession, match=words):
        recover(old, tmp_path / "new.deploytui", by="ANA", clock=CLOCK)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old.deploytui"]


def test_what_does_not_begin_with_the_opening_of_a_session_is_not_copied(tmp_path: Path) -> None:
    path = tmp_path / "old.deploytui"
    create(path, HEADER, PLAN, clock=CLOCK, holder=BO, opening=[checked("a"), *OPENING]).close()
    with pytest.raises(UnsoundSession, match="event 1: it does not open a session"):
        recover(path, tmp_path / "new.deploytui", by="ANA", clock=CLOCK)
    assert not (tmp_path / "new.deploytui").exists()


@pytest.mark.parametrize("content", [b"", b"no database" * 500])
def test_what_never_was_a_session_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "old").write_bytes(content)
    with pytest.raises(UnsoundSession):
        recover(tmp_path / "old", tmp_path / "new", by="ANA", clock=CLOCK)


def test_a_new_name_that_is_taken_is_refused(old: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("taken", "link", "old.deploytui"):
        with pytest.raises(UsageError, match="a file of that name"):
            recover(old, tmp_path / name, by="ANA", clock=CLOCK)
    assert taken.read_text() == "mine"


def test_the_recovered_session_goes_on(old: Path) -> None:
    _, store = recovered(old)
    event = store.take_lease(BO, store.lease(), Draft(DriverTook("", ""), by="BO"))
    assert (event.seq, event.epoch) == (303, 2)
