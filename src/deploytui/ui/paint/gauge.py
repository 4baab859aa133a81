"""The gauge pane: value, level in words, time in it, and a bar of fixed bounds with the limits marked.

A bar is drawn only for a value that is there: no data is said in words and never looks like a number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import groupby

from msgspec import Struct
from rich.cells import cell_len

from deploytui.base.units import left, number, over
from deploytui.metrics.board import Level, Reading
from deploytui.metrics.history import DAY, HOUR, Cell, Tier, columns_of
from deploytui.ui.paint.skin import LEVELS, Line, Piece, Role, Skin
from deploytui.ui.paint.spark import spark

_ALARMING = (Level.BREACH, Level.NO_DATA, Level.WATCH, Level.STALE)
_SILENT = (Level.NO_DATA, Level.STALE)
_WORST = (*_ALARMING, Level.SETTLING, Level.PLANNED_STOP, Level.OK)
_SHORT_WORDS = {Level.PLANNED_STOP: "STOP", Level.SETTLING: "SETTLES"}
_MINUTE_S = 60
_LEAST_VALUE, _MOST_UNIT, _ASIDE, _LEAST_HEAD = 7, 8, 8, 3
# Widths: of a pane with the past, of one with whole words and with more than an hour, and of a target beside its past.
_LEAST_SPARK, _LEAST_WORDS, _LEAST_LONG, _MOST_TARGET = 48, 40, 150, 14


class _Columns(Struct, frozen=True):
    """The widths that all gauges of the pane share; `is_short` is for levels, where the titles need the room."""

    title: int
    value: int
    level: int
    is_short: bool


# A gauge's past: of which tier, in how many columns, of how many steps each (0: so that they show all of the tier).
Trace = Callable[[str, Tier, int, int], Sequence[Cell | None]]


class Beside(Struct, frozen=True):
    """What the pane knows besides the readings: the gauge under the cursor ("" while the keys are elsewhere), those
    whose alarm somebody has acknowledged, and the past of each."""

    current: str = ""
    acked: frozenset[str] = frozenset()
    trace: Trace | None = None


def worst_first(readings: Sequence[Reading]) -> list[Reading]:
    """By severity; what is equally bad stays in its order."""
    return sorted(readings, key=lambda reading: _WORST.index(reading.level))


def lines_of_each(width: int) -> int:
    """How many lines a gauge would like to have in a pane of this inner width."""
    return 3 if width >= _LEAST_SPARK else 2


def gauges(
    readings: Sequence[Reading], width: int, height: int, skin: Skin, beside: Beside | None = None
) -> list[list[Piece]]:
    """A line a gauge, a second one for as many as fit, and their past where there is room left. What does not fit at
    all is counted: the calm first, or what is far from the cursor."""
    beside = beside or Beside()
    if not readings:
        return [[(" this plan has no gauges", skin.style(Role.MUTED))]]
    if len(readings) >= height:
        return _heads(readings, width, height, skin, beside)
    columns = _columns(readings, width, skin, 0, beside)
    room = height - len(readings)
    with_body = _with_body(readings, room)
    has_past = width >= _LEAST_SPARK and beside.trace is not None
    with_past = _with_body(readings, room - len(readings)) if has_past and room > len(readings) else set()
    aside = min(_MOST_TARGET, max(cell_len(reading.target) for reading in readings))
    lines: list[list[Piece]] = []
    for index, reading in enumerate(readings):
        lines.append(_head(reading, columns, width, skin, beside))
        if index in with_body:
            lines.append(_body(reading, width, skin))
        if index in with_past:
            lines.append(_past(reading, width, aside, skin, beside))
    return lines


def _heads(
    readings: Sequence[Reading], width: int, height: int, skin: Skin, beside: Beside
) -> list[list[Piece]]:
    shown = _that_fit(readings, height, beside.current)
    limit_width = max(len(_limit(reading)) for reading in readings) + 2 if width >= 46 else 0
    columns = _columns(readings, width, skin, limit_width, beside)
    lines = []
    for reading in shown:
        limit = _limit(reading) if limit_width else ""
        lines.append(_head(reading, columns, width, skin, beside, limit))
    if len(shown) < len(readings):
        seen = {reading.id for reading in shown}
        lines.append(_others([reading for reading in readings if reading.id not in seen], width, skin))
    return lines


def _others(hidden: Sequence[Reading], width: int, skin: Skin) -> list[Piece]:
    """How many are not shown, and how many of those are no calm ones."""
    bad = sum(1 for reading in hidden if reading.level in _ALARMING)
    words = f" +{len(hidden)} more{f', {bad} not ok' if bad else ''}"
    return skin.crop([(words, skin.style(Role.WATCH if bad else Role.MUTED))], width, skin.style())


def _that_fit(readings: Sequence[Reading], height: int, current: str) -> Sequence[Reading]:
    """The worst in their order, or those around the cursor; a line is kept to count the others."""
    if len(readings) <= height:
        return readings
    room = max(0, height - 1)
    place = next((index for index, reading in enumerate(readings) if reading.id == current), -1)
    if place >= 0:
        first = max(0, min(place - room // 2, len(readings) - room))
        return readings[first : first + room]
    worst = worst_first(readings)[:room]
    return [reading for reading in readings if reading in worst]


def _with_body(readings: Sequence[Reading], room: int) -> set[int]:
    """Which gauges get their second line: what is wrong and has a value, then the other values, then the silent."""

    def rank(index: int) -> int:
        level = readings[index].level
        return 2 if level in _SILENT else 1 if level is Level.OK else 0

    return set(sorted(range(len(readings)), key=rank)[:room])


def _past(reading: Reading, width: int, aside: int, skin: Skin, beside: Beside) -> list[Piece]:
    """The last hour, or more where there is room, and of which target it is. That takes `aside` cells for all, so
    that a column is the same moment in each."""
    assert beside.trace is not None
    room = width - aside - 12
    if room < _LEAST_LONG:
        tier, columns, steps, span = HOUR, columns_of(HOUR, room), 0, "1 h"
    else:
        tier, columns, steps, span = DAY, room, 1, left(room * DAY.step_s)
    target = skin.cut(skin.foreign(reading.target), aside)
    right = [(f"{' ' * (aside - cell_len(target))}{target}  {span} ", skin.style(Role.MUTED))]
    cells = beside.trace(reading.id, tier, columns, steps)
    pieces = spark(cells, reading, bound_of(reading), skin)
    return skin.spread([("   ", skin.style()), *pieces], right, width)


def _columns(
    readings: Sequence[Reading], width: int, skin: Skin, limit_width: int, beside: Beside
) -> _Columns:
    value = max(_LEAST_VALUE, *(cell_len(value_text(reading, skin)) for reading in readings))
    longest = max(cell_len(reading.title) for reading in readings)
    room = width - value - limit_width - 4
    level, is_short = 0, False
    for is_short in (False, True):
        level = max(len(_level_text(reading, width, skin, beside, is_short=is_short)) for reading in readings)
        if width >= _LEAST_WORDS and longest <= room - level:
            break
    return _Columns(max(4, min(longest, room - level)), value, level, is_short)


def _limit(reading: Reading) -> str:
    return reading.ok_text or reading.breach_text


def _level_text(reading: Reading, width: int, skin: Skin, beside: Beside, *, is_short: bool) -> str:
    text = skin.level_words(reading.level, _SHORT_WORDS.get(reading.level, "") if is_short else "")
    return f"{text} ack" if width >= _LEAST_WORDS and reading.id in beside.acked else text


def _short(title: str, width: int, skin: Skin) -> str:
    """A title that says less, but still which one: of `this machine: CPU` the end stays."""
    head, colon, tail = title.partition(": ")
    if cell_len(title) <= width or not colon or not tail:
        return skin.cut(title, width)
    kept = width - cell_len(tail) - 2
    if kept < 0:  # what is cut off is marked: the tail alone may be another gauge's whole title
        return skin.cut(f"{skin.glyphs.cut}{tail}", width)
    return f"{head[: kept if kept > _LEAST_HEAD else 0].rstrip()}{skin.glyphs.cut} {tail}"


def value_text(reading: Reading, skin: Skin) -> str:
    """The number with its unit; a dash where there is none, and its age where it is too old to speak for now."""
    if reading.level is Level.STALE and reading.age_s is not None:
        return f"{over(reading.age_s)} old"
    if reading.value is None:
        return "-"
    unit = skin.cut(skin.foreign(reading.unit), _MOST_UNIT)
    return f"{number(reading.value)} {unit}" if unit else number(reading.value)


def _head(
    reading: Reading, columns: _Columns, width: int, skin: Skin, beside: Beside, limit: str = ""
) -> list[Piece]:
    role = LEVELS[reading.level].role
    is_calm = reading.level is Level.OK
    title = _short(skin.foreign(reading.title), columns.title, skin)
    pad = " " * (columns.title - cell_len(title))
    value = value_text(reading, skin)
    is_current = reading.id == beside.current
    level = _level_text(reading, width, skin, beside, is_short=columns.is_short)
    line: Line = [
        (skin.glyphs.cursor if is_current else " ", skin.style(bold=True)),
        (title, skin.style(Role.TEXT if is_calm else role, bold=is_current, reverse=is_current)),
        (f"{pad} ", skin.style()),
        (f"{' ' * (columns.value - cell_len(value))}{value} ", skin.style(bold=True)),
        (f"{level:<{columns.level}}", skin.style(role, bold=not is_calm)),
        (f"  {skin.foreign(limit)}" if limit else "", skin.style(Role.MUTED)),
    ]
    return skin.crop(line, width, skin.style())


def _body(reading: Reading, width: int, skin: Skin) -> list[Piece]:
    if reading.level in _SILENT or reading.value is None or not math.isfinite(reading.value):
        why = skin.foreign(reading.why) or "no data"
        return skin.crop([(f"   {why}", skin.style(Role.MUTED))], width, skin.style())
    # What is calm counts minutes: seconds that run beside every gauge are motion without news.
    is_news = reading.level is not Level.OK or reading.in_level_s >= _MINUTE_S
    time = left(reading.in_level_s) if is_news else ""
    aside = (
        f"{reading.hits} of {reading.total}" if reading.hits is not None else skin.foreign(_limit(reading))
    )
    words = reading.settling or f"{aside:>{_ASIDE}}  {time:>6}"
    right = [(f"{words:>{_ASIDE + 8}} ", skin.style(Role.MUTED))]
    bar_width = width - len(right[0][0]) - 4
    if (bound := bound_of(reading)) is None or bar_width < 8:
        return skin.spread([("", skin.style())], right, width)
    return skin.spread(_bar(reading, bound, bar_width, skin), right, width)


def bound_of(reading: Reading) -> float | None:
    """The value at the right end: fixed by the limits or the unit, never by the last values."""
    limits = [limit for limit in (reading.ok_limit, reading.breach_limit) if limit is not None and limit > 0]
    if reading.unit == "%" and (not limits or max(limits) > 20):
        return 100.0
    return max(limits) * 1.25 if limits else None


def _limits(reading: Reading, bound: float) -> list[float]:
    both = (reading.ok_limit, reading.breach_limit)
    return sorted(limit for limit in both if limit is not None and 0 < limit <= bound)


def _bar(reading: Reading, bound: float, width: int, skin: Skin) -> list[Piece]:
    glyphs = skin.glyphs
    value = reading.value or 0.0
    marks = [min(width - 1, round(limit / bound * width)) for limit in _limits(reading, bound)]
    filled = max(0, min(width, round(value / bound * width)))
    for limit, mark in zip(_limits(reading, bound), marks, strict=True):
        # The bar ends on the right side of each mark, whatever the rounding.
        filled = max(filled, min(width, mark + 2)) if value > limit else min(filled, mark)
    cells = [glyphs.block] * filled + [" "] * (width - filled)
    for mark in marks:
        cells[mark] = glyphs.limit
    line: list[Piece] = [("  " + glyphs.bar_start, skin.style(Role.BORDER))]
    for is_mark, run in groupby(cells, lambda cell: cell == glyphs.limit):
        line.append(("".join(run), skin.style(Role.TEXT) if is_mark else skin.level_style(reading.level)))
    return line
