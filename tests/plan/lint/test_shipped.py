"""The checklists that ship: their findings are exactly the true ones."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from deploytui.plan.lint import lint
from tests.plan.lint.sample import line_of, read

FOLDER = Path(__file__).parents[3] / "checklists"
NOW = datetime(2026, 11, 1, tzinfo=UTC)

SALESSYNC = [
    # Of the document itself: its contradictions, and what it leaves open.
    ("rollback-sum", "  limit: 30m"),
    ("rollback-fit-unknown", "  limit: 30m"),
    ("backup-before-stop", "id: pre.backup,"),
    ("no-gate", "- phase: Deployment Execution"),
    ("error-band-wide", "id: rb.errors,"),
    ("restore-unmeasured", "id: rb2.restore,"),
    ("uptime-no-window", "id: crit.tech.uptime,"),
    ("two-limits", "id: crit.tech.cpu,"),
    ("two-limits", "id: crit.tech.memory,"),
    # Its gauge has a baseline to compare with, and none of its 201 boxes captures one.
    ("no-baseline", "id: rb.slower,"),
    # People to fill in.
    ("contact-placeholder", "role: Technical Lead, name"),
    ("contact-placeholder", "role: Backend Lead, name"),
    ("contact-placeholder", "role: Frontend Lead, name"),
    ("contact-placeholder", "role: DevOps Lead, name"),
    ("contact-placeholder", "role: DBA, name"),
    ("contact-placeholder", "role: Support Manager, name"),
    ("contact-placeholder", "role: Emergency Hotline, phone"),
    ("contact-placeholder", "role: Product Manager, name"),
    ("contact-placeholder", "role: CTO, name"),
    ("contact-placeholder", "role: General Manager, name"),
    ("approver-no-phone", "role: Product Manager, name"),
    ("approver-no-phone", "role: CTO, name"),
    ("approver-no-phone", "role: General Manager, name"),
    ("signer-no-contact", "- {role: QA Manager}"),
    # Information only.
    ("recurring-box", "id: exec.10,"),
    ("recurring-box", "id: day1.mon.watch,"),
    ("recurring-box", "id: day1.mon.perf,"),
    ("recurring-box", "id: week1.mon.logs,"),
    ("recurring-box", "id: week1.mon.perf,"),
    ("recurring-box", "id: rb3.perf,"),
    ("limit-unmeasurable", "id: crit.user.happy,"),
]
# A pattern to copy: what is in brackets is to be filled in before its first night.
WEB_SERVICE = [
    ("contact-placeholder", "role: Release Lead, name"),
    ("contact-placeholder", "role: QA Lead, name"),
    ("contact-placeholder", "role: On-call Engineer, name"),
    ("contact-placeholder", "role: DBA, name"),
    ("contact-placeholder", "role: Product Owner, name"),
    ("recurring-box", "id: watch.errors,"),
]


def _found(name: str) -> list[tuple[str, int]]:
    return sorted((one.code, one.line) for one in lint(read((FOLDER / name).read_text()), now=NOW))


def _expected(name: str, places: list[tuple[str, str]]) -> list[tuple[str, int]]:
    text = (FOLDER / name).read_text()
    return sorted((code, line_of(text, needle)) for code, needle in places)


def test_the_findings_of_salessync_are_exactly_these() -> None:
    assert _found("salessync.yaml") == _expected("salessync.yaml", SALESSYNC)


def test_the_small_checklist_lacks_only_its_people() -> None:
    assert _found("web-service.yaml") == _expected("web-service.yaml", WEB_SERVICE)


def test_no_shipped_checklist_accepts_anything_for_others() -> None:
    for path in FOLDER.glob("*.yaml"):
        assert read(path.read_text()).accept == ()
