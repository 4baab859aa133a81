"""No gate before the execution, and needs that can never be met."""

from __future__ import annotations

import pytest

from deploytui.plan.lint.deed import asks_go_or_no_go
from tests.plan.lint.sample import SOUND, codes, line_of, lint_document, lint_yaml, only, spoiled

GATE = "text: Decide, gate: {roles: before}"
DEPLOY = "text: Deploy the new version, needs: [pre.base]"
LATER = "id: post.look, text: Look at the logs"


def test_no_gate_before_the_execution_is_one_finding() -> None:
    text = spoiled((GATE, "text: Look around"))
    found = only(lint_yaml(text), "no-gate")
    assert found.line == line_of(text, "- phase: Deployment")
    assert codes(lint_yaml(text)) == ["no-gate"]


def test_a_gate_may_be_the_first_thing_of_the_execution() -> None:
    text = spoiled((GATE, "text: Look around"), ("text: CPU usage normal (< 50%)", GATE))
    assert lint_yaml(text) == ()


def test_a_gate_that_comes_too_late_is_none() -> None:
    text = spoiled((GATE, "text: Look around"), (LATER, "id: post.look, " + GATE))
    assert codes(lint_yaml(text)) == ["no-gate"]


@pytest.mark.parametrize(
    "line",
    ["- [ ] Go / no-go", "- [ ] Final GO/NO-GO decision with the CTO", "### Go or no-go\n\n- [ ] Ask everyone",
     "**Decision:** GO / NO-GO"],
)  # fmt: skip
def test_a_document_asks_in_words(line: str) -> None:
    night = (
        "# Night\n\n**Deployment Date:** November 24, 2026, 2:00 AM UTC\n\n## Preparation\n\n- [ ] Look around\n\n{}\n\n"
        "## Execution (2:00 AM - 4:00 AM UTC)\n\n- [ ] Deploy\n"
    )
    assert "no-gate" in codes(lint_document(night.format("")))
    assert "no-gate" not in codes(lint_document(night.format(line)))


def test_sign_offs_alone_are_no_gate() -> None:
    assert "signoffs:" in SOUND
    assert codes(lint_yaml(spoiled((GATE, "text: Look around")))) == ["no-gate"]


def test_a_list_without_a_night_needs_no_gate() -> None:
    assert lint_document("# Release\n\n## Release steps\n\n- [ ] Tag it\n- [ ] Publish it\n") == ()


def test_go_live_is_no_gate() -> None:
    assert not asks_go_or_no_go("Stakeholders notified of go-live date")
    assert asks_go_or_no_go("GO/NO-GO")


def test_a_need_in_a_later_phase() -> None:
    text = spoiled((DEPLOY, "text: Deploy the new version, needs: [post.look]"))
    found = only(lint_yaml(text), "needs-unreachable")
    assert (found.severity, found.item, found.line) == (
        "error",
        "exec.deploy",
        line_of(text, "id: exec.deploy"),
    )
    assert "Aftercare" in found.message


@pytest.mark.parametrize("go_live", ["go_live: 2026-11-24T02:00Z\n", ""])
def test_phases_whose_windows_overlap_can_be_worked_on_at_once(go_live: str) -> None:
    text = spoiled(
        (DEPLOY, "text: Deploy the new version, needs: [post.look]"),
        ("go_live: 2026-11-24T02:00Z\n", go_live),
    )
    assert "needs-unreachable" in codes(lint_yaml(text))
    assert lint_yaml(text.replace("window: T+2h .. T+4h", "window: T .. T+24h")) == ()


def test_a_need_in_a_later_phase_without_windows() -> None:
    text = spoiled(
        (DEPLOY, "text: Deploy the new version, needs: [post.look]"), ("      window: T+2h .. T+4h\n", "")
    )
    assert codes(lint_yaml(text)) == ["needs-unreachable"]


def test_a_later_step_of_the_same_ordered_group() -> None:
    text = spoiled((DEPLOY, "text: Deploy the new version, needs: [exec.cpu]"))
    assert "step 5 of the same ordered group" in only(lint_yaml(text), "needs-unreachable").message
    assert lint_yaml(text.replace("          ordered: true\n", "")) == (), (
        "unordered items may wait for each other"
    )


def test_a_need_that_only_a_rollback_meets() -> None:
    text = spoiled((DEPLOY, "text: Deploy the new version, needs: [rb1.decide]"))
    assert "only in a rollback" in only(lint_yaml(text), "needs-unreachable").message


def test_a_circle_is_one_finding_however_long() -> None:
    cpu = "text: CPU usage normal (< 50%)"
    text = spoiled(
        ("          ordered: true\n", ""),
        (DEPLOY, "text: Deploy the new version, needs: [exec.start]"),
        ("marks: [traffic]", "marks: [traffic], needs: [exec.cpu]"),
        (cpu, f"{cpu}, needs: [exec.deploy]"),
    )
    found = only(lint_yaml(text), "needs-unreachable")
    assert "exec.deploy needs exec.start needs exec.cpu needs exec.deploy" in found.message


def test_an_item_that_needs_itself() -> None:
    text = spoiled((DEPLOY, "text: Deploy the new version, needs: [exec.deploy]"))
    assert "exec.deploy needs exec.deploy" in only(lint_yaml(text), "needs-unreachable").message


def test_needs_of_what_comes_before_are_fine() -> None:
    assert "needs: [pre.base]" in SOUND
    assert lint_yaml(SOUND) == ()


def test_two_that_need_the_same_are_no_circle() -> None:
    text = spoiled(
        ("text: CPU usage normal (< 50%)", "text: CPU usage normal (< 50%), needs: [pre.base, exec.deploy]")
    )
    assert lint_yaml(text) == ()
