"""Power cuts: whatever the disk had not been told to keep may be gone, and nothing that was called saved is."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.faults.conftest import SOAK
from tests.faults.judge import Judgement, judge, run_writer
from tests.faults.power import CALLS, MODES, Disk, Operation, read_trace

IMAGES = 5000 if SOAK else 300
ACTS = 60 if SOAK else 30


def traced(folder: Path, strace: str, variant: str) -> list[Operation]:
    """A session that is made, driven and left, as the disk saw it."""
    live = folder / "live"
    live.mkdir(mode=0o700)
    before = (strace, "-f", "-xx", "-s", "70000", "-e", f"trace={CALLS}", "-o", str(folder / "trace"))
    lines = run_writer("acts", live / "s.deploytui", variant, ACTS, before=before)
    assert [line.split()[0] for line in lines] == ["ACK"] * ACTS
    return read_trace(folder / "trace", live)


def cut(folder: Path, operations: list[Operation], images: int, seed: int) -> Judgement:
    """So many power cuts, half of them just after something was acknowledged, the others anywhere."""
    dice = random.Random(seed)
    said = [number for number, operation in enumerate(operations) if operation.kind == "said"]
    cuts = Counter(
        dice.choice(said) if dice.random() < 0.5 else dice.randrange(len(operations)) for _ in range(images)
    )
    disk, total = Disk(), Judgement()
    for number, operation in enumerate(operations):
        disk.do(operation)
        for _ in range(cuts[number]):
            place = folder / "image"
            place.mkdir(mode=0o700)
            for name, content in disk.image(dice.choice(MODES), dice).items():
                (place / name).write_bytes(content)
            total.add(judge(place / "s.deploytui", disk.said))
            for file in place.iterdir():
                file.unlink()
            place.rmdir()
    return total


def test_power_cut(tmp_path: Path, strace: str, counted: Callable[[str], None]) -> None:
    operations = traced(tmp_path, strace, "sound")
    kinds = Counter(operation.kind for operation in operations)
    assert min(kinds[kind] for kind in ("write", "sync", "sync_folder", "create", "unlink")) >= ACTS
    outcome = cut(tmp_path, operations, IMAGES, seed=5)
    counted(
        f"power cut: {IMAGES} images of {len(operations)} operations, {outcome.acked} acknowledged, "
        f"{len(outcome.lost)} lost, {len(outcome.unsound)} damaged"
    )
    assert outcome.is_clean, outcome


def test_power_cut_catches_a_folder_that_is_not_synced(
    tmp_path: Path, strace: str, counted: Callable[[str], None]
) -> None:
    outcome = cut(tmp_path, traced(tmp_path, strace, "full"), 100, seed=6)
    counted(f"  control, synchronous=FULL as Python has it: {len(outcome.lost)} lost in 100 images")
    assert outcome.lost
