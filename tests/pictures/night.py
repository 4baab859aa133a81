"""The scripted night of the README's pictures: the shipped checklist, a frozen clock, the keys a person would press."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploytui.ui.app import DashboardApp
from tests.ui.night import busy_services

FOLDER = Path(__file__).parents[2] / "docs"
# The exported picture asks a server for its font; ours must not ask anybody.
_FONT = re.compile(r"\s*@font-face \{[^}]*\}")
_TEXT = re.compile(r"<text [^>]*>([^<]*)</text>")
_OWN_NAME = re.compile(r"terminal-\d+")


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its size and theme, and the keys pressed before it is taken."""

    cols: int
    rows: int
    theme: str = "bridge-dark"
    keys: tuple[str, ...] = ()


PICTURES: Mapping[str, Picture] = {
    "dashboard": Picture(120, 40),
    "dashboard-80x24": Picture(80, 24),
    "dashboard-light": Picture(120, 40, "bridge-light"),
    "decision-card": Picture(120, 40, keys=("c",)),
    "timeline": Picture(120, 40, keys=("2", "z", "z")),
}


def draw(name: str) -> str:
    """The program's screen as SVG."""
    svg = asyncio.run(_shot(PICTURES[name]))
    return _OWN_NAME.sub(f"terminal-{name}", _FONT.sub("", svg))


def words(svg: str) -> list[str]:
    """What a picture says, in order, without where and in which color."""
    return [html.unescape(text).replace("\xa0", " ") for text in _TEXT.findall(svg)]


async def _shot(picture: Picture) -> str:
    app = DashboardApp(busy_services(picture.theme))
    async with app.run_test(size=(picture.cols, picture.rows)) as pilot:
        await pilot.pause()
        for key in picture.keys:
            await pilot.press(key)
        await pilot.pause()
        return app.export_screenshot(title="deploytui")
