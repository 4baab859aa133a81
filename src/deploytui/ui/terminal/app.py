"""The app's base: every end gives the terminal back, says one line at most, and has the right exit code.

The dashboard inherits `GuardedApp` and overrides `on_leaving` to journal and to release its lease. Beside each deviation
from Textual stands the test that fails on Textual alone, and what upstream says of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import textual.screen
from msgspec import Struct
from textual import constants, events
from textual.app import App, ReturnType
from textual.driver import Driver
from textual.filter import LineFilter
from textual.worker import WorkerFailed

from deploytui.base.clock import Clock, SystemClock
from deploytui.base.crash import place_of, write_crash
from deploytui.base.paths import crash_dir
from deploytui.ui.color import UNICODE, ColorDepth, Glyphs
from deploytui.ui.terminal.driver import GuardedDriver
from deploytui.ui.terminal.filter import last_filters, make_console

LEAVING_S = 1.5  # for `on_leaving`, so that all of it stays below two seconds
HARD_END_S = 4.0
DEFECT_CODE = 70
_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
_TEXTUALS_SIGNALS = (signal.SIGTSTP, signal.SIGCONT, signal.SIGWINCH)
# The threads that save and that write to the terminal have little to do, and somebody waits for it: they must not
# stand behind 5 ms of painting, which is Python's own interval.
_SWITCH_S = 0.0005
# A change soon after another waits for the next frame, a key's right behind the clock's too: at Textual's 60 frames a
# second up to 22 ms. A frame in which nothing changed costs nothing. TEXTUAL_FPS is read when Textual is imported, and
# would reach every command that is started.
_FRAME_S = 1 / 200
# What the environment could make of Textual while somebody drives: keys pressed by themselves, a log of all
# that is shown, pictures, another driver. They are read when Textual is imported, so they are set back here
# (`test_nothing_of_textuals_environment_acts`; meant so by Textual).
_TEXTUAL_SWITCHES: Mapping[str, object] = {
    "DEBUG": False, "DRIVER": None, "FILTERS": "", "LOG_FILE": None, "PRESS": "", "SCREENSHOT_DELAY": -1,
    "SHOW_RETURN": False, "DISABLE_KITTY_KEY": False, "SMOOTH_SCROLL": False,
}  # fmt: skip


class Departure(Struct, frozen=True):
    """Why the app ends: its exit code, and `signal SIGTERM`, `the terminal is gone`, `a defect`, `left`."""

    code: int
    why: str


class GuardedApp(App[ReturnType]):
    """A Textual app that is safe to run on a shared terminal."""

    COMMANDS: ClassVar[Any] = set()
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self,
        *,
        depth: ColorDepth = ColorDepth.TRUE,
        glyphs: Glyphs = UNICODE,
        env: Mapping[str, str] | None = None,
        clock: Clock | None = None,
        driver_class: type[Driver] = GuardedDriver,
        **settings: Any,
    ) -> None:
        self._env = os.environ if env is None else env
        self._clock = clock or SystemClock()
        self._departure: Departure | None = None
        self._has_said_goodbye = False
        self._hard_end: threading.Timer | None = None
        self._crash_line = ""
        self._last_filters = last_filters(depth, glyphs)
        for name, value in _TEXTUAL_SWITCHES.items():
            setattr(constants, name, value)
        vars(textual.screen)["UPDATE_PERIOD"] = _FRAME_S
        with _without_names(os.environ, "NO_COLOR", "TEXTUAL"):
            super().__init__(driver_class=driver_class, **settings)
        self.console = make_console(depth, self._env, self.console.file)
        self.animation_level = "none"

    # -- what the dashboard uses ------------------------------------------------------------------------

    async def on_leaving(self, departure: Departure) -> None:
        """Called once on every end the process lives to see, for at most 1.5 s: journal, release the lease."""

    def on_stray_error(self, error: BaseException, crash_file: Path | None) -> None:
        """A task or thread nobody waited for has failed. The app goes on; the dashboard may say so."""

    def admits_key(self, event: events.Key) -> bool:
        """Whether a key may go on to bindings and fields. Asked once for each, before any priority binding."""
        return True

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded and not self.admits_key(event):
            return
        await super().on_event(event)

    def set_terminal_title(self, title: str) -> None:
        """What the terminal's tab says; it is given back at the end."""
        if isinstance(self._driver, GuardedDriver):
            self._driver.set_title(title)

    def tell_terminal(self, sequence: str) -> None:
        """A sequence that draws nothing: a notification, a bell. Nothing where the terminal is not ours just now."""
        if isinstance(self._driver, GuardedDriver):
            self._driver.tell(sequence)

    @property
    def is_terminal_gone(self) -> bool:
        """Nothing can be printed any more, not even to standard error."""
        return isinstance(self._driver, GuardedDriver) and self._driver.is_gone

    @property
    def is_leaving(self) -> bool:
        return self._departure is not None

    def leave(self, code: int, why: str) -> None:
        """End with this exit code; callable from any thread and from signal handlers. The first one counts."""
        if self._departure is None:
            self._departure = Departure(code, why)
            self._hard_end = threading.Timer(HARD_END_S, self._end_hard)
            self._hard_end.daemon = True
            self._hard_end.start()
            if self._loop is not None:
                with contextlib.suppress(RuntimeError):  # the loop has ended already
                    self._loop.call_soon_threadsafe(self._begin_leaving)

    # -- the ways out -----------------------------------------------------------------------------------

    def _begin_leaving(self) -> None:
        with self._context():
            self._leaving_task = asyncio.create_task(self._leave_now())

    async def _leave_now(self) -> None:
        await self._say_goodbye()
        assert self._departure is not None
        self.exit(return_code=self._departure.code)

    async def _say_goodbye(self) -> None:
        if self._has_said_goodbye:
            return
        self._has_said_goodbye = True
        departure = self._departure or Departure(self._return_code or 0, "left")
        try:
            async with asyncio.timeout(LEAVING_S):
                await self.on_leaving(departure)
        except TimeoutError:
            pass  # a slow disk is no defect; who takes over sees a dead process and takes the lease at once
        except Exception as error:
            self._write_crash(error, "while leaving")

    def _end_hard(self) -> None:
        """The orderly way hangs: give the terminal back and go. What was acknowledged is on disk already."""
        if isinstance(self._driver, GuardedDriver):
            self._driver.abandon()
        os._exit(self._departure.code if self._departure else DEFECT_CODE)

    async def _shutdown(self) -> None:
        await self._say_goodbye()
        await super()._shutdown()

    def run(self, **settings: Any) -> ReturnType | None:
        """Run to the end, with signals, threads and forgotten tasks looked after; then all is as it was before. Textual
        leaves a terminal to whoever comes after SIGTERM or SIGHUP as it is (`test_textual_alone_fails_the_same_check`;
        #5140, open)."""
        before = {number: signal.getsignal(number) for number in (*_SIGNALS, *_TEXTUALS_SIGNALS)}
        hooks, interval_s = (threading.excepthook, sys.unraisablehook), sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_S)
        threading.excepthook = lambda failure: self._stray(failure.exc_value)
        sys.unraisablehook = lambda failure: self._stray(failure.exc_value)
        try:
            for number in _SIGNALS:
                # nohup and background jobs of scripts ignore some on purpose; to be asked to end never is.
                if before[number] is not signal.SIG_IGN or number == signal.SIGTERM:
                    signal.signal(number, self._on_signal)
            return super().run(**settings)
        finally:
            sys.setswitchinterval(interval_s)
            threading.excepthook, sys.unraisablehook = hooks
            for number, handler in before.items():
                signal.signal(number, signal.SIG_DFL if handler is None else handler)
            if self._hard_end is not None:
                self._hard_end.cancel()

    def _on_signal(self, number: int, _frame: object) -> None:
        # Not loop.add_signal_handler: that waits for the loop, and this must also end a loop that hangs.
        self.leave(128 + number, f"signal {signal.Signals(number).name}")

    async def run_async(self, **settings: Any) -> ReturnType | None:
        asyncio.get_running_loop().set_exception_handler(
            lambda _loop, context: self._stray(context.get("exception"))
        )
        return await super().run_async(**settings)

    # -- defects ----------------------------------------------------------------------------------------

    def defect(self, error: BaseException) -> None:
        """An exception nobody caught ends the app: one line and a file, never its text on the screen."""
        if isinstance(error, WorkerFailed):
            error = error.error
        if not self.is_headless and not self._crash_line:
            path = self._write_crash(error, "the dashboard")
            where = f"details: {path}" if path else "its details could not be written"
            self._crash_line = (
                f"error: a defect of deploytui ended it ({type(error).__name__} at {place_of(error)}); "
                f"what was saved is safe; {where}"
            )
        if self._departure is None:
            self._departure = Departure(DEFECT_CODE, "a defect")
        self._return_code = DEFECT_CODE
        self._close_messages_no_wait()

    def _handle_exception(self, error: Exception) -> None:
        """Textual prints a traceback with every local value (`test_textual_alone_fails_the_same_check`; #3069 asks for
        less, closed)."""
        if self._exception is None:  # what run_test raises again
            self._exception = error
            self._exception_event.set()
        self.defect(error)

    def _print_error_renderables(self) -> None:
        if self._crash_line and not self.is_terminal_gone:
            with contextlib.suppress(OSError):  # past the stream's buffer, which would fail again at the end
                os.write(2, f"{self._crash_line}\n".encode("utf-8", "replace"))

    def _stray(self, error: BaseException | None) -> None:
        if error is not None and not isinstance(error, asyncio.CancelledError | SystemExit):
            self.on_stray_error(error, self._write_crash(error, "in the background"))

    def _write_crash(self, error: BaseException, about: str) -> Path | None:
        return write_crash(error, crash_dir(self._env), self._clock.now(), self._env, about=about)

    # -- what Textual would do by itself ----------------------------------------------------------------

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), *self._last_filters]

    def _set_pointer_shape(self, shape: str) -> None:
        """Off: Textual does not give it back (`test_the_pointer_keeps_its_shape`; no issue found)."""


@contextlib.contextmanager
def _without_names(env: Any, *names: str) -> Any:
    kept = {name: env.pop(name) for name in names if name in env}
    try:
        yield
    finally:
        env.update(kept)
