"""The real dashboard on a pseudo-terminal, with a small plan of its own, for the fault suites."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.e2e.terminal import Terminal
from tests.faults.guarded_run import ROOT

STEPS = tuple(f"step {number}" for number in range(30))
PROGRAM = (sys.executable, "-m", "deploytui")


def quoted(text: str) -> str:
    """A text in double quotes as YAML reads it back, whatever is in it."""
    inside = (char if char.isprintable() and char not in '"\\' else f"\\U{ord(char):08x}" for char in text)
    return f'"{"".join(inside)}"'


def write_plan(path: Path, texts: Sequence[str], title: str = "Night") -> None:
    """A plan of one open phase; every text is an item, and stands as an owner and a group too."""
    items = [
        f"            - {{id: p.g.i{number:03d}, text: {quoted(text)}, owner: {quoted(text)}}}"
        for number, text in enumerate(texts)
    ]
    path.write_text(
        "\n".join(
            [
                "deploytui: 1",
                f"title: {quoted(title)}",
                "facts: {environment: production}",
                "stages:",
                "  pre-deploy:",
                "    - phase: Ready",
                "      id: p",
                "      window: T-2h .. T",
                "      groups:",
                f"        - group: {quoted(texts[0])}",
                "          id: p.g",
                "          items:",
                *items,
                "  execution: []",
                "  post-deploy: []",
                "",
            ]
        )
    )


class DashboardRun(Terminal):
    """`deploytui run` of that plan, begun and painted."""

    def __init__(
        self,
        folder: Path,
        *,
        texts: Sequence[str] = STEPS,
        title: str = "Night",
        env: Mapping[str, str] | None = None,
        cols: int = 120,
        rows: int = 40,
        flags: Sequence[str] = (),
        ignore: Sequence[signal.Signals] = (),
        program: Sequence[str] = PROGRAM,
        gauges: str = "",
    ) -> None:
        self.folder = folder
        self.state = folder / "state"
        self.env = {
            "PYTHONPATH": str(ROOT / "src"),
            "DEPLOYTUI_STATE_DIR": str(self.state),
            "LOGNAME": "ana",
            "PATH": os.environ.get("PATH", ""),
        }
        self.name = "s"
        plan = folder / "night.yaml"
        write_plan(plan, texts, title)
        plan.write_text(plan.read_text() + gauges)
        words = ["run", "night.yaml", "--go-live", "now+1h", "--session", self.name, "--as", "ana", *flags]
        all_env = self.env | dict(env or {})
        super().__init__([*program, *words], cols=cols, rows=rows, env=all_env, cwd=folder, ignore=ignore)
        self.wait_for_start("driver ana")

    def script(self, *words: str) -> str:
        """Another deploytui beside this one; its standard output."""
        done = subprocess.run(
            [*PROGRAM, *words], env=self.env, cwd=self.folder, capture_output=True, text=True, timeout=30
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def status(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.script("status", self.name, "--json"))
        return found

    def seq(self) -> int:
        """How many events the journal holds."""
        last = self.status()["last_seq"]
        assert isinstance(last, int)
        return last

    def type_slowly(self, text: str, every_s: float = 0.05) -> None:
        """Key after key, as fast as fast people type, reading what is painted meanwhile."""
        for key in text:
            self.send(key)
            self.pump(every_s)
