"""From the command to the first frame that is of use, beside a bare Textual program; in turns."""

from __future__ import annotations

from pathlib import Path

from tests.bench.watched import (
    FRAME,
    ROOT,
    Row,
    begin,
    bench_env,
    first_frame_ms,
    floor_app,
    median,
    write_plan,
)


def measure(*, is_quick: bool = False) -> list[Row]:
    """(name, floor ms, seen ms, ratio) of each row."""
    rounds = 4 if is_quick else 11
    with bench_env() as (folder, env):
        plans: dict[str, Path] = {"salessync, 201 items": ROOT / "checklists" / "salessync.yaml"}
        for count in (2_000, 10_000) if is_quick else (2_000, 10_000, 100_000):
            plans[f"{count:,} items"] = write_plan(folder / f"p{count}.yaml", count)
        floors: list[float] = []
        seen: dict[str, list[float]] = {name: [] for name in plans}
        for number in range(rounds + 1):
            floor = first_frame_ms(floor_app("floor_static"), env, "READY")
            timed = {}
            for name, path in plans.items():
                own = folder / f"{path.stem}-{number}"
                own.mkdir(0o700)  # as on every night but the first
                state = {**env, "DEPLOYTUI_STATE_DIR": str(own)}
                timed[name] = first_frame_ms(begin(path, f"s{number}"), state, FRAME)
            if number:  # the first round writes the bytecode
                floors.append(floor)
                for name, took in timed.items():
                    seen[name].append(took)
    floor = median(floors)
    return [
        (f"first frame, {name}, ms", floor, median(took), median(took) / floor) for name, took in seen.items()
    ]
