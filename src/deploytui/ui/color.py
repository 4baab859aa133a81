"""How much color a terminal gets, and which glyphs."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from deploytui.session.view import Progress

_TRUECOLOR_TERMS = ("kitty", "alacritty", "wezterm", "ghostty", "foot", "-direct", "-truecolor")
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


def choose_glyphs(is_ascii: bool, env: Mapping[str, str]) -> Glyphs:
    """ASCII where it was asked for, or where the locale cannot carry anything else."""
    locale = env.get("LC_ALL") or env.get("LC_CTYPE") or env.get("LANG") or ""
    other_charset = "." in locale and "utf" not in locale.lower()
    return ASCII if is_ascii or other_charset else UNICODE
