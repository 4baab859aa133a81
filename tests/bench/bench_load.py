"""The dashboard under many gauges, and under bad ones: what it costs at rest, and what a key then waits for. Each is
measured beside the same dashboard without gauges, in turns."""

from __future__ import annotations

import contextlib
import random
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.bench_probe import target
from tests.bench.watched import P95_MS, Watched, begin, bench_env, median, rest, write_plan
from tests.probes.hazard import hazards_aside

Row = tuple[str, float, float, float]
ITEMS = 200
TICKS, REST_S = 40, 15
_PAUSE_S = (0.42, 0.6)  # a tick soon after a tick is refused, as it should be


def plan_with(path: Path, sources: Sequence[str], every_s: int) -> Path:
    """A checklist with a gauge for each source."""
    write_plan(path, ITEMS)
    gauges = [
        f"  g{place}: {{title: Gauge {place}, source: {source}, every: {every_s}s, timeout: 3s, ok: '> 0'}}"
        for place, source in enumerate(sources)
    ]
    path.write_text(path.read_text().replace("stages:\n", "\n".join(["gauges:", *gauges, "stages:", ""]), 1))
    return path


def web(port: int, count: int) -> list[str]:
    """As many targets, each with a connection of its own."""
    return [f'{{http: "http://127.0.0.1:{port}/{place}", measure: latency}}' for place in range(count)]


def ticks(programs: Sequence[Watched], count: int) -> list[list[float]]:
    """Milliseconds from the key to the tick on the screen, of each program in turn."""
    pause = random.Random(1)
    seen: list[list[float]] = [[] for _ in programs]
    for number in range(count):
        for program, found in zip(programs, seen, strict=True):
            began_s = program.type(b" ")
            found.append((program.shown_s(rf"Item {number:06d}.*ANA") - began_s) * 1000)
            for other in programs:
                other.swallow(pause.uniform(*_PAUSE_S) / 2)
    return [found[2:] for found in seen]


@contextlib.contextmanager
def dashboards(folder: Path, env: dict[str, str], loaded: Path) -> Iterator[tuple[Watched, Watched]]:
    """The one without gauges, and the loaded one after its first round of answers."""
    name = loaded.stem
    calm = write_plan(folder / f"{name}-calm.yaml", ITEMS)
    with (
        Watched(begin(calm, f"{name}-calm"), env=env) as one,
        Watched(begin(loaded, name), env=env) as two,
    ):
        for program in (one, two):
            program.painted_s("driver.*ANA.*Item 000001")
        two.swallow(7)
        yield one, two


def rows_of(name: str, one: Watched, two: Watched) -> list[Row]:
    idle, share = rest(one, REST_S)[0], rest(two, REST_S)[0]
    calm, seen = ticks((one, two), TICKS)
    late = statistics.quantiles(seen, n=20)[18]
    pairs = [
        (f"{name}, % of a core (none)", idle, share),
        (f"a tick with {name}, ms (none)", median(calm), median(seen)),
        ("  the same, p95 (15 ms at most), ms", P95_MS, late),
    ]
    return [(title, floor, found, found / floor) for title, floor, found in pairs]


def measure() -> list[Row]:
    """(name, floor, seen, ratio) of each row."""
    rows: list[Row] = []
    with bench_env() as (folder, env), target() as port, hazards_aside() as server:
        for number in (200, 500):
            plan = plan_with(folder / f"web{number}.yaml", web(port, number), 5)
            with dashboards(folder, env, plan) as (one, two):
                rows += rows_of(f"{number} web gauges at 5 s", one, two)
        bad = [f'{{http: "{server.url}/{path}", measure: latency}}' for path in ("hang", "endless")]
        plan = plan_with(folder / "bad.yaml", [*web(port, 18), *bad], 1)
        with dashboards(folder, env, plan) as (one, two):
            rows += rows_of("20 gauges at 1 s, one hangs, one floods", one, two)
    return rows


if __name__ == "__main__":
    for row in measure():
        print("{:66} floor {:7.2f}  seen {:7.2f}  x{:.2f}".format(*row))
