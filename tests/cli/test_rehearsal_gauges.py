"""What gauges say in a rehearsal: the checklist's own prepared values where there are some, else the scenario's."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from deploytui.base.clock import AcceleratedClock, FrozenClock
from deploytui.cli.console import Console
from deploytui.cli.gauge_source import LiveGauges
from deploytui.cli.rehearsal import RehearsalGauges
from deploytui.journal.recorder import Recorder
from deploytui.metrics.board import Asked, Level, Sample
from deploytui.plan.model import Band, GaugeSpec, Limit, Plan
from deploytui.plan.source import HttpSource, ScriptedSource
from tests.session.fake import GO_LIVE, opened, small_plan

ERRORS = GaugeSpec(
    "errors", "Error rate", HttpSource("http://app/", measure="error_rate"), unit="%", every_s=5,
    ok=Band(Limit("<", 1.0)), breach=Band(Limit(">", 5.0)),
)  # fmt: skip
QUEUE = GaugeSpec("queue", "Queue", ScriptedSource(values=("3@10m", "error: refused@5m", "40")), every_s=5,
                  ok=Band(Limit("<", 10.0)), breach=Band(Limit(">", 30.0)))  # fmt: skip


class NoShelf:
    """Nothing is kept."""

    def open(self) -> None:
        return None


def gauges(plan: Plan, scenario: str) -> tuple[RehearsalGauges, FrozenClock]:
    wall = FrozenClock(GO_LIVE)
    clock = AcceleratedClock(wall, GO_LIVE, 60)
    recorder = Recorder(NoShelf(), clock, wall, lambda: False)  # type: ignore[arg-type]
    return RehearsalGauges(plan, scenario, GO_LIVE, clock, recorder), wall


def told(found: RehearsalGauges, gauge: str) -> tuple[Level, float | None, str]:
    reading = next(reading for reading in found.board().readings if reading.id == gauge)
    return reading.level, reading.value, reading.why


def test_prepared_values_are_told_at_the_rehearsals_own_pace() -> None:
    found, wall = gauges(replace(small_plan(), gauges=(ERRORS, QUEUE)), "breach")
    wall.advance(5)  # five minutes there
    assert told(found, "queue")[:2] == (Level.OK, 3.0)
    wall.advance(6)
    level, value, why = told(found, "queue")
    assert (level, value) == (Level.NO_DATA, None)
    assert "refused" in why
    wall.advance(6)
    assert told(found, "queue")[:2] == (Level.BREACH, 40.0)


def test_a_scenario_leaves_prepared_values_alone_and_makes_up_the_others() -> None:
    plan = replace(small_plan(), gauges=(QUEUE, ERRORS))
    found, wall = gauges(plan, "breach")
    wall.advance(timedelta(minutes=50).total_seconds() / 60)
    assert told(found, "errors")[0] is Level.BREACH
    good, wall = gauges(plan, "good")
    wall.advance(50)
    assert told(good, "errors")[0] is Level.OK
    assert told(good, "queue")[:2] == (Level.BREACH, 40.0)


def test_a_fast_night_does_not_ask_made_up_gauges_more_often_than_can_be_seen() -> None:
    asked: list[str] = []

    class Counted(RehearsalGauges):
        def _sample(self, spec: GaugeSpec, at: datetime, due_s: float) -> Sample:
            asked.append(spec.id)
            return super()._sample(spec, at, due_s)

    wall = FrozenClock(GO_LIVE)
    clock = AcceleratedClock(wall, GO_LIVE, 600)
    recorder = Recorder(NoShelf(), clock, wall, lambda: False)  # type: ignore[arg-type]
    found = Counted(replace(small_plan(), gauges=(ERRORS, QUEUE)), "breach", GO_LIVE, clock, recorder)
    for _ in range(6):  # an hour there
        wall.advance(1)
        assert told(found, "errors")[0] is not Level.STALE
    assert (asked.count("errors"), asked.count("queue")) == (24, 720)  # prepared values keep their own pace
    assert told(found, "errors")[0] is Level.BREACH
    assert [change.after for change in found.changes() if change.gauge == "errors"] == [Level.BREACH]
    clock.set_speed(4)
    wall.advance(5)
    assert told(found, "errors")[0] is Level.BREACH
    assert asked.count("errors") == 28  # from here at its own pace again


def test_the_page_of_a_gauge_says_what_it_asks_rehearsed_and_live() -> None:
    plan = replace(small_plan(), gauges=(QUEUE, ERRORS))
    found, _ = gauges(plan, "good")
    assert found.asked("errors") == Asked(ERRORS.question(), "made up: a rehearsal asks nobody")
    session, clock = opened(plan=plan)
    recorder = Recorder(NoShelf(), clock, clock, lambda: False)  # type: ignore[arg-type]
    live = LiveGauges(Console(env={}, clock=clock), session, {}, frozenset(), recorder)
    assert live.asked("errors") == Asked(ERRORS.question(), "")
