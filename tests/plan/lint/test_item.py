"""Boxes of which a tick says little; and what is no finding at all."""

from __future__ import annotations

import pytest

from deploytui.plan.lint.deed import is_never_done
from tests.plan.lint.sample import SOUND, codes, line_of, lint_document, lint_yaml, only, spoiled

LOOK = "{id: post.look, text: Look at the logs}"


def with_box(text: str) -> str:
    return spoiled((LOOK, f'{{id: post.look, text: "{text}"}}'))


@pytest.mark.parametrize(
    "text",
    ["Monitor every 2 hours", "Daily log reviews", "Monitor application logs", "Step 10: Monitor application logs",
     "Watch the queue", "Check queue depth hourly", "Keep an eye on the errors", "Weekly report"],
)  # fmt: skip
def test_recurring_work_in_one_box_is_information(text: str) -> None:
    plan = with_box(text)
    found = only(lint_yaml(plan), "recurring-box")
    assert (found.severity, found.item, found.line) == ("info", "post.look", line_of(plan, "post.look"))


def test_an_interval_of_its_own_says_so_too() -> None:
    found = only(
        lint_yaml(spoiled((LOOK, "{id: post.look, text: Look at the logs, every: 30m}"))), "recurring-box"
    )
    assert "every 30m" in found.message


@pytest.mark.parametrize(
    "text",
    ["Automated daily backups scheduled", "Monitoring dashboard reviewed", "Monitor for 15 minutes", "Watch until it is green",
     "Monitoring agents installed", "Database monitoring configured", "Monitor set up", "Cron job runs every 6 hours",
     "Backup verification"],
)  # fmt: skip
def test_work_that_ends_or_runs_by_itself_is_no_finding(text: str) -> None:
    assert lint_yaml(with_box(text)) == ()


def test_monitoring_with_a_duration_ends() -> None:
    assert is_never_done("Monitor the errors")
    assert lint_yaml(spoiled((LOOK, "{id: post.look, text: Monitor the errors, duration: 15m}"))) == ()


def test_the_same_text_twice_within_one_group() -> None:
    plan = spoiled((f"[{LOOK}]", f"[{LOOK},\n            {{id: post.again, text: look  at the LOGS}}]"))
    found = only(lint_yaml(plan), "duplicate-text")
    assert (found.severity, found.item, found.line) == ("info", "post.again", line_of(plan, "post.again"))


def test_the_same_text_five_times_is_one_finding() -> None:
    plan = spoiled((f"[{LOOK}]", "[a, a, a, a, a]"))
    assert "stands 5 times" in only(lint_yaml(plan), "duplicate-text").message


def test_the_same_text_in_other_groups_or_under_other_items_is_no_finding() -> None:
    assert lint_yaml(spoiled((LOOK, "{id: post.look, text: Capture the gauges}"))) == ()
    assert lint_yaml(spoiled((LOOK, "{text: A, items: [look]}, {text: B, items: [look]}"))) == ()


NOT_FINDINGS = """# Night

**Deployment Date:** November 24, 2026, 2:00 AM UTC
**Status:** ✅ APPROVED

## Preparation

### Setup (Nov 9-13, 2026) ☐

- [ ] Server provisioned (4 CPU, 8GB RAM minimum)
- [ ] No errors in logs
  - [ ] Not on the other node either

### Staging (Nov 16-20, 2026) ✅

- [ ] No errors in logs
- [ ] SMS gateway configured (if applicable)

### Pre-Deployment (12:00 AM - 2:00 AM UTC)

- [ ] Go / no-go

## Deployment Execution (2:00 AM - 4:00 AM UTC)

- [ ] **Step 1:** Deploy (if needed)

## Post-Deployment

### Post-Deployment (4:00 AM - 6:00 AM UTC)

- [ ] Look at it

### Day 1 (First 24 Hours)

- [ ] Issues collected

### Week 1 (First 7 Days)

- [ ] Users asked

### Month 1 (First 30 Days)

- [ ] Reports written

## Timeline

| Date | Phase | Activities | Duration |
|------|-------|------------|----------|
| Nov 9-13 | Setup | Servers | 5 days |
| **Nov 24** | **Go-Live** | **Deployment at 2:00 AM UTC** | **4 hours** |
| Nov 25-Dec 1 | Week 1 | Users | 7 days |
"""


def test_what_is_no_finding_at_all() -> None:
    """Texts that repeat in other groups, nested weeks, weekends between, phases that are past on the night, "4 hours"
    when the windows end at six, "if …", glyphs in headings, indented boxes, 12:00 AM, claims in prose."""
    assert lint_document(NOT_FINDINGS) == ()


def test_control_each_of_them_can_be_spoiled() -> None:
    for old, new, code in (
        ("- [ ] Not on the other node either", "- [ ] Same\n  - [ ] Same", "duplicate-text"),
        ("**4 hours**", "**5 hours**", "duration-mismatch"),
        ("- [ ] Go / no-go", "- [ ] Go", "no-gate"),
        ("November 24, 2026", "November 24, 2024", "go-live-past"),
    ):
        assert old in NOT_FINDINGS
        assert code in codes(lint_document(NOT_FINDINGS.replace(old, new)))


def test_control_the_sound_night_has_boxes() -> None:
    assert LOOK in SOUND
