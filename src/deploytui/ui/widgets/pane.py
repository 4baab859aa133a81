"""Panes painted line by line: a pane keeps its strips, and repaints only the columns of the lines that changed.

Layout, frame, focus and the last filters before the terminal are Textual's; the lines inside the frame are ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import ClassVar, Self

from textual.binding import Binding
from textual.content import Content
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from deploytui.ui.command import BY_ID
from deploytui.ui.paint.skin import Skin


def bindings(actions: Mapping[str, str]) -> list[Binding]:
    """From the one table of commands: a binding for each id that is named here with its action. No priority: such a key
    would act through dialogs."""
    return [
        Binding(",".join(BY_ID[name].keys), action, BY_ID[name].title, show=False, id=name)
        for name, action in actions.items()
        if BY_ID[name].keys
    ]


def later(widget: Widget, rest_s: float, do: Callable[[], object]) -> Timer:
    """Do it in a while, as a call of the loop: a defect in it is said in the last row (`on_stray_error`). In the timer
    itself it would end the dashboard."""
    return widget.set_timer(rest_s, lambda: asyncio.get_running_loop().call_soon(do))


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


class Kept(Widget):
    """Keeps its lines as they reach the terminal: framed, and behind the last filters.

    Textual composes every widget between the first and the last changed line anew, and asks its styles for each: seven
    widgets at a key, 0.3 ms of the 1.0 that moving the cursor takes.
    """

    _shown: list[Strip]
    _stale: set[int]
    _shown_for: Size | None = None

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """What Textual is asked to paint again is stale here too."""
        if not regions or self._shown_for is None:
            self._shown_for = None
        else:
            top = self.gutter.top
            for region in regions:
                self._stale.update(range(region.y + top, region.bottom + top))
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        size = self.outer_size
        if self._shown_for != size:
            self._shown, self._stale = super().render_lines(size.region), set()
            self._shown_for = size
        elif stale := self._stale.intersection(crop.line_range):
            first, last = min(stale), max(stale)
            part = Region(0, first, size.width, last + 1 - first)
            self._shown[first : last + 1] = super().render_lines(part)
            self._stale -= stale
        strips = self._shown[crop.y : crop.bottom]
        if crop.column_span == (0, size.width):
            return strips
        return [strip.crop(*crop.column_span) for strip in strips]


class Framed(Kept):
    """A widget whose frame says its number, its title, what it shows (`aside`) and how much more there is (`note`)."""

    ALLOW_SELECT = False
    ALLOW_MAXIMIZE = True
    number: ClassVar[str] = ""
    title: ClassVar[str] = ""
    skin: Skin
    _frame: tuple[str, str, bool] | None = None
    frame_hidden = 0

    def say_on_frame(self, aside: str, note: str = "") -> None:
        """Other words on the frame. Textual repaints the whole pane for a new title, 4 kB where a tick changes one
        count; so its own setter is passed by, and only the lines of the frame are painted again."""
        is_boxed = self.gutter.left > 0
        if (aside, note, is_boxed) == self._frame:
            return
        self._frame = aside, note, is_boxed
        skin = self.skin
        counted, skin.hidden = skin.hidden, 0
        title = Content.assemble(
            (self.number, "$muted"),
            " " if self.number else "",
            (self.title, "bold $foreground"),
            (f"  {skin.foreign(aside)}" if aside else "", "$foreground"),
        )
        more = Content.styled(f"  {note}" if note else "", "$muted")
        if not is_boxed:  # beside a corner Textual leaves a gap by itself; a rule has room for one label
            fits = title.cell_length + more.cell_length + 4 <= self.size.width
            title = Content.assemble(" ", title, more if fits else "", " ")
        self._border_title = title
        self._border_subtitle = Content.styled(note, "$muted") if note and is_boxed else None
        self.frame_hidden, skin.hidden = skin.hidden, counted
        self.refresh(*(Region(0, y, self.size.width, 1) for y in (-1, self.size.height)))


class Pane(Kept):
    """The base of every pane. A subclass says what it looks like in `paint`; nothing is computed here."""

    def __init__(self, skin: Skin, id: str) -> None:
        super().__init__(id=id)
        self.skin = skin
        self.hidden = 0
        self._strips: list[Strip] = []
        self._painted_for: tuple[int, int] | None = None

    def paint(self, width: int, height: int) -> list[Strip]:
        """The whole pane inside its frame as it should look now, `height` strips of `width` cells."""
        raise NotImplementedError

    def _paint_all(self) -> list[Strip]:
        width, height = self.size
        self.skin.hidden = 0
        strips = self.paint(width, height)[:height]
        self.hidden = self.skin.hidden
        if len(strips) < height:
            strips += [Strip.blank(width, self.skin.style())] * (height - len(strips))
        return strips

    def repaint(self) -> None:
        """Paint again after a change; only lines that look different are sent to the terminal."""
        if self._painted_for != self.size:
            self.refresh()
            return
        regions: list[Region] = []
        for y, strip in enumerate(self._paint_all()):
            if strip is not self._strips[y] and strip != self._strips[y]:
                first, last = changed_columns(self._strips[y], strip)
                regions.append(Region(first, y, last - first, 1))
                self._strips[y] = strip
        if regions:
            self.refresh(*regions)

    def repaint_fully(self) -> None:
        """Paint all lines again: after a change of theme or masking."""
        self._painted_for = None
        self.refresh()

    def render_line(self, y: int) -> Strip:
        return self._strips[y]

    def render_lines(self, crop: Region) -> list[Strip]:
        if self._painted_for != self.size:
            self._painted_for = self.size
            self._strips = self._paint_all()
        return super().render_lines(crop)
