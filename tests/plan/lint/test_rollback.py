"""The rollback's budgets against its stated total and its window."""

from __future__ import annotations

import pytest

from tests.plan.lint.sample import SOUND, codes, line_of, lint_document, lint_yaml, only, spoiled


def test_control_the_sound_night_has_no_finding() -> None:
    assert lint_yaml(SOUND) == ()


def test_budgets_that_do_not_sum_to_the_stated_total() -> None:
    text = spoiled(("limit: 35m", "limit: 30m"))
    found = only(lint_yaml(text), "rollback-sum")
    assert (found.severity, found.line) == ("error", line_of(text, "limit: 30m"))
    assert "35 min (5 + 30), the stated total is 30 min" in found.message
    assert found.meaning
    assert found.proposal


def test_a_total_that_is_kept_or_not_stated_is_no_finding() -> None:
    for limit in ("limit: 35m", "limit: 40m"):
        assert "rollback-sum" not in codes(lint_yaml(SOUND.replace("limit: 35m", limit)))
    assert lint_yaml(SOUND.replace("  limit: 35m\n", "")) == ()


def test_steps_that_leave_no_time_for_the_rollback_with_its_last_minute() -> None:
    text = spoiled(("text: Deploy the new version, needs: [pre.base], duration: 10m",
                    "text: Deploy the new version, needs: [pre.base], duration: 1h"))  # fmt: skip
    assert lint_yaml(text) == (), "5 + 10 + 60 + 5 + 3 and 35 are 118 of 120 minutes"
    text = text.replace("Start the application, marks: [traffic], duration: 5m",
                        "Start the application, marks: [traffic], duration: 8m")  # fmt: skip
    found = only(lint_yaml(text), "rollback-no-fit")
    assert found.severity == "error"
    assert "leave 34 min of the window of 2 h 00" in found.message
    assert "called by 03:25Z" in found.message


def test_without_a_go_live_the_last_minute_counts_from_t() -> None:
    text = spoiled(
        ("go_live: 2026-11-24T02:00Z\n", ""), ("budget: 30m", "budget: 1h50m"), ("limit: 35m", "limit: 2h")
    )
    assert "called by T+5m" in only(lint_yaml(text), "rollback-no-fit").message


def test_a_rollback_longer_than_its_window_never_fits() -> None:
    text = spoiled(("budget: 30m", "budget: 3h"), ("limit: 35m", "limit: 4h"))
    assert "never fits" in only(lint_yaml(text), "rollback-no-fit").message


def test_without_durations_the_fit_is_unknown_and_the_last_minute_stands() -> None:
    text = spoiled(("duration: 5m}\n            - {id: exec.backup", "}\n            - {id: exec.backup"),
                   ("marks: [backup], duration: 10m", "marks: [backup]"))  # fmt: skip
    found = only(lint_yaml(text.replace("marks: [stops], }", "marks: [stops]}")), "rollback-fit-unknown")
    assert found.severity == "warning"
    assert "called by 03:25Z" in found.message


def test_one_duration_missing_of_many_does_not_make_it_unknown() -> None:
    assert lint_yaml(spoiled(("Error rate < 1%, when: {gauge: errors, is: ok}, duration: 1m",
                              "Error rate < 1%, when: {gauge: errors, is: ok}"))) == ()  # fmt: skip


@pytest.mark.parametrize("gone", ["      window: T .. T+2h\n", "window: T-2h .. T"])
def test_without_a_window_nothing_can_be_said(gone: str) -> None:
    found = codes(lint_yaml(SOUND.replace(gone, "" if gone.endswith("\n") else "window: D-1 .. T")))
    assert not {"rollback-fit-unknown", "rollback-no-fit"} & set(found)


def test_a_document_says_its_total_in_a_line_of_its_own() -> None:
    text = """# Night

## Deployment Execution (2:00 AM - 4:00 AM UTC)

- [ ] Deploy it

## Rollback Plan

### Procedure

1. **Decide** (5 minutes)
   - [ ] Decide together

2. **Go back** (30 minutes)
   - [ ] Deploy the old version

**Total Rollback Time:** < 30 minutes
"""
    found = only(lint_document(text), "rollback-sum")
    assert found.line == line_of(text, "Total Rollback Time")
