"""What a document says about itself: its facts, and among them the go-live with its zone."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import UTC, date, datetime, timedelta
from functools import partial

from msgspec import Struct, field

from deploytui.plan.markdown.block import Block, Listing, Paragraph, Table
from deploytui.plan.markdown.box import is_choice
from deploytui.plan.markdown.calendar import (
    Clocks,
    at,
    find_clocks,
    find_days,
    find_zone,
    zone_info,
    zone_name,
)
from deploytui.plan.markdown.reader import Reader
from deploytui.plan.markdown.section import Left, Section, undecorated
from deploytui.plan.markdown.table import Grid, Use, grid_of, is_blank_form, use_of
from deploytui.plan.markdown.when import find_duration
from deploytui.plan.markdown.words import any_of, says

_MOST_FACTS = 40
_KEY_WORDS = 6
_MOST_VALUE = 200
_BOLD_FACT = re.compile(
    r"^\s*(?:[-*+>]\s+)?(\*\*|__)(?P<key>[^*_:|]{2,60}?)\s*:?\s*\1\s*:?\s*(?P<value>[^\s:：].*)$"
)
_PLAIN_FACT = re.compile(
    r"^\s*(?:[-*+>]\s+)?(?P<key>[^\W\d_][^:*_|`\[\]<>]{1,40}?)\s*[:：]\s+(?P<value>\S.*)$"
)
_COUNTED = re.compile(r"(?:day|phase|step)\s*\d", re.I)
_PARTS = re.compile(r"\s+[|·]\s+(?=\*\*|__|[A-Z])")
_WHAT = f"(?:{any_of('go-live')})"
_WHEN = rf"(?:[\s_-]*(?:{any_of('when')}|\(.*\)))*\s*$"
_PLANNED = rf"^(?:{any_of('planned')})?[\s_]*"
_GO_LIVE = re.compile(rf"{_PLANNED}{_WHAT}{_WHEN}", re.I)
_GO_LIVE_TIME = re.compile(
    rf"{_PLANNED}(?:{_WHAT}[\s_-]*)?(?:start[\s_-]*)?(?:{any_of('clock')})(?:[\s_-]*start)?\s*$"
    rf"|^(?:{any_of('start')})\s*$",
    re.I,
)
_WINDOW_END = re.compile(rf"{_PLANNED}(?:{_WHAT}[\s_-]*)?(?:window[\s_-]*)?(?:{any_of('end')}){_WHEN}", re.I)
_LIMIT = re.compile(
    rf"\b(?:{any_of('total')})\b[^:]{{0,30}}\b(?:{any_of('totaled')})|^\W*rto\b"
    r"|roll[\s-]?back (?:time )?(?:limit|budget|window)\b|^limit(?=: )",
    re.I,
)
_TITLED_LIMIT = re.compile(
    r"(?:[:–—]|\s-)\s*([^:–—]*\btotal\b[^:–—]*)$"
    r"|[(\[]([^()\[\]]*(?:<|≤|\b(?:target|goal|max\w*|within|under|less than|limit|total|rto)\b)[^()\[\]]*)[)\]]",
    re.I,
)
_VARIABLE = re.compile(r"\{\{\s*([A-Za-z_]\w{0,60})\s*\}\}")


class Facts(Struct):
    entries: dict[str, tuple[str, int]] = field(default_factory=dict)
    go_live: datetime | None = None
    go_live_line: int = 0
    zone: str = "UTC"
    year: int | None = None
    day: date | None = None
    # When the window that the go-live begins is over, where the document says so of itself and of no phase.
    ends_at: datetime | None = None

    def add(self, key: str, value: str, line: int) -> bool:
        """Keep a fact; a second one of the same name is none."""
        name = " ".join(key.lower().split()).strip(" _-")
        if not name or not value or len(self.entries) >= _MOST_FACTS or name in self.entries:
            return False
        self.entries[name] = (value, line)
        return True


class Said(Struct):
    """One `key: value` of a line."""

    key: str
    value: str
    line: int


def facts_of_lines(lines: list[str], line: int, *, plain: bool) -> tuple[list[Said], list[str]]:
    """The facts in some lines, and the lines that are none."""
    said: list[Said] = []
    rest: list[str] = []
    for offset, text in enumerate(lines):
        parts = _PARTS.split(text.strip().rstrip("\\"))
        found = (_BOLD_FACT.match(part) or (_PLAIN_FACT.match(part) if plain else None) for part in parts)
        facts = [Said(one["key"], one["value"], line + offset) for one in found if one]
        if len(facts) == len(parts) and all(len(fact.key.split()) <= _KEY_WORDS for fact in facts):
            said += facts
        else:
            rest.append(text)
    return said, rest


def read_facts(root: Section, heads: Container[int], first_line: int, reader: Reader, facts: Facts) -> None:
    """Take facts out of what is left: those at the head of the document (`heads`: the sections by identity) and
    of sections that are about it, before the first item; later only those about the document itself."""
    for section in root.walk():
        if section.role is None:
            is_head = section is root or id(section) in heads or says("about the document", section.title)
            early = first_line if is_head else 0
            section.keep(partial(_keep, early, section.has_items(), reader, facts))


def _keep(early: int, is_work: bool, reader: Reader, facts: Facts, left: Left) -> list[Left]:
    """What is left of a block without its facts; `early` is the line up to which any fact is one of the document."""
    block, is_early = left.block, left.line < early
    if isinstance(block, Table):
        return [] if is_early and _take_table(grid_of(block, reader), reader, facts) else [left]
    if isinstance(block, Listing):
        lines = block.lines() if is_early else []
        found = [facts_of_lines([text], line, plain=True) for line, text in lines]
        is_form = bool(found) and not any(rest for _, rest in found)
        stated = (one for ones, _ in found for one in ones)
        return [] if is_form and all(_add(one, reader, facts) for one in stated) else [left]
    if not isinstance(block, Paragraph):
        return [left]
    said, rest = facts_of_lines(block.lines, block.line, plain=is_early)
    for one in said:
        # Among the items an owner is that of their section.
        is_about = says("document fact", one.key) and not (is_work and one.key.lower().startswith("owner"))
        if not ((is_early or is_about) and _add(one, reader, facts)):
            rest.append(f"{one.key}: {one.value}")
    return left.only(rest)


def _take_table(grid: Grid, reader: Reader, facts: Facts) -> bool:
    if use_of(grid) is not Use.FACTS:
        return False
    key, value = grid.heads
    rows = [(grid.line, key, value)] if (key or value) and not says("key head", key) else []
    rows += [(row.line, row.cells[0], row.cells[1]) for row in grid.rows]
    if not rows or any(not name or len(name.split()) > _KEY_WORDS for _, name, _ in rows):
        return False
    for line, name, text in rows:
        _add(Said(name, text, line), reader, facts)
    return True


def _add(said: Said, reader: Reader, facts: Facts) -> bool:
    value, key = reader.plain(said.value), said.key.strip()
    if says("no fact", key) or _COUNTED.match(key) or len(value) > _MOST_VALUE:
        return False
    # Boxes in a value are a choice, and stay as they are drawn.
    if not is_choice(said.value) and not value[:1].isalnum() and value[:1] not in "~<>+-#@$€£(\"'":
        value = undecorated(value)
    return not is_blank_form(value) and facts.add(reader.plain(said.key), value, said.line)


def find_go_live(facts: Facts, more: list[Said], text: str, reader: Reader, title: Section | None) -> None:
    """The stated go-live: a date with a time under a name such as `Deployment Date`, or a date and a time apart."""
    said = [Said(key, value, line) for key, (value, line) in facts.entries.items()]
    heads = {one.line for one in said}
    said += [Said(reader.plain(one.key), reader.plain(one.value), one.line) for one in more]
    # `{{window_start}}` is the front matter's value.
    values = {name: value for name, (value, _) in facts.entries.items()}
    for one in said:
        one.value = _VARIABLE.sub(lambda match: values.get(match[1].lower(), match[0]), one.value)
    if title is not None and (stated := _titled_go_live(title)) is not None:
        said.append(stated)
    facts.year = _year(text)
    named = [one for one in said if _GO_LIVE.match(one.key.strip())]
    dated = [(one, days) for one in named if (days := find_days(one.value, facts.year)) and days.has_year]
    timed = [(one, days, clocks) for one, days in dated if (clocks := find_clocks(one.value))]
    if dated and not timed:
        # A bare "Time:" further down is that of its own section.
        meant = (one for one in said if one.line in heads or re.search(_WHAT, one.key, re.I))
        apart = (find_clocks(one.value) for one in meant if _GO_LIVE_TIME.match(one.key.strip()))
        timed = [(*dated[0], clocks) for clocks in apart if clocks]
    if timed:
        one, days, clocks = timed[0]
        zone = clocks.zone or find_zone(one.value) or find_zone(text)
        facts.zone, facts.go_live_line = zone_name(zone), one.line
        facts.go_live = at(days.start, clocks.start_min, zone_info(zone) or UTC)
        facts.ends_at = _end(facts.go_live, facts, said, clocks)
    else:
        facts.day = dated[0][1].start if dated else None
        facts.zone = zone_name(find_zone(text))


def _titled_go_live(title: Section) -> Said | None:
    """A title with a date and a time of day says when it is: `Go-live: 2025-12-01 21:00 UTC`."""
    days = find_days(title.title, None)
    if days is None or not days.has_year:
        return None
    rest = title.title[: days.span[0]] + " " + title.title[days.span[1] :]
    return Said("go-live", title.title, title.line) if find_clocks(rest) is not None else None


def _end(go_live: datetime, facts: Facts, said: list[Said], start: Clocks) -> datetime | None:
    """`maintenance_window_end: 2026-03-02 02:00`, or the second time of `22:00 - 02:00`."""
    zone = zone_info(facts.zone) or UTC
    end, day = start.end_min, go_live.astimezone(zone).date()
    for one in said:
        if _WINDOW_END.match(one.key.strip()) and (clocks := find_clocks(one.value)) is not None:
            days = find_days(one.value, facts.year)
            end, day = clocks.start_min, days.start if days is not None else day
            break
    if end is None:
        return None
    ends = (at(day + timedelta(days=more), end, zone) for more in (0, 1))
    return next((one for one in ends if timedelta(0) < one - go_live <= timedelta(days=2)), None)


def _year(text: str) -> int | None:
    """The year of the first full date: for dates that leave it out."""
    found = find_days(text[:20_000], None)
    match = re.search(r"\b(20\d\d)[-/]\d{1,2}[-/]\d{1,2}\b|\b\d{1,2}[./]\d{1,2}[./](20\d\d)\b", text)
    year = int(match[1] or match[2]) if match else None
    return found.start.year if found is not None else year


def used_variables(text: str) -> list[str]:
    """The names in `{{…}}` that the document uses."""
    return list(dict.fromkeys(match[1] for match in _VARIABLE.finditer(text))) if "{{" in text else []


def titled_limit(title: str) -> int | None:
    """The total that the heading of a rollback states: `Rollback (target: under 20 minutes)`."""
    match = _TITLED_LIMIT.search(title)
    return find_duration(match[1] or match[2]) if match else None


def rollback_limit(blocks: list[Block]) -> tuple[int, int, str] | None:
    """The total that the document states for a rollback: seconds, line, text."""
    for block in blocks:
        if isinstance(block, Paragraph):
            for offset, line in enumerate(block.lines):
                match = _LIMIT.search(line)
                if match and (seconds := find_duration(line[match.end() :])) is not None:
                    return seconds, block.line + offset, re.sub(r"[*_]{2}", "", line).strip()
    return None
