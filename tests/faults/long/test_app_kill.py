"""The real program in a real terminal, killed at random moments while it ticks: what was painted is in the journal."""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deploytui.base.clock import SystemClock
from deploytui.journal.integrity import verify
from deploytui.journal.sqlite import open_store
from tests.e2e.terminal import Terminal, TimedOut
from tests.faults.conftest import SOAK
from tests.faults.dashboard_run import PROGRAM, write_plan
from tests.faults.guarded_run import ROOT

pytestmark = [pytest.mark.timeout(3600 if SOAK else 240)]
KILLS = 1000 if SOAK else 50
KILLS_OF_A_SESSION = 50
ITEMS = 400
# What the key guard asks for between two ticks, from the painting of the first, and a little more.
BETWEEN_S = 0.32
# A row that says so from end to end. A kill may tear a row: the number stands twice, so that half a new one over
# half an old one is no third, and who and when must stand at its end.
TICKED = re.compile(r"\[✓\] step-(\d{3})-\1 .*\S$|✓ step-(\d{3})-\2: done", re.MULTILINE)
# The whole first frame: who drives, and the cursor on an open item.
DRIVING = re.compile(r"driver ana.*▌\[ \]", re.DOTALL)
EARLY = (sys.executable, str(ROOT / "tests" / "faults" / "early_painter.py"))


class WatchedTerminal(Terminal):
    """Remembers every item that was ever painted as ticked, in the checklist or in the journal's pane, and the row."""

    def __init__(self, argv: Sequence[str], **settings: object) -> None:
        self.painted: dict[str, str] = {}
        super().__init__(argv, cols=80, rows=24, **settings)  # type: ignore[arg-type]

    def pump(self, timeout_s: float) -> bool:
        came = super().pump(timeout_s)
        if came:
            text = self.text
            for found in TICKED.finditer(text):
                self.painted.setdefault(found[1] or found[2], found[0])
        return came


@dataclass
class Outcome:
    """What many kills of one session came to."""

    kills: int = 0
    painted: set[str] = field(default_factory=set)
    lost: dict[str, str] = field(default_factory=dict)
    unsound: list[str] = field(default_factory=list)


def tick_one(terminal: WatchedTerminal) -> None:
    """As people do: press, look, and press again where nothing was painted because the key came too early."""
    before = len(terminal.painted)
    for _ in range(20):
        terminal.send(" ")
        until_s = time.monotonic() + 0.5
        while (left_s := until_s - time.monotonic()) > 0:
            terminal.pump(left_s)
            if len(terminal.painted) > before:
                return
    raise TimedOut(f"no tick was painted; the screen:\n{terminal.text}")


def ticks_until_killed(terminal: WatchedTerminal, dice: random.Random) -> None:
    """Tick one to three items, each as soon as the one before it was painted, and kill at any moment of the last."""
    for _ in range(dice.randint(0, 2)):
        tick_one(terminal)
        terminal.settle(BETWEEN_S)
    terminal.send(" ")
    kill_at_s = time.monotonic() + dice.uniform(0, 0.12)
    while (left_s := kill_at_s - time.monotonic()) > 0:
        terminal.pump(left_s)
    terminal.process.kill()
    terminal.wait()
    while terminal.pump(0):
        pass


def in_journal(path: Path) -> tuple[set[str], str]:
    """The items that the journal says are ticked, and what is broken in it, or ""."""
    store = open_store(path, writable=False, clock=SystemClock())
    try:
        broken = verify(store).broken
        events = store.events()
    finally:
        store.close()
    done = {event.item[-3:] for event in events if event.kind == "item.checked"}
    return done, "" if broken is None else str(broken)


def killed(folder: Path, kills: int, dice: random.Random, program: Sequence[str] = PROGRAM) -> Outcome:
    """One session, begun once and resumed after each kill; judged each time by reading the file."""
    folder.mkdir()
    write_plan(folder / "night.yaml", [f"step-{number:03d}-{number:03d}" for number in range(ITEMS)])
    env = {
        "PYTHONPATH": str(ROOT / "src"),
        "DEPLOYTUI_STATE_DIR": str(folder / "state"),
        "LOGNAME": "ana",
    }
    words = ["run", "night.yaml", "--go-live", "now+1h", "--session", "s"]
    outcome = Outcome()
    while outcome.kills < kills:
        with WatchedTerminal([*program, *words], env=env, cwd=folder) as terminal:
            terminal.wait_for(DRIVING, 20)
            ticks_until_killed(terminal, dice)
        words = ["resume", "s"]
        outcome.kills += 1
        outcome.painted |= set(terminal.painted)
        there, broken = in_journal(folder / "state" / "s.deploytui")
        outcome.lost |= {name: row for name, row in terminal.painted.items() if name not in there}
        outcome.unsound += [broken] if broken else []
    return outcome


def test_every_tick_that_was_painted_is_in_the_journal(
    tmp_path: Path, counted: Callable[[str], None]
) -> None:
    dice = random.Random(11)
    kills = painted = lost = 0
    while kills < KILLS:
        outcome = killed(tmp_path / str(kills), min(KILLS_OF_A_SESSION, KILLS - kills), dice)
        kills += outcome.kills
        painted += len(outcome.painted)
        lost += len(outcome.lost)
        assert outcome.unsound == []
        assert outcome.lost == {}
    counted(f"the dashboard, kill -9 at random: {kills} kills, {painted} ticks painted, {lost} lost")
    assert painted > kills


def test_a_tick_that_is_painted_before_it_is_saved_is_caught(
    tmp_path: Path, counted: Callable[[str], None]
) -> None:
    outcome = killed(tmp_path / "early", 6, random.Random(12), EARLY)
    counted(f"  control, painted before it is saved: {len(outcome.lost)} of {len(outcome.painted)} lost")
    assert outcome.lost
