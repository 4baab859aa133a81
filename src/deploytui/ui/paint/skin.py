"""What every painter writes with: styles by role, glyphs, masked text, and lines of an exact width.

Foreign text passes `Skin.foreign` and nothing else: it is masked there, and never read as markup because only
segments are built here.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct
from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.theme import Theme

from deploytui.base.mask import Mask, NoMask
from deploytui.metrics.board import Level
from deploytui.session.view import Progress
from deploytui.ui.color import ASCII, UNICODE, Glyphs

Piece = tuple[str, Style]
Line = Sequence[Piece]
_KEPT = 4096
_KEPT_STRIPS = 512
_SIGNS = ("done", "failed", "watch", "active", "open", "planned", "dot", "separator", "cut")


class Role(StrEnum):
    """What a text is for; a theme gives each its color."""

    TEXT = "text"
    MUTED = "muted"
    OK = "ok"
    WATCH = "watch"
    BREACH = "breach"
    INFO = "info"
    BORDER = "border"


class LevelLook(Struct, frozen=True):
    """How a level is told: its role, which is its color in every theme; its word; and which of the glyphs."""

    role: Role
    word: str
    glyph: str


LEVELS = {
    Level.OK: LevelLook(Role.OK, "OK", "done"),
    Level.SETTLING: LevelLook(Role.INFO, "SETTLING", "active"),
    Level.WATCH: LevelLook(Role.WATCH, "WATCH", "watch"),
    Level.BREACH: LevelLook(Role.BREACH, "BREACH", "failed"),
    Level.NO_DATA: LevelLook(Role.WATCH, "NO DATA", "open"),
    Level.STALE: LevelLook(Role.WATCH, "STALE", "open"),
    Level.PLANNED_STOP: LevelLook(Role.INFO, "PLANNED STOP", "planned"),
}


PROGRESS_ROLES = {
    Progress.OPEN: Role.TEXT,
    Progress.CURRENT: Role.TEXT,
    Progress.DONE: Role.OK,
    Progress.FAILED: Role.BREACH,
    Progress.SET_ASIDE: Role.MUTED,
}


class Skin:
    """How one screen looks: its theme, its glyphs and what it masks. `hidden` counts what was masked since it was
    last set to 0."""

    def __init__(self, theme: Theme, glyphs: Glyphs, mask: Mask) -> None:
        self.theme = theme
        self.glyphs = glyphs
        self.hidden = 0
        self.is_unmasked = False
        self.mask = mask
        self._strips: dict[object, Strip] = {}
        self._masked: dict[str, tuple[str, int]] = {}
        self._styles: dict[tuple[Role, bool, bool], Style] = {}
        self._signs: dict[str, str] = {getattr(UNICODE, name): getattr(glyphs, name) for name in _SIGNS}

    def style(self, role: Role = Role.TEXT, *, bold: bool = False, reverse: bool = False) -> Style:
        """A role's style. Reverse video is the attribute itself, so that bars stay without color."""
        key = (role, bold, reverse)
        if (found := self._styles.get(key)) is None:
            color, paper = self.theme.variables[role], self.theme.variables["background"]
            found = Style(color=color, bgcolor=paper, bold=bold or None, reverse=reverse or None)
            self._styles[key] = found
        return found

    def wear(self, theme: Theme) -> None:
        """Write with another theme from now on."""
        self.theme = theme
        self._styles.clear()
        self._strips.clear()

    @property
    def is_ascii(self) -> bool:
        return self.glyphs is ASCII

    def level_style(self, level: Level, *, bold: bool = False, reverse: bool = False) -> Style:
        """The style of what stands at a level."""
        return self.style(LEVELS[level].role, bold=bold, reverse=reverse)

    def level_words(self, level: Level, word: str = "") -> str:
        """`✓ OK`: a level's glyph and its word, or this one."""
        return f"{getattr(self.glyphs, LEVELS[level].glyph)} {word or LEVELS[level].word}"

    def sign(self, sign: str) -> str:
        """A sign that a view row names, as this terminal can show it."""
        return self._signs.get(sign, sign)

    def foreign(self, text: str) -> str:
        """Text that we did not write, as it may be shown on a shared screen."""
        if self.is_unmasked or not text:
            return text
        if (found := self._masked.get(text)) is None:
            if len(self._masked) >= _KEPT:
                self._masked.clear()
            found = self._masked[text] = self.mask.apply(text)
        self.hidden += found[1]
        return found[0]

    @property
    def mask_now(self) -> Mask:
        """For what is copied: masked as the screen is at this moment."""
        return NoMask() if self.is_unmasked else self.mask

    def cut(self, text: str, width: int) -> str:
        """At most `width` cells, the last one a cut mark where something is missing."""
        if cell_len(text) <= width:
            return text
        if width <= 1:
            return self.glyphs.cut if width == 1 else ""
        return set_cell_size(text, width - 1).rstrip() + self.glyphs.cut

    def strip(self, line: Line, width: int, fill: Style | None = None) -> Strip:
        """A line of exactly `width` cells: cut on the right, or filled."""
        pieces = self.crop(line, width, fill or self.style())
        return Strip([Segment(text, style) for text, style in pieces], width)

    def line(self, line: Line, width: int) -> Strip:
        """The same; of a pane that is painted every second most lines are the very strips of the last time."""
        key = (tuple(line), width)
        if (found := self._strips.get(key)) is None:
            if len(self._strips) >= _KEPT_STRIPS:
                self._strips.clear()
            found = self._strips[key] = self.strip(line, width)
        return found

    def spread(self, left: Line, right: Line, width: int, fill: Style | None = None) -> list[Piece]:
        """`left` and `right` at the two ends of `width` cells; `left` is cut, `right` goes where there is no room."""
        fill = fill or self.style()
        right_width = measure(right)
        if not right_width or right_width + 8 > width:
            return self.crop(left, width, fill)
        return [*self.crop(left, width - right_width - 1, fill), (" ", fill), *right]

    def crop(self, line: Line, width: int, fill: Style) -> list[Piece]:
        """`line` at exactly `width` cells, as pieces."""
        pieces: list[Piece] = []
        room = width
        for text, style in line:
            if not text:
                continue
            length = cell_len(text)
            if length > room:
                if text := self.cut(text, room):
                    pieces.append((text, style))
                    room -= cell_len(text)
                break
            pieces.append((text, style))
            room -= length
        if room > 0:
            pieces.append((" " * room, fill))
        return pieces


def measure(line: Line) -> int:
    """How many cells a line takes."""
    return sum(cell_len(text) for text, _ in line)


def restyled(line: Line, style: Style) -> list[Piece]:
    """The same words in one style: for the reverse bar of the current row."""
    return [("".join(text for text, _ in line), style)]
