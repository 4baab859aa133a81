"""A session file that somebody writes over while it is driven: `cp old.deploytui tonight.deploytui`, at any moment.

Judged by what a person saw: a tick that was painted stands in the session's file or in the copy that the program made of what
it knew, and nothing is painted or saved after that.
"""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from deploytui.base.clock import SystemClock
from deploytui.base.errors import DeploytuiError
from deploytui.journal.integrity import verify
from deploytui.journal.sqlite import open_store
from tests.e2e.terminal import Terminal
from tests.faults.conftest import SOAK
from tests.faults.dashboard_run import PROGRAM, DashboardRun
from tests.faults.guarded_run import ROOT
from tests.faults.long.test_dashboard_store import press_space, was_drawn

BLIND = (sys.executable, str(ROOT / "tests" / "faults" / "blind_store.py"))


def copy_over(old: Path, path: Path) -> None:
    """Into the same file, by a program that knows of no locks."""
    inode = path.stat().st_ino
    subprocess.run(["cp", "--", str(old), str(path)], check=True)
    assert path.stat().st_ino == inode


def items_in(path: Path) -> set[str]:
    """What is ticked in a file that is sound; nothing where it is not."""
    try:
        store = open_store(path, writable=False, clock=SystemClock())
    except DeploytuiError:
        return set()
    try:
        assert verify(store).broken is None
        return {event.item for event in store.events() if event.kind == "item.checked"}
    finally:
        store.close()


def painted(run: Terminal) -> set[str]:
    """The items whose ticks a person sees."""
    return {f"p.g.i{int(number):03d}" for number in re.findall(r"\[✓\] step (\d+)", run.text)}


def tick(run: DashboardRun, *steps: int) -> None:
    for step in steps:
        press_space(run)
        run.wait_for(f"[✓] step {step}")


def test_an_older_copy_over_a_driven_file_is_said_nothing_is_saved_and_all_is_kept(tmp_path: Path) -> None:
    with DashboardRun(tmp_path) as run:
        path, old = run.state / "s.deploytui", tmp_path / "old"
        tick(run, 0, 1)
        shutil.copyfile(path, old)
        tick(run, 2, 3)
        run.settle(1)
        seen = painted(run)
        copy_over(old, path)
        run.wait_for(
            "NOT SAVING: the file went back to event 5: this program knows 7, all of it is in s-recovered", 12
        )
        assert painted(run) == seen
        run.wait_for(re.compile(r"\[✓\] step 2 .*ONLY HERE, ana"))
        assert not re.search(r"\[✓\] step 1 .*ONLY HERE", run.text)  # that one is in the file
        press_space(run)
        run.wait_for("NOT SAVED, nothing is saved any more: the file went back to event 5")
        assert not was_drawn(run, "[✓] step 4")
        run.send("\x1b")
        run.send("\x1b")
        run.settle(1)
        assert "NOT SAVING: the file went back to event 5" in run.text  # nobody can wave it away
        assert path.read_bytes() == old.read_bytes()
        copy = path.with_name("s-recovered.deploytui")
        assert items_in(copy) == seen
        assert copy.stat().st_mode & 0o777 == 0o600
        run.send("q")
        run.wait_for("Leave?")
        assert "all that was ticked is saved" not in run.text
        run.send("y")
        assert run.wait() == 0
        run.wait_for("NOT SAVED to its end: the file went back to event 5")
        assert path.read_bytes() == old.read_bytes()
        words = ("resume", "s-recovered", "--as", "ana")
        with Terminal([*PROGRAM, *words], cols=120, rows=40, env=run.env, cwd=tmp_path) as again:
            again.wait_for("driver ana", 20)
            again.wait_for(lambda screen: painted(screen) == seen)
            again.settle(0.6)
            again.send(" ")
            again.wait_for("[✓] step 4")


def other_end(run: DashboardRun, old: Path) -> Path:
    """The older copy, in which a script has ticked something else since."""
    other = old.with_name("other.deploytui")
    shutil.copyfile(old, other)
    other.chmod(0o600)
    for item in ("p.g.i020", "p.g.i021"):
        run.script("tick", str(other), item, "--as", "ci")
    return other


def emptied(run: DashboardRun, old: Path) -> Path:
    empty = old.with_name("empty")
    empty.touch()
    return empty


def text(run: DashboardRun, old: Path) -> Path:
    found = old.with_name("text")
    found.write_bytes(b"no session\n" * 3000)
    return found


OVER: dict[str, Callable[[DashboardRun, Path], Path]] = {
    "an older copy": lambda run, old: old,
    "another end of the session": other_end,
    "an empty file": emptied,
    "no database": text,
}


def judged(folder: Path, over: str, program: Sequence[str]) -> tuple[set[str], set[str], bool]:
    """Ticks that a person had seen and that are in no file; ticks in the file that nobody saw; whether it was said.

    The program is killed afterwards: what it knows and has not kept by then is gone.
    """
    folder.mkdir(mode=0o700)
    with DashboardRun(folder, program=program) as run:
        path, old = run.state / "s.deploytui", folder / "old"
        tick(run, 0)
        shutil.copyfile(path, old)
        tick(run, 1, 2)
        other = OVER[over](run, old)
        copy_over(other, path)
        press_space(run)
        run.settle(6)  # a beat is in it
        press_space(run)
        run.settle(1)
        seen, is_said = painted(run), "NOT SAVING: the file " in run.text
        run.signal(signal.SIGKILL)
        run.wait()
    kept = items_in(path) | items_in(path.with_name("s-recovered.deploytui"))
    return seen - kept, items_in(path) - items_in(other) - seen, is_said


@pytest.mark.parametrize("over", OVER)
def test_whatever_is_written_over_it_no_tick_that_was_seen_is_lost(
    tmp_path: Path, over: str, counted: Callable[[str], None]
) -> None:
    rounds = 20 if SOAK else 1
    for number in range(rounds):
        lost, unseen, is_said = judged(tmp_path / str(number), over, PROGRAM)
        assert (lost, unseen, is_said) == (set(), set(), True)
    counted(f"{over} over a driven file, then killed: {rounds} rounds, 0 ticks lost, 0 saved unseen")


def test_one_that_does_not_look_is_caught(tmp_path: Path, counted: Callable[[str], None]) -> None:
    lost, unseen, is_said = judged(tmp_path / "blind", "an older copy", BLIND)
    counted(f"  control, never compared: {len(lost)} ticks lost, {len(unseen)} saved unseen")
    assert lost
    assert not is_said


def test_who_watches_is_told_that_the_file_went_back(tmp_path: Path) -> None:
    with DashboardRun(tmp_path) as run:
        path, old = run.state / "s.deploytui", tmp_path / "old"
        shutil.copyfile(path, old)
        tick(run, 0)
        with Terminal([*PROGRAM, "watch", "s"], cols=120, rows=40, env=run.env, cwd=tmp_path) as watcher:
            watcher.wait_for("[✓] step 0", 20)
            copy_over(old, path)
            watcher.wait_for("NOT FOLLOWING: the file went back to event 3: this program knows 4", 12)
            assert painted(watcher) == painted(run)
        assert sorted(found.name for found in run.state.glob("*recovered*")) == ["s-recovered.deploytui"]
