"""How much colour a terminal gets, which glyphs, and the last filters before it: no control character, no link."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any

from msgspec import Struct
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from deploytui.base.mask import DOT
from deploytui.base.text import clean_line
from deploytui.session.view import Progress

_TRUECOLOR_TERMS = ("kitty", "alacritty", "wezterm", "ghostty", "foot", "-direct", "-truecolor")
_STANDS_OUT = 256  # a third of the way from black to white
_TRUECOLOR_PROGRAMS = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper")


class ColorDepth(StrEnum):
    """What is written to the terminal. `NONE` still has bold and reverse video."""

    NONE = "none"
    ANSI = "16"
    EIGHT_BIT = "256"
    TRUE = "truecolor"


def color_depth(mode: str, env: Mapping[str, str]) -> ColorDepth:
    """The depth for `--color MODE`. NO_COLOR counts where it is set and not empty, and `always` overrules it."""
    if mode == "never" or (mode != "always" and env.get("NO_COLOR")):
        return ColorDepth.NONE
    term = env.get("TERM", "").lower()
    if env.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return ColorDepth.TRUE
    # ssh drops COLORTERM and sudo TERM_PROGRAM: the name of the terminal is what is left.
    if any(name in term for name in _TRUECOLOR_TERMS) or env.get("TERM_PROGRAM") in _TRUECOLOR_PROGRAMS:
        return ColorDepth.TRUE
    if "256" in term or env.get("TERM_PROGRAM") == "Apple_Terminal":
        return ColorDepth.EIGHT_BIT
    if mode != "always" and (not term or term in ("dumb", "unknown") or term.startswith("vt")):
        return ColorDepth.NONE
    return ColorDepth.ANSI


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


class Glyphs(Struct, frozen=True):
    """Every sign the screen draws, each one cell wide. `corners` are left and right above, then below."""

    done: str
    failed: str
    watch: str
    active: str
    open: str
    dot: str
    planned: str
    block: str
    steps: str
    vertical: str
    rule: str
    heavy: str
    heavy_vertical: str
    corners: str
    heavy_corners: str
    cursor: str
    bar_start: str
    limit: str
    mark: str
    cut: str
    separator: str
    boxes: Mapping[str, str]
    sensed: Mapping[str, str]

    def box(self, status: str, is_sensed: bool = False) -> str:
        """The three cells left of an item: an `ItemStatus` word, "saving" or "set_aside"."""
        return (is_sensed and self.sensed.get(status)) or self.boxes.get(status, "[?]")

    def of_progress(self, progress: Progress) -> str:
        """The sign of a stage or phase."""
        return {
            Progress.OPEN: self.open,
            Progress.CURRENT: self.active,
            Progress.DONE: self.done,
            Progress.FAILED: self.failed,
            Progress.SET_ASIDE: self.rule,
        }[progress]


_SHARED_BOXES = {"open": "[ ]", "skipped": "[-]", "set_aside": "[-]", "overridden": "[o]", "deferred": "[d]"}

UNICODE = Glyphs(
    done="✓", failed="✗", watch="▲", active="▶", open="○", dot="●", planned="■", block="█", steps="▁▂▃▄▅▆▇",
    vertical="│", rule="─", heavy="━", heavy_vertical="┃", corners="┌┐└┘", heavy_corners="┏┓┗┛",
    cursor="▌", bar_start="▕", limit="|", mark="!", cut="…", separator="·",
    boxes={**_SHARED_BOXES, "active": "[▶]", "done": "[✓]", "failed": "[✗]", "saving": "[…]"},
    sensed={"open": "( )", "active": "( )", "done": "(✓)", "failed": "(✗)"},
)  # fmt: skip

# An [X] must never mean failed, so failed is [!].
ASCII = Glyphs(
    done="x", failed="!", watch="!", active=">", open=".", dot="*", planned="#", block="#", steps="__--==#",
    vertical="|", rule="-", heavy="=", heavy_vertical="|", corners="++++", heavy_corners="++++",
    cursor=">", bar_start="|", limit="|", mark="!", cut="~", separator="-",
    boxes={**_SHARED_BOXES, "active": "[>]", "done": "[x]", "failed": "[!]", "saving": "[.]"},
    sensed={"open": "( )", "active": "( )", "done": "(x)", "failed": "(!)"},
)  # fmt: skip


_TO_ASCII = str.maketrans(
    {
        sign: plain
        for name in UNICODE.__struct_fields__
        if isinstance(getattr(UNICODE, name), str)
        for sign, plain in zip(getattr(UNICODE, name), getattr(ASCII, name), strict=True)
    }
    | {DOT: "*", "↑": "^", "↓": "v", "←": "<", "→": ">", "–": "-"}
)


def choose_glyphs(is_ascii: bool, env: Mapping[str, str]) -> Glyphs:
    """ASCII where it was asked for, or where the locale cannot carry anything else."""
    locale = env.get("LC_ALL") or env.get("LC_CTYPE") or env.get("LANG") or ""
    other_charset = "." in locale and "utf" not in locale.lower()
    return ASCII if is_ascii or other_charset else UNICODE
