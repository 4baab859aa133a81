"""Times that do not fit together: a go-live that is over, a stated duration that no run of windows gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import combinations, islice

from msgspec import Struct

from deploytui.base.units import iso, left, over
from deploytui.plan.lint.subject import WARNING, Hit, Subject, rule
from deploytui.plan.lint.wording import durations

_DAY_S = 86_400
# A day at the change of the clocks is an hour longer or shorter.
_CLOCK_CHANGE_S = 3_600
# Each stated duration is held against each two edges.
_MOST_EDGES = 200
_MOST_STATED = 50
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


@rule(
    "go-live-past",
    WARNING,
    "every window counts from a moment that is over; the start asks for another",
    "change go_live, or give --go-live",
)
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

    def lasts(self, seconds: float) -> bool:
        """Days may hold a change of the clocks."""
        slack = _CLOCK_CHANGE_S if self.high_s >= _DAY_S else 0
        return self.low_s - slack <= seconds <= self.high_s + slack


@rule(
    "duration-mismatch",
    WARNING,
    "somebody was told another end than the windows have",
    "change the stated duration or the windows, so that both say the same",
)
def _duration_mismatch(subject: Subject) -> Iterator[Hit]:
    runs = [sorted(edges) for edges in _edges(subject) if edges]
    if not 0 < sum(map(len, runs)) <= _MOST_EDGES:
        return
    lengths = {end - start for edges in runs for start, end in combinations(edges, 2)}
    for stated in islice(_stated(subject), _MOST_STATED):
        if not _is_given(subject, stated, runs) and not _own_dates_give(stated, subject):
            near = min(lengths, key=lambda length: abs(length - stated.high_s), default=None)
            nearest = "there is only one edge" if near is None else f"the nearest lasts {left(near)}"
            message = f'"{stated.text}": no run of windows lasts {left(stated.high_s)}; {nearest}'
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
    for offset, row in enumerate(text.split("\n")):
        if len(row) > 1000 or not _ROW.search(row) or _RATE.search(row):
            continue
        folded = row.casefold()
        if not _DATED.search(row) and not any(title in folded for title in titles[:100]):
            continue
        if found := list(durations(row)):
            yield _Stated(row.strip(), line + offset, *found[-1])


def _is_given(subject: Subject, stated: _Stated, runs: list[list[float]]) -> bool:
    """Whether some run lasts that long; where a clock time is stated, one that begins then."""
    clock = _clock(subject, stated.text)
    for edges in runs:
        for start in [edge for edge in edges if edge % _DAY_S == clock] or edges:
            if any(stated.lasts(end - start) for end in edges):
                return True
    return False


def _clock(subject: Subject, text: str) -> float | None:
    """The clock time that a text names, in seconds of the day after T."""
    match = _CLOCK.search(text)
    if match is None or subject.go_live is None:
        return None
    hour = int(match["hour24"] or int(match["hour"]) % 12 + 12 * (match["half"].lower() == "p"))
    minute = int(match["minute24"] or match["minute"] or 0)
    return (hour * 3600 + minute * 60 - subject.go_live.timestamp()) % _DAY_S


def _edges(subject: Subject) -> tuple[set[float], set[float]]:
    """Edges in seconds: those that count from T, and those of whole days where the go-live does not join them."""
    if subject.spans:
        base = 0.0 if subject.go_live is None else subject.go_live.timestamp()
        spans = subject.spans.values()
        return {edge.timestamp() - base for span in spans for edge in (span.start_at, span.end_at)}, set()
    found: tuple[set[float], set[float]] = (set(), set())
    for _, phase in subject.plan.phases():
        for edge in (phase.window.start, phase.window.end) if phase.window else ():
            if edge.offset_s is not None:
                found[edge.is_day].add(float(edge.offset_s))
    return found


def _own_dates_give(stated: _Stated, subject: Subject) -> bool:
    """Whether the row's own dates last that long: `Nov 30-Dec 22 … 23 days`."""
    if (match := _DAY_RANGE.search(stated.text)) is None:
        return False
    year = subject.go_live.year if subject.go_live is not None else 2025
    first_month, last_month = _month(match["month"]), _month(match["month2"] or match["month"])
    try:
        first = date(year, first_month, int(match["first"]))
        last = date(year + (last_month < first_month), last_month, int(match["last"]))
    except ValueError:
        return False
    return stated.lasts(((last - first).days + 1) * _DAY_S)


def _month(text: str) -> int:
    return _MONTHS.index(text[:3].lower()) + 1
