"""Times that do not fit together: a go-live that is over, a stated duration that no run of windows gives."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from deploytui.base.units import iso, left, over
from deploytui.plan.lint.rule import WARNING, Hit, Rule
from deploytui.plan.lint.subject import Subject
from deploytui.plan.lint.wording import durations

_DAY_S = 86_400
# A day at the change of the clocks is an hour longer or shorter.
_CLOCK_CHANGE_S = 3_600
_MOST_EDGES = 400
_MOST_STATED = 400
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY_RANGE = re.compile(
    rf"\b(?P<month>{_MONTH})\s+(?P<first>\d{{1,2}})\s?[-–—]\s?(?:(?P<month2>{_MONTH})\s+)?(?P<last>\d{{1,2}})\b",
    re.I,
)
_DATED = re.compile(rf"\b{_MONTH}\s+\d{{1,2}}\b|\b\d{{1,2}}\.?\s+{_MONTH}|\b\d{{4}}-\d\d-\d\d\b", re.I)
_CLOCK = re.compile(
    r"\b(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?\s?(?P<half>[ap])\.?m\b|\b(?P<hour24>\d{1,2}):(?P<minute24>\d\d)(?:\s?(?:Z|UTC|GMT))",
    re.I,
)
_FACT = re.compile(r"\b(?:duration|window|estimated time|time estimate|total time|dauer)\b", re.I)
_NOT_FACT = re.compile(r"\b(?:down-?time|roll-?back|time-?out|retention|outage|response)\b", re.I)
# `Timeline: Nov 22, Go-Live (4 hours)`, or a row such as `Date: Nov 22 · Phase: Go-Live · Duration: 4 hours`.
_ROW = re.compile(
    r"^\s*timeline\b|(?:^|[:·]\s*)(?:dates?|days?|when|phase|stage|milestone|week)\s*:[^\n]*\bduration\s*:",
    re.I,
)
_RATE = re.compile(r"\b(?:per|each|every)\b", re.I)


def _go_live_past(subject: Subject) -> Iterator[Hit]:
    at, now = subject.go_live, subject.now
    if at is not None and now is not None and at < now:
        line = 0 if subject.is_go_live_given else subject.plan.go_live_line
        yield Hit(line, f"the go-live was {iso(at)}, {over((now - at).total_seconds())} ago")


class _Stated(Struct, frozen=True):
    """A duration that the document states for a part of the plan."""

    text: str
    line: int
    low_s: float
    high_s: float


def _duration_mismatch(subject: Subject) -> Iterator[Hit]:
    runs = _Runs(subject)
    if not runs.edges:
        return
    for stated in list(_stated(subject))[:_MOST_STATED]:
        if not runs.give(stated) and not _own_dates_give(stated, subject):
            message = (
                f'"{stated.text}": no run of windows lasts {left(stated.high_s)}; {runs.nearest(stated)}'
            )
            yield Hit(stated.line, message)


def _stated(subject: Subject) -> Iterator[_Stated]:
    """Durations of the timeline and of the facts; those of single steps are no matter of windows."""
    titles = [phase.title.casefold() for _, phase in subject.plan.phases() if len(phase.title) > 3]
    lines = (*subject.plan.fact_lines, *(0 for _ in subject.plan.facts))
    for (name, value), line in zip(subject.plan.facts, lines, strict=False):
        if _FACT.search(name) and not _NOT_FACT.search(name) and not _RATE.search(value):
            for low, high in durations(value):
                yield _Stated(f"{name}: {value}", line, low, high)
    for note in subject.plan.notes:
        if note.kind == "text":
            yield from _of_note(note.text, note.line, titles)


def _of_note(text: str, line: int, titles: list[str]) -> Iterator[_Stated]:
    for offset, row in enumerate(text.split("\n")[:_MOST_STATED]):
        if len(row) > 1000 or not _ROW.search(row) or _RATE.search(row):
            continue
        folded = row.casefold()
        if not _DATED.search(row) and not any(title in folded for title in titles[:100]):
            continue
        if found := list(durations(row)):
            yield _Stated(row.strip(), line + offset, *found[-1])


class _Runs:
    """How long runs of windows last: the distances between their edges."""

    def __init__(self, subject: Subject) -> None:
        self.edges = [sorted(edges) for edges in _edges(subject) if edges]
        if sum(map(len, self.edges)) > _MOST_EDGES:
            self.edges = []
        self._clock_of = _clock_of_t(subject)

    def give(self, stated: _Stated) -> bool:
        """Whether some run lasts that long; where a clock time is stated, one that begins then."""
        low, high = _tolerated(stated)
        for edges in self.edges:
            starts = self._beginning(edges, stated.text) or edges
            for start in starts:
                place = bisect_left(edges, start + low)
                if place < len(edges) and edges[place] <= start + high:
                    return True
        return False

    def _beginning(self, edges: list[float], text: str) -> list[float]:
        """The edges at the clock time that a row names; none where it names none that is an edge."""
        match = _CLOCK.search(text)
        if match is None or self._clock_of is None:
            return []
        clock = _seconds_of_day(match)
        return [edge for edge in edges if (edge + self._clock_of) % _DAY_S == clock]

    def nearest(self, stated: _Stated) -> str:
        """The run that comes nearest, in words."""
        distances = {
            end - start
            for edges in self.edges
            for at, start in enumerate(edges)
            for end in edges[at + 1 :]
            if end > start
        }
        if not distances:
            return "there is only one edge"
        return f"the nearest lasts {left(min(distances, key=lambda distance: abs(distance - stated.high_s)))}"


def _edges(subject: Subject) -> tuple[set[float], set[float]]:
    """Edges in seconds: those that count from T, and those of whole days where the go-live does not join them."""
    if subject.spans:
        zero = subject.go_live
        base = 0.0 if zero is None else zero.timestamp()
        return {
            edge.timestamp() - base
            for span in subject.spans.values()
            for edge in (span.start_at, span.end_at)
        }, set()
    found: tuple[set[float], set[float]] = (set(), set())
    for _, phase in subject.plan.phases():
        for edge in (phase.window.start, phase.window.end) if phase.window else ():
            if edge.offset_s is not None:
                found[edge.is_day].add(float(edge.offset_s))
    return found


def _clock_of_t(subject: Subject) -> float | None:
    """Seconds of the UTC day at T."""
    return None if subject.go_live is None else subject.go_live.timestamp() % _DAY_S


def _seconds_of_day(match: re.Match[str]) -> float:
    if match["hour24"]:
        return int(match["hour24"]) * 3600.0 + int(match["minute24"]) * 60
    hour = int(match["hour"]) % 12 + (12 if match["half"].lower() == "p" else 0)
    return hour * 3600.0 + int(match["minute"] or 0) * 60


def _tolerated(stated: _Stated) -> tuple[float, float]:
    """Days may hold a change of the clocks."""
    slack = _CLOCK_CHANGE_S if stated.high_s >= _DAY_S else 0
    return stated.low_s - slack, stated.high_s + slack


def _own_dates_give(stated: _Stated, subject: Subject) -> bool:
    """Whether the row's own dates last that long: `Nov 30-Dec 22 … 23 days`."""
    match = _DAY_RANGE.search(stated.text)
    if match is None:
        return False
    year = subject.go_live.year if subject.go_live is not None else 2025
    first_month, last_month = _month(match["month"]), _month(match["month2"] or match["month"])
    try:
        first = date(year, first_month, int(match["first"]))
        last = date(year + (last_month < first_month), last_month, int(match["last"]))
    except ValueError:
        return False
    low, high = _tolerated(stated)
    return low <= ((last - first).days + 1) * _DAY_S <= high


def _month(text: str) -> int:
    return _MONTHS.index(text[:3].lower()) + 1


RULES = (
    Rule(
        "go-live-past",
        WARNING,
        "every window counts from a moment that is over; the start asks for another",
        "change go_live, or give --go-live",
        _go_live_past,
    ),
    Rule(
        "duration-mismatch",
        WARNING,
        "somebody was told another end than the windows have",
        "change the stated duration or the windows, so that both say the same",
        _duration_mismatch,
    ),
)
