"""The terminal's room leans on names of Textual that are not its public interface: here they are, one by one.

When one of these tests fails after an update of Textual, `ui/terminal/` needs a look before anything else: what it
overrides is then never called. The tests that its docstrings name are there, too.
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
import textual.app
import textual.drivers._writer_thread
import textual.screen
from textual import _parser, events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message_pump import MessagePump

from deploytui.ui.terminal.app import GuardedApp
from deploytui.ui.terminal.driver import GuardedDriver

ROOT = Path(__file__).parents[3]

OVERRIDDEN = {
    GuardedDriver: [
        "__init__", "start_application_mode", "stop_application_mode", "write", "_sigtstp_application",
        "_sigcont_application", "_run_input_thread", "run_input_thread", "send_message", "_get_terminal_size",
    ],
    GuardedApp: [
        "__init__", "_shutdown", "run", "run_async", "_handle_exception", "on_event", "_print_error_renderables",
        "get_line_filters", "_set_pointer_shape",
    ],
}  # fmt: skip

# What is called or read by name, and the source it stands in.
USED = {
    LinuxDriver: ["_must_signal_resume", "attrs_before", "exit_event", "_key_thread", "_writer_thread", "self._file"],
    Driver: ["_auto_restart", "self._loop", "self._app", "suspend_application_mode", "resume_application_mode"],
    App: ["self._exception", "_exception_event", "self._return_code", "_close_messages_no_wait",
          "self._loop", "def _context", "self._driver", "_disable_notifications", "_disable_tooltips",
          "self.animation_level", "self.console", "is_headless"],
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
    ):
        assert call in source, call
    source = inspect.getsource(textual.app.App)
    for call in ("self._print_error_renderables()", "self._handle_exception(", "app._shutdown()"):
        assert call in source, call
    assert "._set_pointer_shape(" in inspect.getsource(textual.screen)


def test_the_check_can_fail() -> None:
    class Renamed(LinuxDriver):
        def _a_name_that_is_gone(self) -> None: ...

    with pytest.raises(AssertionError):
        test_what_is_overridden_still_exists_above(Renamed, ["_a_name_that_is_gone"])


def test_every_test_that_the_room_names_is_there() -> None:
    sources = [path.read_text() for path in (ROOT / "src/deploytui/ui/terminal").glob("*.py")]
    named = {name for source in sources for name in re.findall(r"`(test_\w+)`", source)}
    tests = list((ROOT / "tests").rglob("*.py"))
    there = {path.stem for path in tests}.union(
        *(re.findall(r"def (test_\w+)", path.read_text()) for path in tests)
    )
    assert len(named) > 10
    assert named - there == set()
