"""What a document says about itself: its facts, and among them the go-live with its zone."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import UTC, date, datetime, timedelta

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
from deploytui.plan.markdown.role import undecorated
from deploytui.plan.markdown.section import Left, Section
from deploytui.plan.markdown.table import Use, grid_of, is_blank_form, use_of
from deploytui.plan.markdown.task import Reader
from deploytui.plan.markdown.when import find_duration

_MOST_FACTS = 40
_KEY_WORDS = 6
_BOLD_FACT = re.compile(
    r"^\s*(?:[-*+>]\s+)?(\*\*|__)(?P<key>[^*_:|]{2,60}?)\s*:?\s*\1\s*:?\s*(?P<value>[^\s:：].*)$"
)
_PLAIN_FACT = re.compile(
    r"^\s*(?:[-*+>]\s+)?(?P<key>[^\W\d_][^:*_|`\[\]<>]{1,40}?)\s*[:：]\s+(?P<value>\S.*)$"
)
_FACT_SECTION = re.compile(
    r"\b(?:info(?:rmation)?|metadata|details|general|facts|change (?:record|request|details)|key data)\b"
    r"|angaben|metadaten|eckdaten|informaci[oó]n|informations|информаци|данные|情報|정보|信息",
    re.I,
)
_NO_FACT = re.compile(
    r"^(?:notes?|important|warning|tips?|hint|caution|attention|remember|example|todo|hinweis|wichtig|achtung|"
    r"poznámka|важно|внимание|注意|decision|reason|day\s*\d.*|phase\s*\d.*|step\s*\d.*|if\b.*|option\b.*)$",
    re.I,
)
_MOST_VALUE = 200
_ABOUT_DOCUMENT = re.compile(
    r"^(?:document|version|last (?:updated|reviewed|modified)|next review|prepared|author|created"
    r"|updated|reviewed|approved|owner|maintainer|stand|erstellt)",
    re.I,
)
_PARTS = re.compile(r"\s+[|·]\s+(?=\*\*|__|[A-Z])")
_WHAT = (
    r"(?:go[\s-]?live|deploy(?:ment)?|launch|release|cut-?over|migration|maintenance(?:[\s_]window)?"
    r"|change(?:[\s_]window)?|roll-?out|upgrade|window|start|umstellung|wartungsfenster|termin|inbetriebnahme"
    r"|mise en (?:production|service)|déploiement|bascule|puesta en producci[oó]n|despliegue|lanzamiento|релиз|деплой"
    r"|запуск|リリース|公開)"
)
_WHEN = (
    r"(?:date|time|window|day|start|begin|datetime|scheduled|planned|at|utc|and|&|/|\(.*\)"
    r"|datum|zeit|дата|время|日時|日)"
)
_GO_LIVE = re.compile(
    r"^(?:planned|target(?:ed)?|scheduled|production|expected|geplant\w*|date (?:de (?:la )?|du )|fecha de(?: la)?)?"
    rf"[\s_]*{_WHAT}(?:[\s_-]*{_WHEN})*\s*$",
    re.I,
)
_GO_LIVE_TIME = re.compile(
    rf"^(?:planned|target|scheduled|production)?[\s_]*(?:{_WHAT}[\s_-]*)?(?:start[\s_-]*)?"
    r"(?:time|window|zeit|uhrzeit|время)(?:[\s_-]*start)?\s*$|^(?:start|begin|beginn|starts? at|начало|début|inicio)\s*$",
    re.I,
)
_WINDOW_END = re.compile(
    rf"^(?:planned|scheduled)?[\s_]*(?:{_WHAT}[\s_-]*)?(?:window[\s_-]*)?(?:end|ende|until|fin|конец|終了)(?:[\s_-]*{_WHEN})*\s*$",
    re.I,
)
_LIMIT = re.compile(
    r"\b(?:total|max(?:imum)?|overall|full|complete|entire|gesamt\w*)\b[^:]{0,30}\b(?:roll[\s-]?back"
    r"|back-?out|time|duration|dauer|zeit)|^\W*rto\b|roll[\s-]?back (?:time )?(?:limit|budget"
    r"|window)\b|^limit(?=: )",
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


class Said(Struct, frozen=True):
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
        matches = [_BOLD_FACT.match(part) or (_PLAIN_FACT.match(part) if plain else None) for part in parts]
        if all(match is not None and len(match["key"].split()) <= _KEY_WORDS for match in matches):
            said += [
                Said(match["key"], match["value"], line + offset) for match in matches if match is not None
            ]
        else:
            rest.append(text)
    return said, rest


def read_facts(root: Section, heads: Container[int], first_line: int, reader: Reader, facts: Facts) -> None:
    """Take facts out of what is left: those at the head of the document (`heads`: the sections by identity) and
    of sections that are about it, before the first item; later only those about the document itself."""
    for section in root.walk():
        if section.role is not None:
            continue
        is_head = section is root or id(section) in heads
        kept: list[Left] = []
        for left in section.left:
            is_early = left.line < first_line and (is_head or bool(_FACT_SECTION.search(section.title)))
            kept += _take(left, is_early, reader, facts, is_work=section.has_items())
        section.left = kept


def _take(left: Left, is_early: bool, reader: Reader, facts: Facts, *, is_work: bool) -> list[Left]:
    block = left.block
    if isinstance(block, Table):
        return _take_table(block, left, is_early, reader, facts)
    if isinstance(block, Listing):
        lines = _entries(block)
        said, rest = (
            facts_of_lines([text for _, text in lines], block.line, plain=is_early) if lines else ([], [""])
        )
        if (
            not rest
            and is_early
            and said
            and lines
            and all(_keep(one, reader, facts) for one in _numbered(said, lines))
        ):
            return []
        return [left]
    if not isinstance(block, Paragraph):
        return [left]
    said, rest = facts_of_lines(block.lines, block.line, plain=is_early)
    for one in said:
        # Among the items an owner is that of their section.
        is_about = _ABOUT_DOCUMENT.match(one.key) and not (is_work and one.key.lower().startswith("owner"))
        if not ((is_early or is_about) and _keep(one, reader, facts)):
            rest.append(f"{one.key}: {one.value}")
    return [Left(Paragraph(rest, block.line, block.is_quoted), left.label, left.line)] if rest else []


def _numbered(said: list[Said], lines: list[tuple[int, str]]) -> list[Said]:
    return [Said(one.key, one.value, lines[min(place, len(lines) - 1)][0]) for place, one in enumerate(said)]


def _entries(block: Listing) -> list[tuple[int, str]]:
    lines = [
        (entry.line, " ".join(entry.blocks[0].lines))
        for entry in block.entries
        if len(entry.blocks) == 1 and isinstance(entry.blocks[0], Paragraph)
    ]
    return lines if len(lines) == len(block.entries) else []


def _take_table(block: Table, left: Left, is_early: bool, reader: Reader, facts: Facts) -> list[Left]:
    if not is_early or use_of(grid_of(block, reader)) is not Use.FACTS:
        return [left]
    rows = [(block.line, block.header), *((row.line, row.cells) for row in block.rows)]
    header = [reader.plain(cell).lower() for cell in block.header]
    if not any(header) or re.search(
        r"^(?:field|key|item|property|parameter|name|attribute|feld|eigenschaft|поле|項目)$", header[0]
    ):
        rows = rows[1:]
    pairs = [(line, reader.plain(cells[0]), reader.plain(cells[1])) for line, cells in rows if len(cells) > 1]
    if not pairs or any(len(key.split()) > _KEY_WORDS or not key for _, key, _ in pairs):
        return [left]
    for line, key, value in pairs:
        _keep(Said(key, value, line), reader, facts)
    return []


def _keep(said: Said, reader: Reader, facts: Facts) -> bool:
    value = reader.plain(said.value)
    if _NO_FACT.match(said.key.strip()) or len(value) > _MOST_VALUE:
        return False
    # Boxes in a value are a choice, and stay as they are drawn.
    value = (
        undecorated(value)
        if not is_choice(said.value) and not value[:1].isalnum() and value[:1] not in "~<>+-#@$€£(\"'"
        else value
    )
    return not is_blank_form(value) and facts.add(reader.plain(said.key), value, said.line)


def find_go_live(facts: Facts, more: list[Said], text: str, reader: Reader, title: Section | None) -> None:
    """The stated go-live: a date with a time under a name such as `Deployment Date`, or a date and a time apart."""
    said = [Said(key, value, line) for key, (value, line) in facts.entries.items()]
    heads = {one.line for one in said}
    said += [Said(reader.plain(one.key), reader.plain(one.value), one.line) for one in more]
    said = [Said(one.key, _resolved(one.value, facts), one.line) for one in said]
    if title is not None and (stated := _titled_go_live(title)) is not None:
        said.append(stated)
    named = [one for one in said if _GO_LIVE.match(one.key.strip())]
    facts.year = _year(text)
    day = clock = None
    for one in named:
        days, clocks = find_days(one.value, facts.year), find_clocks(one.value)
        if days is not None and clocks is not None and days.has_year:
            _set(facts, one, days.start, clocks.start_min, clocks.zone, text)
            _find_end(facts, said, clocks)
            return
        if days is not None and days.has_year and day is None:
            day = (one, days)
    for one in said:
        # A bare "Time:" further down is that of its own section.
        is_meant = one.line in heads or re.search(_WHAT, one.key, re.I) is not None
        if (
            is_meant
            and _GO_LIVE_TIME.match(one.key.strip())
            and (clocks := find_clocks(one.value)) is not None
        ):
            clock = clocks
            break
    if day is not None and clock is not None:
        _set(facts, day[0], day[1].start, clock.start_min, clock.zone, text)
        _find_end(facts, said, clock)
    else:
        facts.day = day[1].start if day is not None else None
        facts.zone = zone_name(find_zone(text))


def _titled_go_live(title: Section) -> Said | None:
    """A title with a date and a time of day says when it is: `Go-live: 2025-12-01 21:00 UTC`."""
    days = find_days(title.title, None)
    if days is None or not days.has_year:
        return None
    rest = title.title[: days.span[0]] + " " + title.title[days.span[1] :]
    return Said("go-live", title.title, title.line) if find_clocks(rest) is not None else None


def _find_end(facts: Facts, said: list[Said], start: Clocks) -> None:
    """`maintenance_window_end: 2026-03-02 02:00`, or the second time of `22:00 - 02:00`."""
    if facts.go_live is None:
        return
    zone = zone_info(facts.zone) or UTC
    end, day = start.end_min, facts.go_live.astimezone(zone).date()
    for one in said:
        if _WINDOW_END.match(one.key.strip()) and (clocks := find_clocks(one.value)) is not None:
            days = find_days(one.value, facts.year)
            end, day = clocks.start_min, days.start if days is not None else day
            break
    if end is None:
        return
    ends_at = at(day, end, zone)
    if ends_at <= facts.go_live:
        ends_at = at(day + timedelta(days=1), end, zone)
    if timedelta(0) < ends_at - facts.go_live <= timedelta(days=2):
        facts.ends_at = ends_at


def _set(facts: Facts, said: Said, day: date, minute: int, zone: str, text: str) -> None:
    named = zone or find_zone(said.value) or find_zone(text)
    facts.zone = zone_name(named)
    facts.go_live = at(day, minute, zone_info(named) or UTC)
    facts.go_live_line = said.line


def _year(text: str) -> int | None:
    """The year of the first full date: for dates that leave it out."""
    match = re.search(r"\b(20\d\d)[-/]\d{1,2}[-/]\d{1,2}\b|\b\d{1,2}[./]\d{1,2}[./](20\d\d)\b", text)
    found = find_days(text[:20_000], None)
    if found is not None and found.has_year:
        return found.start.year
    return int(match[1] or match[2]) if match else None


def _resolved(value: str, facts: Facts) -> str:
    """`{{window_start}}` with the front matter's value."""
    return _VARIABLE.sub(lambda match: facts.entries.get(match[1].lower(), (match.group(), 0))[0], value)


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
                    return seconds, block.line + offset, line
    return None
