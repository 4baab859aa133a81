"""The timeline pane: phases, their windows, the moments that matter, and now between them.

Every painter gives its lines with the phase that each stands for, so that the pane can keep one in sight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from deploytui.session.view import Axis, Progress, TimelineRow
from deploytui.ui.paint.axis import bar, has_bar, moment, now_rule, ruler
from deploytui.ui.paint.skin import PROGRESS_ROLES, Piece, Role, Skin, measure, restyled

PhaseLine = tuple[str, list[Piece]]

_BAR = 8
_COUNTS = 10
_CHART_COUNTS_FROM = 96  # narrower than that a chart has no room for counts


class Pick(Struct, frozen=True):
    """Which phase is looked at, and whether the pane has the keys: then its line is a reverse bar."""

    phase: str = ""
    is_active: bool = False

    def is_on(self, row: TimelineRow) -> bool:
        return row.kind == "phase" and row.phase == self.phase != ""


NOTHING = Pick()


def timeline(rows: Sequence[TimelineRow], width: int, skin: Skin, pick: Pick = NOTHING) -> list[PhaseLine]:
    """One line a row; every line has `width` cells at most."""
    clock_width = _clock_width(rows)
    return [(_phase(row), _row(row, clock_width, width, skin, pick)) for row in rows]


def with_bars(
    rows: Sequence[TimelineRow], axis: Axis, width: int, skin: Skin, pick: Pick = NOTHING
) -> list[PhaseLine]:
    """One line a row, clock times on top, and under each phase its bar with its moments."""
    clock_width = _clock_width(rows)
    indent = " " * (clock_width + 4)
    room = max(4, width - len(indent) - _COUNTS - 1)
    marks = moments(rows)
    lines: list[PhaseLine] = [("", [(indent, skin.style()), *ruler(axis, room, skin)])]
    for row in rows:
        lines.append((_phase(row), _row(row, clock_width, width, skin, pick, has_bar=True)))
        if has_bar(row, axis):
            right = f"{row.counts.done} of {row.counts.total} " if row.counts else ""
            cells = [(indent, skin.style()), *bar(row, marks.get(row.phase, ()), axis, room, skin)]
            lines.append((row.phase, skin.spread(cells, [(right, skin.style(Role.MUTED))], width)))
    return lines


def chart(
    rows: Sequence[TimelineRow],
    stages: Sequence[TimelineRow],
    axis: Axis,
    width: int,
    skin: Skin,
    pick: Pick = NOTHING,
) -> list[PhaseLine]:
    """Names on the left, all bars on one axis, what is left on the right; whole stages first."""
    clock_width = _clock_width(rows)
    head = clock_width + 2 + max(20, min(34, width * 30 // 100))
    words = max((len(row.detail) for row in rows if row.kind == "phase"), default=0)
    has_counts = width >= _CHART_COUNTS_FROM
    room = max(8, width - head - words - 2 - has_counts * _COUNTS)
    marks = moments(rows)
    lines: list[PhaseLine] = [("", [(" " * head, skin.style()), *ruler(axis, room, skin)])]
    for row in (*stages, *rows):
        if row.kind == "now":
            name = _row(row, clock_width, head, skin, pick)
            dash = (skin.glyphs.rule, skin.style(Role.INFO, bold=True))
            lines.append(("", [*name, dash, *now_rule(axis, room, skin)]))
        elif row.kind == "mark" and row.at is None:
            lines.append(("", _row(row, clock_width, width, skin, pick)))
        else:
            middle = (
                moment(row, axis, room, skin)
                if row.kind == "mark"
                else bar(row, marks.get(row.phase, ()), axis, room, skin)
            )
            left = _row(row, clock_width, head - 1, skin, pick, is_chart=True)
            right = _chart_tail(row, words, skin, has_counts=has_counts)
            lines.append((_phase(row), [*left, (" ", skin.style()), *middle, *right]))
    return lines


def _chart_tail(row: TimelineRow, words: int, skin: Skin, *, has_counts: bool) -> list[Piece]:
    """Counts and what is left, each in a column of its own."""
    counts = f"{row.counts.done} of {row.counts.total}" if row.counts and row.counts.total else ""
    role = Role.WATCH if row.is_over else Role.MUTED
    return [
        (f"{counts:>{_COUNTS}}" if has_counts else "", skin.style(Role.MUTED)),
        (f" {skin.foreign(row.detail):>{words}} ", skin.style(role, bold=row.is_over)),
    ]


def moments(rows: Sequence[TimelineRow]) -> Mapping[str, list[TimelineRow]]:
    """The lettered moments of each phase."""
    found: dict[str, list[TimelineRow]] = {}
    for row in rows:
        if row.kind == "mark" and row.sign and row.at is not None:
            found.setdefault(row.phase, []).append(row)
    return found


def choose(rows: Sequence[TimelineRow], height: int, shown: str = "") -> list[TimelineRow]:
    """The rows that say most, in their order, where not all fit: now and the current phase, then what is near."""
    if len(rows) <= height:
        return list(rows)
    ranked = sorted(range(len(rows)), key=lambda index: _importance(rows, index, shown))
    kept = set(ranked[: max(1, height)])
    return [row for index, row in enumerate(rows) if index in kept]


def _importance(rows: Sequence[TimelineRow], index: int, shown: str) -> tuple[int, int]:
    row, distance = rows[index], abs(index - now_row(rows))
    if row.kind == "now" or row.is_current:
        return 0, distance
    if row.is_over or (row.kind == "phase" and row.phase == shown):
        return 1, distance
    if row.kind == "mark" and row.at is None:
        return 5, distance
    if row.progress in (Progress.DONE, Progress.SET_ASIDE):
        return 4, distance
    is_under_way = row.kind == "phase" and row.fraction is not None
    return (3 if is_under_way else 2), distance


def now_row(rows: Sequence[TimelineRow]) -> int:
    """Which row is now: what must stay in sight."""
    return next((index for index, row in enumerate(rows) if row.kind == "now"), 0)


def _phase(row: TimelineRow) -> str:
    return row.phase if row.kind == "phase" else ""


def _clock_width(rows: Sequence[TimelineRow]) -> int:
    return max((len(row.clock) for row in rows), default=5)


def _row(
    row: TimelineRow,
    clock_width: int,
    width: int,
    skin: Skin,
    pick: Pick,
    *,
    has_bar: bool = False,
    is_chart: bool = False,
) -> list[Piece]:
    is_picked = pick.is_on(row)
    clock = f"{skin.glyphs.cursor if is_picked else ' '}{row.clock:>{clock_width}} "
    if row.kind == "now":
        rule = skin.glyphs.rule
        text = f"{rule * 2} NOW "
        rest = max(0, width - len(clock) - len(text) - 1)
        return [
            (clock, skin.style(Role.INFO, bold=True)),
            (text + rule * rest, skin.style(Role.INFO, bold=True)),
        ]
    detail = [] if is_chart else _detail(row, skin)
    if row.kind == "mark":
        line = [(clock, skin.style(Role.MUTED)), *_mark(row, skin)]
        return skin.spread(line, detail, width)
    style = skin.style(PROGRESS_ROLES[row.progress], bold=row.is_current or is_picked)
    title = skin.foreign(row.title)
    name = f"{skin.glyphs.of_progress(row.progress)} {title.upper() if row.kind == 'stage' else title}"
    line = [(clock, skin.style(Role.MUTED)), (name, style)]
    room = width - measure(line) - measure(detail)
    if not (has_bar or is_chart) and row.fraction is not None and row.is_current and room >= _BAR + 3:
        filled = round(max(0.0, min(1.0, row.fraction)) * _BAR)
        line += [("  ", skin.style()), (skin.glyphs.block * filled, skin.style(Role.INFO))]
    whole = skin.spread(line, detail, width)
    return restyled(whole, skin.style(bold=True, reverse=True)) if is_picked and pick.is_active else whole


def _mark(row: TimelineRow, skin: Skin) -> list[Piece]:
    """Its letter and its words: the legend of the letters on the bars."""
    is_calm = row.progress in (Progress.DONE, Progress.SET_ASIDE) or (row.sign != "" and row.at is None)
    role = Role.WATCH if row.is_over else Role.MUTED if is_calm else Role.TEXT
    sign = row.sign or skin.glyphs.of_progress(row.progress)
    return [(f"{sign} ", skin.style(role, bold=True)), (skin.foreign(row.title), skin.style(role))]


def _detail(row: TimelineRow, skin: Skin) -> list[Piece]:
    if not row.detail:
        return []
    role = Role.WATCH if row.is_over else Role.MUTED
    return [(skin.foreign(row.detail) + " ", skin.style(role, bold=row.is_over))]
