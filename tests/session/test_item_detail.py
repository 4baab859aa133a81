"""The details of an item: until when a step must end, when a lock opens, and what a rehearsal says of itself."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from deploytui.session.act import CheckItem, StartItem
from deploytui.session.card import decision_card
from deploytui.session.status import status_text
from deploytui.session.viewer import Viewer
from tests.session.fake import ANA, GO_LIVE, opened, small_plan
from tests.session.test_night_clock import timed_plan


def lines(session, item: str) -> dict[str, str]:
    return dict(Viewer(session).item_detail(item, session.clock.now()).lines)


def test_a_step_says_until_when_it_must_end_while_it_is_not_done() -> None:
    session, _ = opened(plan=timed_plan())
    for step in ("exec.1", "exec.2"):
        session.perform(CheckItem(step), ANA)
    session.perform(StartItem("exec.3"), ANA)
    assert lines(session, "exec.3")["must end by"] == "02:15Z, or the rollback no longer fits"
    session.perform(CheckItem("exec.3"), ANA)
    assert "must end by" not in lines(session, "exec.3")
    plain, _ = opened()
    assert "must end by" not in lines(plain, "exec.3")


def test_a_lock_says_when_it_opens() -> None:
    session, _ = opened(plan=timed_plan())
    assert lines(session, "exec.9")["not before"] == "03:00Z"
    assert "not before" not in lines(session, "exec.8")


def test_what_leaves_a_rehearsal_says_so() -> None:
    session, clock = opened()
    now = clock.now()
    lease = session.store.lease()
    for is_rehearsal in (True, False):
        session.header = replace(session.header, mode="rehearsal" if is_rehearsal else "live")
        viewer = Viewer(session)
        for text in (
            decision_card(session, now).title,
            status_text(session, now, lease, True)[0],
            viewer.status_line(now),
            viewer.journal_rows(1)[0].text,
        ):
            assert text.startswith("REHEARSAL ") is is_rehearsal


def test_a_phase_that_was_set_aside_says_where_it_was_done() -> None:
    session, _ = opened(GO_LIVE - timedelta(hours=1), small_plan())
    assert lines(session, "infra.lb")["state"] == "not in this session: its phase was over at the start"
    session.state = replace(session.state, done_elsewhere="Kim, CHG-1042")
    assert lines(session, "infra.lb")["state"] == "done elsewhere: Kim, CHG-1042"
