"""Findings that somebody took as they are: matched with the plan's `accept:` list, and written for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from difflib import get_close_matches

from msgspec.structs import replace

from deploytui.base.text import clean_line
from deploytui.plan.finding import Finding
from deploytui.plan.lint.subject import INFO, WARNING
from deploytui.plan.model import Acceptance

_About = tuple[str, str | None]
UNUSED, EXPIRED = "accept-unused", "accept-expired"


def accept(
    findings: Iterable[Finding], acceptances: Iterable[Acceptance], codes: Iterable[str], now: datetime | None
) -> Iterator[Finding]:
    """The findings, each with who accepted it; and what is wrong with the acceptances themselves."""
    valid: dict[_About, Acceptance] = {}
    past: dict[_About, Acceptance] = {}
    for acceptance in acceptances:
        side = past if _is_past(acceptance, now) else valid
        side.setdefault((acceptance.code, acceptance.item), acceptance)
    used: set[_About] = set()
    for finding in findings:
        about = (finding.code, finding.item), (finding.code, None)
        fitting = [key for key in about if key in valid][:1]
        used.update(fitting or about)
        yield replace(finding, accepted=valid[fitting[0]]) if fitting else finding
    known = sorted(codes)
    yield from (_expired(acceptance) for key, acceptance in past.items() if key in used)
    left = (one for side in (valid, past) for key, one in side.items() if key not in used)
    yield from (_unused(acceptance, known) for acceptance in left)


def _is_past(acceptance: Acceptance, now: datetime | None) -> bool:
    """The day itself still counts."""
    return (
        acceptance.until is not None and now is not None and now.date() > date.fromisoformat(acceptance.until)
    )


def _expired(acceptance: Acceptance) -> Finding:
    return Finding(
        EXPIRED,
        WARNING,
        acceptance.line,
        f"{acceptance.by} accepted {_name(acceptance)} until {acceptance.until}, and it is still there",
        acceptance.item,
        "what was fine for a while is not any more, and nobody looked again",
        "accept it again with a later day, or do something about it",
    )


def _unused(acceptance: Acceptance, codes: list[str]) -> Finding:
    near = get_close_matches(acceptance.code, codes, 1) if acceptance.code not in codes else []
    return Finding(
        UNUSED,
        INFO,
        acceptance.line,
        f"there is no finding {_name(acceptance)} to accept",
        acceptance.item,
        "a later finding of that kind would be accepted unseen",
        f"did you mean {near[0]}?" if near else "take the line out",
    )


def _name(acceptance: Acceptance) -> str:
    return f"{acceptance.code} of {acceptance.item}" if acceptance.item else acceptance.code


def acceptance_lines(finding: Finding, by: str, why: str, until: str | None = None) -> list[str]:
    """The entry for the plan's `accept:` list, ready to paste below that key."""
    entry = {
        "code": finding.code,
        "item": finding.item,
        "by": clean_line(by),
        "why": clean_line(why),
        "until": until,
    }
    said = [
        f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in entry.items() if value is not None
    ]
    return [f"  - {{{', '.join(said)}}}"]
