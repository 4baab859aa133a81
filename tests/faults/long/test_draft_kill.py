"""The real program in a real terminal, killed while somebody types a note: after resume the note goes on where it was."""

from __future__ import annotations

import random
import stat
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from deploytui.base.clock import SystemClock
from deploytui.journal.sqlite import open_store
from tests.e2e.terminal import Terminal
from tests.faults.conftest import SOAK
from tests.faults.dashboard_run import PROGRAM, write_plan
from tests.faults.guarded_run import ROOT

pytestmark = [pytest.mark.timeout(900 if SOAK else 180)]
KILLS = 100 if SOAK else 6
# What is typed is on the disk a quarter of a second later, on a machine that has time for it.
LATE_S = 1.5
FORGETFUL = (sys.executable, str(ROOT / "tests" / "faults" / "forgetful_typist.py"))


def start(folder: Path, *words: str, program: Sequence[str] = PROGRAM) -> Terminal:
    env = {
        "PYTHONPATH": str(ROOT / "src"),
        "DEPLOYTUI_STATE_DIR": str(folder / "state"),
        "LOGNAME": "ana",
    }
    terminal = Terminal([*program, *words], cols=100, rows=30, env=env, cwd=folder)
    terminal.wait_for("driver ana", 20)
    return terminal


def typed_until_killed(terminal: Terminal, text: str, dice: random.Random) -> None:
    """A note, begun or gone on with, left standing for a moment, and kill -9 in the middle of a further word."""
    terminal.settle(0.4)
    terminal.send("n")
    terminal.wait_for("note:", 10)
    terminal.settle(0.4)
    for char in text:
        terminal.send(char)
        terminal.pump(0.01)
    terminal.wait_for(text[-8:], 10)
    terminal.settle(LATE_S)
    terminal.send("x" * dice.randint(0, 3))
    terminal.settle(dice.uniform(0, 0.3))
    terminal.process.kill()
    terminal.wait()


def notes_in(folder: Path) -> list[str]:
    store = open_store(folder / "state" / "s.deploytui", writable=False, clock=SystemClock())
    try:
        return [event.fact.text for event in store.events() if event.kind == "note.added"]
    finally:
        store.close()


def killed_while_typing(folder: Path, kills: int, program: Sequence[str] = PROGRAM) -> int:
    """How often what stood in the dialog was there again, or began what was there again."""
    write_plan(folder / "night.yaml", ["first"])
    words, found, dice = ["run", "night.yaml", "--go-live", "now+1h", "--session", "s"], 0, random.Random(5)
    for number in range(kills):
        text = f"word-{number:03d} "
        with start(folder, *words, program=program) as terminal:
            typed_until_killed(terminal, text, dice)
        words = ["resume", "s"]
        with start(folder, *words, program=program) as terminal:
            terminal.settle(0.4)
            terminal.send("n")
            terminal.wait_for("note:", 10)
            terminal.settle(0.2)
            found += f"word-{number:03d}" in terminal.text
            terminal.send("\x1b")
            terminal.settle(0.2)
            terminal.process.kill()
    return found


def test_a_half_typed_note_survives_every_kill_and_is_gone_once_saved(
    tmp_path: Path, counted: Callable[[str], None]
) -> None:
    found = killed_while_typing(tmp_path, KILLS)
    counted(f"half-typed note, kill -9: {KILLS} kills, {KILLS - found} texts lost")
    assert found == KILLS
    file = tmp_path / "state" / "s.drafts"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert notes_in(tmp_path) == []  # never in the journal before it is sent
    with start(tmp_path, "resume", "s") as terminal:
        terminal.settle(0.4)
        terminal.send("n")
        terminal.wait_for("word-000", 10)
        terminal.settle(0.4)
        terminal.send("\r")
        terminal.wait_for("first: word-000", 10)
        terminal.settle(LATE_S)
        assert not file.exists()
        terminal.process.kill()
        terminal.wait()
    assert len(notes_in(tmp_path)) == 1
    with start(tmp_path, "resume", "s") as terminal:
        terminal.settle(0.4)
        terminal.send("n")
        terminal.wait_for("note:", 10)
        terminal.settle(0.2)
        asked = next(line for line in terminal.text.splitlines() if "note:" in line)
        assert "word-000" not in asked


def test_a_program_that_never_writes_it_down_is_caught(
    tmp_path: Path, counted: Callable[[str], None]
) -> None:
    found = killed_while_typing(tmp_path, 2, FORGETFUL)
    counted(f"  control, never written down: {2 - found} of 2 lost")
    assert found == 0
