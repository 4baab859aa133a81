"""The past of a gauge as one line: a column for a stretch of time, its height the worst value in it.

The bounds are those of the gauge's bar, so that a small change is never a cliff. A stretch in which nothing was
measured is empty; one in which it was asked in vain has the sign of no data.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from deploytui.metrics.board import Reading
from deploytui.metrics.history import Cell
from deploytui.plan.model import Limit
from deploytui.ui.paint.skin import Piece, Role, Skin

_NICE = (1.0, 2.0, 5.0, 10.0)


def spark(cells: Sequence[Cell | None], reading: Reading, bound: float | None, skin: Skin) -> list[Piece]:
    """One cell of the terminal for each column."""
    ok, breach = _limit(reading.ok_text), _limit(reading.breach_text)
    values = [None if cell is None else worst(cell, ok, breach) for cell in cells]
    top = bound or _nice([value for value in values if value is not None])
    pieces: list[Piece] = []
    for cell, value in zip(cells, values, strict=True):
        if cell is None:
            _put(pieces, " ", Role.TEXT, skin)
        elif value is None:
            _put(pieces, skin.glyphs.open, Role.WATCH, skin)
        else:
            _put(pieces, _step(value, top, skin), _role(value, ok, breach), skin)
    return pieces


def worst(cell: Cell, ok: Limit | None, breach: Limit | None) -> float | None:
    """Of the two ends of a stretch the one that the limits like less."""
    low, high = cell
    if low is None or high is None:
        return None
    if ok is not None and ok.op == "=":
        return max(low, high, key=lambda value: abs(value - ok.value))
    is_higher_better = ok.op in (">", ">=") if ok is not None else breach is not None and "<" in breach.op
    return low if is_higher_better else high


def _put(pieces: list[Piece], text: str, role: Role, skin: Skin) -> None:
    style = skin.style(role)
    if pieces and pieces[-1][1] is style:
        pieces[-1] = (pieces[-1][0] + text, style)
    else:
        pieces.append((text, style))


def _step(value: float, top: float, skin: Skin) -> str:
    steps = skin.glyphs.steps
    place = math.ceil(value / top * len(steps)) - 1
    return steps[max(0, min(len(steps) - 1, place))]


def _role(value: float, ok: Limit | None, breach: Limit | None) -> Role:
    if breach is not None and breach.holds(value):
        return Role.BREACH
    return Role.WATCH if ok is not None and not ok.holds(value) else Role.OK


def _limit(text: str) -> Limit | None:
    op, _, value = text.partition(" ")
    return Limit(op, float(value)) if value else None


def _nice(values: Sequence[float]) -> float:
    """A round number that holds them all."""
    most = max(values, default=0.0)
    if most <= 0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(most))
    return next((size * step for step in _NICE if size * step >= most), most)
