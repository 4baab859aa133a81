"""A night to look at: a real session over a store in memory, gauges that say what they are told, and a demo.

python -m tests.ui.night [--theme bridge-light] [--ascii]
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path

from textual.theme import Theme

from deploytui.base.clock import FrozenClock
from deploytui.base.mask import Mask
from deploytui.journal.fact import LevelChanged
from deploytui.metrics.baseline import Baseline, Captured
from deploytui.metrics.board import Asked, Board, Level, LevelChange, Reading
from deploytui.metrics.history import History
from deploytui.plan.load import load_plan
from deploytui.plan.model import Plan
from deploytui.session.act import Act, AddNote, CheckItem, FailItem, SkipItem
from deploytui.session.viewer import Viewer
from deploytui.session.writer import Writer
from deploytui.ui.app import DashboardApp
from deploytui.ui.color import ASCII, UNICODE, ColorDepth, color_depth
from deploytui.ui.paint.skin import Skin
from deploytui.ui.service import Services
from deploytui.ui.theme import load_theme
from tests.session.fake import ANA, opened

ROOT = Path(__file__).parents[2]
CET = timezone(timedelta(hours=1), "CET")
EIGHT_PAST = datetime(2025, 11, 22, 2, 42, 7, tzinfo=UTC)


def theme(name: str = "bridge-dark") -> Theme:
    return load_theme(name, {}, ROOT)


class ToldGauges:
    """Gauges that read what the test says."""

    def __init__(self, readings: Sequence[Reading] = ()) -> None:
        self.readings = tuple(readings)
        self.is_running = False
        self.told: list[LevelChange] = []
        self.captured: dict[str, Captured | str] = {}
        self.baselines: dict[str, Baseline] = {}
        self.history = History()
        self.remarks: list[str] = []
        self.answers: dict[str, str] = {}

    async def start(self) -> None:
        self.is_running = True

    async def stop(self) -> None:
        self.is_running = False

    def board(self) -> Board:
        return Board(self.readings)

    def asked(self, gauge: str) -> Asked:
        return Asked(f"GET https://app.example.com/{gauge}", self.answers.get(gauge, ""))

    def remark(self) -> str:
        return self.remarks.pop(0) if self.remarks else ""

    def changes(self) -> Sequence[LevelChange]:
        told, self.told = self.told, []
        return told

    def restart(self, targets: Collection[str]) -> None:
        return

    def capture(self) -> Mapping[str, Captured | str]:
        return self.captured

    def set_baselines(self, baselines: Mapping[str, Baseline]) -> None:
        self.baselines = dict(baselines)


def readings() -> tuple[Reading, ...]:
    """One gauge of each kind."""
    return (
        Reading("errors", "Error rate", "app", "%", Level.WATCH, "0.42 % (2 of 476), ok is < 0.1", 0.42, 1.0, 37,
                2, 476, "< 0.1", "> 5", 0.1, 5.0),
        Reading("latency", "Response time", "app", "ms", Level.OK, "212 ms", 212, 1.0, 754, None, None,
                "< 500", "", 500.0, None),
        Reading("cpu", "this machine: CPU", "this machine", "%", Level.OK, "23 %", 23.4, 0.5, 3200, None, None,
                "< 50", "", 50.0, None),
        Reading("memory", "this machine: memory", "this machine", "%", Level.OK, "61 %", 61.2, 0.5, 3200, None,
                None, "< 75", "", 75.0, None),
        Reading("queries", "DB queries", "db", "ms", Level.NO_DATA, "no answer within 3 s", None, None, 12),
        Reading("disk", "this machine: disk", "this machine", "%", Level.STALE, "last 71 % 34 s ago", 71.0, 34.0,
                34, None, None, "< 80", "", 80.0, None),
    )  # fmt: skip


def make_services(
    plan: Plan | None = None,
    at: datetime = EIGHT_PAST,
    *,
    theme_name: str = "bridge-dark",
    is_ascii: bool = False,
    gauges: ToldGauges | None = None,
    entered: str = "exec",
    set_aside: tuple[str, ...] = ("infra",),
) -> tuple[Services, FrozenClock]:
    """Services with everything real but the disk, the time and the hosts."""
    session, clock = opened(at, plan, set_aside, entered)
    clock._local_zone = CET
    skin = Skin(theme(theme_name), ASCII if is_ascii else UNICODE, Mask(("db-1.internal",)))
    told = gauges or ToldGauges(readings())
    session.board = told.board()
    services = Services(
        session=session,
        viewer=Viewer(session),
        writer=Writer(session.core, clock),
        clock=clock,
        by=ANA,
        skin=skin,
        gauges=told,
        machine=clock,
        themes={name: partial(theme, name) for name in ("bridge-dark", "bridge-light")},
        back="deploytui resume night",
    )
    return services, clock


def seed_plan() -> Plan:
    loaded = load_plan(ROOT / "checklists" / "salessync.yaml")
    assert loaded.plan is not None
    return loaded.plan


def busy_services(theme_name: str = "bridge-dark", *, is_ascii: bool = False) -> Services:
    """The seed's night at 02:42: six steps done, one failed check, one skipped."""
    plan = seed_plan()
    start = datetime(2025, 11, 22, 1, 5, tzinfo=UTC)
    first = [phase.id for _, phase in plan.phases()]
    services, clock = make_services(
        plan, start, theme_name=theme_name, is_ascii=is_ascii, entered=first[3], set_aside=tuple(first[:3])
    )
    session = services.session
    prep = [placed.item.id for placed in session.index.of_phase(first[3])]
    steps = [placed.item.id for placed in session.index.of_phase(first[4])]

    def act(what: Act, minutes: float) -> None:
        clock.advance(minutes * 60)
        session.perform(what, ANA)

    for item in prep:
        act(CheckItem(item), 4)
    clock.advance(38 * 60)
    for item in steps[:6]:
        act(CheckItem(item), 5)
    act(SkipItem(steps[14], "not in this release"), 0.5)
    act(FailItem(steps[15], "3 errors"), 1)
    act(AddNote("Kim restarts the worker, call +49 170 1234567", steps[6]), 1)
    act(LevelChanged("errors", "ok", "watch", "0.42 % (2 of 476), ok is < 0.1"), 0.5)
    clock.advance((EIGHT_PAST - clock.now()).total_seconds())
    return services


class _WallClock(FrozenClock):
    """The night's clock, moving on with the real one."""

    def __init__(self, frozen: FrozenClock) -> None:
        super().__init__(frozen.now(), CET)
        import time

        self._time = time
        self._started_s = time.monotonic()

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self._time.monotonic() - self._started_s)

    def monotonic_s(self) -> float:
        return self._time.monotonic()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--theme", default="bridge-dark")
    parser.add_argument("--ascii", action="store_true")
    parser.add_argument("--color", default="auto")
    options = parser.parse_args()
    services = busy_services(options.theme, is_ascii=options.ascii)
    clock = _WallClock(services.session.clock)  # type: ignore[arg-type]
    services.session.clock = services.session.store.clock = clock  # type: ignore[attr-defined]
    services.clock = services.machine = clock
    services.writer = Writer(services.session.core, clock)
    depth = color_depth(options.color, os.environ) if options.color != "auto" else ColorDepth.TRUE
    DashboardApp(services, depth=depth).run()


if __name__ == "__main__":
    main()
