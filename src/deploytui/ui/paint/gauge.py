"""The gauge pane: value, level in words, time in it, and a bar of fixed bounds with the limits marked.

A bar is drawn only for a value that is there: no data is said in words and never looks like a number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct
from rich.cells import cell_len

from deploytui.base.units import left, number
from deploytui.metrics.board import Level, Reading
from deploytui.ui.paint.ink import LEVEL_ROLES, LEVEL_WORDS, Ink, Line, Piece, Role

_SILENT = (Level.NO_DATA, Level.STALE)
_WORST = (Level.BREACH, Level.WATCH, Level.NO_DATA, Level.STALE, Level.PLANNED_STOP, Level.OK)
_MINUTE_S = 60
_LEAST_VALUE, _MOST_UNIT, _ASIDE, _LEAST_HEAD = 7, 8, 8, 3


class _Columns(Struct, frozen=True):
    """The widths that all gauges of the pane share."""

    title: int
    value: int
    level: int


def gauges(readings: Sequence[Reading], width: int, height: int, ink: Ink) -> list[list[Piece]]:
    """A line a gauge and a second one for as many as fit; what does not fit at all is counted, the calm first."""
    if not readings:
        return [[(" this plan has no gauges", ink.style(Role.MUTED))]]
    if len(readings) < height:
        columns = _columns(readings, width, ink, 0)
        with_body = _with_body(readings, height - len(readings))
        lines: list[list[Piece]] = []
        for index, reading in enumerate(readings):
            lines.append(_head(reading, columns, width, ink))
            if index in with_body:
                lines.append(_body(reading, width, ink))
        return lines
    shown = list(readings)
    if len(shown) > height:
        worst = sorted(readings, key=lambda reading: _WORST.index(reading.level))[: max(0, height - 1)]
        shown = [reading for reading in readings if reading in worst]
    limit_width = max(len(_limit(reading)) for reading in readings) + 2 if width >= 46 else 0
    columns = _columns(readings, width, ink, limit_width)
    lines = []
    for reading in shown:
        limit = _limit(reading) if limit_width else ""
        lines.append(_head(reading, columns, width, ink, limit))
    if len(shown) < len(readings):
        lines.append([(f" +{len(readings) - len(shown)} more", ink.style(Role.MUTED))])
    return lines


def _with_body(readings: Sequence[Reading], room: int) -> set[int]:
    """Which gauges get their second line: what is wrong and has a value, then the other values, then the silent."""

    def rank(index: int) -> int:
        level = readings[index].level
        return 2 if level in _SILENT else 1 if level is Level.OK else 0

    return set(sorted(range(len(readings)), key=rank)[:room])


def _columns(readings: Sequence[Reading], width: int, ink: Ink, limit_width: int) -> _Columns:
    value = max(_LEAST_VALUE, *(cell_len(value_text(reading, ink)) for reading in readings))
    level = max(len(_level_text(reading, ink)) for reading in readings)
    longest = max(cell_len(reading.title) for reading in readings)
    return _Columns(max(4, min(longest, width - value - level - limit_width - 4)), value, level)


def _limit(reading: Reading) -> str:
    return reading.ok_text or reading.breach_text


def _level_text(reading: Reading, ink: Ink) -> str:
    return f"{ink.level_glyphs[reading.level]} {LEVEL_WORDS[reading.level]}"


def _short(title: str, width: int, ink: Ink) -> str:
    """A title that says less, but still which one: of `this machine: CPU` the end stays."""
    head, colon, tail = title.partition(": ")
    if cell_len(title) <= width or not colon or not tail:
        return ink.cut(title, width)
    kept = width - cell_len(tail) - 2
    if kept < 0:
        return ink.cut(tail, width)
    return f"{head[: kept if kept > _LEAST_HEAD else 0].rstrip()}{ink.glyphs.cut} {tail}"


def value_text(reading: Reading, ink: Ink) -> str:
    """The number with its unit; a dash where there is none."""
    if reading.value is None:
        return "-"
    unit = ink.cut(ink.foreign(reading.unit), _MOST_UNIT)
    return f"{number(reading.value)} {unit}" if unit else number(reading.value)


def _head(reading: Reading, columns: _Columns, width: int, ink: Ink, limit: str = "") -> list[Piece]:
    role = LEVEL_ROLES[reading.level]
    is_calm = reading.level is Level.OK
    title = _short(ink.foreign(reading.title), columns.title, ink)
    pad = " " * (columns.title - cell_len(title))
    value = value_text(reading, ink)
    line: Line = [
        (f" {title}{pad} ", ink.style(Role.TEXT if is_calm else role)),
        (f"{' ' * (columns.value - cell_len(value))}{value} ", ink.style(bold=True)),
        (f"{_level_text(reading, ink):<{columns.level}}", ink.style(role, bold=not is_calm)),
        (f"  {ink.foreign(limit)}" if limit else "", ink.style(Role.MUTED)),
    ]
    return ink.crop(line, width, ink.style())


def _body(reading: Reading, width: int, ink: Ink) -> list[Piece]:
    if reading.level in _SILENT or reading.value is None or not math.isfinite(reading.value):
        why = ink.foreign(reading.why) or "no data"
        return ink.crop([(f"   {why}", ink.style(Role.MUTED))], width, ink.style())
    # What is calm counts minutes: seconds that run beside every gauge are motion without news.
    is_news = reading.level is not Level.OK or reading.in_level_s >= _MINUTE_S
    time = left(reading.in_level_s) if is_news else ""
    aside = (
        f"{reading.hits} of {reading.total}" if reading.total is not None else ink.foreign(_limit(reading))
    )
    right = [(f"{aside:>{_ASIDE}}  {time:>6} ", ink.style(Role.MUTED))]
    bar_width = width - len(right[0][0]) - 4
    if (bound := _bound(reading)) is None or bar_width < 8:
        return ink.spread([("", ink.style())], right, width)
    return ink.spread(_bar(reading, bound, bar_width, ink), right, width)


def _bound(reading: Reading) -> float | None:
    """The value at the right end: fixed by the limits or the unit, never by the last values."""
    limits = [limit for limit in (reading.ok_limit, reading.breach_limit) if limit is not None and limit > 0]
    if reading.unit == "%" and (not limits or max(limits) > 20):
        return 100.0
    return max(limits) * 1.25 if limits else None


def _limits(reading: Reading, bound: float) -> list[float]:
    both = (reading.ok_limit, reading.breach_limit)
    return sorted(limit for limit in both if limit is not None and 0 < limit <= bound)


def _bar(reading: Reading, bound: float, width: int, ink: Ink) -> list[Piece]:
    glyphs = ink.glyphs
    value = reading.value or 0.0
    marks = [min(width - 1, round(limit / bound * width)) for limit in _limits(reading, bound)]
    filled = max(0, min(width, round(value / bound * width)))
    for limit, mark in zip(_limits(reading, bound), marks, strict=True):
        # The bar ends on the right side of each mark, whatever the rounding.
        filled = max(filled, min(width, mark + 2)) if value > limit else min(filled, mark)
    cells = [glyphs.block] * filled + [" "] * (width - filled)
    for mark in marks:
        cells[mark] = glyphs.limit
    text = "".join(cells)
    role = LEVEL_ROLES[reading.level]
    line: list[Piece] = [("  " + glyphs.bar_start, ink.style(Role.BORDER))]
    for run in _runs(text, glyphs.limit):
        line.append((run, ink.style(Role.TEXT if run == glyphs.limit else role)))
    return line


def _runs(text: str, mark: str) -> list[str]:
    """The text cut before and after each mark."""
    runs: list[str] = []
    for index, part in enumerate(text.split(mark)):
        if index:
            runs.append(mark)
        if part:
            runs.append(part)
    return runs
