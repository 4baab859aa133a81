"""A pane painted line by line: it keeps its strips, and repaints only the lines that changed.

Textual composes every widget between the first and the last changed line anew. Its own cache of styled lines
would then be asked for each of them, once a second and at every key; here a line is ready as it was painted.
"""

from __future__ import annotations

from textual.filter import ANSIToTruecolor
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from deploytui.ui.paint.ink import Ink


def filtered(widget: Widget, strips: list[Strip], ink: Ink) -> list[Strip]:
    """The strips after the app's line filters: what reaches the terminal.

    One of Textual's turns the sixteen colours of a terminal into true ones: an ink writes with none of them.
    """
    for line_filter in widget.get_line_filters():
        if isinstance(line_filter, ANSIToTruecolor):
            continue
        strips = [strip.apply_filter(line_filter, ink.ground) for strip in strips]
    return strips


def cropped(strips: list[Strip], crop: Region, width: int) -> list[Strip]:
    """The columns of `crop`, where it does not take them all."""
    if crop.column_span == (0, width):
        return strips
    first, last = crop.column_span
    return [strip.crop(first, last) for strip in strips]


def changed_columns(old: Strip, new: Strip) -> tuple[int, int]:
    """The first column that differs and the one behind the last: often only a clock's digits."""
    before, after = list(old), list(new)
    width, same = new.cell_length, 0
    for one, other in zip(before, after, strict=False):
        if one != other:
            break
        same += 1
    first = sum(segment.cell_length for segment in after[:same])
    last = width
    for one, other in zip(reversed(before[same:]), reversed(after[same:]), strict=False):
        if one != other:
            break
        last -= other.cell_length
    return first, max(first, last)


class Pane(Widget, can_focus=False):
    """The base of every pane. A subclass says what it looks like in `paint`; nothing is computed here."""

    def __init__(self, ink: Ink, id: str) -> None:
        super().__init__(id=id)
        self.ink = ink
        self.hidden = 0
        self._strips: list[Strip] = []
        self._shown: list[Strip] = []
        self._painted_for: tuple[int, int] | None = None

    def paint(self, width: int, height: int) -> list[Strip]:
        """The whole pane as it should look now, `height` strips of `width` cells."""
        raise NotImplementedError

    def _paint_all(self) -> list[Strip]:
        width, height = self.size
        self.ink.hidden = 0
        strips = self.paint(width, height)[:height]
        self.hidden = self.ink.hidden
        if len(strips) < height:
            strips += [Strip.blank(width, self.ink.style())] * (height - len(strips))
        return strips

    def _paint_anew(self) -> None:
        self._painted_for = self.size
        self._strips = self._paint_all()
        self._shown = filtered(self, self._strips, self.ink)

    def repaint(self) -> None:
        """Paint again after a change; only lines that look different are sent to the terminal."""
        if self._painted_for != self.size:
            self.refresh()
            return
        changed: list[int] = []
        regions: list[Region] = []
        for y, strip in enumerate(self._paint_all()):
            if strip is not self._strips[y] and strip != self._strips[y]:
                first, last = changed_columns(self._strips[y], strip)
                regions.append(Region(first, y, last - first, 1))
                self._strips[y] = strip
                changed.append(y)
        if changed:
            for y, shown in zip(
                changed, filtered(self, [self._strips[y] for y in changed], self.ink), strict=True
            ):
                self._shown[y] = shown
            self.refresh(*regions)

    def repaint_fully(self) -> None:
        """Paint all lines again: after a change of theme or masking."""
        self._painted_for = None
        self.refresh()

    def render_line(self, y: int) -> Strip:
        return self.render_lines(Region(0, y, self.size.width, 1))[0]

    def render_lines(self, crop: Region) -> list[Strip]:
        if self._painted_for != self.size:
            self._paint_anew()
        return cropped(self._shown[crop.y : crop.bottom], crop, self.size.width)
