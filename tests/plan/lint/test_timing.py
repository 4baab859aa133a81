"""A go-live that is over, and stated durations that no run of windows gives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from deploytui.plan.lint import lint
from tests.plan.lint.sample import NOW, SOUND, codes, line_of, lint_yaml, only, read, spoiled

T = datetime(2026, 11, 24, 2, tzinfo=UTC)


def test_t_in_the_past() -> None:
    found = only(lint_yaml(SOUND, T + timedelta(days=2)), "go-live-past")
    assert found.line == line_of(SOUND, "go_live:")
    assert "2026-11-24T02:00:00Z" in found.message


@pytest.mark.parametrize("now", [None, T, T - timedelta(days=300)])
def test_t_ahead_or_an_unknown_now_is_no_finding(now: datetime | None) -> None:
    assert lint_yaml(SOUND, now) == ()


def test_a_plan_without_t_has_no_past() -> None:
    assert lint_yaml(spoiled(("go_live: 2026-11-24T02:00Z\n", "")), NOW) == ()


def test_the_go_live_given_at_the_start_counts() -> None:
    plan = read(SOUND)
    now = T + timedelta(days=2)
    assert lint(plan, go_live=now + timedelta(hours=2), now=now) == ()
    (found,) = lint(plan, go_live=now - timedelta(hours=2), now=now)
    assert (found.code, found.line) == ("go-live-past", 0)


def noted(note: str) -> str:
    return SOUND + f'notes:\n  - {{kind: text, text: "{note}"}}\n'


@pytest.mark.parametrize(
    "note",
    [
        "Timeline: Nov 24, Production Go-Live: Deployment at 2:00 AM UTC (4 hours)",
        "TIMELINE SUMMARY: Date: Nov 24 · Phase: Go-Live · Activities: Deployment at 2:00 AM UTC · Duration: 4 hours",
        "Timeline: Nov 24, Deployment (2-3 hours)",
        "Timeline: Nov 24, all of it (6 h)",
        "Timeline: Nov 30-Dec 22, Month 1 Monitoring (23 days)",
        "Timeline: Nov 4-8, Infrastructure Setup (5 days)",
        "Wait 10 minutes after each node",
        "Nov 24: the migration of the big table took 45 minutes last time",
        "Timeline: Nov 24, restart each node (3 min per node)",
        "Load tests: Scenario: Normal load · Target: 100 · Duration: 10 min",
        "Timeline: 02:10 Run migrations (10 min)",
    ],
)
def test_durations_that_are_given_or_are_no_matter_of_windows(note: str) -> None:
    assert lint_yaml(noted(note)) == ()


@pytest.mark.parametrize(
    "note",
    [
        "Timeline: Nov 24, Production Go-Live: Deployment at 2:00 AM UTC (3 hours)",
        "Date: Nov 24 · Phase: Go-Live · Activities: Deployment · Duration: 5 hours",
        "Timeline: Deployment (90 minutes)",
        "Timeline: Nov 4-8, Infrastructure Setup (7 days)",
        "Timeline: Nov 24, Deployment at 2:00 AM UTC (6 hours)",
    ],
)
def test_a_stated_duration_that_no_run_of_windows_gives(note: str) -> None:
    text = noted(note)
    found = only(lint_yaml(text), "duration-mismatch")
    assert found.line == line_of(text, "kind: text")


def test_the_same_without_a_go_live() -> None:
    plain = noted("Timeline: Nov 24, Go-Live (4 hours)").replace("go_live: 2026-11-24T02:00Z\n", "")
    assert lint_yaml(plain) == ()
    assert codes(lint_yaml(plain.replace("4 hours", "3 hours"))) == ["duration-mismatch"]


@pytest.mark.parametrize(
    ("fact", "is_found"),
    [
        ("duration: 4 hours", False), ("duration: 3 hours", True), ("maintenance window: 3 h", True),
        ("expected downtime: 3 hours", False), ("rollback window: 3 hours", False), ("version: 3 h", False),
        ("maintenance window: 2:00 AM to 4:00 AM", False), ("duration: 3 hours per region", False),
    ],
)  # fmt: skip
def test_facts_state_durations_too(fact: str, is_found: bool) -> None:
    name, _, value = fact.partition(": ")
    text = SOUND.replace("title: A sound night\n", f'title: A sound night\nfacts:\n  {name}: "{value}"\n')
    found = [one for one in lint_yaml(text) if one.code == "duration-mismatch"]
    assert [one.line for one in found] == ([line_of(text, f"  {name}:")] if is_found else [])


def test_days_across_a_change_of_the_clocks_are_days() -> None:
    text = noted("Timeline: Oct 23, Setup (5 days)").replace(
        "go_live: 2026-11-24T02:00Z", "go_live: 2026-10-28T02:00Z"
    )
    text = text.replace("title: A sound night\n", "title: A sound night\nzone: Europe/Berlin\n")
    assert codes(lint_yaml(text, None)) == ["duration-mismatch"]
    assert lint_yaml(text.replace("window: T-2h .. T\n", "window: D-5 .. D-1\n"), None) == ()


def test_without_windows_nothing_is_compared() -> None:
    text = noted("Timeline: Nov 24, Go-Live (3 hours)")
    for window in ("T-2h .. T", "T .. T+2h", "T+2h .. T+4h"):
        text = text.replace(f"      window: {window}\n", "")
    assert "duration-mismatch" not in codes(lint_yaml(text))
