"""The go-live dialog before a session exists: nothing counts that was not shown with date and distance."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from textual.pilot import Pilot

from deploytui.base.clock import FrozenClock
from deploytui.plan.schedule import parse_go_live, zone_of
from deploytui.ui.question import QuestionApp
from deploytui.ui.screens.start import GoLiveModal
from tests.session.fake import small_plan
from tests.ui.drawn import screen_text, skin

NOW = datetime(2026, 11, 24, 0, 5, tzinfo=UTC)


@asynccontextmanager
async def asked(
    size: tuple[int, int] = (80, 24), **settings: Any
) -> AsyncIterator[tuple[QuestionApp, Pilot[Any]]]:
    plan = small_plan()
    modal = GoLiveModal(
        skin(),
        plan.title,
        "this checklist does not say when",
        lambda text: parse_go_live(text, NOW, zone_of(plan)),
        lambda at: f"{at:%a %d %b %H:%M} UTC, in {(at - NOW).total_seconds() / 60:.0f} min",
    )
    app = QuestionApp(modal, clock=FrozenClock(NOW), **settings)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot


async def test_enter_accepts_two_hours_from_now_and_shows_when_that_is() -> None:
    async with asked() as (app, pilot):
        assert "now+2h" in screen_text(app)
        assert "Tue 24 Nov 02:05 UTC, in 120 min" in screen_text(app)
        await pilot.press("enter")
    assert app.answer == NOW + timedelta(hours=2)


@pytest.mark.parametrize("typed", ["soon", "25:00Z", "now+", "", "2026-13-01T00:00Z"])
async def test_what_cannot_be_read_says_what_was_expected_and_is_not_taken(typed: str) -> None:
    async with asked() as (app, pilot):
        await pilot.press(
            "ctrl+u", *[{"-": "minus", "+": "plus", ":": "colon"}.get(char, char) for char in typed]
        )
        await pilot.press("enter")
        assert "expected 2026-11-24T02:00Z" in screen_text(app)
        assert app.answer is None
        assert app.is_running


async def test_escape_starts_nothing() -> None:
    async with asked() as (app, pilot):
        await pilot.press("escape")
    assert app.answer is None
    assert app.return_value is None


@pytest.mark.parametrize("size", [(20, 5), (80, 11), (39, 24)])
async def test_what_cannot_be_read_in_a_small_window_cannot_be_answered_there(size: tuple[int, int]) -> None:
    async with asked(size) as (app, pilot):
        assert f"{size[0]}×{size[1]}, needs 40×12" in screen_text(app)
        await pilot.press("enter")
        assert app.is_running
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert "Tue 24 Nov 02:05 UTC" in screen_text(app)
        await pilot.press("enter")
    assert app.answer == NOW + timedelta(hours=2)


async def test_a_question_in_a_small_window_can_be_left() -> None:
    async with asked((20, 5)) as (app, pilot):
        await pilot.press("escape")
        assert not app.is_running
    assert app.answer is None
