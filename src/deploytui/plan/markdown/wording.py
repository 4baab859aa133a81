"""What an item's own words say of it, and a line below a heading: when it may be left out, how often it recurs, who
does it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from deploytui.base.units import write_duration
from deploytui.plan.markdown.calendar import DAY_S, HOUR_S, UNIT, unit_s
from deploytui.plan.markdown.words import any_of

_OPTIONAL = re.compile(rf"[(\[]\s*((?:{any_of('optional')})\b[^()\[\]]{{0,80}})[)\]]", re.I)
_OPTIONAL_LEAD = re.compile(
    r"^(?:(optional(?:ly)?)\s*[:,-]|(if (?:needed|applicable|required|necessary|possible|relevant))\b"
    rf"|((?:{any_of('only if')})\s[^:,]{{2,60}})[:,]\s)",
    re.I,
)
_EVERY = re.compile(rf"\b(?:{any_of('every')})\s+(?:(?P<n>\d{{1,3}})\s*-?\s*)?{UNIT.format('unit')}", re.I)
_EVERY_S = {
    "hourly": HOUR_S, "stündlich": HOUR_S, "daily": DAY_S, "nightly": DAY_S, "täglich": DAY_S,
    "weekly": 7 * DAY_S, "wöchentlich": 7 * DAY_S, "monthly": 30 * DAY_S,
}  # fmt: skip
_EVERY_WORD = re.compile(rf"^({'|'.join(_EVERY_S)})\b|\b(hourly|daily|weekly)\W*$", re.I)
_OWNER_FIELD = re.compile(
    rf"(?:\*\*|__)?\b(?:{any_of('owner')})\b(?:\*\*|__)?\s*:\s*(?:\*\*|__)?\s*([^|;,()\n*]{{2,60}})", re.I
)
_OWNER_LINE = re.compile(
    rf"\s*(?:[-+]\s+)?(?:{any_of('owner')}|{any_of('leader')})\s*[:：]\s*([^|;,()\n]{{2,60}})", re.I
)
_OWNER_AT = re.compile(r"(?:^|[\s(])@([A-Za-z][\w-]{0,38}(?:/[\w-]{1,38})?)\)?\s*$")
_OWNER_ROLE = re.compile(r"[(\[]([A-Z][\w&/ .-]{1,40})[)\]]\s*$")
_ROLE_WORD = re.compile(rf"(?:{any_of('role word')})s?$", re.I)
_TO_FILL = re.compile(
    r"^[\W_]*$|\[[^\]]*\]|_{3,}|\{\{|^@?<|\b(?:tbd|tbc|todo|xxx+)\b|^(?:name|none|n/a)$", re.I
)


def is_to_fill(text: str) -> bool:
    """Whether a value is a place to fill in: `[Name]`, `____`, `{{owner}}`, TBD."""
    return bool(_TO_FILL.search(text.strip()))


def optional_wording(text: str) -> str:
    """When the item may be left out, in its own words."""
    if match := _OPTIONAL.search(text):
        return match[1].strip()
    match = _OPTIONAL_LEAD.match(text)
    return (match[1] or match[2] or match[3]).lower() if match else ""


def recurrence(text: str) -> str:
    """How often work recurs: `every 2 hours`, `Daily log reviews`. A daily backup that is scheduled is no such work."""
    if match := _EVERY.search(text):
        seconds = int(match["n"] or 1) * unit_s(match["unit"])
        return write_duration(seconds) if seconds else ""
    match = _EVERY_WORD.search(text)
    return write_duration(_EVERY_S[(match[1] or match[2]).lower()]) if match else ""


def owner_of(text: str, notes: Iterable[str]) -> str:
    """Who does it: `@name`, `(DevOps Lead)`, `Owner: X`. Places to fill in are nobody."""
    for part in (text, *notes):
        if ":" in part and (match := _OWNER_FIELD.search(part)):
            name = match[1].strip(" *_`")
            return "" if is_to_fill(name) else name
    if match := _OWNER_AT.search(text):
        return f"@{match[1]}"
    match = _OWNER_ROLE.search(text)
    return match[1].strip() if match and _ROLE_WORD.search(match[1]) else ""


def stated_owner(line: str) -> str:
    """Who a line of its own says does the work below a heading: `Owner: Kim`, `Lead: the DBA`."""
    match = _OWNER_LINE.match(line)
    name = match[1].strip(" _`.") if match else ""
    return "" if is_to_fill(name) else name
