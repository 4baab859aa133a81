"""The frame of a pane: a box with its title on the border where there is room, else a title on a rule.

The pane that has the keys is drawn with heavy lines, so that it is seen without colour.
"""

from __future__ import annotations

from msgspec import Struct
from textual.strip import Strip

from deploytui.ui.paint.ink import Ink, Line, Piece, Role, measure


class Edge(Struct, frozen=True):
    """How a pane is framed. `note` stands on the lower border of a box, or at the right of a rule."""

    number: str = ""
    title: str = ""
    aside: str = ""
    note: str = ""
    is_boxed: bool = True
    is_active: bool = False

    @property
    def lines(self) -> int:
        """How many lines the frame takes from the pane's height."""
        return 2 if self.is_boxed else 1


def inner_width(width: int, edge: Edge) -> int:
    """The cells between the borders."""
    return width - 2 if edge.is_boxed else width


def top(edge: Edge, width: int, ink: Ink) -> Strip:
    """The upper border or the rule, with the pane's number, title and what it shows."""
    glyphs = ink.glyphs
    rule = glyphs.heavy if edge.is_active else glyphs.rule
    border = ink.style(Role.TEXT if edge.is_active else Role.BORDER)
    corners = _corners(edge, ink)
    title = [(f"{edge.number} " if edge.number else "", ink.style(Role.MUTED)),
             (ink.foreign(edge.title), ink.style(bold=True))]  # fmt: skip
    if edge.aside:
        title += [("  ", ink.style()), (ink.foreign(edge.aside), ink.style(Role.TEXT))]
    lead = corners[0] + rule + " " if edge.is_boxed else rule * 2 + " "
    note = f" {edge.note} " if edge.note and not edge.is_boxed else ""
    if measure(title) + len(lead) + len(note) + 3 > width:
        note = ""
    tail = len(lead) + len(note) + 3
    pieces = ink.crop(title, min(measure(title), max(0, width - tail)), border)
    if pieces and not pieces[-1][0].strip():
        pieces.pop()
    used = len(lead) + measure(pieces) + 1 + len(note)
    rest = max(0, width - used - 1)
    line: list[Piece] = [(lead, border), *pieces, (" " + rule * rest, border)]
    if note:
        line.append((note, ink.style(Role.MUTED)))
    line.append((corners[1] if edge.is_boxed else rule, border))
    return ink.strip(line, width, border)


def bottom(edge: Edge, width: int, ink: Ink) -> Strip:
    """The lower border of a box."""
    rule = ink.glyphs.heavy if edge.is_active else ink.glyphs.rule
    border = ink.style(Role.TEXT if edge.is_active else Role.BORDER)
    corners = _corners(edge, ink)
    note = f" {edge.note} " if edge.note and len(edge.note) + 8 < width else ""
    run = rule * (width - 3 - len(note))
    return ink.strip(
        [(corners[2] + run, border), (note, ink.style(Role.MUTED)), (rule + corners[3], border)],
        width,
        border,
    )


def side(line: Line, width: int, edge: Edge, ink: Ink) -> Strip:
    """One line of content between its borders; `line` has the inner width.

    A line that was drawn before is the same strip again: of a pane that is painted every second most are.
    """
    key = (tuple(line), width, edge.is_boxed, edge.is_active)
    if (kept := ink.kept(key)) is not None:
        return kept
    if not edge.is_boxed:
        return ink.keep(key, ink.strip(line, width))
    glyph = ink.glyphs.heavy_vertical if edge.is_active else ink.glyphs.vertical
    border = (glyph, ink.style(Role.TEXT if edge.is_active else Role.BORDER))
    strip = ink.strip([border, *ink.crop(line, width - 2, ink.style()), border], width)
    return ink.keep(key, strip)


def enclose(lines: list[list[Piece]], width: int, height: int, edge: Edge, ink: Ink) -> list[Strip]:
    """A whole pane: frame, content and empty lines to its height."""
    room = max(0, height - edge.lines)
    strips = [top(edge, width, ink), *(side(line, width, edge, ink) for line in lines[:room])]
    strips += [side([], width, edge, ink)] * (room - len(lines))
    if edge.is_boxed:
        strips.append(bottom(edge, width, ink))
    return strips[:height]


def _corners(edge: Edge, ink: Ink) -> str:
    return ink.glyphs.heavy_corners if edge.is_active else ink.glyphs.corners
