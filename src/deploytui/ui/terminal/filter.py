"""The last steps before the terminal: Textual's console with our color depth, and filters behind its own.

- No color means none: Textual's `Monochrome` writes greys, also where NO_COLOR is empty
  (`test_without_color_textual_alone_writes_greys_or_the_default_colors`; #839, closed as done: greys are meant).
- Control and format characters and hyperlinks are taken out of whatever is drawn: Textual hands them on
  (`test_textual_alone_passes_them_on`; no issue found).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from deploytui.base.mask import DOT
from deploytui.base.text import clean_line
from deploytui.ui.color import ASCII, UNICODE, ColorDepth, Glyphs

_STANDS_OUT = 256  # a third of the way from black to white
_TO_ASCII = str.maketrans(
    {
        sign: plain
        for name in UNICODE.__struct_fields__
        if isinstance(getattr(UNICODE, name), str)
        for sign, plain in zip(getattr(UNICODE, name), getattr(ASCII, name), strict=True)
    }
    | {DOT: "*", "↑": "^", "↓": "v", "←": "<", "→": ">", "–": "-"}
)


def make_console(depth: ColorDepth, env: Mapping[str, str], file: Any) -> Console:
    """Textual's own console, with the depth decided by us and not guessed once more from the environment."""
    system = {ColorDepth.TRUE: "truecolor", ColorDepth.EIGHT_BIT: "256"}.get(depth, "standard")
    # COLUMNS and LINES would freeze the size; without colour, "standard" is what keeps bold and reverse.
    kept = {name: value for name, value in env.items() if name not in ("NO_COLOR", "COLUMNS", "LINES")}
    return Console(
        color_system=system,  # type: ignore[arg-type]
        file=file,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
        _environ=kept,
        force_terminal=True,
        safe_box=False,
        soft_wrap=False,
    )


class ScrubFilter(LineFilter):
    """The last look at what is drawn: no control or format character and no hyperlink passes.

    Text is clean since it entered; this catches what slipped through, also out of Textual's own widgets.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            segment if _is_plain(segment) else Segment(clean_line(segment.text), _unlinked(segment.style))
            for segment in segments
        ]


class NoColorFilter(LineFilter):
    """Takes every colour away, the default ones too; Textual's own filter writes greys.

    Bold and reverse stay. What stood out by its background alone, such as the cursor in a field, is reversed.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            Segment(text, None if style is None else _uncolored(style, background.rgb), None)
            for text, style, _ in segments
        ]


class AsciiFilter(LineFilter):
    """The screen's own signs as ASCII, wherever they stand: in a sentence, or as the dots of a mask."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            segment if segment.text.isascii() else Segment(segment.text.translate(_TO_ASCII), *segment[1:])
            for segment in segments
        ]


def last_filters(depth: ColorDepth, glyphs: Glyphs) -> tuple[LineFilter, ...]:
    """What comes behind Textual's own line filters, in this order. Make them once: strips cache by filter."""
    filters: list[LineFilter] = [ScrubFilter()]
    if glyphs is ASCII:
        filters.append(AsciiFilter())
    if depth is ColorDepth.NONE:
        filters.append(NoColorFilter())
    return tuple(filters)


def _is_plain(segment: Segment) -> bool:
    text, style, control = segment
    if control is not None or (style is not None and style.link):
        return False
    return (text.isascii() and text.isprintable()) or clean_line(text) == text


def _unlinked(style: Style | None) -> Style | None:
    return style.update_link(None) if style is not None and style.link else style


@lru_cache(4096)
def _uncolored(style: Style, background: tuple[int, int, int]) -> Style:
    paper = style.bgcolor.triplet if style.bgcolor is not None else None
    stands_out = (
        paper is not None and sum(abs(a - b) for a, b in zip(paper, background, strict=True)) > _STANDS_OUT
    )
    return Style(bold=style.bold, italic=style.italic, underline=style.underline, strike=style.strike,
                 reverse=style.reverse or stands_out or None, meta=style.meta or None)  # fmt: skip
