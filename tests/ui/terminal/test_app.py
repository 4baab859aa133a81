"""The guarded app inside a test: its ends, the keys it refuses, what it sets and puts back."""

from __future__ import annotations

import asyncio
import inspect
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import textual.screen
from textual import constants, events
from textual.app import ComposeResult
from textual.widgets import Input, Static

from deploytui.base.clock import FrozenClock
from deploytui.ui.color import ColorDepth
from deploytui.ui.terminal.app import _TEXTUAL_SWITCHES, Departure, GuardedApp
from deploytui.ui.terminal.filter import NoColorFilter, ScrubFilter


def test_textuals_switches_are_those_that_are_set_back() -> None:
    assert [name for name in _TEXTUAL_SWITCHES if not hasattr(constants, name)] == []
    source = inspect.getsource(constants)
    harmless = {
        "DEVTOOLS_HOST", "DEVTOOLS_PORT", "SCREENSHOT_LOCATION", "SCREENSHOT_FILENAME", "MAX_FPS", "COLOR_SYSTEM",
        "TEXTUAL_ANIMATIONS", "ESCAPE_DELAY", "SLOW_THRESHOLD", "DEFAULT_THEME", "DIM_FACTOR",
    }  # fmt: skip
    named = {
        line.split(":")[0] for line in source.splitlines() if line[:1].isupper() and "get_environ" in source
    }
    assert {name for name in named if name.isupper()} <= set(_TEXTUAL_SWITCHES) | harmless


def test_the_length_of_a_frame_is_read_where_it_is_set() -> None:
    assert "                UPDATE_PERIOD, self._on_timer_update" in inspect.getsource(textual.screen.Screen)
    Small(env={})
    assert textual.screen.UPDATE_PERIOD == 1 / 200


class Small(GuardedApp[None]):
    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.said: list[Departure] = []

    def compose(self) -> ComposeResult:
        yield Static("x")
        yield Input()

    async def on_leaving(self, departure: Departure) -> None:
        self.said.append(departure)

    def admits_key(self, event: events.Key) -> bool:
        return event.key != "x"


async def test_last_words_are_said_once_on_a_plain_exit() -> None:
    app = Small(env={})
    async with app.run_test() as pilot:
        app.exit(return_code=3)
        await pilot.pause()
    assert app.said == [Departure(3, "left")]
    assert app.return_code == 3


async def test_leaving_from_a_thread_ends_with_the_code_of_the_first() -> None:
    app = Small(env={})
    async with app.run_test() as pilot:
        await asyncio.to_thread(app.leave, 143, "signal SIGTERM")
        app.leave(129, "the terminal is gone")
        await pilot.pause()
        assert app.is_leaving
    assert app.said == [Departure(143, "signal SIGTERM")]
    assert app.return_code == 143
    assert app._hard_end is not None
    app._hard_end.cancel()


def test_what_the_process_had_it_has_again_and_what_nobody_waited_for_is_told(tmp_path: Path) -> None:
    numbers = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP, signal.SIGWINCH)

    def had() -> list[object]:
        hooks = threading.excepthook, sys.unraisablehook, sys.getswitchinterval()
        return [*hooks, *(signal.getsignal(number) for number in numbers)]

    class Failing:
        def __del__(self) -> None:
            raise ValueError

    class Small2(Small):
        def on_stray_error(self, error: BaseException, crash_file: Path | None) -> None:
            stray.append(type(error))

        def on_mount(self) -> None:
            during.extend(had())
            Failing()
            thread = threading.Thread(target=lambda: 1 / 0)
            thread.start()
            thread.join()
            self.exit()

    stray: list[type] = []
    during: list[object] = []
    before = had()
    Small2(
        env={"DEPLOYTUI_STATE_DIR": str(tmp_path)}, clock=FrozenClock(datetime(2025, 11, 22, tzinfo=UTC))
    ).run(headless=True)
    assert had() == before
    assert during != before
    assert stray == [ValueError, ZeroDivisionError]


async def test_a_refused_key_reaches_neither_field_nor_binding() -> None:
    app = Small(env={})
    async with app.run_test() as pilot:
        app.query_one(Input).focus()
        await pilot.press("a", "x", "b")
        assert app.query_one(Input).value == "ab"


async def fail(app: Small) -> None:
    async with app.run_test() as pilot:
        app.call_later(lambda: 1 / 0)
        await pilot.pause()


async def test_a_test_of_the_app_sees_the_exception_and_no_file_is_written(tmp_path: Path) -> None:
    app = Small(
        env={"DEPLOYTUI_STATE_DIR": str(tmp_path)}, clock=FrozenClock(datetime(2025, 11, 22, tzinfo=UTC))
    )
    with pytest.raises(ZeroDivisionError):
        await fail(app)
    assert list(tmp_path.iterdir()) == []
    assert app.said == [Departure(70, "a defect")]


def test_no_colour_is_decided_by_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    app = Small(depth=ColorDepth.TRUE)
    assert [type(each) for each in app.get_line_filters()][-1] is ScrubFilter
    assert not app.no_color
    app = Small(depth=ColorDepth.NONE)
    assert [type(each) for each in app.get_line_filters()][-2:] == [ScrubFilter, NoColorFilter]


async def test_textuals_palette_is_off() -> None:
    app = Small(env={})
    async with app.run_test() as pilot:
        await pilot.press("ctrl+p")
        assert len(app.screen_stack) == 1
