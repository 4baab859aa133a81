"""What it costs while nobody types, and how much memory it holds: beside bare Textual, and btop where it is."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from tests.bench.watched import FRAME, ROOT, Watched, begin, bench_env, floor_app, rest, write_plan

Row = tuple[str, float, float, float]
GAUGES = 12
_SETTLE_S = 4.0


def _at_rest(argv: Sequence[str], env: dict[str, str], pattern: str, seconds: float) -> tuple[float, float]:
    with Watched(argv, env=env) as program:
        program.painted_s(pattern)
        program.swallow(_SETTLE_S)
        return rest(program, seconds)


def _btop(folder: Path, env: dict[str, str], seconds: float) -> tuple[float, float] | None:
    """btop once a second, where it is installed."""
    if (program := shutil.which("btop")) is None:
        return None
    config = folder / ".config" / "btop" / "btop.conf"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text("update_ms = 1000\n", "utf-8")
    return _at_rest([program], {**env, "XDG_CONFIG_HOME": str(folder / ".config")}, "cpu", seconds)


def rest_rows(*, is_quick: bool = False) -> list[Row]:
    seconds = 10.0 if is_quick else 30.0
    with bench_env() as (folder, env):
        bare, _ = _at_rest(floor_app("floor_static"), env, "READY", seconds)
        plan = write_plan(folder / "gauges.yaml", 200, GAUGES)
        seen, written = _at_rest(begin(plan, "gauges"), env, r"ANA.*Item 000001", seconds)
        btop = _btop(folder, env, seconds)
    rows = [(f"at rest, {GAUGES} gauges at 1 Hz, % of a core (bare Textual)", bare, seen, seen / bare)]
    if btop is not None:
        rows.append(
            (f"at rest, {GAUGES} gauges at 1 Hz, % of a core (btop at 1 s)", btop[0], seen, seen / btop[0])
        )
        rows.append(("  bytes a second to the terminal (btop at 1 s)", btop[1], written, written / btop[1]))
    rows.append(("  bytes a second to the terminal (4,000 at most)", 4000.0, written, written / 4000))
    return rows


def memory_rows(*, is_quick: bool = False) -> list[Row]:
    with bench_env() as (folder, env):
        source = (ROOT / "checklists" / "salessync.yaml").read_text("utf-8")
        gauges = "".join(
            f"  extra{n}: {{title: Extra {n}, source: {{host: cpu}}, every: 1s, ok: '< 101'}}\n"
            for n in range(12)
        )
        plan = folder / "twenty.yaml"
        plan.write_text(source.replace("\ngauges:\n", "\ngauges:\n" + gauges, 1), "utf-8")
        cases = {("201 items and 20 gauges", 60.0): begin(plan, "twenty")}
        if not is_quick:
            cases["10,000 items", 70.0] = begin(write_plan(folder / "many.yaml", 10_000), "many")
        bare = _memory_mib(floor_app("floor_static"), env, "READY")
        found = {case: _memory_mib(argv, env, FRAME) for case, argv in cases.items()}
    rows = [
        (f"memory, {name}, MiB ({most:.0f} at most)", most, seen, seen / most)
        for (name, most), seen in found.items()
    ]
    least = found["201 items and 20 gauges", 60.0]
    return [*rows, ("memory, 201 items and 20 gauges, MiB (bare Textual)", bare, least, least / bare)]


def _memory_mib(argv: Sequence[str], env: dict[str, str], pattern: str) -> float:
    with Watched(argv, env=env) as program:
        program.painted_s(pattern)
        program.swallow(_SETTLE_S)
        return program.memory_mib()


def measure(*, is_quick: bool = False) -> list[Row]:
    """(name, floor, seen, ratio) of each row."""
    return [*rest_rows(is_quick=is_quick), *memory_rows(is_quick=is_quick)]
