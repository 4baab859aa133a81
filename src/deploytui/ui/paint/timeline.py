"""The timeline pane: phases, their windows, and now between them."""

from __future__ import annotations

from collections.abc import Sequence

from deploytui.session.view import Progress, TimelineRow
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


def _row(row: TimelineRow, clock_width: int, width: int, ink: Ink) -> list[Piece]:
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
    if row.fraction is not None and is_current and measure(line) + measure(detail) + _BAR + 3 <= width:
        filled = round(max(0.0, min(1.0, row.fraction)) * _BAR)
        line += [("  ", ink.style()), (ink.glyphs.block * filled, ink.style(Role.INFO))]
    return ink.spread(line, detail, width)


def _detail(row: TimelineRow, ink: Ink) -> list[Piece]:
    if not row.detail:
        return []
    role = Role.WATCH if row.is_over else Role.MUTED
    return [(ink.foreign(row.detail) + " ", ink.style(role, bold=row.is_over))]
