"""A program on a pseudo-terminal with a stopwatch: each chunk it writes is stamped as it is read, and looked at later."""

from __future__ import annotations

import os
import re
import select
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.terminal import Terminal, TimedOut

Row = tuple[str, float, float, float]
ROOT = Path(__file__).parent.parent.parent
PROGRAM = (sys.executable, "-m", "deploytui")
COLS, ROWS = 120, 40
# The first frame that is of use: who drives, the checklist, and the journal below it.
FRAME = r"ANA.*1.Checklist.*newest first"
P95_MS = 15.0  # the most a tick may take, nineteen times out of twenty
_QUIET_S = 0.04
_ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[=>()][0-9A-B]?)")


def plain(raw: bytes) -> str:
    """What was written, without the escape sequences: rows run into each other."""
    return _ESCAPES.sub(b"", raw).decode("utf-8", "replace")


class Watched(Terminal):
    """A terminal that is not emulated: emulating costs more than what is measured here."""

    def __init__(self, argv: Sequence[str], *, env: Mapping[str, str] | None = None) -> None:
        self.began_s = time.perf_counter()
        super().__init__(argv, cols=COLS, rows=ROWS, env=env)
        self._chunks: list[tuple[float, bytes]] = []

    def _read(self, timeout_s: float) -> int:
        """Bytes of one stamped chunk; 0 where nothing came in time."""
        if not select.select([self.master], [], [], timeout_s)[0]:
            return 0
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return 0
        self._chunks.append((time.perf_counter(), data))
        return len(data)

    def painted_s(self, pattern: str, timeout_s: float = 60) -> float:
        """When what was written since the last look came to match `pattern`. Matched only once it is quiet, so that
        looking does not slow down what is timed."""
        wanted, until = re.compile(pattern, re.DOTALL), time.perf_counter() + timeout_s
        while True:
            while self._read(_QUIET_S):
                pass
            if wanted.search(plain(b"".join(data for _, data in self._chunks))):
                break
            if time.perf_counter() > until or self.process.poll() is not None:
                seen = plain(b"".join(data for _, data in self._chunks))
                raise TimedOut(f"{pattern!r} was not painted; written last:\n{seen[-2000:]}")
        raw = b""
        at_s = 0.0
        for at_s, data in self._chunks:  # noqa: B007 - the last one is the answer
            raw += data
            if wanted.search(plain(raw)):
                break
        self._forget()
        return at_s

    def shown_s(self, pattern: str, timeout_s: float = 10) -> float:
        """When a row of the screen came to match `pattern`. The screen is emulated only once it is quiet again."""
        wanted, until = re.compile(pattern), time.perf_counter() + timeout_s
        while True:
            while self._read(_QUIET_S):
                pass
            for place, (at_s, data) in enumerate(self._chunks):
                self._feed(data)
                if any(wanted.search(row) for row in self.screen.display):
                    for _, later in self._chunks[place + 1 :]:
                        self._feed(later)
                    self._chunks.clear()
                    return at_s
            self._chunks.clear()
            if time.perf_counter() > until or self.process.poll() is not None:
                raise TimedOut(f"{pattern!r} was not shown; the screen:\n{self.text}")

    def swallow(self, seconds: float) -> int:
        """Read and only keep the screen up to date; how many bytes were written."""
        until, total = time.perf_counter() + seconds, 0
        while (left_s := until - time.perf_counter()) > 0:
            total += self._read(left_s)
        self._forget()
        return total

    def _forget(self) -> None:
        for _, data in self._chunks:
            self._feed(data)
        self._chunks.clear()

    def type(self, keys: bytes) -> float:
        """When the keys were written."""
        self.swallow(0)
        at_s = time.perf_counter()
        os.write(self.master, keys)
        return at_s

    def spent_s(self) -> float:
        """CPU time of the process so far, by the kernel's own clock of it."""
        return time.clock_gettime((~self.process.pid << 3) | 2)

    def memory_mib(self) -> float:
        return self.rss_mb() * 1e6 / 2**20


def rest(watched: Watched, seconds: float) -> tuple[float, float]:
    """Percent of a core and bytes a second while nobody types."""
    began_s, spent_s = time.perf_counter(), watched.spent_s()
    written = watched.swallow(seconds)
    took_s = time.perf_counter() - began_s
    return (watched.spent_s() - spent_s) / took_s * 100, written / took_s


def first_frame_ms(argv: Sequence[str], env: Mapping[str, str], pattern: str) -> float:
    """From the command to the first screen that holds `pattern`."""
    with Watched(argv, env=env) as program:
        return (program.painted_s(pattern) - program.began_s) * 1000


def floor_app(name: str, *words: str) -> tuple[str, ...]:
    """One of the bare apps beside this module."""
    return (sys.executable, "-m", f"tests.bench.{name}", *words)


@contextmanager
def bench_env() -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder, and an environment in which the program keeps everything there."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield (
            folder,
            {
                "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
                "PYTHONDONTWRITEBYTECODE": "",
                "DEPLOYTUI_STATE_DIR": str(folder / "state"),
                "HOME": name,
            },
        )


def begin(path: Path, session: str) -> tuple[str, ...]:
    """A new session of the checklist at `path`, on the dashboard. Nothing is asked before it."""
    words = ("--go-live", "now+2h", "--from", "pre", "--as", "ANA", "--session", session)
    return (*PROGRAM, "run", str(path), *words)


def write_plan(path: Path, items: int, gauges: int = 0) -> Path:
    """A checklist of so many items, all but one in the current phase, and gauges of this host at 1 Hz."""
    lines = ["deploytui: 1", f"title: Bench {items}"]
    parts = ("cpu", "memory", "swap", "disk", "load", "network")
    if gauges:
        lines.append("gauges:")
    for number in range(gauges):
        source = f"{{host: {parts[number % len(parts)]}}}"
        lines.append(
            f"  g{number}: {{title: Gauge {number}, source: {source}, every: 1s, ok: '< 1000000000'}}"
        )
    lines += ["stages:", "  pre-deploy:", "    - phase: Prepare", "      id: pre", "      window: T-4h .. T"]
    lines.append("      groups:")
    for number in range(items - 1):
        if number % 50 == 0:
            lines += [
                f"        - group: Group {number // 50}",
                f"          id: g-{number // 50}",
                "          items:",
            ]
        lines.append(f"            - {{id: i{number}, text: Item {number:06d}}}")
    lines += ["  execution:", "    - phase: Execute", "      id: exec", "      window: T .. T+2h"]
    lines += [
        "      groups: [{group: Steps, id: steps, items: [{id: last, text: Deploy}]}]",
        "  post-deploy: []",
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def median(values: Sequence[float]) -> float:
    return statistics.median(values)
