"""One answer for every act: go on, ask this first, or no, because."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from deploytui.plan.model import Edge
from deploytui.session.act import (
    AddNote,
    CheckItem,
    CloseSession,
    FailItem,
    HoldWork,
    InsertItem,
    MakePromise,
    OverrideItem,
    SkipItem,
    StartItem,
)
from deploytui.session.answer import Ask, Go, No, Question
from tests.session.fake import ANA, opened, small_plan


def locked_plan():
    """The small plan, whose first check of the post-deployment opens half an hour after go-live."""
    plan = small_plan()
    stage = plan.stages[2]
    group = stage.phases[0].groups[0]
    item = replace(group.items[0], not_before=Edge(offset_s=1800))
    phase = replace(stage.phases[0], groups=(replace(group, items=(item,)),))
    return replace(plan, stages=(*plan.stages[:2], replace(stage, phases=(phase, *stage.phases[1:]))))


def test_what_is_allowed_goes_with_a_caution_in_nobodys_way() -> None:
    session, _ = opened()
    assert session.propose(CheckItem("exec.1")) == Go()
    assert session.propose(CheckItem("exec.2")) == Go("step 01 before it is still open")


def test_what_is_so_already_would_change_nothing() -> None:
    session, _ = opened()
    session.perform(CheckItem("exec.1"), ANA)
    assert session.propose(CheckItem("exec.1")) == Go(changes_nothing=True)
    session.perform(SkipItem("val.1", "not in this release"), ANA)
    assert session.propose(SkipItem("val.1")) == Go(
        changes_nothing=True
    )  # no reason is asked for what is said


def test_no_says_why_and_writes_nothing() -> None:
    session, _ = opened()
    session.perform(CheckItem("val.1"), ANA)
    before = session.state.seq
    for act in (FailItem("val.1"), SkipItem("val.1"), OverrideItem("val.1"), StartItem("val.1")):
        answer = session.propose(act)
        assert isinstance(answer, No)
        assert "done by ANA 02:00Z" in answer.why
    assert session.state.seq == before


@pytest.mark.parametrize(
    ("act", "question", "text"),
    [
        (SkipItem("val.1"), Question.REASON, "a reason to skip is needed"),
        (OverrideItem("val.1"), Question.REASON, "a reason to override is needed"),
        (HoldWork("", 600), Question.REASON, "a reason to hold is needed"),
        (InsertItem("val.1"), Question.TEXT, "a text for the unplanned item is needed"),
        (AddNote(), Question.TEXT, "the note is empty"),
        (MakePromise("", 600), Question.WHO, "who promised it is needed"),
        (CheckItem("post.1"), Question.PHASE, "Enter Post-Deployment now, 2 h 00 early?"),
        (FailItem("post.1"), Question.PHASE, "Enter Post-Deployment now, 2 h 00 early?"),
    ],
)
def test_what_is_missing_is_asked_once_and_the_answer_goes(act, question, text) -> None:
    session, _ = opened()
    answer = session.propose(act)
    assert isinstance(answer, Ask)
    assert answer.question is question
    assert answer.text.startswith(text)
    assert isinstance(session.propose(answer.answered("because")), Go)


def test_a_lock_is_asked_about_before_the_phase_and_a_reason_behind_both() -> None:
    session, clock = opened(plan=locked_plan())
    lock = session.propose(CheckItem("post.1"))
    assert isinstance(lock, Ask)
    assert (lock.question, lock.text) == (Question.LOCK, "locked until 02:30Z")
    phase = session.propose(lock.answered("the queue is empty"))
    assert isinstance(phase, Ask)
    assert phase.question is Question.PHASE
    assert session.propose(phase.answered()) == Go()
    skip = session.propose(SkipItem("post.1"))
    assert isinstance(skip, Ask)
    assert skip.question is Question.PHASE
    reason = session.propose(skip.answered())
    assert isinstance(reason, Ask)
    assert reason.question is Question.REASON
    clock.advance(3600)
    later = session.propose(CheckItem("post.1"))
    assert isinstance(later, Ask)
    assert later.question is Question.PHASE


def test_whoever_follows_or_comes_after_the_end_is_told_so() -> None:
    session, _ = opened()
    session.perform(CloseSession("done"), ANA)
    assert session.propose(CheckItem("exec.1")) == No("the session is closed (done); only notes are taken")
    assert session.propose(AddNote("late")) == Go()
    session.leave(ANA)
    following = session.propose(AddNote("later"))
    assert isinstance(following, No)
    assert following.why.startswith("following")


def test_an_answer_that_an_act_has_no_place_for_is_a_defect() -> None:
    with pytest.raises(TypeError, match="reason"):
        Ask(Question.REASON, "why", CloseSession("done")).answered("so")
