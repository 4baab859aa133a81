"""A whole document of a known shape, and the real one: each finding at its line, and no other."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploytui.plan.lint import lint
from tests.plan.lint.sample import line_of, read_document

NIGHT = (Path(__file__).parent / "night.md").read_text()
SEED = Path(__file__).resolve().parents[4] / "shared" / "seed"
AFTER = datetime(2026, 4, 1, tzinfo=UTC)

FOUND = [
    ("rollback-sum", "Total Rollback Time"),
    ("go-live-past", "Deployment Date"),
    ("backup-before-stop", "Booking database backed up"),
    ("no-gate", "### Deployment Execution"),
    ("no-traffic-item", "### Deployment Execution"),
    ("rollback-fit-unknown", "## ROLLBACK PLAN"),
    ("no-baseline", "Throughput degradation > 40%"),
    ("trigger-vague", "Throughput degradation > 40%"),
    ("error-band-wide", "Error rate > 4%"),
    ("trigger-vague", "Error rate > 4%"),
    ("trigger-in-stop", "Service down > 20 minutes"),
    ("restore-unmeasured", "Restore the database"),
    ("two-limits", "- [ ] CPU < 65%"),
    ("two-limits", "Average response time"),
    ("two-limits", "Availability > 99.95%"),
    ("uptime-no-window", "Availability > 99.95%"),
    ("contact-placeholder", "**Database Lead:**"),
    ("approver-no-phone", "**Head of Booking:**"),
    ("duration-mismatch", "**3 hours**"),
    ("signer-no-contact", "Legal Counsel"),
    ("recurring-box", "Step 4:"),
    ("recurring-box", "every 4 hours"),
    ("recurring-box", "Weekly review"),
    ("limit-unmeasurable", "Guest satisfaction"),
]


def test_every_trap_of_the_document_and_nothing_else() -> None:
    found = lint(read_document(NIGHT), now=AFTER)
    mails = [number for number, line in enumerate(NIGHT.splitlines(), 1) if "Watch the mails" in line]
    expected = [(code, line_of(NIGHT, needle)) for code, needle in FOUND]
    expected += [("recurring-box", mails[0]), ("recurring-box", mails[1]), ("duplicate-text", mails[1])]
    assert sorted((one.code, one.line) for one in found) == sorted(expected)


def test_the_last_minute_and_the_sum_are_said() -> None:
    messages = {one.code: one.message for one in lint(read_document(NIGHT), now=AFTER)}
    assert "23:10Z" in messages["rollback-fit-unknown"]
    assert "50 min (10 + 40), the stated total is 45 min" in messages["rollback-sum"]


SEED_FOUND = {
    "go-live-past": [4],
    "backup-before-stop": [138],
    "no-gate": [142],
    "no-traffic-item": [142],
    "rollback-fit-unknown": [252],
    "no-baseline": [260],
    "trigger-vague": [260, 261],
    "error-band-wide": [261],
    "trigger-in-stop": [262],
    "restore-unmeasured": [274],
    "rollback-sum": [290],
    "uptime-no-window": [301],
    "two-limits": [302, 303],
    "contact-placeholder": [330, 331, 332, 333, 334, 338, 340, 344, 345, 346],
    "approver-no-phone": [344, 345, 346],
    "signer-no-contact": [370],
    "recurring-box": [154, 202, 205, 220, 221, 282],
    "limit-unmeasurable": [319],
}


@pytest.mark.skipif(not SEED.is_dir(), reason="the source document is not beside the repository")
def test_every_trap_of_the_source_document_and_nothing_else() -> None:
    (path,) = SEED.glob("*.txt")
    found = lint(read_document(path.read_bytes(), path.name), now=AFTER)
    lines = {
        code: sorted(one.line for one in found if one.code == code)
        for code in Counter(one.code for one in found)
    }
    assert lines == SEED_FOUND
    messages = " ".join(one.message for one in found)
    assert "35 min (5 + 15 + 10 + 5), the stated total is 30 min" in messages
    assert "called by 03:25Z" in messages
    assert "< 60 % here, < 50 % in line 180" in messages
    assert "< 80 % here, < 75 % in line 181" in messages
