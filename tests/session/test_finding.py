"""Findings of the lint in a session: counted until somebody accepts them, and no longer than agreed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from deploytui.base.errors import Refused
from deploytui.plan.finding import Finding
from deploytui.plan.model import Acceptance
from deploytui.session.act import AcceptFinding, By
from deploytui.session.alarm import alarm_view
from deploytui.session.event_text import journal_row
from deploytui.session.finding import Findings
from deploytui.session.phrase import read_acceptance
from deploytui.session.session import Session
from tests.session.fake import ANA, opened

FOUND = (
    Finding("no-gate", "warning", 12, "no gate before execution", number=1),
    Finding("two-limits", "warning", 40, "CPU 50 and 60", "crit.cpu", number=2),
    Finding("two-limits", "error", 41, "memory 75 and 80", "crit.memory", number=3),
    Finding("recurring-box", "info", 50, "daily", "day1.1", number=4),
    Finding("no-traffic-item", "warning", 0, "none", number=5, accepted=Acceptance("no-traffic-item", "Kim", "known")),
)  # fmt: skip


def looked_at() -> Session:
    session, _ = opened()
    session.findings = Findings(FOUND)
    return session


def count(session: Session) -> int:
    return session.findings.count_open(session.state, session.clock.now())


def test_errors_and_warnings_count_until_they_are_accepted_and_information_never() -> None:
    session = looked_at()
    assert count(session) == 3
    session.perform(AcceptFinding("two-limits", "crit.cpu", "CPU 50 and 60", "old machines"), ANA)
    assert count(session) == 2
    session.perform(AcceptFinding("no-gate", "", "no gate", "small change"), By("ANA", "Kim", "phone"))
    assert count(session) == 1
    accepted = {
        one.number: one.accepted for one in session.findings.judged(session.state, session.clock.now())
    }
    assert accepted[1] == Acceptance("no-gate", "Kim", "small change")
    assert accepted[2] == Acceptance("two-limits", "ANA", "old machines", "crit.cpu")
    assert accepted[3] is accepted[4] is None
    assert accepted[5] == FOUND[4].accepted


def test_without_an_item_all_of_a_code_are_accepted_as_in_a_plan() -> None:
    session = looked_at()
    session.perform(AcceptFinding("two-limits", "", "both", "old machines"), ANA)
    assert count(session) == 1


def test_what_is_accepted_until_a_day_counts_again_after_it() -> None:
    session, clock = opened()
    session.findings = Findings(FOUND)
    until = (clock.now() + timedelta(days=2)).date().isoformat()
    session.perform(AcceptFinding("no-gate", "", "no gate", "tonight only", until), ANA)
    clock.advance(2 * 86400)
    assert count(session) == 2
    clock.advance(86400)
    assert count(session) == 3


def test_accepting_again_takes_the_place_of_the_first_time() -> None:
    session = looked_at()
    for why in ("first", "second"):
        session.perform(AcceptFinding("no-gate", "", "no gate", why), ANA)
    assert [one.why for one in session.state.accepted] == ["second"]


@pytest.mark.parametrize(
    ("why", "until", "says"),
    [
        (" ", "", "a reason to accept a finding is needed"),
        ("known", "tomorrow", "until a day such as 2026-12-31"),
        ("known", "2025-11-21", "2025-11-21 is past"),
    ],
)
def test_without_a_reason_or_with_a_day_that_is_none_it_is_refused(why: str, until: str, says: str) -> None:
    session = looked_at()
    with pytest.raises(Refused, match=says):
        session.perform(AcceptFinding("no-gate", "", "no gate", why, until), ANA)


def test_the_calm_row_says_how_many_and_where() -> None:
    session = looked_at()
    row = alarm_view(session, session.clock.now())
    assert row.text == "no alarms, no gauges in this plan · 3 findings not accepted, :findings"
    assert row.short == "3 findings not accepted, :findings"
    for code, item in (("two-limits", "crit.cpu"), ("no-gate", "")):
        session.perform(AcceptFinding(code, item, "x", "known"), ANA)
    assert alarm_view(session, session.clock.now()).short == "1 finding not accepted, :findings"
    session.perform(AcceptFinding("two-limits", "", "x", "known"), ANA)
    assert alarm_view(session, session.clock.now()).text == "no alarms, no gauges in this plan"


def test_the_journal_says_it_in_words_and_an_item_of_that_name_is_left_alone() -> None:
    session = looked_at()
    event = session.perform(
        AcceptFinding("two-limits", "exec.1", "CPU 50 and 60", "old", "2026-01-01"), ANA
    ).own[0]
    assert event.kind == "finding.accepted"
    text = journal_row(event, session.index).text
    assert text == "finding accepted until 2026-01-01, old: two-limits, CPU 50 and 60"
    assert "exec.1" not in session.state.items


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("3 known", (3, "known", "")),
        ("  12  first install, agreed until 2026-12-31 ", (12, "first install, agreed", "2026-12-31")),
        ("3 wait until tomorrow", (3, "wait until tomorrow", "")),
        ("3 until 2026-12-31", (3, "until 2026-12-31", "")),
    ],
)
def test_a_phrase_names_the_number_the_reason_and_the_day(text: str, meant: tuple[int, str, str]) -> None:
    assert read_acceptance(text) == meant


@pytest.mark.parametrize("text", ["", "3", "known", "x known", "-1 known", "999999 known", "\u0663 known"])
def test_another_phrase_says_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match="its number and why"):
        read_acceptance(text)
