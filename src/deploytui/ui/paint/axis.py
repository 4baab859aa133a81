"""Time as columns: where an instant stands, the clock times above the bars, and a bar itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from itertools import groupby, pairwise

from deploytui.session.moment import hour, month_day
from deploytui.session.view import Axis, Progress, TimelineRow
from deploytui.ui.paint.skin import Piece, Role, Skin

_DAY_S = 86_400
_STEPS_S = (300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200,
            _DAY_S, 2 * _DAY_S, 7 * _DAY_S, 14 * _DAY_S, 28 * _DAY_S, 91 * _DAY_S, 364 * _DAY_S)  # fmt: skip
_LABEL = 8  # cells from one clock time to the next


def cell_of(at: datetime, axis: Axis, room: int) -> int:
    """The column of an instant: 0 to `room`, the last one standing behind the bar."""
    return max(0, min(room, int(_share(at, axis) * room + 1e-9)))


def _share(at: datetime, axis: Axis) -> float:
    """How far along the axis an instant is, where its scale changes too."""
    for (left, before), (right, after) in pairwise(axis.knots):
        if at < right:
            return before + (after - before) * ((at - left) / (right - left))
    return (at - axis.start_at) / (axis.end_at - axis.start_at) if not axis.knots else 1.0


def ruler(axis: Axis, room: int, skin: Skin) -> list[Piece]:
    """`02:00    02:30    03:00`: as many clock times as are apart enough to be read; dates at midnight."""
    cells = [" "] * room
    free = [True] * room
    # A stroke, where the scale changes, is set before what stands beside it.
    for at, mark in sorted(_labeled(axis, room, skin), key=lambda label: not label[1]):
        label = mark + _label_of(at, axis)
        first, behind = cell_of(at, axis, room), cell_of(at, axis, room) + len(label)
        if behind <= room and all(free[max(0, first - 1) : behind + 1]):
            cells[first:behind] = label
            free[first:behind] = [False] * len(label)
    text = "".join(cells).rstrip()
    return [(text, skin.style(Role.MUTED)), (" " * (room - len(text)), skin.style())]


def _label_of(at: datetime, axis: Axis) -> str:
    """The hour, and the date at midnight and wherever an hour would not say of which day it is."""
    here = at.astimezone(axis.zone)
    is_midnight = (here.hour, here.minute) == (0, 0)
    is_far = axis.night is not None and not axis.night[0] <= at <= axis.night[1]
    return month_day(here) if is_midnight or is_far else hour(at, axis.zone)


def _labeled(axis: Axis, room: int, skin: Skin) -> Iterator[tuple[datetime, str]]:
    """The instants to label. Where the scale changes a stroke says so, and around the night there are only edges."""
    if axis.night is None:
        yield from ((at, "") for at in _ticks(axis, _step_s(axis, room)))
        return
    start, end = axis.night
    night = Axis(start, end, axis.now_at, axis.zone)
    room_there = cell_of(end, axis, room) - cell_of(start, axis, room)
    stroke = skin.glyphs.limit
    yield from ((at, "") for at, _ in axis.knots if at < start)
    if start != axis.start_at:
        yield start, stroke
    last = end - (end - start) * min(1.0, _LABEL / max(1, room_there))
    yield from ((at, "") for at in _ticks(night, _step_s(night, room_there)) if start <= at < last)
    yield from ((at, "" if at != end else stroke) for at, _ in axis.knots if end <= at < axis.end_at)


def _step_s(axis: Axis, room: int) -> int:
    """The shortest round step whose labels have room."""
    length_s = (axis.end_at - axis.start_at).total_seconds()
    return next((step for step in _STEPS_S if room * step / length_s >= _LABEL), _STEPS_S[-1])


def _ticks(axis: Axis, step_s: int) -> Iterator[datetime]:
    """Round times of the plan's zone: of a day where the step is shorter, else midnights."""
    start, end = axis.start_at, axis.end_at
    here = start.astimezone(axis.zone)
    if step_s < _DAY_S:
        offset = here.utcoffset() or timedelta(0)
        first_s = -(-(start + offset).timestamp() // step_s) * step_s
        at = datetime.fromtimestamp(first_s, UTC) - offset
        while at <= end:
            yield at
            at += timedelta(seconds=step_s)
        return
    days = step_s // _DAY_S
    day = here.date()
    day += timedelta(days=-day.toordinal() % days)
    while (midnight := datetime.combine(day, time_of_day(0), tzinfo=axis.zone).astimezone(UTC)) <= end:
        if midnight >= start:
            yield midnight
        day += timedelta(days=days)


def has_bar(row: TimelineRow, axis: Axis) -> bool:
    """Whether a phase is on the axis with more than a part of it: a bar from end to end says nothing."""
    if row.kind not in ("phase", "stage") or row.at is None or row.end_at is None:
        return False
    return axis.holds(row.at) and axis.holds(row.end_at)


def bar(row: TimelineRow, marks: Sequence[TimelineRow], axis: Axis, room: int, skin: Skin) -> list[Piece]:
    """`█████S██│──!─E`: the window as it was agreed, the work done in it, its marked moments, and now."""
    glyphs = skin.glyphs
    cells = [(" ", skin.style())] * room
    if row.at is None or row.end_at is None:
        _now(cells, axis, skin)
        return _joined(cells)
    start, end = cell_of(row.at, axis, room), cell_of(row.end_at, axis, room)
    is_short = _fill(cells, row.at, row.end_at, axis, (glyphs.rule, skin.style(Role.MUTED))) == 1
    if row.first_at is not None:
        worked_at = row.last_at or axis.now_at
        work = Role.OK if row.progress is Progress.DONE else Role.INFO
        _fill(cells, row.first_at, worked_at, axis, (glyphs.block, skin.style(work)))
        if worked_at > row.end_at:
            after = max(row.end_at, row.first_at)
            _fill(cells, after, worked_at, axis, (glyphs.block, skin.style(Role.WATCH)))
    planned = row.planned_end_at
    if planned is not None and planned != row.end_at and axis.holds(planned):
        cells[min(room - 1, cell_of(planned, axis, room))] = (glyphs.limit, skin.style(Role.WATCH, bold=True))
    for mark in marks:
        _mark(cells, mark, axis, skin)
    if not (is_short and start <= cell_of(axis.now_at, axis, room) <= end):
        _now(cells, axis, skin)  # a bar of one column is not hidden behind it
    return _joined(cells)


def moment(mark: TimelineRow, axis: Axis, room: int, skin: Skin) -> list[Piece]:
    """A mark's letter alone at its place, and now."""
    cells = [(" ", skin.style())] * room
    _now(cells, axis, skin)
    _mark(cells, mark, axis, skin)
    return _joined(cells)


def now_rule(axis: Axis, room: int, skin: Skin) -> list[Piece]:
    """The line of now, with its place on the axis."""
    style = skin.style(Role.INFO, bold=True)
    cells = [(skin.glyphs.rule, style)] * room
    _now(cells, axis, skin)
    return _joined(cells)


def _fill(cells: list[Piece], first_at: datetime, last_at: datetime, axis: Axis, piece: Piece) -> int:
    """Fill what of it is on the axis, with one column at least; how many there were."""
    if last_at <= axis.start_at or first_at >= axis.end_at:
        return 0
    room = len(cells)
    first = min(room - 1, cell_of(first_at, axis, room))
    last = max(first + 1, cell_of(last_at, axis, room))
    cells[first:last] = [piece] * (last - first)
    return last - first


def _mark(cells: list[Piece], mark: TimelineRow, axis: Axis, skin: Skin) -> None:
    if mark.at is not None and axis.holds(mark.at):
        role = Role.WATCH if mark.is_over else Role.TEXT
        cells[min(len(cells) - 1, cell_of(mark.at, axis, len(cells)))] = (
            mark.sign,
            skin.style(role, bold=True),
        )


def _now(cells: list[Piece], axis: Axis, skin: Skin) -> None:
    if axis.holds(axis.now_at):
        now = min(len(cells) - 1, cell_of(axis.now_at, axis, len(cells)))
        cells[now] = (skin.glyphs.vertical, skin.style(Role.INFO, bold=True))


def _joined(cells: list[Piece]) -> list[Piece]:
    """Neighbors of one style as one piece."""
    return [
        ("".join(text for text, _ in run), style) for style, run in groupby(cells, key=lambda one: one[1])
    ]
