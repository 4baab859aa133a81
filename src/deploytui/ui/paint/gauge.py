"""The gauge pane: value, level in words, time in it, and a bar of fixed bounds with the limits marked.

A bar is drawn only for a value that is there: no data is said in words and never looks like a number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.cells import cell_len

from deploytui.base.units import left, number
from deploytui.metrics.board import Level, Reading
from deploytui.ui.paint.ink import LEVEL_ROLES, LEVEL_WORDS, Ink, Line, Piece, Role

_SILENT = (Level.NO_DATA, Level.STALE)
_WORST = (Level.BREACH, Level.WATCH, Level.NO_DATA, Level.STALE, Level.PLANNED_STOP, Level.OK)
_VALUE, _LEVEL = 9, 9


def gauges(readings: Sequence[Reading], width: int, height: int, ink: Ink) -> list[list[Piece]]:
    """Two lines a gauge where all fit, else one line each; what still does not fit is counted, the calm first."""
    if not readings:
        return [[(" this plan has no gauges", ink.style(Role.MUTED))]]
    title_width = _title_width(readings, width)
    if 2 * len(readings) <= height:
        lines: list[list[Piece]] = []
        for reading in readings:
            lines += [_head(reading, title_width, width, ink), _body(reading, width, ink)]
        return lines
    shown = list(readings)
    if len(shown) > height:
        worst = sorted(readings, key=lambda reading: _WORST.index(reading.level))[: max(0, height - 1)]
        shown = [reading for reading in readings if reading in worst]
    lines = [_head(reading, title_width, width, ink) for reading in shown]
    if len(shown) < len(readings):
        lines.append([(f" +{len(readings) - len(shown)} more, z zooms", ink.style(Role.MUTED))])
    return lines


def _title_width(readings: Sequence[Reading], width: int) -> int:
    longest = max(cell_len(reading.title) for reading in readings)
    return max(8, min(longest, width - _VALUE - _LEVEL - 4))


def value_text(reading: Reading) -> str:
    """The number with its unit; a dash where there is none."""
    if reading.value is None:
        return "-"
    unit = f" {reading.unit}" if reading.unit else ""
    return number(reading.value) + unit


def _head(reading: Reading, title_width: int, width: int, ink: Ink) -> list[Piece]:
    role = LEVEL_ROLES[reading.level]
    is_calm = reading.level is Level.OK
    title = ink.cut(ink.foreign(reading.title), title_width)
    pad = " " * (title_width - cell_len(title))
    value = value_text(reading)
    word = f"{ink.level_glyphs[reading.level]} {LEVEL_WORDS[reading.level]}"
    line: Line = [
        (f" {title}{pad} ", ink.style(Role.TEXT if is_calm else role)),
        (f"{value:>{_VALUE}} ", ink.style(bold=True)),
        (f"{word:<{_LEVEL}}", ink.style(role, bold=not is_calm)),
    ]
    limit = reading.ok_text or reading.breach_text
    return ink.spread(line, [(f"{ink.foreign(limit)} ", ink.style(Role.MUTED))] if limit else [], width)


def _body(reading: Reading, width: int, ink: Ink) -> list[Piece]:
    if reading.level in _SILENT or reading.value is None or not math.isfinite(reading.value):
        why = ink.foreign(reading.why) or "no data"
        return ink.crop([(f"   {why}", ink.style(Role.MUTED))], width, ink.style())
    time = f"for {left(reading.in_level_s)}"
    aside = f"{reading.hits} of {reading.total}  {time}" if reading.total is not None else time
    right = [(f"{aside:>10} ", ink.style(Role.MUTED))]
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


def _bar(reading: Reading, bound: float, width: int, ink: Ink) -> list[Piece]:
    glyphs = ink.glyphs
    value = reading.value or 0.0
    filled = max(0, min(width, round(value / bound * width)))
    cells = [glyphs.block] * filled + [" "] * (width - filled)
    for limit in (reading.ok_limit, reading.breach_limit):
        if limit is not None and 0 < limit <= bound:
            cells[min(width - 1, round(limit / bound * width))] = glyphs.limit
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
