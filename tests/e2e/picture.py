"""A picture of a program's screen, for people to look at:

    python -m tests.e2e.picture OUT.png [--cols 120] [--rows 40] [--wait TEXT] [--keys "jj "] -- COMMAND…

`--wait` and `--keys` may be given several times and are done in order. Needs Pillow and DejaVu Sans Mono.
An OUT that ends in .txt gets the screen's text instead.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

import pyte

from tests.e2e.terminal import Terminal

FONTS = Path("/usr/share/fonts/truetype/dejavu")
CELL = (10, 19)
FONT_SIZE = 16.6  # a glyph of DejaVu Sans Mono then fills its cell, and lines join
BACKGROUND, FOREGROUND = "#000000", "#D0D0D0"
# xterm's sixteen colours by pyte's names.
_NAMED = {
    "black": "#000000", "red": "#CD0000", "green": "#00CD00", "brown": "#CDCD00", "blue": "#0000EE",
    "magenta": "#CD00CD", "cyan": "#00CDCD", "white": "#E5E5E5", "brightblack": "#7F7F7F",
    "brightred": "#FF0000", "brightgreen": "#00FF00", "brightbrown": "#FFFF00", "brightyellow": "#FFFF00",
    "brightblue": "#5C5CFF", "brightmagenta": "#FF00FF", "bfightmagenta": "#FF00FF",
    "brightcyan": "#00FFFF", "brightwhite": "#FFFFFF",
}  # fmt: skip


def render_png(screen: pyte.Screen, path: Path) -> None:
    """Draw every cell of the screen as a terminal with xterm's colours would."""
    from PIL import Image, ImageDraw, ImageFont

    width, height = CELL
    image = Image.new("RGB", (screen.columns * width, screen.lines * height), BACKGROUND)
    draw = ImageDraw.Draw(image)
    fonts = {
        bold: ImageFont.truetype(str(FONTS / f"DejaVuSansMono{'-Bold' if bold else ''}.ttf"), FONT_SIZE)
        for bold in (False, True)
    }
    for y in range(screen.lines):
        for x in range(screen.columns):
            cell = screen.buffer[y][x]
            ink, paper = colors_of(cell)
            left, top = x * width, y * height
            draw.rectangle((left, top, left + width - 1, top + height - 1), fill=paper)
            if cell.data.strip():
                draw.text((left, top), cell.data, fill=ink, font=fonts[bool(cell.bold)])
            if cell.underscore:
                draw.line((left, top + height - 2, left + width - 1, top + height - 2), fill=ink)
    image.save(path)


def colors_of(cell: Any) -> tuple[str, str]:
    """The ink and paper of a pyte cell as `#RRGGBB`, reverse video taken into account."""
    ink, paper = _color(cell.fg, FOREGROUND), _color(cell.bg, BACKGROUND)
    return (paper, ink) if cell.reverse else (ink, paper)


def _color(name: str, default: str) -> str:
    if name == "default":
        return default
    return _NAMED.get(name) or f"#{name}"


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--cols", type=int, default=120)
    parser.add_argument("--rows", type=int, default=40)
    parser.add_argument("--wait", action="append", dest="steps", type=lambda text: ("wait", text), default=[])
    parser.add_argument("--keys", action="append", dest="steps", type=lambda text: ("keys", text))
    parser.add_argument("--settle", type=float, default=0.7, help="seconds without output that end each step")
    at = argv.index("--") if "--" in argv else len(argv)
    found = parser.parse_args(argv[:at])
    found.command = argv[at + 1 :]
    if not found.command:
        parser.error("no command after --")
    return found


def main(argv: list[str]) -> None:
    asked = _arguments(argv)
    with Terminal(asked.command, cols=asked.cols, rows=asked.rows) as terminal:
        settle(terminal, asked.settle)
        for kind, text in asked.steps:
            if kind == "wait":
                terminal.wait_for(text)
            else:
                for key in text.encode().decode("unicode_escape"):
                    terminal.send(key)
                    settle(terminal, asked.settle)
        settle(terminal, asked.settle)
        if asked.out.suffix == ".txt":
            asked.out.write_text(terminal.text + "\n")
        else:
            render_png(terminal.screen, asked.out)
        print(terminal.text)


def settle(terminal: Terminal, quiet_s: float) -> None:
    """Until nothing was written for so long, or four times as long on a screen that never rests."""
    end_s = time.monotonic() + 4 * quiet_s
    while terminal.pump(quiet_s) and time.monotonic() < end_s:
        pass


if __name__ == "__main__":
    main(sys.argv[1:])
