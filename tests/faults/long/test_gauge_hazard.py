"""Everything a gauge's target can do wrong, at once, in the real dashboard: each gauge says what is wrong, and the keys
are as quick as ever."""

from __future__ import annotations

import re
import signal
import socket
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psutil

from tests.e2e.terminal import Terminal
from tests.faults.dashboard_run import PROGRAM
from tests.faults.guarded_run import ROOT
from tests.probes.hazard import hazards_aside

BLOCKING = (sys.executable, str(ROOT / "tests" / "faults" / "blocking_probe.py"))
TICKS = 12
BETWEEN_S = 0.42  # a tick soon after a tick is refused, as it should be
MOST_MS = 250  # what a person takes for at once, on a busy machine too; in quiet it is a tenth of that

# What each path of the misbehaving server, and each command, makes its gauge say; one or the other where there is a |.
WEB = {
    "hang": ("latency", "timed out after 1 s, waiting for the answer"),
    "drip": ("latency", "timed out after 1 s, reading the answer"),
    "driphead": ("latency", "timed out after 1 s, waiting for the answer"),
    "endless": ("field", "the body is not JSON, or longer than 64 KiB"),
    "bomb": ("field", "the body is not JSON, or longer than 64 KiB"),
    "endlessinterim": ("latency", "timed out after 1 s, waiting for the answer"),
    "hugehead": ("latency", "the answer is not HTTP"),
    "loop": ("latency", "answered 301, redirected more than 3 times"),
    "utf8": ("field", "the body is not JSON, or longer than 64 KiB"),
    "html": ("field", "the body is not JSON, or longer than 64 KiB"),
    "ansi": ("header", 'the answer has no header "load"'),
    "nan": ("field", "the answer is not a number (NaN)"),
    "1e400": ("field", "the answer is infinite"),
    "resetbody": ("latency", "connection reset"),
    "garbage": ("latency", "closed the connection without an answer"),
}
COMMANDS = {
    "sleep 60": "timed out after 1 s and was ended",
    "yes": "timed out after 1 s and was ended",
    "head -c 1000000000 /dev/zero": "the output is longer than 64 KiB|timed out after 1 s and was ended",
    # It forks, but not without end: what outlives a killed test must not take the machine with it.
    "i=0; while [ $i -lt 50 ]; do sleep 60 & i=$((i+1)); done; wait": "timed out after 1 s and was ended",
    "no-such-program": "the command failed: exit status 127",
}


def plan_text(url: str, refused: int, silent: int) -> str:
    """A gauge for each fault, one that is well, and boxes to tick."""
    sources = [
        f'{{http: "{url}/{path}", measure: {measure}, {_path(measure)}}}'
        for path, (measure, _) in WEB.items()
    ]
    sources += [
        f'{{http: "http://127.0.0.1:{refused}/", measure: latency}}',
        f'{{http: "https://127.0.0.1:{silent}/", measure: latency}}',
    ]
    sources += [f'{{command: [sh, -c, "{script}"]}}' for script in COMMANDS]
    sources += [f'{{http: "{url}/ok", measure: field, path: db.pools.0.free}}']
    gauges = [
        f"  g{place:02d}: {{title: Gauge {place:02d}, source: {source}, every: 1s, timeout: 1s, ok: '> 0'}}"
        for place, source in enumerate(sources)
    ]
    items = [f"            - {{id: i{place}, text: Item {place:03d}}}" for place in range(TICKS * 3)]
    head = ["deploytui: 1", "title: Hazards", "gauges:", *gauges, "stages:", "  pre-deploy:"]
    phase = ["    - phase: Ready", "      id: p", "      window: T-2h .. T", "      groups:"]
    group = ["        - group: All", "          id: p.g", "          items:", *items]
    return "\n".join([*head, *phase, *group, "  execution: []", "  post-deploy: []", ""])


def _path(measure: str) -> str:
    return "path: load" if measure in ("field", "header") else "over: 1m"


@contextmanager
def dashboard(folder: Path, program: Sequence[str]) -> Iterator[Terminal]:
    """The dashboard on the plan with every hazard, its commands trusted."""
    with (
        hazards_aside() as server,
        closing(socket.socket()) as refused,
        socket.create_server(("127.0.0.1", 0)) as silent,
    ):
        refused.bind(("127.0.0.1", 0))
        plan = folder / "night.yaml"
        plan.write_text(plan_text(server.url, refused.getsockname()[1], silent.getsockname()[1]))
        env = {
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "DEPLOYTUI_STATE_DIR": str(folder / "state"),
            "LOGNAME": "ana",
        }
        words = ["run", str(plan), "--go-live", "now+1h", "--session", "s", "--as", "ana", "--trust"]
        with Terminal([*program, *words], cols=120, rows=60, env=env, cwd=folder) as terminal:
            terminal.wait_for("driver ana", 20)
            try:
                yield terminal
            finally:  # a program that is killed cannot end the commands it started
                terminal.signal(signal.SIGTERM)
                terminal.wait(30)


def left_behind(folder: Path) -> list[str]:
    """What still runs of what was started in the folder."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.cwd() == str(folder):
                found.append(" ".join(process.cmdline()))
    return found


def gauge_rows(terminal: Terminal) -> dict[str, str]:
    """What stands at and below each gauge's title, in the zoomed pane."""
    rows, found, name = terminal.text.splitlines(), {}, ""
    for row in rows:
        if title := re.search(r"Gauge (\d\d)", row):
            name = title[1]
            found[name] = row
        elif name:
            found[name] += row
    return found


def is_said(rows: dict[str, str], said: Sequence[str]) -> bool:
    """Whether each gauge has its words."""
    return all(
        any(words in rows.get(f"{place:02d}", "") for words in wanted.split("|"))
        for place, wanted in enumerate(said)
    )


def ticked_ms(terminal: Terminal, ticks: int = TICKS) -> list[float]:
    """How long each of some ticks took from the key to the screen."""
    took = []
    for place in range(ticks):
        terminal.settle(BETWEEN_S)
        began_s = time.monotonic()
        terminal.send(" ")
        terminal.wait_for(re.compile(rf"\[✓\] Item {place:03d}"), 20)
        took.append((time.monotonic() - began_s) * 1000)
    return took


def test_each_gauge_says_what_is_wrong_and_the_keys_stay_quick(
    tmp_path: Path, counted: Callable[[str], None]
) -> None:
    said = [words for _, words in WEB.values()]
    said += ["connection refused", "timed out after 1 s, connecting", *COMMANDS.values()]
    with dashboard(tmp_path, PROGRAM) as terminal:
        took = ticked_ms(terminal)
        used_mb = terminal.rss_mb()
        for key in "3z":
            terminal.settle(BETWEEN_S)
            terminal.send(key)
        only_the_last = [False] * len(said) + [True]
        terminal.wait_for(
            lambda seen: (
                is_said(rows := gauge_rows(seen), said)
                and ["OK" in row for row in rows.values()] == only_the_last
            ),
            20,
        )
        assert "pwned" not in terminal.title
        assert terminal.rss_mb() - used_mb < 30
    assert left_behind(tmp_path) == []
    late = statistics.quantiles(took, n=20)[18]
    counted(
        f"{len(said)} gauges that hang, flood, lie and fail: a tick took {statistics.median(took):.0f} ms, p95 {late:.0f}"
    )
    assert statistics.median(took) < MOST_MS


def test_a_probe_that_holds_the_loop_is_caught(tmp_path: Path, counted: Callable[[str], None]) -> None:
    with dashboard(tmp_path, BLOCKING) as terminal:
        took = statistics.median(ticked_ms(terminal, 4))
    counted(f"  control, probes that hold the loop: a tick took {took:.0f} ms")
    assert took > MOST_MS
