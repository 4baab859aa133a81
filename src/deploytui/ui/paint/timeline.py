"""The timeline pane: phases, their windows, and now between them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from deploytui.session.view import Axis, Progress, TimelineRow
from deploytui.ui.paint.ink import Ink, Piece, Role, measure

_ROLES = {
    Progress.OPEN: Role.TEXT,
    Progress.CURRENT: Role.TEXT,
    Progress.DONE: Role.OK,
    Progress.FAILED: Role.BREACH,
    Progress.SET_ASIDE: Role.MUTED,
}
_BAR = 8


def timeline(rows: Sequence[TimelineRow], width: int, ink: Ink) -> list[list[Piece]]:
    """One line a row; every line has `width` cells at most."""
    clock_width = max((len(row.clock) for row in rows), default=5)
    return [_row(row, clock_width, width, ink) for row in rows]


def with_bars(rows: Sequence[TimelineRow], axis: Axis, width: int, ink: Ink) -> list[list[Piece]]:
    """One line a row, and under each phase its bar: the window as it was agreed, the work done, and now."""
    clock_width = max((len(row.clock) for row in rows), default=5)
    lines: list[list[Piece]] = []
    for row in rows:
        lines.append(_row(row, clock_width, width, ink, has_bar=True))
        if has_bar(row, axis):
            lines.append(_bar(row, axis, clock_width, width, ink))
    return lines


def has_bar(row: TimelineRow, axis: Axis) -> bool:
    """Whether a phase is on the axis at all."""
    return (
        row.kind == "phase"
        and row.at is not None
        and row.at < axis.end_at
        and (row.end_at or row.at) > axis.start_at
    )


def _bar(row: TimelineRow, axis: Axis, clock_width: int, width: int, ink: Ink) -> list[Piece]:
    """`███████│─────────   6 of 18`: every cell is a stretch of the axis."""
    glyphs = ink.glyphs
    right = f"{row.counts.done} of {row.counts.total} " if row.counts else ""
    indent = clock_width + 4
    room = max(4, width - indent - max(len(right), 10) - 1)

    def cell(at: datetime) -> int:
        share = (at - axis.start_at) / (axis.end_at - axis.start_at)
        return max(0, min(room, round(share * room)))

    start, end = cell(row.at or axis.start_at), cell(row.end_at or axis.end_at)
    cells = [(" ", ink.style())] * room
    for at in range(start, max(start + 1, end)):
        if at < room:
            cells[at] = (glyphs.rule, ink.style(Role.MUTED))
    if row.first_at is not None:
        work = Role.OK if row.progress is Progress.DONE else Role.INFO
        for at in range(cell(row.first_at), max(cell(row.first_at) + 1, cell(row.last_at or axis.now_at))):
            if at < room:
                cells[at] = (glyphs.block, ink.style(Role.WATCH if at >= end else work))
    if (
        row.planned_end_at is not None
        and row.planned_end_at != row.end_at
        and cell(row.planned_end_at) < room
    ):
        cells[cell(row.planned_end_at)] = (glyphs.limit, ink.style(Role.WATCH))
    now = min(room - 1, cell(axis.now_at))
    cells[now] = (glyphs.vertical, ink.style(Role.INFO, bold=True))
    line: list[Piece] = [(" " * indent, ink.style()), *cells]
    return ink.spread(line, [(right, ink.style(Role.MUTED))], width)


def choose(rows: Sequence[TimelineRow], height: int) -> list[TimelineRow]:
    """The rows that say most, in their order, where not all fit: now and the current phase, then what is near."""
    if len(rows) <= height:
        return list(rows)
    ranked = sorted(range(len(rows)), key=lambda index: _importance(rows, index))
    kept = set(ranked[: max(1, height)])
    return [row for index, row in enumerate(rows) if index in kept]


def _importance(rows: Sequence[TimelineRow], index: int) -> tuple[int, int]:
    row, distance = rows[index], abs(index - now_row(rows))
    if row.kind == "now" or row.is_current:
        return 0, distance
    if row.is_shown or row.is_over:
        return 1, distance
    if row.progress in (Progress.DONE, Progress.SET_ASIDE):
        return 4, distance
    is_under_way = row.kind == "phase" and row.fraction is not None
    return (3 if is_under_way else 2), distance


def now_row(rows: Sequence[TimelineRow]) -> int:
    """Which row is now: what must stay in sight."""
    return next((index for index, row in enumerate(rows) if row.kind == "now"), 0)


def _row(row: TimelineRow, clock_width: int, width: int, ink: Ink, *, has_bar: bool = False) -> list[Piece]:
    clock = f" {row.clock:>{clock_width}} "
    if row.kind == "now":
        rule = ink.glyphs.rule
        text = f"{rule * 2} NOW "
        rest = max(0, width - len(clock) - len(text) - 1)
        return [
            (clock, ink.style(Role.INFO, bold=True)),
            (text + rule * rest, ink.style(Role.INFO, bold=True)),
        ]
    if row.kind == "mark":
        role = Role.WATCH if row.is_over else Role.TEXT
        line = [
            (clock, ink.style(Role.MUTED)),
            (f"{ink.glyphs.mark} {ink.foreign(row.title)}", ink.style(role)),
        ]
        return ink.spread(line, _detail(row, ink), width)
    is_current = row.is_current
    style = ink.style(_ROLES[row.progress], bold=is_current or row.is_shown)
    name = f"{ink.glyphs.of_progress(row.progress)} {ink.foreign(row.title)}"
    line = [(clock, ink.style(Role.MUTED)), (name, style)]
    detail = _detail(row, ink)
    if (
        not has_bar
        and row.fraction is not None
        and is_current
        and measure(line) + measure(detail) + _BAR + 3 <= width
    ):
        filled = round(max(0.0, min(1.0, row.fraction)) * _BAR)
        line += [("  ", ink.style()), (ink.glyphs.block * filled, ink.style(Role.INFO))]
    return ink.spread(line, detail, width)


def _detail(row: TimelineRow, ink: Ink) -> list[Piece]:
    if not row.detail:
        return []
    role = Role.WATCH if row.is_over else Role.MUTED
    return [(ink.foreign(row.detail) + " ", ink.style(role, bold=row.is_over))]
