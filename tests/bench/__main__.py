"""`python -m tests.bench [--quick]`: one table of floor, seen and ratio, all measured in this run. It judges nothing."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version

from tests.bench import (
    bench_cli,
    bench_journal,
    bench_key,
    bench_load,
    bench_long,
    bench_markdown,
    bench_probe,
    bench_rest,
    bench_samples,
    bench_start,
)

Row = tuple[str, float, float, float]
# What to reach, as a ratio to the floor, by how a row's name begins; the longest beginning counts.
REACH = {
    "first frame, salessync": 1.3,
    "first frame, 2,000": 1.6,
    "first frame, 10,000": 2.5,
    "first frame, 100,000 events resumed, ms (bare": 2.0,
    "tick saved and painted": 1.5,
    "a tick with 20 gauges": 1.5,
    "one committed event": 1.5,
    "status": 2.5,
    "--version": 2.5,
    "at rest, 12 gauges at 1 Hz, % of a core (btop": 1.0,
    "  bytes a second to the terminal (4,000": 1.0,
    "memory, 201 items and 20 gauges, MiB (60": 1.0,
    "memory, 10,000": 1.0,
    "200 web gauges at 5 s, % of a core (8": 1.0,
    "  the same, p95 (15": 1.0,
    "open 100,000 events, by": 1.0,
    "samples": 1.0,
    "  one sample into": 1.0,
}


def reach_of(name: str) -> str:
    """What the row should come to, or "" where only the figure counts."""
    found = [start for start in REACH if name.startswith(start)]
    return f"x{REACH[max(found, key=len)]:.2f}" if found else ""


def table(rows: Sequence[Row]) -> list[str]:
    """The rows as lines of equal width."""
    head = f"{'':62} {'floor':>10} {'seen':>10} {'ratio':>8} {'reach':>7}"
    return [head] + [
        f"{name:62} {floor:10.2f} {seen:10.2f} {'x' + format(ratio, '.2f'):>8} {reach_of(name):>7}"
        for name, floor, seen, ratio in rows
    ]


def machine() -> str:
    """What the figures were measured on."""
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as info:
            model = next(line.split(":", 1)[1].strip() for line in info if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    names = ", ".join(
        f"{name} {version(name)}" for name in ("textual", "rich", "httpx", "httpcore", "psutil")
    )
    python = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return f"{os.cpu_count()} x {model}, {platform.system()} {platform.release()}\n{python}, {names}"


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    words.add_argument(
        "--quick", action="store_true", help="fewer rounds, small sizes: under a minute and a half"
    )
    is_quick: bool = words.parse_args().quick
    began_s = time.perf_counter()
    parts: list[Callable[[], list[Row]]] = [
        lambda: bench_start.measure(is_quick=is_quick),
        lambda: bench_long.measure(is_quick=is_quick),
        lambda: bench_key.measure(is_quick=is_quick),
        lambda: bench_rest.measure(is_quick=is_quick),
        lambda: bench_cli.measure(is_quick=is_quick),
        lambda: bench_markdown.measure(is_quick=is_quick),
        lambda: bench_samples.measure(is_quick=is_quick),
    ]
    if not is_quick:
        parts += [bench_journal.measure, bench_probe.measure, bench_load.measure]
    print(machine(), f"load {os.getloadavg()[0]:.2f} when it began", sep="\n", flush=True)
    is_whole = True
    print(table([])[0], flush=True)
    for part in parts:
        try:
            print(*table(part())[1:], sep="\n", flush=True)
        except Exception as error:  # one part that fails must not take the others' figures with it
            is_whole = False
            print(f"  FAILED: {type(error).__name__}: {error}", flush=True)
    print(f"measured in {time.perf_counter() - began_s:.0f} s")
    if not is_whole:
        raise SystemExit("some figures could not be measured")


if __name__ == "__main__":
    main()
