"""The demo as a test: a real service that fails as it is told, seen over HTTP and through a real Prometheus, and a real
dashboard whose boxes, triggers and planned stops must follow it."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import pytest

from deploytui.base.clock import SystemClock
from deploytui.journal.event import Event
from deploytui.journal.sqlite import open_store
from tests.e2e.terminal import Terminal
from tests.e2e.test_sessions import PROGRAM, SRC

DEMO = Path(__file__).parents[3] / "docs" / "demo"
HAS_PROMETHEUS = os.environ.get("CI") == "true" or shutil.which("prometheus") is not None
STOP_AGAIN_S = 5  # the demo's second stop, shortened so that nobody waits for it
SOURCES = ("", "prom-") if HAS_PROMETHEUS else ("",)


class Demo:
    """The service beside the demo's checklist, with its moods."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(DEMO / "service.py"), "--port", "0"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = self._said("listening on (http://[0-9.:]+)")
        self.changed_at = time.time()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def become(self, mood: str) -> None:
        assert self._process.stdin is not None
        self.changed_at = time.time()
        self._process.stdin.write(f"{mood}\n")
        self._process.stdin.flush()
        self._said(f" {mood}(:)")

    def _said(self, pattern: str) -> str:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if found := re.search(pattern, line):
                return found[1]
        raise AssertionError(f"the service ended and never said {pattern}")


@contextmanager
def prometheus(folder: Path, target: str) -> Iterator[str]:
    """A real one with the demo's settings, scraping four times a second; "" where there is none and need not be."""
    if not HAS_PROMETHEUS:
        yield ""
        return
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    text = (DEMO / "prometheus.yml").read_text().replace("127.0.0.1:8321", target.removeprefix("http://"))
    (folder / "prometheus.yml").write_text(text.replace("1s", "250ms"))
    process = subprocess.Popen(
        [
            "prometheus",
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


class Board(Terminal):
    """The dashboard, remembering every rollback trigger that it ever showed as fired."""

    def __init__(self, folder: Path, variables: Sequence[str]) -> None:
        self.fired: set[str] = set()
        self.folder = folder
        plan = (DEMO / "demo.yaml").read_text()
        (folder / "demo.yaml").write_text(plan.replace("max: 15s", f"max: {STOP_AGAIN_S}s"))
        self.env = {
            "PYTHONPATH": str(SRC),
            "DEPLOYTUI_STATE_DIR": str(folder / "state"),
            "LOGNAME": "ana",
            "PATH": os.environ.get("PATH", ""),
        }
        words = ["run", "demo.yaml", "--go-live", "now+1m", "--session", "s", "--as", "ana"]
        words += [word for variable in variables for word in ("--set", variable)]
        super().__init__([*PROGRAM, *words], cols=200, rows=50, env=self.env, cwd=folder)

    def pump(self, timeout_s: float) -> bool:
        came = super().pump(timeout_s)
        if came:
            self.fired |= set(re.findall(r"✗ ROLLBACK TRIGGER ([^:\n]+): ", self.text))
        return came

    def press(self, keys: str, then: str) -> None:
        """Each key after the pause that people make; then until that is on the screen."""
        for key in keys:
            self.settle(0.42)
            self.send(key)
        self.wait_for(re.compile(then), 10)

    def wait_for_levels(self, level: str, *titles: str) -> None:
        """Until each of these gauges says so."""
        self.wait_for(
            lambda seen: all(re.search(rf"{re.escape(title)} .*{level}", seen.text) for title in titles), 20
        )

    def wait_for_triggers(self, names: Sequence[str]) -> None:
        """Until each has been in the alarm row; what stands there is acknowledged to see the next."""
        until_s = time.monotonic() + 30
        while not set(names) <= self.fired:
            assert time.monotonic() < until_s, f"only {self.fired} fired; the screen:\n{self.text}"
            before = self.fired.copy()
            self.wait_for(lambda _, before=before: self.fired != before or "a ack" in self.text, 20)
            self.settle(0.42)
            self.send("a")

    def alarms(self) -> list[str]:
        """Those that a script beside it is told."""
        done = subprocess.run(
            [*PROGRAM, "status", "s", "--json"], env=self.env, capture_output=True, text=True, check=True
        )
        found: list[str] = json.loads(done.stdout)["alarms"]
        return found

    def events(self) -> list[Event]:
        store = open_store(self.folder / "state" / "s.deploytui", writable=False, clock=SystemClock())
        try:
            return list(store.events())
        finally:
            store.close()

    def levels(self, gauge: str) -> list[tuple[float, str]]:
        """When the gauge came to which level, as it is journaled."""
        found = [event for event in self.events() if event.kind == "gauge.level_changed"]
        return [(event.at.timestamp(), event.fact.after) for event in found if event.fact.gauge == gauge]


TITLES = {"": ("Error rate", "Response time p95", "Available")}
TITLES["prom-"] = ("Prometheus: error rate", "Prometheus: p95", "Prometheus: available")
ALL = [title for source in SOURCES for title in TITLES[source]]
RATES = [TITLES[source][0] for source in SOURCES]
ERRORS = [f"Error rate > 5%{' (Prometheus)' if source else ''}" for source in SOURCES]
DOWN = [f"System unavailable{' (Prometheus)' if source else ''}" for source in SOURCES]


@pytest.fixture
def night(tmp_path: Path) -> Iterator[tuple[Demo, Board]]:
    with Demo() as demo, prometheus(tmp_path, demo.url) as url:
        variables = [f"app_url={demo.url}", *([f"prometheus_url={url}"] if url else [])]
        with Board(tmp_path, variables) as board:
            board.wait_for("driver ana", 20)
            board.wait_for_levels("OK", *ALL)
            yield demo, board


def test_the_limits_of_a_night_on_a_real_service(night: tuple[Demo, Board]) -> None:
    demo, board = night
    errors_fire_after_their_time(demo, board)
    a_planned_stop_fires_nothing(demo, board)
    a_stop_that_runs_over_fires(demo, board)
    sensed_items_tick_after_their_phase_is_entered(board)
    what_no_longer_holds_says_so(demo, board)


def errors_fire_after_their_time(demo: Demo, board: Board) -> None:
    demo.become("errors")
    board.wait_for_triggers(ERRORS)
    assert board.fired == set(ERRORS)
    for gauge in ("errors", "prom_errors")[: len(SOURCES)]:
        came_at = next(at for at, level in board.levels(gauge) if level == "breach")
        assert came_at - demo.changed_at >= 3
    demo.become("ok")
    board.wait_for_levels("OK", *ALL)


def a_planned_stop_fires_nothing(demo: Demo, board: Board) -> None:
    board.fired.clear()
    board.press("l ", "Enter Switch now")
    board.press("y", r"\[✓\] 01 Stop the old")
    demo.become("down")
    board.wait_for_levels("PLANNED STOP", *ALL)
    began_s = time.monotonic()
    board.wait_for(lambda _: time.monotonic() - began_s > 5, 20)  # longer than any trigger needs
    demo.become("ok")
    board.press(" ", r"\[✓\] 02 Start the new")
    board.wait_for_levels("OK", *ALL)
    assert board.fired == set()


def a_stop_that_runs_over_fires(demo: Demo, board: Board) -> None:
    board.press(" ", r"\[✓\] 03 Look at the gauges")
    board.wait_for_levels("PLANNED STOP", *ALL)  # the next step has started by itself
    board.press(" ", r"\[✓\] 04 Stop it again")
    stopped_at = time.time()
    demo.become("down")
    board.wait_for_triggers(DOWN)
    assert time.time() - stopped_at >= STOP_AGAIN_S
    assert any("PLANNED STOP RAN OVER" in alarm for alarm in board.alarms())
    demo.become("ok")
    board.press(" ", r"\[✓\] 05 Start it again")
    board.wait_for_levels("OK", *ALL)
    board.wait_for(lambda _: not any("ROLLBACK TRIGGER" in alarm for alarm in board.alarms()))


def sensed_items_tick_after_their_phase_is_entered(board: Board) -> None:
    """Until then the same gauges had been well again and again, and nothing was ticked by itself."""
    assert checked_by_gauges(board) == {}
    board.press("l", "LOOKING AHEAD")
    board.press(" ", "Enter Validation now")
    entered_at = time.time()
    board.press("y", r"\[✓\] Tick, and the boxes")
    wanted = {f"val.{source}{name}" for source in SOURCES for name in ("errors", "latency", "up")}
    board.wait_for(lambda _: set(checked_by_gauges(board)) == wanted, 20)
    ticked = checked_by_gauges(board)
    assert all(
        event.at.timestamp() - entered_at >= 3 + 2 for event in ticked.values()
    )  # settle, and the dwell
    assert all(event.fact.evidence for event in ticked.values())


def checked_by_gauges(board: Board) -> dict[str, Event]:
    found = [event for event in board.events() if event.kind == "item.checked" and event.fact.evidence]
    return {event.item: event for event in found}


def what_no_longer_holds_says_so(demo: Demo, board: Board) -> None:
    demo.become("slow")
    board.wait_for(lambda seen: seen.text.count("NO LONGER OK since") >= len(SOURCES), 20)
    lapsed = {event.item for event in board.events() if event.kind == "item.lapsed"}
    assert lapsed == {f"val.{source}latency" for source in SOURCES}
    assert len(re.findall(r"\(✓\) Response times < 500ms", board.text)) == len(SOURCES)
