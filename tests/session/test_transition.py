"""From one stage to the next: what is left behind and how early it is, asked in words and kept in the journal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from deploytui.journal.fact import PhaseEntered, PhasesSetAside
from deploytui.plan.model import Group, Item, Phase, Stage
from deploytui.session.act import CheckItem, EnterPhase, FailItem, MoveEdge
from deploytui.session.session import Session
from deploytui.session.transition import entering, entering_question, left_behind
from deploytui.session.viewer import Viewer
from tests.session.fake import ANA, GO_LIVE, opened, small_plan, window


def found(session: Session, phase: str) -> PhaseEntered:
    now = session.clock.now()
    return entering(session.index, session.state, phase, now)


def test_entering_early_is_asked_with_how_early_and_what_is_open() -> None:
    session, clock = opened()
    clock.advance(43 * 60)
    session.perform(CheckItem("exec.1"), ANA)
    session.perform(FailItem("val.2", "3 errors"), ANA)
    assert session.propose(CheckItem("post.1")).text == (
        "Enter Post-Deployment now, 77 min early? 12 open and 1 FAILED in Deployment Execution."
    )


@pytest.mark.parametrize(("minutes", "early_s"), [(119.5, 30), (120, 0), (121, 0)])
def test_early_ends_with_the_windows_start(minutes: float, early_s: int) -> None:
    session, clock = opened()
    clock.advance(minutes * 60)
    assert found(session, "post").early_s == early_s


def test_a_moved_edge_counts_for_what_is_early() -> None:
    session, clock = opened()
    clock.advance(119 * 60)
    session.perform(MoveEdge("post.start", 1800, "agreed"), ANA)
    assert found(session, "post").early_s == 31 * 60


def test_on_time_and_with_nothing_open_it_is_one_short_question() -> None:
    session, clock = opened(GO_LIVE - timedelta(hours=1), entered="pre")
    for item in [f"pre.{n}" for n in range(1, 6)]:
        session.perform(CheckItem(item), ANA)
    clock.advance(3600)
    assert entering_question(found(session, "exec"), session.index) == "Enter Deployment Execution now?"


def test_the_journal_keeps_time_person_counts_and_how_early() -> None:
    session, clock = opened()
    clock.advance(42 * 60)
    session.perform(CheckItem("post.1"), ANA)  # from a script: nobody can be asked, and it is recorded
    entered, ticked = session.events[-2:]
    assert (entered.kind, entered.by, entered.at) == ("phase.entered", "ANA", clock.now())
    assert entered.fact == PhaseEntered("post", "post-deploy", "exec", 0, 14, 0, "execution", 78 * 60)
    assert ticked.kind == "item.checked"
    words = Viewer(session).journal_rows(2)[1].text
    assert words == "entered Post-Deployment, 78 min early, with 14 open in Deployment Execution"


def test_a_stage_of_several_phases_is_left_as_a_whole() -> None:
    plan = small_plan()
    more = Phase(
        "ready",
        "Ready room",
        (Group("ready.g", "Ready", (Item("ready.1", "On the call"),)),),
        window(-3600, 0),
    )
    pre = plan.stages[0]
    plan = replace(plan, stages=(Stage(pre.name, (*pre.phases, more)), *plan.stages[1:]))
    session, _ = opened(GO_LIVE, plan, entered="pre")
    session.perform(EnterPhase("ready"), ANA)
    assert session.events[-1].fact.before == "pre"
    assert session.events[-1].fact.left_stage == ""
    assert entering_question(found(session, "exec"), session.index) == (
        "Enter Deployment Execution now? 6 open in Pre-deploy."
    )


def test_what_was_never_entered_is_not_what_one_comes_from() -> None:
    session, _ = opened()
    assert found(session, "day1").before == "exec"
    session.perform(EnterPhase("post"), ANA)
    assert found(session, "day1").before == "post"


def test_the_first_phase_leaves_nothing_behind_and_a_set_aside_one_is_no_place_to_come_from() -> None:
    session, _ = opened(set_aside=("infra", "pre"))
    assert found(session, "exec") == PhaseEntered("exec", "execution")
    session, _ = opened(set_aside=())
    assert found(session, "infra") == PhaseEntered("infra", "pre-deploy")


@pytest.mark.parametrize(
    ("open_", "failed", "words"),
    [(0, 0, ""), (2, 0, "2 open in A"), (0, 1, "1 FAILED in A"), (2, 1, "2 open and 1 FAILED in A")],
)
def test_what_is_left_in_words(open_: int, failed: int, words: str) -> None:
    assert left_behind(open_, failed, "A") == words


def test_an_event_of_an_older_program_still_has_words() -> None:
    session, _ = opened()
    session.perform(EnterPhase("post"), ANA)
    old = session.events[-1]
    session.events[-1] = replace(old, fact=PhaseEntered("post", before="exec", open=3, failed=1))
    text = Viewer(session).journal_rows(1)[0].text
    assert text == "entered Post-Deployment, with 3 open and 1 FAILED in Deployment Execution"


def test_phases_that_were_done_elsewhere_say_where() -> None:
    from deploytui.session.session_rules import opening

    drafts = opening(ANA, GO_LIVE, "exec", ("infra",), "Kim, CHG-1042")
    assert drafts[1].fact == PhasesSetAside(("infra",), "Kim, CHG-1042")
    session, clock = opened()
    session.state = replace(session.state, done_elsewhere="Kim, CHG-1042")
    titles = [row.title for row in Viewer(session).glance(clock.now()).timeline]
    assert titles[0] == "earlier: 1, done elsewhere: Kim, CHG-1042"
    assert Viewer(session).looking("infra", clock.now()) == "done elsewhere"
