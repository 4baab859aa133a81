"""Helpers that read what was drawn: strips as text, and the screen of a running app as lines."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from textual.app import App
from textual.strip import Strip

from deploytui.base.mask import NoMask
from deploytui.ui.color import ASCII, UNICODE
from deploytui.ui.paint.skin import Line, Piece, Skin
from tests.ui.night import theme


def skin(*, is_ascii: bool = False, name: str = "bridge-dark") -> Skin:
    return Skin(theme(name), ASCII if is_ascii else UNICODE, NoMask())


def text(line: Line) -> str:
    """The words of one line of pieces."""
    return "".join(part for part, _ in line)


def texts(lines: Iterable[list[Piece]]) -> list[str]:
    return [text(line) for line in lines]


def width_of(strip: Strip) -> int:
    """The cells a strip really takes, whatever it says of itself."""
    return sum(cell_len(segment.text) for segment in strip)


def screen_lines(app: App[object]) -> list[str]:
    """What the terminal shows."""
    return [strip.text for strip in app.screen._compositor.render_strips()]


def screen_text(app: App[object]) -> str:
    return "\n".join(screen_lines(app))
