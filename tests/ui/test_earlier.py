"""The dialog about phases that were over: enter is the default, a number decides, and escape starts nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot

from deploytui.base.clock import FrozenClock
from deploytui.session.act import Earlier
from deploytui.ui.question import QuestionApp
from deploytui.ui.screens.start import EarlierModal
from tests.session.fake import GO_LIVE
from tests.ui.drawn import screen_text, skin

PHASES = [("Infrastructure Setup", "ended 13 d 2 h ago"), ("Pre-Production", "ended 24 h 05 ago")]


@asynccontextmanager
async def asked(
    cols: int = 80, rows: int = 24, phases: list[tuple[str, str]] = PHASES
) -> AsyncIterator[tuple[QuestionApp, Pilot[Any]]]:
    app = QuestionApp(EarlierModal(skin(), "SalesSync", phases, 83), clock=FrozenClock(GO_LIVE))
    async with app.run_test(size=(cols, rows)) as pilot:
        await pilot.pause()
        yield app, pilot


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (["enter"], Earlier()),
        (["1"], Earlier()),
        (["3"], Earlier(is_shown=True)),
        (["2", *"Kim", "enter"], Earlier(elsewhere="Kim")),
        (["escape"], None),
        (["2", "escape", "3"], Earlier(is_shown=True)),
    ],
)
async def test_a_number_decides(keys: list[str], answer: Earlier | None) -> None:
    async with asked() as (app, pilot):
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
    assert app.answer == answer


async def test_it_names_what_is_over_since_when_and_how_much() -> None:
    async with asked() as (app, pilot):
        text = screen_text(app)
        assert "2 phases ended before now, with 83 boxes:" in text
        assert "Infrastructure Setup" in text
        assert "ended 13 d 2 h ago" in text
        await pilot.press("space", "4", "x")
        assert app.is_running


async def test_many_phases_stay_a_small_dialog() -> None:
    async with asked(60, 20, [(f"Phase {n}", "ended 1 d ago") for n in range(30)]) as (app, _):
        assert "and 21 more" in screen_text(app)
