"""The real dashboard while its session's file fills up, is held, is moved away, or goes to another driver: it says so, it
never draws what is not saved, and the keys stay quick."""

from __future__ import annotations

import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal
from tests.faults.conftest import fill
from tests.faults.dashboard_run import PROGRAM, DashboardRun
from tests.faults.guarded_run import ROOT

EARLY = (sys.executable, str(ROOT / "tests" / "faults" / "early_painter.py"))
BLOCKING = (sys.executable, str(ROOT / "tests" / "faults" / "blocking_save.py"))
HASTY = (sys.executable, str(ROOT / "tests" / "faults" / "hasty_reader.py"))
MOST_MS = 250  # as for the gauges: what a person takes for at once
BETWEEN_S = 0.42  # slow enough for none of the keys to be taken for typed text


def press_space(run: DashboardRun) -> None:
    run.settle(BETWEEN_S)
    run.send(" ")


def was_drawn(run: DashboardRun, tick: str, for_s: float = 1.0) -> bool:
    """Whether a tick was on the screen at any moment of that time."""
    until = time.monotonic() + for_s
    seen = False
    while time.monotonic() < until:
        run.pump(0.02)
        seen = seen or tick in run.text
    return seen


def test_a_full_disk_is_said_nothing_is_drawn_and_it_goes_on_when_there_is_space(
    small_disk: Path, counted: Callable[[str], None]
) -> None:
    with DashboardRun(small_disk) as run:
        press_space(run)
        run.wait_for("[✓] step 0")
        filler = fill(small_disk)
        press_space(run)
        assert not was_drawn(run, "[✓] step 1")
        run.wait_for("NOT SAVED: step 1: disk full; try freeing some space and pressing the key again")
        filler.unlink()
        press_space(run)
        run.wait_for("[✓] step 1")
        run.wait_for(lambda seen: "NOT SAVED" not in seen.text)
        assert run.seq() == 5  # opened, entered, driving, two ticks
    counted("dashboard on a full disk: the tick was NOT SAVED, not drawn, and saved once there was space")


def test_one_that_draws_before_it_saves_is_caught_on_a_full_disk(small_disk: Path) -> None:
    with DashboardRun(small_disk, program=EARLY) as run:
        press_space(run)
        run.wait_for("[✓] step 0")
        run.settle(1)
        filler = fill(small_disk)
        press_space(run)
        assert was_drawn(run, "[✓] step 1")
        filler.unlink()


def test_a_file_that_was_moved_away_is_said_before_any_key_and_taken_up_again(tmp_path: Path) -> None:
    with DashboardRun(tmp_path) as run:
        path, elsewhere = run.state / "s.deploytui", tmp_path / "elsewhere"
        path.rename(elsewhere)
        run.wait_for("the session file: the session file was moved, replaced or deleted", 12)
        press_space(run)
        assert not was_drawn(run, "[✓] step 0")
        run.wait_for("NOT SAVED: step 0")
        elsewhere.rename(path)
        press_space(run)
        run.wait_for("[✓] step 0")
        assert run.seq() == 4


def moved_ms(program: Sequence[str], folder: Path) -> float:
    """How long a move of the cursor took while a tick waited for a file that somebody else held."""
    with DashboardRun(folder, program=program) as run:
        holder = sqlite3.connect(run.state / "s.deploytui", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        press_space(run)
        run.settle(BETWEEN_S)
        began_s = time.monotonic()
        run.send("j")
        run.wait_for(re.compile(r"▌\[ \] step 1\b"), 20)
        took_ms = (time.monotonic() - began_s) * 1000
        holder.execute("ROLLBACK")
        holder.close()
        run.wait_for("[✓] step 0", 20)
    return took_ms


def test_a_file_that_somebody_holds_delays_no_key(tmp_path: Path, counted: Callable[[str], None]) -> None:
    took = moved_ms(PROGRAM, tmp_path)
    counted(f"a tick that waits for a held file: the next key took {took:.0f} ms")
    assert took < MOST_MS


def test_one_that_saves_where_the_keys_are_read_is_caught(
    tmp_path: Path, counted: Callable[[str], None]
) -> None:
    took = moved_ms(BLOCKING, tmp_path)
    counted(f"  control, saved where the keys are read: the next key took {took:.0f} ms")
    assert took > MOST_MS


def test_a_driver_that_was_stopped_while_another_took_over_writes_and_runs_nothing(tmp_path: Path) -> None:
    log = tmp_path / "log"
    script = f"echo x >> {log}; echo 3"
    gauges = f"gauges:\n  rows: {{title: R, source: {{command: [sh, -c, '{script}'], read: number}}, every: 1s, ok: '< 9'}}\n"
    with DashboardRun(tmp_path, gauges=gauges, flags=("--trust",)) as run:
        press_space(run)
        run.wait_for("[✓] step 0")
        run.wait_for(lambda _: log.exists())  # while it drives, its command runs
        run.signal(signal.SIGSTOP)
        words = ("resume", "s", "--as", "bob", "--take-over", "--reason", "ana is away")
        with Terminal([*PROGRAM, *words], cols=120, rows=40, env=run.env, cwd=tmp_path) as bob:
            bob.wait_for("Type yes", 20)  # what ana agreed to by --trust counts for her call only
            bob.send("\r")
            bob.wait_for("driver bob", 20)
            before = run.seq()
            run.send(" ")
            run.signal(signal.SIGCONT)
            run.wait_for("FOLLOWING, driver bob")
            run.wait_for("bob drives")
            ran = log.read_text()
            press_space(run)
            assert not was_drawn(run, "[✓] step 1")
            assert run.seq() == before
            bob.settle(BETWEEN_S)
            bob.send(" ")
            run.wait_for("[✓] step 1")  # it follows who drives now
            run.wait_for("commands run only where")
            assert len(log.read_text()) <= len(ran) + len("x\n")  # one may have been on its way


def test_a_driver_that_was_only_stopped_goes_on_and_writes(tmp_path: Path) -> None:
    """The control: without a takeover the same key is a tick."""
    with DashboardRun(tmp_path) as run:
        press_space(run)
        run.wait_for("[✓] step 0")
        before = run.seq()
        run.signal(signal.SIGSTOP)
        run.settle(BETWEEN_S)
        run.signal(signal.SIGCONT)
        press_space(run)
        run.wait_for("[✓] step 1")
        assert run.seq() > before


# -- a disk that fails late in a save ----------------------------------------------------------------------


def row_of(run: DashboardRun, step: str) -> str:
    return next((line for line in run.text.splitlines() if re.search(rf"{step}\b", line)), "")


def rows_seen(run: DashboardRun, step: str, until: Callable[[str], bool], for_s: float) -> list[str]:
    """Every different picture of that row, until one fits."""
    give_up_s, seen = time.monotonic() + for_s, list[str]()
    while time.monotonic() < give_up_s and not (seen and until(seen[-1])):
        run.pump(0.02)
        if (row := row_of(run, step)) not in seen[-1:]:
            seen.append(row)
    return seen


def torn(rows: list[str]) -> list[str]:
    """Pictures that say of one act that it was saved and that it was not."""
    return [row for row in rows if "[✓]" in row and "NOT SAVED" in row]


def is_said(row: str) -> bool:
    return "[✓]" in row or "NOT SAVED" in row


@contextmanager
def failing_syncs(run: DashboardRun, strace: str, when: str) -> Iterator[None]:
    """Meanwhile those syncs of the program fail, counted from here on."""
    trace, threads = run.folder / "trace", Path(f"/proc/{run.process.pid}/task")
    words = [strace, "-f", "-qq", "-o", str(trace), "-e", "trace=fdatasync"]
    words += ["-e", f"inject=fdatasync:error=EIO:when={when}", "-p", str(run.process.pid)]
    with subprocess.Popen(words) as tracer:
        traced = f"TracerPid:\t{tracer.pid}\n"
        run.wait_for(lambda _: all(traced in (one / "status").read_text() for one in threads.iterdir()))
        yield
        assert "INJECTED" in trace.read_text()
        tracer.terminate()


def with_one_tick(run: DashboardRun) -> None:
    press_space(run)
    run.wait_for("[✓] step 0")
    run.settle(BETWEEN_S)


def is_drawn(row: str) -> bool:
    return "[✓]" in row


@pytest.mark.parametrize("strike", ["1", "2", "3", "4", "5", "1+", "2+", "3+", "4+", "5+"])
def test_a_sync_that_fails_is_not_saved_or_saved_and_never_both(
    tmp_path: Path, strace: str, strike: str, counted: Callable[[str], None]
) -> None:
    """The first sync of a save, the second … the last, which is of the folder after all is done; once, or from there on
    until the disk is well again. Then what is drawn is what the file says."""
    with DashboardRun(tmp_path) as run:
        with_one_tick(run)
        with failing_syncs(run, strace, strike):
            run.send(" ")
            rows = rows_seen(run, "step 1", is_said, 10)
            if strike.endswith("+"):
                rows += rows_seen(run, "step 1", is_drawn, 3)
                assert [row for row in rows if is_drawn(row)] == []  # the disk has not taken it
        rows += rows_seen(run, "step 1", is_drawn, 3)
        assert is_said(rows[-1])
        assert torn(rows) == []
        is_saved = is_drawn(rows[-1])
        items = run.status()["items"]
        assert isinstance(items, list)
        assert is_saved == (items[1]["state"] == "done")
        run.wait_for(lambda seen: ("NOT SAVED" in seen.text) != is_saved)
    how = "drawn as saved" if is_saved else "said to be NOT SAVED"
    counted(f"sync {strike} of a save failed: {how}, and so it was")


def test_one_that_reads_what_a_failed_save_left_is_caught(tmp_path: Path, strace: str) -> None:
    with DashboardRun(tmp_path, program=HASTY) as run:
        with_one_tick(run)
        with failing_syncs(run, strace, "5+"):
            run.send(" ")
            assert is_drawn(rows_seen(run, "step 1", is_drawn, 10)[-1])
