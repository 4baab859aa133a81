"""The journal pane: what happened, newest first."""

from __future__ import annotations

from deploytui.session.view import JournalRow
from deploytui.ui.paint.skin import LEVELS, Piece, Role, Skin

_WHO = 8


def journal(row: JournalRow, width: int, skin: Skin) -> list[Piece]:
    """One event: when, who, what."""
    role = LEVELS[row.level].role if row.level is not None else Role.TEXT
    who = skin.cut(skin.foreign(row.by), _WHO)
    line: list[Piece] = [
        (f" {row.clock} ", skin.style(Role.MUTED)),
        (f"{who:<3} ", skin.style(bold=True)),
        (f"{skin.sign(row.glyph)} ", skin.style(role)),
        (skin.foreign(row.text), skin.style(role)),
    ]
    return skin.crop(line, width, skin.style())
