"""Offsets, days and windows as a checklist writes them: `T-2h .. T`, `D-18 .. D-14`, or instants."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from deploytui.base.text import clean_line
from deploytui.base.units import iso, parse_duration
from deploytui.plan.model import Edge, Window
from deploytui.plan.word import DURATION_PATTERN, Word

DAY_S = 86_400
_OFFSET = re.compile(r"T(?:\s*([+-])\s*(\w+))?", re.ASCII)
_DAY = re.compile(r"D(?:\s*([+-])\s*(\d{1,4}))?", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_YEARS = range(2000, 2200)


def parse_instant(text: str) -> datetime:
    """An instant with its zone, as aware UTC. ValueError says what was expected."""
    text = text.strip()
    if _INSTANT.fullmatch(text):
        try:
            at = datetime.fromisoformat(text).astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValueError(INSTANT.expected) from None
        if at.year in _YEARS:
            return at
    raise ValueError(INSTANT.expected)


def parse_edge(text: str, go_live: datetime | None = None, *, is_end: bool = False) -> Edge:
    """An offset, a day or an instant. An instant becomes an offset from the go-live where that is stated, so
    that moving the go-live moves it too. A day as an end includes the whole day."""
    written = text.strip()
    if match := _OFFSET.fullmatch(written):
        distance = parse_duration(match[2]) if match[2] else 0
        return Edge(offset_s=-distance if match[1] == "-" else distance, text=written)
    if match := _DAY.fullmatch(written):
        days = int(match[2] or 0) * (-1 if match[1] == "-" else 1)
        return Edge(offset_s=(days + is_end) * DAY_S, is_day=True, text=written)
    try:
        at = parse_instant(written)
    except ValueError:
        raise ValueError(EDGE.expected) from None
    shown = clean_line(written)
    if go_live is None:
        return Edge(at=at, text=shown)
    return Edge(offset_s=int((at - go_live).total_seconds()), text=shown)


def parse_window(text: str, go_live: datetime | None = None) -> Window:
    """`A .. B`. ValueError says what was expected."""
    parts = text.split("..")
    if len(parts) != 2:
        raise ValueError(WINDOW.expected)
    start, end = parse_edge(parts[0], go_live), parse_edge(parts[1], go_live, is_end=True)
    if not _is_in_order(start, end):
        raise ValueError("a window that ends after it starts")
    return Window(start, end)


def _is_in_order(start: Edge, end: Edge) -> bool:
    """Whether the end comes after the start; a day and an offset cannot be compared without the go-live."""
    if start.at is not None and end.at is not None:
        return start.at < end.at
    if start.offset_s is not None and end.offset_s is not None and start.is_day == end.is_day:
        return start.offset_s < end.offset_s
    return True


def _write_window(window: Window) -> str:
    return f"{window.start.text} .. {window.end.text}"


_ONE = r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9](:[0-9][0-9])?(Z|[+-][0-9][0-9]:[0-9][0-9])"
_EDGE = rf"(T(\s*[+-]\s*{DURATION_PATTERN})?|D(\s*[+-]\s*[0-9]+)?|{_ONE})"
INSTANT = Word("an instant such as 2026-11-24T02:00Z", parse_instant, iso, _ONE)
EDGE = Word(
    "an offset (T, T-2h, D-18) or an instant (2026-11-24T02:00Z)",
    parse_edge,
    lambda edge: edge.text,
    _EDGE,
    is_timed=True,
)
WINDOW = Word(
    "a window such as T-2h .. T, D-18 .. D-14",
    parse_window,
    _write_window,
    rf"{_EDGE}\s*\.\.\s*{_EDGE}",
    is_timed=True,
)
