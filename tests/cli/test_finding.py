"""The lint of a session's plan, and its accepted findings on the way into the plan."""

from __future__ import annotations

from datetime import timedelta

from deploytui.base.mask import DOT, Mask, NoMask
from deploytui.cli.compose import accepted_lines, lint_of
from deploytui.cli.opened import restored
from deploytui.journal.sqlite import open_store
from deploytui.plan.lint import lint
from deploytui.session.act import AcceptFinding
from tests.cli.conftest import PLAN, Box
from tests.session.fake import ANA, opened
from tests.ui.night import seed_plan


def test_a_go_live_that_has_passed_since_the_opening_is_no_finding_of_tonight() -> None:
    session, clock = opened(plan=seed_plan(), entered="exec")
    found = {one.code for one in lint_of(session)}
    clock.advance(timedelta(hours=3).total_seconds())
    assert {one.code for one in lint_of(session)} == found
    late = lint(session.plan, go_live=session.go_live, now=clock.now())
    assert {one.code for one in late} - found == {"go-live-past"}


def test_what_was_accepted_is_printed_for_the_plan_and_check_honors_it(box: Box) -> None:
    assert box.run("check", "ship.yaml", "--strict").code == 1
    path = box.session("s")
    store = open_store(path, writable=True, clock=box.clock)
    joined = restored(store, box.clock)
    session = joined.session
    assert accepted_lines(session, NoMask()) == []
    for one in lint_of(session):
        if one.is_open:
            act = AcceptFinding(one.code, one.item or "", one.message, 'known: "yes", #1', "2026-12-31")
            joined.perform(act, ANA)
    assert f'why: "known: {DOT * 3}' in accepted_lines(session, Mask(("yes",)))[1].replace('\\"', "")
    head, *lines = accepted_lines(session, NoMask())
    store.close()
    assert "paste below `accept:`" in head
    assert len(lines) == len(session.state.accepted) > 0
    box.checklist.write_text(PLAN + "\n".join(["accept:", *lines, ""]))
    found = box.run("check", "ship.yaml", "--strict")
    assert found.code == 0, found.out
    assert f"{len(lines)} accepted" in found.out
