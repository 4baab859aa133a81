"""Runs the small guarded app, or the real dashboard, on a pseudo-terminal for the fault suites."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.e2e.terminal import Terminal, TimedOut

ROOT = Path(__file__).resolve().parents[2]
IS_SOAK = os.environ.get("DEPLOYTUI_SOAK") == "1"


def times(in_ci: int, in_soak: int) -> int:
    """How often a fault is tried: a little in CI, at length in `make soak`."""
    return in_soak if IS_SOAK else in_ci


class Run(Terminal):
    """The small app in a folder of its own; `words` is what it wrote to its log, less the heartbeats."""

    def __init__(
        self,
        folder: Path,
        *,
        is_guarded: bool = True,
        hook: str = "",
        texts: Path | None = None,
        env: dict[str, str] | None = None,
        ignore: Sequence[signal.Signals] = (),
        redirect: str = "",
        cols: int = 80,
        rows: int = 24,
    ) -> None:
        self.log = folder / "log"
        self.log.write_text("")
        self.state = folder / "state"
        own = {
            "GUARDED_LOG": str(self.log),
            "GUARDED_HOOK": hook,
            "GUARDED_TEXTS": str(texts),
            "DEPLOYTUI_STATE_DIR": str(self.state),
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        }
        argv = [sys.executable, "-m", "tests.faults.guarded_app", *([] if is_guarded else ["--unguarded"])]
        if redirect:
            argv = ["sh", "-c", f'exec "$@" {redirect}', "sh", *argv]
        super().__init__(argv, cols=cols, rows=rows, env=own | (env or {}), cwd=ROOT, ignore=ignore)
        self.wait_for_start("ready")

    def words(self) -> list[str]:
        return [word for word in self.log.read_text().splitlines() if word != "beat"]

    def beats(self) -> int:
        return self.log.read_text().count("beat\n")

    def wait_for_word(self, word: str, timeout_s: float = 10) -> None:
        self.wait_for(lambda _: any(each.startswith(word) for each in self.words()), timeout_s)

    def press(self, key: str, name: str = "") -> None:
        """Press a key until it arrives: right after a paste it would pass for its end."""
        word = f"key {name or key}"
        before = self.words().count(word)
        for _ in range(20):
            self.send(key)
            with contextlib.suppress(TimedOut):
                self.wait_for(lambda _: self.words().count(word) > before, 0.5)
                return
        raise TimedOut(f"{word} never arrived; the screen:\n{self.text}")

    def is_alive(self) -> bool:
        """It still takes a key and paints what it did."""
        self.press(" ", "space")
        self.wait_for(re.compile(r"^ticked"))
        return True

    def quit(self) -> int:
        self.send(b"\x11")
        return self.wait()

    def crash_files(self) -> list[Path]:
        return sorted(self.state.glob("crash-*.txt")) if self.state.is_dir() else []
