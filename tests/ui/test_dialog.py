"""Every dialog: hostile text is shown as text, nothing of it acts, and the clocks stay in sight where there is room."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.app import ComposeResult
from textual.widgets import Input, Label

from deploytui.base.text import clean_line
from deploytui.session.view import DetailView
from deploytui.ui.draft import Form
from deploytui.ui.look import BridgeApp
from deploytui.ui.paint.skin import Skin
from deploytui.ui.screens.ask import FilterModal, LeaveModal, TextModal, YesOrNoModal
from deploytui.ui.screens.dialog import Dialog
from deploytui.ui.screens.page import DetailModal
from deploytui.ui.screens.start import EarlierModal, GoLiveModal
from tests.faults.hostile import HOSTILE, MARKUP
from tests.ui.bridge import bridge
from tests.ui.drawn import screen_lines, screen_text, skin


def _text(skin: Skin, text: str) -> Dialog[Any]:
    return TextModal(skin, Form(text, text, lead=text, presets=[text], hint=text), text, check=lambda _: text)


def _go_live(skin: Skin, text: str) -> Dialog[Any]:
    return GoLiveModal(skin, text, text, lambda _: datetime.now(UTC), lambda _: text, text)


DIALOGS: dict[str, Callable[[Skin, str], Dialog[Any]]] = {
    "text": _text,
    "go-live": _go_live,
    "earlier": lambda skin, text: EarlierModal(skin, text, [(text, text)], 1),
    "leave": lambda skin, text: LeaveModal(skin, text, [text], is_driving=True),
    "detail": lambda skin, text: DetailModal(skin, DetailView(text, ((text, text),)), text),
    "filter": lambda skin, text: FilterModal(skin, text, lambda _: None),
    "question": lambda skin, text: YesOrNoModal(skin, text),
}


class Shown(BridgeApp):
    """An app with one dialog, which is made while it runs, as at the dashboard."""

    def __init__(self, make: Callable[[], Dialog[Any]]) -> None:
        super().__init__(skin(), env={})
        self.dress(skin().theme)
        self._make = make

    def on_mount(self) -> None:
        self.push_screen(self._make(), self.exit)


class Marked(YesOrNoModal):
    """What must not be: a text that is parsed."""

    def parts(self) -> ComposeResult:
        yield Label("[@click=app.quit]x[/]")


def clicks(app: Shown) -> list[Segment]:
    """What would act when it is clicked."""
    strips = app.screen._compositor.render_strips()
    return [one for strip in strips for one in strip if one.style and "@click" in one.style.meta]


@pytest.mark.parametrize("name", DIALOGS)
async def test_a_hostile_text_is_shown_and_does_nothing(name: str) -> None:
    for text in HOSTILE:
        clean = clean_line(text)
        app = Shown(lambda clean=clean: DIALOGS[name](skin(), clean))  # type: ignore[misc]
        async with app.run_test(size=(120, 30)) as pilot:
            await pilot.pause()
            if name == "text":  # what is wrong with a text is text too
                await pilot.press("end", "enter")
            await pilot.pause()
            strips = app.screen._compositor.render_strips()
            assert clicks(app) == []
            drawn = "".join(strip.text for strip in strips)
            assert not [
                char for char in drawn if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")
            ]
            assert all(cell_len(strip.text) == 120 for strip in strips)
            if text in MARKUP:
                assert text in drawn
            assert app.is_running


async def test_the_look_for_clicks_can_fail() -> None:
    app = Shown(lambda: Marked(skin(), "x"))
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        assert clicks(app)


@pytest.mark.parametrize(("cols", "rows"), [(40, 12), (80, 24), (120, 40), (200, 50)])
async def test_the_bars_stay_in_sight_above_a_dialog_and_the_last_row_below(cols: int, rows: int) -> None:
    async with bridge(cols, rows) as night:
        before = night.text.splitlines()
        for key in ("s", "n", "enter", "q"):
            await night.press(key)
            lines = night.text.splitlines()
            box = night.app.screen.query_one("#box").region
            assert box.right <= cols
            assert box.bottom <= rows
            if rows >= 20:
                assert lines[1:3] == before[1:3]
                assert box.bottom < rows
                assert box.x >= 2
            await night.press("escape")


async def test_more_lines_than_the_window_has_can_all_be_read() -> None:
    view = DetailView("title", tuple(("", f"line {number}") for number in range(60)))
    app = Shown(lambda: DetailModal(skin(), view))
    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.pause()
        assert "1-14 of 62 · esc closes" in screen_text(app)
        seen = set(screen_lines(app))
        for _ in range(60):
            await pilot.press("j")
            seen |= set(screen_lines(app))
        assert all(any(f"line {number} " in line for line in seen) for number in range(60))
        assert "49-62 of 62" in screen_text(app)
        await pilot.press("k", "pageup", "q")
        assert not app.is_running


async def test_what_is_asked_in_a_low_window_keeps_its_field_in_sight() -> None:
    app = Shown(
        lambda: TextModal(
            skin(), Form("Skip", "why:", lead="step", presets=[f"preset {n}" for n in range(9)])
        )
    )
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        await pilot.press("x")
        assert "why: x" in screen_text(app)
        assert app.screen.query_one(Input).has_focus


async def test_a_long_lead_is_wrapped_and_not_cut() -> None:
    words = " ".join(f"word{number}" for number in range(30))
    app = Shown(lambda: TextModal(skin(), Form("Note", "note:", lead=words)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert all(f"word{number}" in screen_text(app) for number in range(30))
