"""Scenes for the gauge pane: each level a gauge can have, told and not measured, on a session that is real otherwise.

python -m tests.pictures.scene NAME [--theme bridge-light] [--ascii]    shows one in this terminal
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Mapping
from datetime import timedelta

from msgspec.structs import replace

from deploytui.journal.fact import AlarmAcked
from deploytui.metrics.board import Level, Reading
from deploytui.metrics.history import History
from deploytui.plan.model import Condition, GaugeSpec, Item, Plan
from deploytui.plan.source import HttpSource
from deploytui.session.act import RaiseTrigger, ShelveTrigger
from deploytui.ui.app import DashboardApp
from deploytui.ui.color import ColorDepth
from deploytui.ui.service import Services
from tests.session.fake import ANA
from tests.ui.night import EIGHT_PAST, ToldGauges, make_services, readings, seed_plan

OK, WATCH, BREACH = Level.OK, Level.WATCH, Level.BREACH
Scene = Callable[[], tuple[Reading, ...]]
ANSWER = '{"status": "degraded", "took_ms": 212,\n "pools": {"db": {"free": 3, "token": "sk_live_0123456789abcdef"}}}'


def _calm() -> tuple[Reading, ...]:
    errors, latency, cpu, memory, queries, disk = readings()
    return (
        replace(errors, level=OK, value=0.02, hits=1, total=4810, why="0.02 % (1 of 4810), ok is < 0.1", in_level_s=4100),
        latency,
        cpu,
        memory,
        replace(queries, level=OK, value=41.0, unit="ms", why="41 ms, ok is < 100", age_s=2.0, in_level_s=4100,
                ok_text="< 100", ok_limit=100.0),
        replace(disk, level=OK, age_s=1.0, why="71 %, ok is < 80", in_level_s=4100),
    )  # fmt: skip


def _with(gauge: str, **changes: object) -> tuple[Reading, ...]:
    return tuple(replace(one, **changes) if one.id == gauge else one for one in _calm())  # type: ignore[arg-type]


def _breach() -> tuple[Reading, ...]:
    why = "8.66 % (433 of 5000), breach is > 5"
    return _with("errors", level=BREACH, value=8.66, hits=433, total=5000, why=why, in_level_s=260.0)


def _stopped() -> tuple[Reading, ...]:
    why = "planned stop, 18 min of it left; it says: down: connection refused, ok is = 1"
    return tuple(
        replace(one, level=Level.PLANNED_STOP, why=why, in_level_s=420.0) if one.target == "app" else one
        for one in _calm()
    )


SCENES: Mapping[str, Scene] = {
    "ok": _calm,
    "watch": lambda: _with(
        "errors", level=WATCH, value=0.42, hits=2, total=476, why="0.42 % (2 of 476), ok is < 0.1", in_level_s=37.0
    ),
    "breach": _breach,
    "acknowledged": _breach,
    "shelved": _breach,
    "no-data": lambda: _with(
        "queries", level=Level.NO_DATA, value=None, why="answered 401: the token is missing or not accepted"
    ),
    "stale": lambda: _with(
        "disk", level=Level.STALE, age_s=94.0, in_level_s=90.0, why="no answer for 2 min, the last was: 71 %"
    ),
    "settling": lambda: _with(
        "latency", level=Level.SETTLING, settling="35 s of 1 min", in_level_s=35.0,
        why="212 ms, ok is < 500, ok for 35 s of 1 min",
    ),
    "planned-stop": _stopped,
    "every": readings,
    "many": lambda: tuple(
        replace(one, id=f"{one.id}{turn}", title=f"{one.title} {turn}" if turn else one.title)
        for turn in range(6)
        for one in readings()
    ),
}  # fmt: skip


def past(shown: tuple[Reading, ...]) -> History:
    """An hour and a half of each: calm, then as it is now; one gap, in which nobody measured, and one silence."""
    history = History()
    for place, one in enumerate(shown):
        history.know(one.id, 10)
        usual = (one.ok_limit or 100.0) * 0.4
        for ago in range(5400, 0, -10):
            at = EIGHT_PAST - timedelta(seconds=ago)
            if 2100 < ago < 2400 or (one.level is Level.STALE and ago < one.in_level_s):
                continue
            is_silent = one.level is Level.NO_DATA and ago < 600
            value = usual * (1 + 0.3 * math.sin(ago / 140 + place))
            if ago < one.in_level_s and one.value is not None and one.level is not OK:
                value = one.value * (1 + 0.2 * math.sin(ago / 50))
            history.add(one.id, at, None if is_silent else value)
    return history


def plan_of(shown: tuple[Reading, ...]) -> Plan:
    plan = seed_plan()
    specs = tuple(
        GaugeSpec(one.id, one.title, HttpSource("${app_url}/health", "p95"), one.target, one.unit)
        for one in shown
    )
    triggers = (
        Item("rb.errors", "Error rate > 5%", when=Condition("errors", "breach", 300)),
        Item("rb.loss", "Data loss occurring"),
        Item("rb.slow", "System unavailable > 15 minutes", when=Condition("latency", "breach", 900)),
    )
    return replace(plan, gauges=specs, rollback=replace(plan.rollback, triggers=triggers))


def make_scene(name: str, theme: str = "bridge-dark", *, is_ascii: bool = False) -> Services:
    """The services of a scene; what people did in it is journaled as they would have done it."""
    shown = SCENES[name]()
    gauges = ToldGauges(shown)
    gauges.history = past(shown)
    gauges.answers = {one.id: ANSWER for one in shown}
    plan = plan_of(shown)
    phases = [phase.id for _, phase in plan.phases()]
    services, clock = make_services(
        plan, EIGHT_PAST - timedelta(minutes=3), theme_name=theme, is_ascii=is_ascii, gauges=gauges,
        entered=phases[4], set_aside=tuple(phases[:3]),
    )  # fmt: skip
    clock.advance(170)
    if name == "acknowledged":
        services.session.perform(AlarmAcked("gauge errors", "BREACH error rate"), ANA)
    if name == "shelved":
        services.session.perform(ShelveTrigger("rb.errors", "known, the old queue drains", 1800), ANA)
        services.session.perform(RaiseTrigger("rb.loss"), ANA)
    clock.advance((EIGHT_PAST - clock.now()).total_seconds())
    return services


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("name", choices=SCENES)
    words.add_argument("--theme", default="bridge-dark")
    words.add_argument("--ascii", action="store_true")
    asked = words.parse_args()
    DashboardApp(make_scene(asked.name, asked.theme, is_ascii=asked.ascii), depth=ColorDepth.TRUE).run()


if __name__ == "__main__":
    main()
