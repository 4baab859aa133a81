"""A long session is taken up from its snapshot and its last events; what came before is checked behind that."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from deploytui.base.errors import UnsoundSession
from deploytui.cli.console import Console
from deploytui.cli.opened import given_at_start, is_live, plan_of, restored, state_of
from deploytui.journal import snapshot
from deploytui.journal.event import Draft, Event, stamp
from deploytui.journal.fact import ItemChecked, ItemUndone, NoteAdded
from deploytui.journal.fold import fold
from deploytui.journal.lease import this_process
from deploytui.journal.schema import TABLES
from deploytui.journal.sqlite import open_store
from deploytui.journal.sqlite_store import TAIL
from deploytui.session.act import AddNote, By
from deploytui.session.answer import Go, No
from deploytui.session.joined import Joined, join
from deploytui.session.journal_tail import OF_ITEM
from deploytui.session.ticket import Damaged, EarlierRead
from deploytui.session.viewer import Viewer
from tests.cli.conftest import Box

EVENTS = 2600
KEPT_AT = 2400
EARLY = 700  # before the last events, which opening the file checks
ANA = By("ANA")


@pytest.fixture
def path(box: Box) -> Path:
    path = box.session("long")
    store = open_store(path, writable=True, clock=box.clock)
    at = store.head()[0]

    def draft(seq: int) -> Draft:
        if seq % 7 == 0:
            return Draft(NoteAdded(item="pre.call", text=f"note {seq}"), by="CI")
        kind = ItemUndone if seq % 2 else ItemChecked
        return Draft(kind("pre.backup"), by="CI")

    store.append(at, lambda new: [draft(seq) for seq in range(at + 1, EVENTS + 1)], None)
    store.save_snapshot(KEPT_AT, snapshot.encode(fold(store.events(0, KEPT_AT))))
    store.close()
    return path


def opened(box: Box, path: Path, *, is_whole: bool = False) -> Joined:
    store = open_store(path, writable=True, clock=box.clock)
    if is_whole:
        return join(plan_of(store), store, box.clock, store.events())
    joined = restored(store, box.clock)
    joined.take_lease(this_process("ANA"))
    return joined


def read_all(joined: Joined) -> None:
    """Check all that came before, and report it as the writer does."""
    while not joined.writer.is_all_read:
        try:
            earlier = joined.writer.read_earlier()
        except UnsoundSession as error:
            joined.session.take(Damaged(error.problems[0].found, ""))
            raise
        if earlier is not None:
            joined.session.take(EarlierRead(earlier.by_item, tuple(earlier.unled)))


def rewrite(path: Path, *statements: str) -> None:
    """Change the file by hand, and put its guards back so that it looks like ours."""
    db = sqlite3.connect(path)
    for trigger in ("event_insert", "event_update", "event_delete"):
        db.execute(f"DROP TRIGGER {trigger}")
    for statement in statements:
        db.execute(statement)
    for made in TABLES:
        if made.startswith("CREATE TRIGGER"):
            db.execute(made)
    db.commit()
    db.close()


def test_only_the_last_events_are_read_and_the_session_is_the_same(box: Box, path: Path) -> None:
    joined, whole = opened(box, path), opened(box, path, is_whole=True).session
    session = joined.session
    assert len(whole.events) == EVENTS + 1
    assert len(session.events) <= TAIL + 1
    assert session.state.items == whole.state.items
    assert session.tally.everything() == whole.tally.everything()
    assert given_at_start(joined) == {}
    joined.perform(AddNote("one more"), ANA)
    assert session.events[-1].seq == EVENTS + 2


def test_what_came_before_is_known_once_it_is_read(box: Box, path: Path) -> None:
    whole, joined = opened(box, path, is_whole=True).session, opened(box, path)
    session = joined.session
    now = box.clock.now()
    assert Viewer(session).since(now) == ""  # nobody drove within the last events
    read_all(joined)
    assert joined.writer.is_all_read
    assert session.tail.is_whole
    for item in ("pre.backup", "pre.call"):
        of_item = [event for event in whole.events if event.item == item][-OF_ITEM:]
        assert session.tail.of_item(item) == of_item
    told = Viewer(session).since(now)
    assert "since Mon 24 00:05Z" in told or "since 00:05Z" in told
    assert "ticked" in told


@pytest.mark.parametrize(
    "change",
    [
        f"UPDATE event SET body=replace(body, 'CI', 'BO') WHERE seq={EARLY}",
        f"UPDATE event SET epoch=9 WHERE seq={EARLY}",
        f"UPDATE event SET hash=zeroblob(32) WHERE seq={EARLY}",
    ],
)
def test_an_early_event_that_was_changed_is_found_and_stops_every_save(
    box: Box, path: Path, change: str
) -> None:
    rewrite(path, change)
    joined = opened(box, path)
    session = joined.session
    assert session.propose(AddNote("before it is found")) == Go()
    with pytest.raises(UnsoundSession, match=f"event {EARLY}: "):
        read_all(joined)
    assert f"event {EARLY}: " in session.fault
    assert joined.writer.is_all_read
    head = joined.writer.head()
    with pytest.raises(UnsoundSession, match=f"event {EARLY}: "):
        joined.perform(AddNote("after"), ANA)
    answer = session.propose(AddNote("after"))
    assert isinstance(answer, No)
    assert "nothing is saved any more" in answer.why
    alarm = Viewer(session).glance(box.clock.now()).alarm
    assert alarm.text.startswith("NOT SAVING")
    assert f"event {EARLY}" in alarm.text
    assert alarm.hint == ""
    joined.writer.leave(ANA)
    assert joined.writer.head() == head
    assert joined.writer.lease().holder is None


def test_without_that_check_the_change_would_pass(box: Box, path: Path) -> None:
    """The control: opening reads the end only, so a save goes through until the earlier events are looked at."""
    rewrite(path, f"UPDATE event SET body=replace(body, 'CI', 'BO') WHERE seq={EARLY}")
    joined = opened(box, path)
    session = joined.session
    joined.perform(AddNote("saved"), ANA)
    assert session.fault == ""


def test_a_snapshot_that_says_otherwise_than_the_events_is_found_and_made_anew(box: Box, path: Path) -> None:
    store = open_store(path, writable=True, clock=box.clock)
    forged = fold([*store.events(0, KEPT_AT - 1), *ticked(KEPT_AT, box)])
    store.save_snapshot(KEPT_AT, snapshot.encode(forged))
    store.close()
    joined = opened(box, path)
    session = joined.session
    assert "exec.1" in session.state.items
    with pytest.raises(UnsoundSession, match="snapshot"):
        read_all(joined)
    joined.writer.leave(ANA)
    again = opened(box, path)
    assert "exec.1" not in again.session.state.items
    read_all(again)


def ticked(seq: int, box: Box) -> list[Event]:
    draft = Draft(ItemChecked(item="exec.1"), by="CI")
    return [stamp(draft, seq, 1, box.clock)]


def test_older_events_are_shown_from_the_file(box: Box, path: Path) -> None:
    joined = opened(box, path)
    session = joined.session
    viewer = Viewer(session)
    rows = viewer.journal_rows(5, EVENTS - 100)
    assert {row.text for row in rows} == {f"event {seq} is being read" for seq in range(97, 102)}
    wanted = session.tail.wanted
    assert wanted is not None
    session.tail.keep_page(joined.writer.page(wanted, 200))
    texts = [row.text for row in viewer.journal_rows(5, EVENTS - 100)]
    assert "Call Kim at +49 30 1234567: note 98" in texts
    assert session.tail.wanted is None


def test_whether_a_session_is_live_needs_only_its_end(box: Box, path: Path) -> None:
    rewrite(path, f"UPDATE event SET hash=zeroblob(32) WHERE seq={EARLY}")
    console = Console(env=box.env, clock=box.clock)
    assert is_live(console, path, None)
    store = open_store(path, writable=False, clock=box.clock)
    assert state_of(store).seq == EVENTS
    store.close()
