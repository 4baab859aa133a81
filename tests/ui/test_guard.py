"""The guard leans on names of Textual that are not its public interface: here they are, one by one.

When one of these tests fails after an update of Textual, `ui/driver.py` and `ui/guard.py` need a look before
anything else: what they override is then never called.
"""

from __future__ import annotations

import asyncio
import inspect
import select
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import textual.app
import textual.drivers._writer_thread
import textual.screen
from textual import _parser, constants, events
from textual._xterm_parser import XTermParser
from textual.app import App, ComposeResult
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message_pump import MessagePump
from textual.widgets import Input, Static

from deploytui.base.clock import FrozenClock
from deploytui.ui.color import ColorDepth, NoColorFilter, ScrubFilter
from deploytui.ui.driver import GuardedDriver, WakingEvent
from deploytui.ui.guard import _TEXTUAL_SWITCHES, Departure, GuardedApp

OVERRIDDEN = {
    GuardedDriver: [
        "__init__", "start_application_mode", "stop_application_mode", "write", "_sigtstp_application",
        "_sigcont_application", "_run_input_thread", "run_input_thread", "process_message", "send_message",
        "_query_in_band_window_resize", "_get_terminal_size",
    ],
    GuardedApp: [
        "__init__", "_shutdown", "run", "run_async", "_handle_exception", "_fatal_error", "panic", "on_event",
        "_print_error_renderables", "get_line_filters", "get_system_commands", "action_screenshot",
        "_set_pointer_shape",
    ],
}  # fmt: skip

# What is called or read by name, and the source it stands in.
USED = {
    LinuxDriver: ["_must_signal_resume", "attrs_before", "exit_event", "_key_thread", "_writer_thread", "self._file"],
    Driver: ["_auto_restart", "self._loop", "self._app", "suspend_application_mode", "resume_application_mode"],
    App: ["self._exception", "_exception_event", "_exit_renderables", "self._return_code", "_close_messages_no_wait",
          "self._loop", "def _context", "self._driver", "self.animation_level", "self.console", "is_headless"],
    XTermParser: ["def feed"],
    _parser.Parser: ["def tick", "def feed", "self._awaiting: Read1 | Peek1"],
    _parser.Read1: ["timeout: float | None"],
    MessagePump: ["def message_queue_size", "_post_message"],
    textual.drivers._writer_thread.WriterThread: ["self._file.write", "self._file.flush"],
    events.Event: ["is_forwarded"],
}  # fmt: skip


@pytest.mark.parametrize(("ours", "names"), OVERRIDDEN.items())
def test_what_is_overridden_still_exists_above(ours: type, names: list[str]) -> None:
    above = ours.__mro__[1]
    assert [name for name in names if not hasattr(above, name)] == []
    assert [name for name in names if name not in vars(ours)] == []


@pytest.mark.parametrize(("ours", "names"), OVERRIDDEN.items())
def test_no_other_name_of_textual_is_overridden(ours: type, names: list[str]) -> None:
    """Whoever overrides one more adds it to the list above."""
    above = ours.__mro__[1]
    functions = {
        name for name, value in vars(ours).items() if inspect.isfunction(value) and hasattr(above, name)
    }
    assert functions - set(names) <= {"__init__"}


@pytest.mark.parametrize(("theirs", "names"), USED.items())
def test_what_is_used_still_exists(theirs: type, names: list[str]) -> None:
    source = inspect.getsource(theirs)
    assert [name for name in names if name not in source and not hasattr(theirs, name)] == []


def test_the_handlers_and_the_thread_are_looked_up_by_name() -> None:
    """Overriding helps only as long as Textual asks the instance for them."""
    source = inspect.getsource(LinuxDriver)
    for call in (
        "self._sigtstp_application",
        "self._sigcont_application",
        "target=self._run_input_thread",
        "WriterThread(self._file)",
        "self._get_terminal_size()",
        "self._query_in_band_window_resize()",
    ):
        assert call in source, call
    source = inspect.getsource(textual.app.App)
    for call in ("self._print_error_renderables()", "self._fatal_error()", "app._shutdown()"):
        assert call in source, call
    assert "._set_pointer_shape(" in inspect.getsource(textual.screen)


def test_the_check_can_fail() -> None:
    class Renamed(LinuxDriver):
        def _a_name_that_is_gone(self) -> None: ...

    with pytest.raises(AssertionError):
        test_what_is_overridden_still_exists_above(Renamed, ["_a_name_that_is_gone"])


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


class Sized(GuardedDriver):
    """A driver whose terminal changes its size once more in the middle of being asked for it."""

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self.size, self.is_asked = (29, 83), False

    def _get_terminal_size(self) -> tuple[int, int]:
        size = self.size
        if not self.is_asked:
            self.is_asked, self.size = True, (80, 24)
            self._sigwinch()
        return size


async def test_the_last_size_told_is_the_size_the_terminal_has() -> None:
    """A signal within the handling of another must not be told before it: the older size would stay on screen."""
    told: list[tuple[int, int]] = []

    class Listener:
        def post_message(self, message: events.Resize) -> None:
            told.append(tuple(message.size))

    driver = Sized(Listener())
    driver._sigwinch()
    for _ in range(5):
        await asyncio.sleep(0)
    assert told == [(29, 83), (80, 24)]


def test_whoever_waits_for_input_is_woken_to_leave() -> None:
    event = WakingEvent()
    for _ in range(3):
        assert select.select([event.fd], [], [], 0)[0] == []
        event.set()
        event.set()
        assert select.select([event.fd], [], [], 0)[0] == [event.fd]
        assert event.is_set()
        event.clear()


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


async def test_textuals_palette_and_screenshots_are_off() -> None:
    app = Small(env={})
    async with app.run_test() as pilot:
        await pilot.press("ctrl+p")
        assert len(app.screen_stack) == 1
        assert list(app.get_system_commands(app.screen)) == []
        app.action_screenshot()
