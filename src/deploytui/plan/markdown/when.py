"""Windows, offsets from go-live and budgets as headings state them, and their place on the plan's own scale."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from deploytui.base.units import MAX_DURATION_S, parse_duration, write_duration
from deploytui.plan.markdown.calendar import (
    DAY_S,
    HOUR_S,
    MINUTE_S,
    UNIT,
    Clocks,
    Days,
    at,
    find_clocks,
    find_days,
    unit_s,
    zone_info,
)
from deploytui.plan.model import Edge as ModelEdge
from deploytui.plan.window import parse_window

_SIGN = r"[-−–‐+]"


def _offset(number: int) -> str:
    unit = UNIT.replace("{0}", f"u{number}")
    return (
        rf"T\s?(?:(?P<s{number}>{_SIGN})\s?(?P<n{number}>\d{{1,4}}(?:\.\d)?)(?!\d|\.\d)(?i:[-\s]?{unit})?"
        rf"|=?\s?(?P<z{number}>0)(?![\d.]))"
    )


_ONE = re.compile(rf"(?<![\w]){_offset(1)}(?![\w])")
_TWO = re.compile(
    rf"(?<![\w]){_offset(1)}\s*(?:to|until|till|bis|through|→|–|—|-|\.\.|/)\s*(?:{_offset(2)}|(?P<bare>T)(?!\w))(?![\w])"
)
_LEADING_T = re.compile(r"(?<!\w)T\s*(?:\.\.|to|→)\s*" + _offset(2) + r"(?!\w)")
_DAYS_FROM = re.compile(
    r"(?<!\w)D\s?(?P<sign>[-−–+])\s?(?P<n>\d{1,3})(?!\w)(?:\s*(?:\.\.|to|bis|–"
    r"|→)\s*D\s?(?P<sign2>[-−–+])\s?(?P<n2>\d{1,3})(?!\w))?"
)
_COUNT = r"(?P<count>\d{1,4}|one|two|three|a|an)"
_STATED = re.compile(r"\(([TD0-9][^()]{0,60}?\s?\.\.\s?[TD0-9][^()]{0,60})\)")
_COMPACT = re.compile(r"(?:\d{1,4}[dhms]){1,4}")
_FIRST = re.compile(
    r"\b(?:first|within(?: the)?(?: first)?|erste[nr]?|innerhalb(?: der ersten)?|premi[eè]re?s?"
    rf"|primeras?|первы[ех])\s+(?:{_COUNT}\s*-?\s*)?{UNIT.format('unit')}",
    re.I,
)
_FROM_ZERO = re.compile(
    rf"\(\s*(?P<from>\d{{1,4}})\s*[-–—]\s*(?P<to>\d{{1,4}})\s*{UNIT.format('unit')}\s*\)", re.I
)
_RELATIVE = re.compile(
    rf"~?\b{_COUNT}\s*-?\s*{UNIT.format('unit')}\s+(?P<side>before|prior to|prior|ahead|after|vor|nach)\b",
    re.I,
)
_DAY_N = re.compile(
    r"^\W*(?P<word>days?|tag|jour|d[ií]a|день|weeks?|woche|semaine|semana|неделя|months?|monat|mois"
    r"|mes|месяц)\s*(?P<n>\d{1,3})(?:\s*(?:-|–|to|bis)\s*(?P<n2>\d{1,3}))?\s*(?=$|[(:–—,]|-\s)",
    re.I,
)
_BUDGET = re.compile(
    r"(?P<less><|≤|max\.?|up to|bis zu|~|about|ca\.)?\s*(?P<low>\d{1,4}(?:\.\d)?)"
    rf"(?:\s*{UNIT.format('lowunit')})?(?:\s*(?:-|–|—|to|bis)\s*(?P<high>\d{{1,4}}(?:\.\d)?)\+?)?"
    rf"\s*\+?{UNIT.format('unit')}",
    re.I,
)
_BRACKETS = re.compile(r"\(([^()]{1,80})\)|\[([^\[\]]{1,80})\]")
_EMPTIED = re.compile("[(\\[](?:[\\s,;:~@⏱⏰🕐-]|\ufe0f)*\x00(?:[\\s,;:@-]*\x00)*[\\s,;:]*[)\\]]")
_WORDS = {"one": 1, "two": 2, "three": 3, "a": 1, "an": 1}


@dataclass(frozen=True, slots=True)
class Edge:
    """One end of a window on the plan's scale: seconds from T, whole days from T's day, or an instant."""

    offset_s: int | None = None
    day: int | None = None
    at: datetime | None = None

    def write(self) -> str:
        if self.at is not None:
            return self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
        if self.day is not None:
            return f"D{self.day:+d}" if self.day else "D"
        offset = self.offset_s or 0
        sign = "-" if offset < 0 else "+"
        return f"T{sign}{_distance(abs(offset))}" if offset else "T"


def _distance(seconds: int) -> str:
    """Around the night people count hours: T+24h, not T+1d."""
    return (
        f"{seconds // HOUR_S}h" if seconds <= 2 * DAY_S and seconds % HOUR_S == 0 else write_duration(seconds)
    )


@dataclass(frozen=True, slots=True)
class Slot:
    """A window of the document; `end` is None where only its start is stated."""

    start: Edge
    end: Edge | None = None


def stated_slot(text: str) -> Slot | None:
    """The window that `T-2h .. T` or `D-18 .. D-14` is, in the words of the format."""
    try:
        window = parse_window(text)
    except ValueError:
        return None
    return Slot(_stated_edge(window.start), _stated_edge(window.end, is_end=True))


def _stated_edge(edge: ModelEdge, *, is_end: bool = False) -> Edge:
    if edge.at is not None:
        return Edge(at=edge.at)
    offset = edge.offset_s or 0
    # The end of a whole day is kept as the start of the next one.
    return Edge(day=offset // DAY_S - is_end) if edge.is_day else Edge(offset)


@dataclass(frozen=True, slots=True)
class Timed:
    """What a title says about time. `rest` is the title without it."""

    rest: str
    slot: Slot | None = None
    days: Days | None = None
    clocks: Clocks | None = None
    budget_s: int | None = None
    # "Day 1", "first 24 hours": a window from T only where the part comes after the deployment.
    after: tuple[int, int] | None = None

    @property
    def is_timed(self) -> bool:
        return bool(self.slot or self.days or self.clocks or self.after)


def read_title(title: str, year: int | None) -> Timed:
    """The time in a heading. Text that is no time stays in the title: `T-30 Visual polish` is a ticket."""
    for reader in (_read_stated, _read_offset, _read_days_from, _read_relative):
        if (timed := reader(title)) is not None:
            return timed
    days, clocks = find_days(title, year), find_clocks(title)
    if days is not None or clocks is not None:
        rest = title
        for span in sorted((part.span for part in (days, clocks) if part is not None), reverse=True):
            rest = _without(rest, span)
        return Timed(_tidy(rest) or title, days=days, clocks=clocks)
    if (timed := _read_after(title)) is not None:
        return timed
    return _read_budget(title) or Timed(title)


def _read_stated(title: str) -> Timed | None:
    match = _STATED.search(title)
    slot = stated_slot(match[1]) if match else None
    return Timed(_cut(title, match.span()), slot) if match and slot is not None else None


def _read_offset(title: str) -> Timed | None:
    if "T" not in title:
        return None
    if match := _TWO.search(title):
        unit = match["u1"] or match["u2"]
        start = _seconds(match, 1, unit)
        end = 0 if match["bare"] else _seconds(match, 2, match["u2"] or unit)
        if start < end and (unit or match["z1"] or match["z2"]):
            return Timed(_cut(title, match.span()), Slot(Edge(start), Edge(end)))
    if match := _LEADING_T.search(title):
        return Timed(_cut(title, match.span()), Slot(Edge(0), Edge(_seconds(match, 2, match["u2"]))))
    match = _ONE.search(title)
    if match is None or not (match["u1"] or match["z1"] or match["n1"] == "0" or _stands_alone(title, match)):
        return None
    return Timed(_cut(title, match.span()), Slot(Edge(_seconds(match, 1, match["u1"]))))


def _stands_alone(title: str, match: re.Match[str]) -> bool:
    """`(T+15)`, `T-30:` or `T-30` and nothing else are times; `T-30 Visual polish` and `T-30 — Query` are not."""
    before, after = title[: match.start()].rstrip(), title[match.end() :].lstrip()
    return (before.endswith("(") and after.startswith(")")) or (
        not before and (not after or after.startswith(":"))
    )


def _seconds(match: re.Match[str], number: int, unit: str | None) -> int:
    if match[f"z{number}"]:
        return 0
    size = int(float(match[f"n{number}"]) * (unit_s(unit) if unit else MINUTE_S))
    size = min(size, MAX_DURATION_S)
    return size if match[f"s{number}"] == "+" else -size


def _read_days_from(title: str) -> Timed | None:
    match = _DAYS_FROM.search(title)
    if match is None:
        return None
    start = int(match["n"]) * (1 if match["sign"] == "+" else -1)
    end = int(match["n2"]) * (1 if match["sign2"] == "+" else -1) if match["n2"] else start
    return Timed(_cut(title, match.span()), Slot(Edge(day=start), Edge(day=end))) if start <= end else None


def _read_relative(title: str) -> Timed | None:
    """`run ~1 week before the publish date`: a start, the end is that of what comes next."""
    match = _RELATIVE.search(title)
    if match is None:
        return None
    seconds = min(_count(match["count"]) * unit_s(match["unit"]), MAX_DURATION_S)
    side = 1 if match["side"].lower() in ("after", "nach") else -1
    return Timed(title, Slot(Edge(side * seconds)))


def _read_after(title: str) -> Timed | None:
    if match := _FIRST.search(title):
        return Timed(_cut(title, match.span()), after=(0, _count(match["count"]) * unit_s(match["unit"])))
    if match := _DAY_N.match(title):
        first, last = int(match["n"]), int(match["n2"] or match["n"])
        unit = _day_unit(match["word"])
        # "Week 1" and "Month 1" are named from the night on; "Day 3-7" are the days between.
        if 1 <= first <= last <= 400:
            return Timed(title, after=((first - 1) * unit, last * unit))
    if (match := _FROM_ZERO.search(title)) and match["from"] == "0":
        return Timed(_cut(title, match.span()), after=(0, int(match["to"]) * unit_s(match["unit"])))
    return None


def _day_unit(word: str) -> int:
    folded = word.lower()
    if folded.startswith(("mo", "me", "ме")):
        return 30 * DAY_S
    return 7 * DAY_S if folded.startswith(("w", "sem", "нед")) else DAY_S


def _read_budget(title: str) -> Timed | None:
    """`(5 minutes)`, `(⏱️ 5-10 minutes)`, `(Time: 1-2 hours)`: how long a part may take, its upper end."""
    for brackets in _BRACKETS.finditer(title):
        inner = brackets[1] or brackets[2]
        if _COMPACT.fullmatch(inner):
            return Timed(_cut(title, brackets.span()), budget_s=parse_duration(inner))
        match = _BUDGET.search(inner)
        left = _BUDGET.sub("", inner, count=1) if match else inner
        if (
            match is not None
            and len(re.sub(r"\W|time|dauer|duration|budget|est\w*|max\w*|zeit", "", left, flags=re.I)) <= 2
        ):
            return Timed(_cut(title, brackets.span()), budget_s=_budget(match))
    return None


def _budget(match: re.Match[str]) -> int:
    return min(int(float(match["high"] or match["low"]) * unit_s(match["unit"])), MAX_DURATION_S)


def find_duration(text: str) -> int | None:
    """The first duration in a text, its upper end: `< 30 minutes`, `5-10 min`."""
    match = _BUDGET.search(text)
    return _budget(match) if match else None


def _count(text: str | None) -> int:
    return 1 if text is None else _WORDS.get(text.lower()) or int(text)


def _cut(title: str, span: tuple[int, int]) -> str:
    return _tidy(_without(title, span)) or title


def _without(title: str, span: tuple[int, int]) -> str:
    return title[: span[0]] + "\x00" + title[span[1] :]


def _tidy(text: str) -> str:
    """The title after a part was taken out: brackets that held only that, and loose signs, go with it."""
    text = _EMPTIED.sub(" ", text)
    text = re.sub(r"([(\[])\s*\x00[\s,;:-]*", r"\1", text).replace("\x00", " ")
    text = re.sub(r"\s*,\s*,", ",", text)
    text = re.sub(r"[(\[]\s*[)\]]", " ", text)
    return " ".join(text.split()).strip(" :;,–—-|·@")


@dataclass(slots=True)
class Scale:
    """How the document's times become windows: its go-live, its zone, the date that is spoken of."""

    go_live: datetime | None
    zone: tzinfo
    year: int | None
    day: Days | None = None

    def slot(self, timed: Timed, *, is_after: bool) -> Slot | None:
        """The window of a part, as far as the document states it."""
        if timed.slot is not None:
            return timed.slot
        if timed.clocks is not None:
            return self._of_clocks(timed.clocks, timed.days or self.day)
        if timed.days is not None:
            return self._of_days(timed.days)
        if timed.after is not None and is_after:
            return Slot(Edge(timed.after[0]), Edge(min(timed.after[1], MAX_DURATION_S)))
        return None

    def _of_days(self, days: Days) -> Slot:
        if self.go_live is not None:
            today = self.go_live.astimezone(self.zone).date()
            return Slot(Edge(day=(days.start - today).days), Edge(day=(days.end - today).days))
        start, end = at(days.start, 0, self.zone), at(days.end + timedelta(days=1), 0, self.zone)
        return Slot(Edge(at=start), Edge(at=end))

    def _of_clocks(self, clocks: Clocks, days: Days | None) -> Slot | None:
        zone = zone_info(clocks.zone) or self.zone
        day = days.start if days is not None else self._nearest_day(clocks.start_min, zone)
        if day is None:
            return None
        start = at(day, clocks.start_min, zone)
        end = None
        if clocks.end_min is not None:
            last = days.end if days is not None else day
            end = at(last, clocks.end_min, zone)
            if end <= start:
                end = at(last + timedelta(days=1), clocks.end_min, zone)
        return Slot(self._edge(start), self._edge(end) if end is not None else None)

    def _nearest_day(self, minute: int, zone: tzinfo) -> date | None:
        """A time without a date means the nearest such instant to the go-live."""
        if self.go_live is None:
            return None
        today = self.go_live.astimezone(zone).date()
        days = (today + timedelta(days=shift) for shift in (-1, 0, 1))
        live = self.go_live
        return min(days, key=lambda day: abs((at(day, minute, zone) - live).total_seconds()))

    def _edge(self, instant: datetime) -> Edge:
        if self.go_live is None:
            return Edge(at=instant)
        return Edge(int((instant - self.go_live).total_seconds()))

    def position(self, edge: Edge) -> float:
        """Where an edge stands, in seconds, to be compared with others of the same document."""
        if edge.offset_s is not None:
            return float(edge.offset_s)
        if edge.day is not None:
            base = (
                at(self.go_live.astimezone(self.zone).date(), 0, self.zone) - self.go_live
                if self.go_live
                else timedelta()
            )
            return edge.day * DAY_S + base.total_seconds()
        return edge.at.timestamp() if edge.at is not None else 0.0


def close_slots(slots: list[Slot | None], scale: Scale) -> tuple[list[Slot | None], list[int]]:
    """Windows of which only the start is stated end where the next one starts. The second list holds the places
    of those that have no next one: for them the go-live is assumed, or after it an hour."""
    closed: list[Slot | None] = list(slots)
    assumed: list[int] = []
    following: Slot | None = None
    for place in range(len(slots) - 1, -1, -1):
        slot = slots[place]
        if slot is None:
            continue
        if slot.end is None:
            is_next = following is not None and scale.position(slot.start) < scale.position(following.start)
            if is_next and following is not None:
                closed[place] = replace(slot, end=_end_of(following.start))
            else:
                closed[place] = replace(slot, end=_later(slot.start))
                assumed.append(place)
        following = slot
    return closed, assumed


def _end_of(start: Edge) -> Edge:
    return replace(start, day=start.day - 1) if start.day is not None else start


def _later(edge: Edge) -> Edge:
    if edge.at is not None:
        return Edge(at=edge.at + timedelta(hours=1))
    if edge.day is not None:
        return Edge(day=edge.day)
    offset = edge.offset_s or 0
    return Edge(0 if offset < 0 else offset + HOUR_S)
