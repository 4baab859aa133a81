"""What a script waits for: whole processes, from start to end, beside one that only imports click."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

Row = tuple[str, float, float, float]
ROOT = Path(__file__).parent.parent.parent
ROUNDS = 15
FLOOR = ("-c", "import click")
_PROGRAM = ("-m", "deploytui")
_MAKE = """
import sys
from pathlib import Path
from tests.cli.conftest import Box
from tests.cli.conftest import PLAN
folder = Path(sys.argv[1])
for name, plan in (("small", PLAN), ("salessync", Path(sys.argv[2]).read_text("utf-8"))):
    Box(folder, {}).session(name, plan=plan)
"""


def _took_ms(words: Sequence[str], env: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *words], env=env, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - began) * 1000


def measure(*, is_quick: bool = False) -> list[Row]:
    """(name, floor ms, seen ms, ratio) of each row; floor and commands take turns, so that a busy machine hits all."""
    with tempfile.TemporaryDirectory() as name:
        kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        env = {
            **kept,
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "DEPLOYTUI_STATE_DIR": str(Path(name) / "state"),
        }
        checklist = str(ROOT / "checklists" / "salessync.yaml")
        subprocess.run([sys.executable, "-c", _MAKE, name, checklist], env=env, check=True)
        commands = {
            "--version": (*_PROGRAM, "--version"),
            "status, 4 items": (*_PROGRAM, "status", "small"),
            "status, 201 boxes": (*_PROGRAM, "status", "salessync"),
            "tick (already done)": (*_PROGRAM, "tick", "small", "pre.backup", "--as", "CI"),
            "check, 201 boxes": (*_PROGRAM, "check", checklist),
        }
        for words in (FLOOR, *commands.values()):  # once before timing: bytecode is written
            _took_ms(words, env)
        times: dict[str, list[float]] = {label: [] for label in ("floor", *commands)}
        for _ in range(5 if is_quick else ROUNDS):
            times["floor"].append(_took_ms(FLOOR, env))
            for label, words in commands.items():
                times[label].append(_took_ms(words, env))
    floor = statistics.median(times.pop("floor"))
    medians = {label: statistics.median(found) for label, found in times.items()}
    return [(f"{label} (import click)", floor, seen, seen / floor) for label, seen in medians.items()]


if __name__ == "__main__":
    for row in measure():
        print("{:40} floor {:7.1f} ms  seen {:7.1f} ms  x{:.2f}".format(*row))
