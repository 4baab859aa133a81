"""Findings that somebody accepted: matched by code and item, until a day, and written as lines to paste."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from deploytui.plan.finding import Finding
from deploytui.plan.lint import RULES, acceptance_lines
from tests.plan.lint.sample import SOUND, codes, line_of, lint_yaml, only, spoiled

GATE = ("text: Decide, gate: {roles: before}", "text: Look around")
NO_GATE = spoiled(GATE)
TWO = spoiled(('text: "Error rate > 5%", when: {gauge: errors, is: breach}', 'text: "Error rate > 5%"'),
              ('text: "Performance degradation > 50%", when: {gauge: slower, is: breach}', 'text: "CPU > 95%"'))  # fmt: skip


def accepting(text: str, *entries: str) -> str:
    return text + "accept:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries)


def test_an_accepted_finding_is_not_open_and_says_who() -> None:
    found = only(lint_yaml(accepting(NO_GATE, "code: no-gate, by: ANA, why: small night")), "no-gate")
    assert not found.is_open
    assert found.accepted is not None
    assert (found.accepted.by, found.accepted.why) == ("ANA", "small night")
    assert only(lint_yaml(NO_GATE), "no-gate").is_open


def test_an_item_narrows_what_is_accepted() -> None:
    found = lint_yaml(accepting(TWO, "code: trigger-vague, item: rb.slower, by: ANA, why: enough"))
    assert {one.item: one.is_open for one in found if one.code == "trigger-vague"} == {
        "rb.errors": True,
        "rb.slower": False,
    }
    both = lint_yaml(accepting(TWO, "code: trigger-vague, by: ANA, why: enough"))
    assert [one.is_open for one in both if one.code == "trigger-vague"] == [False, False]


@pytest.mark.parametrize(("day", "is_open"), [(1, False), (2, False), (3, True)])
def test_an_acceptance_ends_after_its_day(day: int, is_open: bool) -> None:
    text = accepting(NO_GATE, "code: no-gate, by: ANA, why: small night, until: 2026-11-02")
    found = lint_yaml(text, datetime(2026, 11, day, 23, 59, tzinfo=UTC))
    assert only(found, "no-gate").is_open == is_open
    assert ("accept-expired" in codes(found)) == is_open
    assert only(lint_yaml(text, None), "no-gate").accepted is not None, "without a now nothing is past"


def test_an_expired_acceptance_is_a_warning_at_its_line() -> None:
    text = accepting(NO_GATE, "code: no-gate, by: ANA, why: small night, until: 2026-10-31")
    found = only(lint_yaml(text), "accept-expired")
    assert (found.severity, found.line) == ("warning", line_of(text, "code: no-gate"))


@pytest.mark.parametrize(
    ("entry", "proposal"),
    [
        ("code: no-gat, by: ANA, why: typed", "did you mean no-gate?"),
        ("code: no-gate, by: ANA, why: it has one", "take the line out"),
        ("code: trigger-vague, item: rb.down, by: ANA, why: not vague", "take the line out"),
        ("code: no-gate, by: ANA, why: long ago, until: 2020-01-01", "take the line out"),
    ],
)
def test_an_acceptance_of_nothing_is_information(entry: str, proposal: str) -> None:
    (found,) = lint_yaml(accepting(SOUND, entry))
    assert (found.code, found.severity, found.proposal) == ("accept-unused", "info", proposal)


def test_findings_are_numbered_the_gravest_first() -> None:
    text = spoiled(GATE, ("limit: 35m", "limit: 30m"), ("text: Look at the logs", "text: Monitor the logs"))
    found = lint_yaml(text)
    assert [(one.number, one.severity) for one in found] == [(1, "error"), (2, "warning"), (3, "info")]


def test_findings_of_one_code_stand_together() -> None:
    text = spoiled(GATE, ("text: CPU < 50%", "text: NPS > 9"), ("text: Look at the logs", "text: Watch it"))
    found = lint_yaml(text.replace("text: Capture the gauges", "text: Monitor it"))
    assert codes(found) == ["no-gate", "recurring-box", "recurring-box", "limit-unmeasurable"]
    assert [one.number for one in found] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "why", ["first install", 'a "quoted": reason # with traps', "- {a: b}", "null", "ja, größer ☐"]
)
def test_the_lines_to_paste_accept_the_finding(why: str) -> None:
    for text in (NO_GATE, TWO):
        opened = [one for one in lint_yaml(text) if one.is_open]
        lines = ["accept:"]
        for one in opened:
            lines += acceptance_lines(one, "Ana: B", why, "2026-12-31")
        found = lint_yaml(text + "\n".join(lines) + "\n")
        assert [one.code for one in found] == [one.code for one in opened]
        assert [one.accepted.why for one in found if one.accepted] == [why] * len(opened)


def test_a_line_to_paste_can_have_no_end_and_no_item() -> None:
    assert acceptance_lines(Finding("no-gate", "warning", 3, "m"), "ANA", "why\nso") == [
        '  - {code: "no-gate", by: "ANA", why: "why so"}'
    ]


def test_every_rule_is_declared_once_and_says_what_it_means() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.severity in ("error", "warning", "info")
        assert rule.meaning
        assert rule.proposal
        assert rule.code == rule.code.lower()
        assert "_" not in rule.code


def test_the_codes_are_promises() -> None:
    """Plans accept findings by these names: adding is free, changing one is not."""
    assert {rule.code for rule in RULES} >= {
        "rollback-sum", "rollback-no-fit", "rollback-fit-unknown", "restore-unmeasured", "backup-before-stop",
        "no-traffic-item", "trigger-vague", "trigger-in-stop", "error-band-wide", "two-limits", "no-baseline",
        "uptime-no-window", "host-gauge-bound", "limit-unmeasurable", "no-gate", "needs-unreachable",
        "contact-placeholder", "signer-no-contact", "approver-no-phone", "go-live-past", "duration-mismatch",
        "recurring-box", "duplicate-text",
    }  # fmt: skip
