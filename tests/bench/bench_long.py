"""A session that was long before it is resumed: its first frame beside bare Textual's, and when all of it is checked."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.watched import FRAME, PROGRAM, ROOT, Row, bench_env, first_frame_ms, floor_app, median

from deploytui.base.clock import FrozenClock
from deploytui.journal import snapshot
from deploytui.journal.event import Draft
from deploytui.journal.fact import ItemChecked, ItemUndone, SessionOpened
from deploytui.journal.fold import fold
from deploytui.journal.sqlite import create
from deploytui.journal.store import Header, Holder
from deploytui.plan.index import PlanIndex
from deploytui.plan.load import load_plan

EVENTS = 100_000
_AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def long_session(path: Path, events: int) -> None:
    """A session of the shipped checklist with that many events, and a snapshot as the driver keeps one."""
    loaded = load_plan(ROOT / "checklists" / "salessync.yaml")
    items = [placed.item.id for placed in PlanIndex(loaded.plan).items]
    sha = hashlib.sha256(loaded.source).hexdigest()
    header = Header(path.stem, loaded.plan.title, "salessync.yaml", "", sha, "live", _AT, "bench")
    opening = [Draft(SessionOpened(go_live="2026-11-24T02:00:00Z"), by="ANA")]
    holder = Holder("ANA", "bench", 1, 1, "bench")
    store = create(path, header, loaded.source, clock=FrozenClock(_AT), holder=holder, opening=opening)

    def draft(number: int) -> Draft:
        kind = ItemUndone if number // len(items) % 2 else ItemChecked
        return Draft(kind(items[number % len(items)]), by="ANA")

    for begin in range(1, events, 10_000):
        drafts = [draft(number) for number in range(begin, min(begin + 10_000, events))]
        store.append(begin, lambda new, drafts=drafts: drafts, 1)  # type: ignore[misc]
    seq = events - snapshot.EVERY // 2
    snapshot.keep(store, fold(store.events()[:seq]))
    store.release(1)
    store.close()


def measure(*, is_quick: bool = False) -> list[Row]:
    """(name, floor ms, seen ms, ratio) of each row."""
    rounds = 3 if is_quick else 7
    with bench_env() as (folder, env):
        state = folder / "state"
        state.mkdir(mode=0o700)
        for name, events in (("short", 500), ("long", EVENTS)):
            long_session(state / f"{name}.deploytui", events)
        floors: list[float] = []
        seen: dict[str, list[float]] = {"short": [], "long": []}
        for number in range(rounds + 1):
            floor = first_frame_ms(floor_app("floor_static"), env, "READY")
            took = {
                name: first_frame_ms((*PROGRAM, "resume", name, "--as", "ANA"), env, FRAME) for name in seen
            }
            if number:  # the first round writes the bytecode
                floors.append(floor)
                for name, one in took.items():
                    seen[name].append(one)
    floor, short, long = median(floors), median(seen["short"]), median(seen["long"])
    return [
        (f"first frame, {EVENTS:,} events resumed, ms (bare Textual)", floor, long, long / floor),
        (f"first frame, {EVENTS:,} events resumed, ms (500 events)", short, long, long / short),
    ]


if __name__ == "__main__":
    for row in measure(is_quick=True):
        print("{:66} floor {:7.1f}  seen {:7.1f}  x{:.2f}".format(*row))
