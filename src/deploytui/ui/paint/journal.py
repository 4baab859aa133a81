"""The journal pane: what happened, newest first."""

from __future__ import annotations

from deploytui.session.view import JournalRow
from deploytui.ui.paint.ink import LEVEL_ROLES, Ink, Piece, Role

_WHO = 8


def journal(row: JournalRow, width: int, ink: Ink) -> list[Piece]:
    """One event: when, who, what."""
    role = LEVEL_ROLES[row.level] if row.level is not None else Role.TEXT
    who = ink.cut(ink.foreign(row.by), _WHO)
    line: list[Piece] = [
        (f" {row.clock} ", ink.style(Role.MUTED)),
        (f"{who:<3} ", ink.style(bold=True)),
        (f"{ink.sign(row.glyph)} ", ink.style(role)),
        (ink.foreign(row.text), ink.style(role)),
    ]
    return ink.crop(line, width, ink.style())
