"""Everything known of one gauge: as it stands, its past in lines, what it asks and what came back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.cells import cell_len

from deploytui.metrics.board import Level
from deploytui.metrics.history import Cell, Tier, columns_of
from deploytui.session.gauge_detail import GaugePage
from deploytui.ui.paint.detail import detail, label_width, labelled
from deploytui.ui.paint.gauge import bound_of
from deploytui.ui.paint.ink import LEVEL_ROLES, LEVEL_WORDS, Ink, Piece, Role
from deploytui.ui.paint.spark import spark


def gauge_page(
    page: GaugePage, trace: Callable[[Tier, int], Sequence[Cell | None]], width: int, ink: Ink
) -> list[list[Piece]]:
    """The page at this width; the past is as wide as there is room."""
    labels = max(
        label_width((*page.now.lines, *page.asked.lines)), *(cell_len(tier.name) for tier, _ in page.tiers)
    )
    title = [*detail(page.now, width, ink)[0], *_level(page, ink)]
    lines = [title, [], *labelled(page.now.lines, labels, width, ink), []]
    for tier, words in page.tiers:
        if page.reading is not None:
            cells = trace(tier, columns_of(tier, width - labels - 5))
            past = spark(cells, page.reading, bound_of(page.reading), ink)
            lines.append([(f" {tier.name:<{labels}}  ", ink.style(Role.MUTED)), *past])
        lines += labelled((("", words),), labels, width, ink)
    return [*lines, [], *labelled(page.asked.lines, labels, width, ink)]


def _level(page: GaugePage, ink: Ink) -> list[Piece]:
    """Beside the title, as in the pane."""
    if page.reading is None:
        return []
    level = page.reading.level
    words = f"  {ink.level_glyphs[level]} {LEVEL_WORDS[level]}"
    return [(words, ink.style(LEVEL_ROLES[level], bold=level is not Level.OK))]
