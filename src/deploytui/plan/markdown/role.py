"""What a heading is about: rollback, criteria, people, or a stage of the night."""

from __future__ import annotations

import re
from enum import Enum

from deploytui.plan.markdown.block import References
from deploytui.plan.markdown.reader import plain_text
from deploytui.plan.markdown.words import any_of, says


class Role(Enum):
    """What a section is about, in the words of the report."""

    ROLLBACK = "the rollback"
    TRIGGERS = "rollback triggers"
    CRITERIA = "success criteria"
    SIGNOFFS = "sign-offs"
    CONTACTS = "contacts"
    ISSUES = "known issues"
    ENHANCEMENTS = "later work"
    REFERENCES = "other documents"


_TRIGGERS = re.compile(
    rf"(?:{any_of('rollback')}|abort|revert)\s+(?:immediately\s+|decision\s+)?(?:criteria|condition|threshold|(?:if|when)\b)"
    rf"|^(?:{any_of('begin')})?\s*(?:an? )?(?:immediate\s+)?(?:{any_of('rollback')})\s+(?:\w+\s+)?(?:if|when)\b",
    re.I,
)
_CONDITION = re.compile(rf"(?:{any_of('condition')})\W*$", re.I)
_TRIGGERS_INSIDE = re.compile(r"\b(?:when|conditions?|if|kriterien|criteria)\W*$|^when\b", re.I)
_LATER = re.compile(rf"(?:{any_of('later')})\s+(?:enhancement|improvement|work)", re.I)
_DURING = re.compile(rf"(?:{any_of('work')}) (?:{any_of('course')})", re.I)
_FIRST_HOURS = re.compile(r"first \d+ (?:hour|day)", re.I)

_PHASE_NUMBER = re.compile(
    rf"^(?:{any_of('part')})\s*(?:\d{{1,3}}|[IVX]{{1,4}}|[A-H])\b\s*[:.)–—-]*\s*", re.I
)
_NAMES_PHASE = re.compile(rf"^\W*(?:{any_of('part')}|{any_of('part of time')})\s*[-–]?\s*\d", re.I)
_DECORATION = re.compile(
    "^[^\\w\\[(<{\"'“„«`@#&+*~/.$%!?¿¡-]+|[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\u23e9-\u23ff\u25a0-\u25ff\ufe0f\u200d\u20e3\\s]+$"
)
_NUMBERED = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2}){0,3}[.)]?|[A-Z]\d{0,2}[.)])\s+")


def undecorated(source: str, references: References | None = None) -> str:
    """A title as people say it: without marks, boxes, and the emoji around it."""
    text = plain_text(source, references)
    text = text.replace("\ufe0f", "").replace("\u20e3", "").rstrip("# ") or text
    text = re.sub(r"^\\?\[[ xX]?\\?\]\s+", "", text)
    previous = None
    while previous != text:
        previous = text
        text = _DECORATION.sub("", text).strip()
    return text.rstrip(":：").strip() or plain_text(source, references) or source.strip()


def without_phase_number(title: str) -> str:
    """`Phase 1: Setup` is "Setup"; a bare `Phase 1` stays."""
    return _PHASE_NUMBER.sub("", title) or title


def names_phase(title: str) -> bool:
    """Whether a title counts parts of time: `Phase 2`, `Day 1`, `Week 3`."""
    return bool(_NAMES_PHASE.match(title))


def is_rollback(title: str) -> bool:
    return says("rollback", title)


def _names_triggers(text: str) -> bool:
    return says("triggers", text) or bool(_TRIGGERS.search(text))


def role_of(title: str, above: Role | None, *, is_prepared: bool) -> Role | None:
    """The role of a section by its title; it hands its role down where a title says nothing else."""
    bare = _NUMBERED.sub("", title)
    if says("references", bare) and above is None:
        return Role.REFERENCES
    if says("sign-offs", bare) and not re.search("get|obtain|request", bare, re.I):
        return Role.SIGNOFFS
    if above in (Role.ROLLBACK, Role.TRIGGERS):
        return _inside_rollback(bare, above)
    if is_rollback(bare) and _names_triggers(bare) and not says("not triggers", bare):
        return Role.TRIGGERS
    if (
        is_rollback(bare)
        and not says("readiness", bare)
        and (not is_prepared or says("procedure", bare))
        and not re.search(r"\bwithout\b|\bno rollback\b", bare, re.I)
    ):
        return Role.ROLLBACK
    if says("known issues", bare):
        return Role.ISSUES
    if _LATER.search(bare) or says("enhancements", bare):
        return Role.ENHANCEMENTS
    if says("contacts", bare):
        return Role.CONTACTS
    return Role.CRITERIA if says("criteria", bare) else above


def _inside_rollback(bare: str, above: Role) -> Role:
    if says("not triggers", bare):
        return Role.ROLLBACK
    is_listed = _TRIGGERS_INSIDE.search(bare) and "decision criteria" not in bare.lower()
    return Role.TRIGGERS if _names_triggers(bare) or is_listed else above


def is_trigger_label(label: str) -> bool:
    """`Rollback if:`, `Execute rollback immediately if:`, `Trigger:` before a list."""
    is_named = _names_triggers(label) or _CONDITION.search(label)
    return bool(is_named) and not is_not_trigger_label(label)


def is_not_trigger_label(label: str) -> bool:
    return says("not triggers", label)


PRE, EXEC, POST = 0, 1, 2


def stage_votes(title: str) -> tuple[float, float, float]:
    """How strongly a title speaks for each of the three stages."""
    pre, post = float(says("before", title)), float(says("after", title) or bool(_FIRST_HOURS.search(title)))
    strong = float(says("during", title) or bool(_DURING.search(title)))
    if post and re.search(r"\bpost[\s-]?\w+|\bafter\b", title, re.I):
        pre = strong = 0.0
    if pre and re.search(r"\bpre[\s-]?\w+|\bbefore\b", title, re.I):
        strong = 0.0
    weak = 0.3 if not (pre or post or strong) and says("perhaps during", title) else 0.0
    return pre, strong + weak, post


def criteria_kind(title: str) -> str:
    """Whose criteria: technical, business or user."""
    return "business" if says("business", title) else "user" if says("users", title) else "technical"
