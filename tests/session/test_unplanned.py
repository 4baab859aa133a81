"""Items nobody planned: where they stand, that they are counted apart, and that undo takes out what `i` put in."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from deploytui.base.errors import Refused
from deploytui.base.mask import NoMask
from deploytui.journal.event import Event
from deploytui.journal.fold import fold
from deploytui.journal.snapshot import decode, encode
from deploytui.plan.model import Item
from deploytui.report.printable import printable
from deploytui.session.act import (
    AddNote,
    By,
    CheckItem,
    CloseSession,
    FailItem,
    InsertItem,
    SkipItem,
    UndoLast,
)
from deploytui.session.session import Session
from deploytui.session.status import status_payload, status_text
from deploytui.session.unplanned import with_unplanned
from deploytui.session.viewer import Viewer
from tests.journal.sample import fact
from tests.session.fake import ANA, Driven, holder, opened, small_plan


def rows(session: Session, phase: str = "exec") -> list[str]:
    return [ref for kind, ref in Viewer(session).checklist_rows(phase) if kind == "item"]


def insert(session: Session, after: str, text: str, by: By = ANA) -> str:
    events = session.perform(InsertItem(after, text), by).own
    assert [event.kind for event in events] == ["item.inserted"]
    return events[0].item


def test_it_stands_below_the_item_and_the_newest_first() -> None:
    session, _ = opened()
    first = insert(session, "exec.2", "Restart the cache")
    second = insert(session, "exec.2", "Warm the cache")
    third = insert(session, first, "Look at the cache")
    assert rows(session)[:6] == ["exec.1", "exec.2", second, first, third, "exec.3"]


def test_it_stands_behind_the_sub_items_of_the_item_and_beside_a_sub_item() -> None:
    session, _ = opened()
    made = insert(session, "val.2", "Ask the vendor")
    beside = insert(session, "val.2a", "Look at auth.log too")
    assert rows(session)[-5:] == ["val.2", "val.2a", beside, "val.2b", made]
    placed = session.index.by_id
    assert (placed[made].depth, placed[made].parent) == (0, "")
    assert (placed[beside].depth, placed[beside].parent) == (1, "val.2")
    assert Viewer(session).item_row("val.2", session.clock.now()).sub == "0 of 2"


def test_the_numbers_of_the_steps_and_what_starts_by_itself_stay_as_they_were() -> None:
    session, _ = opened()
    made = insert(session, "exec.1", "Restart the cache")
    assert session.index.by_id["exec.2"].number == 2
    assert session.index.by_id[made].number == 0
    session.perform(CheckItem("exec.1"), ANA)
    assert session.state.items["exec.2"].status == "active"
    assert made not in session.state.items
    assert session.propose(CheckItem("exec.2")).caution == ""


def test_it_is_counted_apart_everywhere() -> None:
    session, clock = opened()
    now = clock.now()
    before = session.tally.everything()
    made = insert(session, "exec.2", "Restart the cache")
    failed = insert(session, "exec.2", "Warm the cache")
    session.perform(CheckItem(made), ANA)
    session.perform(FailItem(failed, "cold"), ANA)
    counts = session.tally.phase("exec")
    assert (counts.done, counts.failed, counts.total) == (0, 0, 14)
    assert replace(session.tally.everything(), unplanned=None) == before
    apart = counts.unplanned
    assert apart is not None
    assert (apart.total, apart.done, apart.failed) == (2, 1, 1)
    payload = status_payload(session, now, session.store.lease(), True, session.store.head())
    assert payload["counts"]["total"] == before.total
    assert (payload["unplanned"]["total"], payload["unplanned"]["done"]) == (2, 1)
    mine = [entry for entry in payload["items"] if entry["unplanned"]]
    assert [entry["text"] for entry in mine] == ["Warm the cache", "Restart the cache"]
    assert "  Execution   0 of 14 done · unplanned 1 of 2, 1 FAILED" in status_text(
        session, now, session.store.lease(), True
    )
    assert "Deployment Execution 0 of 14 · unplanned 1 of 2, 1 FAILED" in Viewer(session).status_line(now)


def test_a_phase_is_not_finished_before_what_was_inserted_is() -> None:
    session, clock = opened()
    made = insert(session, "post.1", "Call the store")
    session.perform(CheckItem("post.1"), ANA)
    assert session.tally.phase("post").left == 0
    assert session.tally.phase("post").left_in_all == 1
    assert Viewer(session).next_open("post") == made
    session.perform(FailItem(made, "nobody answers"), ANA)
    post = next(stage for stage in Viewer(session).glance(clock.now()).stages if stage.title == "Post-deploy")
    assert post.progress == "failed"


@pytest.mark.parametrize("act", [CheckItem, lambda item: SkipItem(item, "no need"), FailItem])
def test_it_is_ticked_skipped_failed_and_undone_like_any_item(act: type[CheckItem]) -> None:
    session, _ = opened()
    made = insert(session, "exec.2", "Restart the cache")
    session.perform(act(made), ANA)
    assert made in session.state.items
    session.perform(UndoLast(), ANA)
    assert made not in session.state.items
    assert made in session.index.by_id


def test_it_can_be_noted() -> None:
    session, clock = opened()
    made = insert(session, "exec.2", "Restart the cache")
    session.perform(AddNote("took a while", made), ANA)
    assert Viewer(session).item_row(made, clock.now()).flags == "1 note"


def test_undo_takes_the_insertion_back_and_not_the_tick_before_it() -> None:
    session, _ = opened()
    session.perform(CheckItem("val.2a"), ANA)
    made = insert(session, "exec.2", "Restrat the cache")
    assert Viewer(session).undo_label() == "insert unplanned: Restrat the cache"
    session.perform(UndoLast(), ANA)
    assert made not in session.index.by_id
    assert session.state.items["val.2a"].status == "done"
    assert session.tally.phase("exec").unplanned is None
    assert Viewer(session).undo_label() == "tick app.log"
    with pytest.raises(Refused, match="there is no item"):
        session.perform(CheckItem(made), ANA)


def test_what_stands_below_one_that_was_taken_out_stays_and_its_id_is_not_given_again() -> None:
    session, _ = opened()
    gone = insert(session, "exec.2", "A")
    session.perform(UndoLast(), ANA)
    kept = insert(session, "exec.2", "B")
    assert kept != gone
    below = insert(session, kept, "C")
    session.state = replace(session.state, undoable=((session.state.inserted[1].seq, kept),))
    session.core._state = session.state
    session.perform(UndoLast(), ANA)
    assert rows(session)[1:4] == ["exec.2", below, "exec.3"]


def test_an_id_of_the_plan_is_never_given() -> None:
    plan = small_plan()
    first = plan.stages[1].phases[0].groups[1]
    taken = replace(first, id="unplanned.1", items=(*first.items, Item("unplanned.2", "Taken")))
    phase = replace(plan.stages[1].phases[0], groups=(plan.stages[1].phases[0].groups[0], taken))
    plan = replace(plan, stages=(plan.stages[0], replace(plan.stages[1], phases=(phase,)), plan.stages[2]))
    session, _ = opened(plan=plan)
    assert insert(session, "exec.2", "Restart the cache") == "unplanned.3"


def test_what_is_refused_says_why() -> None:
    session, _ = opened()
    for act, why in (
        (InsertItem("exec.2", " \n"), "a text for the unplanned item is needed"),
        (InsertItem("infra.lb", "Late"), "Infrastructure was set aside at the start"),
        (InsertItem("nowhere", "Late"), 'there is no item "nowhere"'),
    ):
        with pytest.raises(Refused, match=why):
            session.perform(act, ANA)
    session.perform(CloseSession("done"), ANA)
    with pytest.raises(Refused, match="closed"):
        session.perform(InsertItem("exec.2", "Late"), ANA)


def test_it_enters_no_phase_and_says_who_wanted_it() -> None:
    session, clock = opened()
    made = insert(session, "post.1", "Call the store", By("ANA", "Kim", "phone"))
    assert "post" not in session.state.entered
    detail = dict(Viewer(session).item_detail(made, clock.now()).lines)
    assert detail["unplanned"] == "inserted by ANA 02:00Z, said Kim by phone"
    row = Viewer(session).journal_rows(1)[0]
    assert (row.glyph, row.text) == (
        "+",
        "unplanned: Call the store: inserted below User login successful (said Kim, phone)",
    )


def test_the_row_says_that_it_is_unplanned_by_sign_and_word() -> None:
    session, clock = opened()
    made = insert(session, "exec.2", "Restart the cache")
    row = Viewer(session).item_row(made, clock.now())
    assert (row.number, row.label) == ("+", "unplanned: Restart the cache")
    assert [ref for kind, ref in Viewer(session).checklist_rows("exec", "unplanned") if kind == "item"] == [
        made
    ]


def test_resume_and_a_follower_see_the_same_rows() -> None:
    session, clock = opened()
    follower = Driven(session.plan, session.store, clock, session.store.events())
    made = insert(session, "exec.2", "Restart the cache")
    session.perform(CheckItem(made), ANA)
    resumed = Driven(session.plan, session.store, clock, session.store.events())
    snapped = Driven(
        session.plan, session.store, clock, session.store.events(), decode(encode(session.state))
    )
    follower.poll()
    for other in (follower, resumed, snapped):
        assert rows(other) == rows(session)
        assert other.tally.everything() == session.tally.everything()
        assert other.state.items[made].by == "ANA"


def test_a_new_driver_and_a_script_never_get_the_same_id() -> None:
    session, clock = opened()
    other = Driven(session.plan, session.store, clock, session.store.events())
    first = insert(session, "exec.2", "A")
    second = other.perform(InsertItem("exec.2", "B"), By("CI"), as_script=True).own[0].item
    assert second != first
    session.take_lease(holder("KIM"))
    assert insert(session, "exec.2", "C") not in (first, second)


def event(seq: int, kind: str, **payload: str) -> Event:
    _session, clock = opened()
    return Event(seq, f"e{seq}", 1, fact(kind, **payload), clock.now())


@pytest.mark.parametrize(
    "made",
    [
        [event(1, "item.inserted", item="", text="A", after="exec.1")],
        [event(1, "item.inserted", item="u", text="", after="exec.1")],
        [event(1, "item.inserted", item="exec.1", text="A", after="exec.1")],
        [event(1, "item.inserted", item="u", text="A", after="u")],
        [event(1, "item.withdrawn", item="exec.1")],
    ],
)
def test_an_event_that_no_program_of_ours_wrote_changes_no_row(made: Sequence[Event]) -> None:
    plan = small_plan()
    assert with_unplanned(plan, fold(list(made)).inserted) == plan


def test_the_printed_session_shows_it_in_its_place() -> None:
    session, _ = opened()
    insert(session, "exec.2", "Restart the cache")
    lines = printable(with_unplanned(session.plan, session.state.inserted), NoMask()).split("\n")
    at = lines.index("- [ ] unplanned: Restart the cache")
    assert lines[at - 1].startswith("2. [ ]")
    assert lines[at + 1].startswith("3. [ ]")
