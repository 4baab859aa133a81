"""Everything known of one item or gauge: labelled lines, wrapped to the width."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rich.cells import cell_len
from textual.content import Content

from deploytui.session.view import DetailView
from deploytui.ui.paint.skin import Piece, Role, Skin


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells, broken at spaces; a word that is too long is folded."""
    return [line.plain.strip() for line in Content(text).wrap(width)]


def detail(view: DetailView, width: int, skin: Skin) -> list[list[Piece]]:
    """The title, then each label with its text beside it."""
    inner = max(8, width - 2)
    lines: list[list[Piece]] = [
        [(f" {part}", skin.style(bold=True))] for part in wrap(skin.foreign(view.title), inner)
    ]
    lines.append([])
    return lines + labelled(view.lines, label_width(view.lines), width, skin, view.alarming)


def label_width(lines: Sequence[tuple[str, str]]) -> int:
    """The column that the labels of these lines take."""
    return min(14, max((cell_len(label) for label, _ in lines), default=0))


def labelled(
    view: Sequence[tuple[str, str]],
    label_width: int,
    width: int,
    skin: Skin,
    alarming: Collection[int] = (),
) -> list[list[Piece]]:
    """Each label with its text beside it; those of the alarming places in the color of a breach."""
    lines: list[list[Piece]] = []
    for place, (label, text) in enumerate(view):
        is_alarming = place in alarming
        style = skin.style(Role.BREACH, bold=True) if is_alarming else skin.style()
        label_style = style if is_alarming else skin.style(Role.MUTED)
        parts = wrap(skin.foreign(text), max(8, max(8, width - 2) - label_width - 2))
        for index, part in enumerate(parts):
            name = skin.cut(label, label_width) if index == 0 else ""
            lines.append([(f" {name:<{label_width}}  ", label_style), (part, style)])
    return lines
