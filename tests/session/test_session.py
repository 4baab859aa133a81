"""Acts, rules and the fold: what may be said, what it becomes, and that undo takes it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploytui.base.errors import Refused
from deploytui.journal.fold import fold
from deploytui.journal.state import ItemStatus
from deploytui.journal.store import Fenced
from deploytui.session.act import (
    AddNote,
    By,
    CheckItem,
    CloseSession,
    FailItem,
    ReasonItem,
    SkipItem,
    StartItem,
    UndoLast,
)
from deploytui.session.rules import status_of
from deploytui.session.tally import Tally
from deploytui.session.viewer import Viewer
from tests.session.fake import ANA, GO_LIVE, Driven, ListStore, holder, opened, small_plan


def test_a_tick_is_recorded_with_who_and_starts_the_next_step() -> None:
    session, _ = opened()
    session.perform(CheckItem("exec.1"), By("ANA", "Kim", "phone"))
    said = session.state.items["exec.1"]
    assert (said.status, said.by, said.for_, said.via) == (ItemStatus.DONE, "ANA", "Kim", "phone")
    assert status_of(session.state, "exec.2") is ItemStatus.ACTIVE


def test_a_tick_of_what_is_done_appends_nothing() -> None:
    session, _ = opened()
    session.perform(CheckItem("exec.1"), ANA)
    before = session.state.seq
    session.perform(CheckItem("exec.1"), ANA)
    assert session.state.seq == before


def test_undo_takes_back_the_tick_and_the_step_it_started() -> None:
    session, _ = opened()
    session.perform(CheckItem("exec.1"), ANA)
    session.perform(UndoLast(), ANA)
    assert status_of(session.state, "exec.1") is ItemStatus.OPEN
    assert status_of(session.state, "exec.2") is ItemStatus.OPEN


def test_undo_leaves_a_next_step_that_was_acted_on_since() -> None:
    session, _ = opened()
    session.perform(CheckItem("exec.1"), ANA)
    session.perform(CheckItem("exec.2"), ANA)
    session.perform(UndoLast("exec.1"), ANA)
    assert status_of(session.state, "exec.1") is ItemStatus.OPEN
    assert status_of(session.state, "exec.2") is ItemStatus.DONE


def test_undo_with_nothing_to_undo_says_so() -> None:
    session, _ = opened()
    with pytest.raises(Refused, match="nothing to undo"):
        session.perform(UndoLast(), ANA)


def test_undo_goes_back_one_act_at_a_time() -> None:
    session, _ = opened()
    session.perform(FailItem("val.1", "slow"), ANA)
    session.perform(StartItem("val.1"), ANA)
    session.perform(UndoLast(), ANA)
    assert session.state.items["val.1"].reason == "slow"
    session.perform(UndoLast(), ANA)
    assert "val.1" not in session.state.items


@pytest.mark.parametrize(
    ("said", "then", "why"),
    [
        (FailItem("val.1"), CheckItem("val.1"), "b retries"),
        (SkipItem("val.1", "not tonight"), CheckItem("val.1"), "u undoes"),
        (CheckItem("val.1"), FailItem("val.1"), "u undoes"),
        (CheckItem("val.1"), SkipItem("val.1", "x"), "u undoes"),
        (CheckItem("val.1"), StartItem("val.1"), "u undoes"),
    ],
)
def test_a_state_that_refuses_a_key_names_the_key_that_applies(said, then, why) -> None:
    session, _ = opened()
    session.perform(said, ANA)
    before = session.state.seq
    with pytest.raises(Refused, match=why):
        session.perform(then, ANA)
    assert session.state.seq == before
    assert why in session.propose(then).why


def test_a_skip_needs_a_reason_and_a_set_aside_item_cannot_be_ticked() -> None:
    session, _ = opened()
    with pytest.raises(Refused, match="a reason to skip is needed"):
        session.perform(SkipItem("val.1", "  "), ANA)
    with pytest.raises(Refused, match="set aside"):
        session.perform(CheckItem("infra.lb"), ANA)
    with pytest.raises(Refused, match="no item"):
        session.perform(CheckItem("nope"), ANA)


def test_a_failed_item_owes_its_reason_and_gets_it_later() -> None:
    session, _ = opened()
    session.perform(FailItem("val.1"), ANA)
    assert session.tally.failed == ["val.1"]
    session.perform(ReasonItem("val.1", "timeout"), ANA)
    assert session.state.items["val.1"].reason == "timeout"


def test_the_first_act_in_a_phase_enters_it() -> None:
    session, _ = opened()
    session.perform(CheckItem("post.1"), ANA)
    assert [event.kind for event in session.events[-2:]] == ["phase.entered", "item.checked"]


def test_the_night_is_never_in_a_phase_that_was_set_aside() -> None:
    five_before = GO_LIVE - timedelta(minutes=5)  # inside Pre-Deployment's window
    assert opened(five_before)[0].current_phase() == "pre"
    assert opened(five_before, set_aside=("infra", "pre"))[0].current_phase() == "exec"


def test_a_closed_session_takes_notes_only() -> None:
    session, _ = opened()
    session.perform(CloseSession("done"), ANA)
    session.perform(AddNote("thanks all"), ANA)
    with pytest.raises(Refused, match="closed"):
        session.perform(CheckItem("val.1"), ANA)


def test_cautions_name_what_stands_before() -> None:
    session, _ = opened()
    assert "step 01" in session.propose(CheckItem("exec.2")).caution
    assert "pre.3" in session.propose(CheckItem("exec.3")).caution
    assert session.propose(CheckItem("exec.1")).caution == ""


def test_a_script_appends_without_the_lease_and_the_driver_folds_it() -> None:
    session, clock = opened()
    store = session.store
    script = Driven(small_plan(), store, clock, store.events())
    script.perform(CheckItem("val.1"), By("CI"), as_script=True)
    changed = session.poll()
    assert changed == {"val.1"}
    appended = session.perform(CheckItem("val.2"), ANA)
    assert [event.seq for event in session.events] == list(range(1, appended.own[-1].seq + 1))


def test_a_driver_whose_lease_moved_follows_from_then_on() -> None:
    session, clock = opened()
    other = Driven(small_plan(), session.store, clock, session.store.events())
    other.take_lease(holder("BEN"))
    with pytest.raises(Fenced):
        session.perform(CheckItem("val.1"), ANA)
    assert not session.is_driving
    assert "BEN" not in session.propose(CheckItem("val.1")).why  # not folded yet
    session.poll()
    assert "BEN drives" in session.propose(CheckItem("val.1")).why


def test_leaving_frees_the_lease_and_is_in_the_journal() -> None:
    session, _ = opened()
    session.leave(ANA)
    assert session.store.lease().holder is None
    assert session.store.events()[-1].kind == "session.left"


def test_ids_are_found_by_an_unambiguous_prefix() -> None:
    session, _ = opened()
    assert session.find_item("post") == "post.1"
    assert session.find_item("exec.1") == "exec.1"
    with pytest.raises(LookupError, match="may mean"):
        session.find_item("exec")
    with pytest.raises(LookupError, match="no item"):
        session.find_item("zzz")


_ITEMS = [f"exec.{n}" for n in range(1, 6)] + ["val.1", "val.2", "val.2a", "post.1", "infra.lb"]
_ACTS = st.one_of(
    st.builds(CheckItem, st.sampled_from(_ITEMS)),
    st.builds(StartItem, st.sampled_from(_ITEMS)),
    st.builds(SkipItem, st.sampled_from(_ITEMS), st.just("why")),
    st.builds(FailItem, st.sampled_from(_ITEMS)),
    st.just(UndoLast()),
    st.builds(UndoLast, st.sampled_from(_ITEMS)),
    st.builds(AddNote, st.just("hm"), st.sampled_from(_ITEMS)),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_ACTS, max_size=30))
def test_counters_and_fold_agree_with_a_count_from_nothing(acts) -> None:
    session, _ = opened()
    for act in acts:
        try:
            session.perform(act, ANA)
        except Refused:
            continue
        anew = Tally(session.index, session.state)
        for phase in session.index.phases:
            assert session.tally.phase(phase) == anew.phase(phase)
            assert session.tally.acted([phase]) == anew.acted([phase])
    assert fold(session.store.events()) == session.state
    assert session.tally.everything().total == 5 + 10 + 4 + 1 + 1
    failed = {item for item, said in session.state.items.items() if said.status is ItemStatus.FAILED}
    assert set(session.tally.failed) == failed


@settings(max_examples=100, deadline=None)
@given(st.lists(_ACTS, max_size=15))
def test_undoing_everything_leaves_every_item_open(acts) -> None:
    session, _ = opened()
    for act in acts:
        if isinstance(act, UndoLast):
            continue
        try:
            session.perform(act, ANA)
        except Refused:
            continue
    for _ in range(len(session.events)):
        if not session.state.undoable:
            break
        session.perform(UndoLast(), ANA)
    assert (
        all(said.status is ItemStatus.OPEN for said in session.state.items.values())
        or not session.state.items
    )


def test_undo_label_names_what_u_takes_back() -> None:
    session, _ = opened()
    viewer = Viewer(session)
    assert viewer.undo_label() == ""
    session.perform(CheckItem("exec.1"), ANA)
    assert viewer.undo_label() == "tick 01"


def test_the_store_of_these_tests_refuses_a_stale_epoch() -> None:
    session, _ = opened()
    assert isinstance(session.store, ListStore)
    with pytest.raises(Fenced):
        session.store.append(0, lambda new: [], 99)
