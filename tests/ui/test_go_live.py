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
from deploytui.ui.screens.go_live import GoLiveModal
from tests.session.fake import small_plan
from tests.ui.drawn import ink, screen_text

NOW = datetime(2026, 11, 24, 0, 5, tzinfo=UTC)


@asynccontextmanager
async def asked(**settings: Any) -> AsyncIterator[tuple[QuestionApp, Pilot[Any]]]:
    plan = small_plan()
    modal = GoLiveModal(
        ink(),
        plan.title,
        "this checklist does not say when",
        lambda text: parse_go_live(text, NOW, zone_of(plan)),
        lambda at: f"{at:%a %d %b %H:%M} UTC, in {(at - NOW).total_seconds() / 60:.0f} min",
    )
    app = QuestionApp(modal, clock=FrozenClock(NOW), **settings)
    async with app.run_test(size=(80, 24)) as pilot:
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
