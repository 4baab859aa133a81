"""A small app on `GuardedApp`, for the fault suites to drive: one list to tick, one field, keys that go wrong.

python -m tests.faults.guarded_app [--unguarded]     writes what happens to the file named by GUARDED_LOG
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any, ClassVar, NoReturn

from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Input, Static

from deploytui.ui.color import color_depth
from deploytui.ui.terminal.app import Departure, GuardedApp

SENTINEL = "sEntinel-9f8e7d6c5b4a"


def log(word: str) -> None:
    with Path(os.environ["GUARDED_LOG"]).open("a") as file:
        file.write(f"{word}\n")


KEYS: list[Any] = [
    Binding("space", "tick"),
    Binding("ctrl+q", "leave_it", priority=True),
    Binding("X", "raise_in_handler"),
    Binding("T", "raise_in_timer"),
    Binding("W", "raise_in_worker"),
    Binding("B", "raise_in_task"),
    Binding("D", "raise_in_thread"),
    Binding("E", "system_exit"),
    Binding("Z", "suspend_process"),
    Binding("S", "hang"),
    Binding("M", "echo"),
    Binding("F", "flood"),
]


class Trouble:
    """The keys of both apps. Everything they do wrong holds a secret that must come to light nowhere."""

    AUTO_FOCUS: ClassVar[str | None] = None
    ticks = 0
    frames_left = 0

    def compose(self) -> ComposeResult:
        yield Static("ready", id="state", markup=False)
        yield Input(placeholder="field")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """In a rain of bytes the keys that go wrong on purpose are off."""
        if action == "echo":
            return os.path.isfile(os.environ["GUARDED_TEXTS"])
        return os.environ.get("GUARDED_KEYS") != "harmless" or action in ("tick", "leave_it")

    def on_mount(self) -> None:
        self.set_interval(0.05, self.beat)  # type: ignore[attr-defined]

    def beat(self) -> None:
        log("beat")
        self.frames_left = max(0, self.frames_left - 1)
        if os.environ.get("GUARDED_PAINTS") == "much" or self.frames_left:
            self.painted = getattr(self, "painted", 0) + 1
            self.screen.styles.background = ("#000000", "#FFFFFF")[self.painted % 2]  # type: ignore[attr-defined]

    def action_flood(self) -> None:
        """A second and a half in which all is painted again and again."""
        self.frames_left = 30

    def on_mouse_down(self) -> None:
        log("mouse")

    def show(self, text: str) -> None:
        self.query_one("#state", Static).update(Content(text))  # type: ignore[attr-defined]

    def action_tick(self) -> None:
        self.ticks += 1
        log("tick")
        self.show(f"ticked {self.ticks}")

    def on_key(self, event: events.Key) -> None:
        log(f"key {event.key}")
        time.sleep(float(os.environ.get("GUARDED_KEY_S", "0")))

    def on_paste(self, event: events.Paste) -> None:
        log(f"paste {len(event.text)}")
        self.show(f"pasted {len(event.text)}")

    def action_leave_it(self) -> None:
        self.exit()  # type: ignore[attr-defined]

    def action_echo(self) -> None:
        """The next of the texts of a JSON file, as content, tooltip, toast and border title."""
        texts = json.loads(Path(os.environ["GUARDED_TEXTS"]).read_text())
        self.echoed = getattr(self, "echoed", -1) + 1
        text = texts[self.echoed % len(texts)]
        state = self.query_one("#state", Static)  # type: ignore[attr-defined]
        state.tooltip = Content(text)
        state.styles.border = ("round", "white")
        state.border_title = Content(text)
        state.update(Content(f"{self.echoed:03d} {text}"))
        self.notify(text, markup=False)  # type: ignore[attr-defined]

    def fail(self) -> NoReturn:
        token = f"token={SENTINEL}"
        raise ValueError(f"cannot reach https://user:{SENTINEL}@host/?key={SENTINEL} with {token}")

    def action_raise_in_handler(self) -> None:
        self.fail()

    def action_raise_in_timer(self) -> None:
        self.set_timer(0.01, self.fail)  # type: ignore[attr-defined]

    def action_raise_in_worker(self) -> None:
        async def work() -> None:
            self.fail()

        self.run_worker(work())  # type: ignore[attr-defined]

    def action_raise_in_task(self) -> None:
        async def work() -> None:
            self.fail()

        self.forgotten = asyncio.create_task(work())
        self.forgotten.add_done_callback(lambda _task: delattr(self, "forgotten"))
        self.show("task started")

    def action_raise_in_thread(self) -> None:
        threading.Thread(target=self.fail).start()
        self.show("thread started")

    def action_system_exit(self) -> None:
        sys.exit(5)

    def action_hang(self) -> None:
        self.show("hanging")
        self.call_later(self.hang)  # type: ignore[attr-defined]

    def hang(self) -> None:
        log("hang")
        threading.Event().wait(60)


class GuardedTrouble(Trouble, GuardedApp[None]):
    BINDINGS = KEYS

    async def on_leaving(self, departure: Departure) -> None:
        log(f"leaving {departure.code} {departure.why}")
        if os.environ.get("GUARDED_HOOK") == "hangs":
            await asyncio.sleep(60)

    def on_stray_error(self, error: BaseException, crash_file: Path | None) -> None:
        log(f"stray {type(error).__name__}")

    def on_mount(self) -> None:
        super().on_mount()
        self.set_terminal_title("guarded \x1b]0;evil\x07 app")


class UnguardedTrouble(Trouble, App[None]):
    """The same on Textual alone: what each check must find wanting."""

    BINDINGS = KEYS


def main() -> None:
    app: App[Any]
    depth = color_depth("auto", os.environ)
    app = UnguardedTrouble() if "--unguarded" in sys.argv else GuardedTrouble(depth=depth)
    app.run()
    sys.exit(app.return_code or 0)


if __name__ == "__main__":
    main()
