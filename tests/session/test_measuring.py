"""The board through a planned stop: what is shown, what is news, and that the stop's own errors fire nothing after it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pytest
from msgspec.structs import replace

from deploytui.journal.fact import LevelChanged
from deploytui.journal.state import LevelState
from deploytui.metrics.board import Board, Level, LevelChange, Sample
from deploytui.metrics.collector import Collector
from deploytui.plan.model import Band, Condition, GaugeSpec, Item, Limit, PlannedStop, Rollback
from deploytui.plan.source import HttpSource
from deploytui.session.act import SYSTEM, By, CheckItem, OverrideItem, StartItem, UndoLast
from deploytui.session.measuring import Measuring
from deploytui.session.stop import stops_now
from deploytui.session.trigger import Trigger, triggers_now
from tests.session.fake import ANA, opened, small_plan

STOP = PlannedStop("exec.1", "exec.5", max_s=600, settle_s=60, targets=("app",))
ERRORS = GaugeSpec(
    "errors",
    "Error rate",
    HttpSource("http://app/", "error_rate", 300),
    target="app",
    unit="%",
    ok=Band(Limit("<", 0.1)),
    breach=Band(Limit(">", 5), for_s=120),
)
DOWN = GaugeSpec(
    "down",
    "Available",
    HttpSource("http://app/", "up"),
    target="app",
    ok=Band(Limit("=", 1)),
    breach=Band(Limit("=", 0), for_s=300),
)
TRIGGERS = tuple(Item(f"rb.{name}", name, when=Condition(name, "breach")) for name in ("errors", "down"))


class DeskSource:
    """A real desk on the night's clock."""

    def __init__(self, night: Night) -> None:
        self.desk = Collector(night.session.plan.gauges)
        self.night = night
        self.restarts: list[str] = []

    def board(self) -> Board:
        return self.desk.board(self.night.clock.monotonic_s())

    def changes(self) -> Sequence[LevelChange]:
        return self.desk.changes()

    def restart(self, targets: Collection[str]) -> None:
        self.restarts += targets
        self.desk.restart(targets)


class Deaf(DeskSource):
    """The control: one that goes on with what it has."""

    def restart(self, targets: Collection[str]) -> None:
        return


class Night:
    """Five seconds a step, with the answers of a service that is up or down."""

    def __init__(self, source: type[DeskSource] = DeskSource, down: GaugeSpec = DOWN) -> None:
        plan = small_plan()
        rollback = Rollback(TRIGGERS, plan.rollback.stages)
        plan = replace(plan, planned_stops=(STOP,), rollback=rollback, gauges=(ERRORS, down))
        self.session, self.clock = opened(plan=plan)
        self.source = source(self)
        self.measuring = Measuring(self.session, self.source)
        self.fired: set[str] = set()
        self.levels: list[str] = []

    def go_on(self, seconds: int, *, up: bool) -> None:
        for _ in range(seconds // 5):
            self.clock.advance(5)
            at, mono_s = self.clock.now(), self.clock.monotonic_s()
            for spec, value in ((ERRORS, float(not up)), (DOWN, float(up))):
                self.source.desk.take(spec.id, Sample(at, mono_s, value))
            for act in self.measuring.look(at):
                self.session.perform(act, By(SYSTEM))
                self.levels.append(f"{act.gauge} {act.before} to {act.after}")
            found = triggers_now(self.session.plan, self.session.state, self.session.board, at)
            self.fired |= {one.id for one in found if one.stands is Trigger.FIRED}

    def tick(self, item: str) -> None:
        self.session.perform(CheckItem(item), ANA)

    def level(self, gauge: str) -> Level:
        return next(one.level for one in self.session.board.readings if one.id == gauge)


def test_a_stop_in_time_fires_nothing_during_it_and_nothing_after_it() -> None:
    night = Night()
    night.go_on(300, up=True)
    night.tick("exec.1")
    night.go_on(420, up=False)
    assert night.level("errors") is night.level("down") is Level.PLANNED_STOP
    night.tick("exec.5")
    night.go_on(600, up=True)
    assert night.fired == set()
    assert night.level("errors") is night.level("down") is Level.OK
    assert night.source.restarts == ["app"]
    assert night.levels == [
        *(f"{gauge} ok to planned_stop" for gauge in ("errors", "down")),
        *(f"{gauge} planned_stop to ok" for gauge in ("errors", "down")),
    ]


def test_what_settles_after_a_stop_says_nothing_before_it_is_ok() -> None:
    night = Night(down=replace(DOWN, ok=Band(Limit("=", 1), for_s=120)))
    night.go_on(60, up=True)
    assert night.level("down") is Level.SETTLING
    night.go_on(240, up=True)
    night.tick("exec.1")
    night.go_on(420, up=False)
    night.tick("exec.5")
    night.go_on(120, up=True)
    assert night.level("down") is Level.SETTLING
    assert [words for words in night.levels if words.startswith("down")] == ["down ok to planned_stop"]
    night.go_on(120, up=True)
    assert night.levels[-1] == "down planned_stop to ok"
    assert night.fired == set()


def test_a_desk_that_keeps_the_errors_of_the_stop_would_fire() -> None:
    night = Night(Deaf)
    night.go_on(300, up=True)
    night.tick("exec.1")
    night.go_on(420, up=False)
    night.tick("exec.5")
    night.go_on(600, up=True)
    assert night.fired == {"rb.errors", "rb.down"}


def test_a_failed_start_fires_when_the_stop_runs_over_and_not_before() -> None:
    night = Night()
    night.go_on(300, up=True)
    night.tick("exec.1")
    night.go_on(595, up=False)
    assert night.fired == set()
    night.go_on(10, up=False)
    assert night.fired == {"rb.errors", "rb.down"}
    assert night.levels[-2:] == ["errors planned_stop to breach", "down planned_stop to breach"]


def test_a_service_that_does_not_come_back_fires_after_settling_and_its_own_time() -> None:
    night = Night()
    night.tick("exec.1")
    night.go_on(60, up=False)
    night.tick("exec.5")
    night.go_on(60 + 115, up=False)
    assert night.fired == set()
    night.go_on(10, up=False)
    assert night.fired == {"rb.errors"}
    night.go_on(180, up=False)
    assert night.fired == {"rb.errors", "rb.down"}


def test_a_step_that_waits_is_no_stop_that_ran_over() -> None:
    """A step starts by itself; the time of the stop counts from its tick."""
    night = Night()
    night.session.perform(StartItem("exec.1"), ANA)
    night.go_on(900, up=True)
    assert stops_now(night.session.plan, night.session.state, night.clock.now())[0].overran_s == 0
    assert night.level("down") is Level.OK
    night.tick("exec.1")
    night.go_on(595, up=False)
    assert (night.level("down"), night.fired) == (Level.PLANNED_STOP, set())
    night.go_on(10, up=False)
    assert stops_now(night.session.plan, night.session.state, night.clock.now())[0].overran_s == 5
    assert night.fired == {"rb.errors", "rb.down"}


def test_a_start_that_was_accepted_in_spite_of_something_ends_the_stop() -> None:
    night = Night()
    night.tick("exec.1")
    night.go_on(30, up=False)
    night.session.perform(OverrideItem("exec.5", "one node is missing"), ANA)
    night.go_on(70, up=True)
    assert night.level("down") is Level.OK
    assert night.source.restarts == ["app"]


def test_an_undone_start_is_still_the_stop_and_settles_again() -> None:
    night = Night()
    night.go_on(30, up=True)
    night.tick("exec.1")
    night.go_on(30, up=False)
    night.tick("exec.5")
    night.go_on(70, up=True)
    night.session.perform(UndoLast("exec.5"), ANA)
    night.go_on(30, up=False)
    assert night.level("down") is Level.PLANNED_STOP
    night.tick("exec.5")
    night.go_on(70, up=True)
    assert night.source.restarts == ["app", "app"]
    assert night.fired == set()


@pytest.mark.parametrize("is_over", [False, True])
def test_a_session_that_is_taken_up_in_a_stop_goes_on_with_it(is_over: bool) -> None:
    night = Night()
    night.session.perform(LevelChanged("down", "ok", "planned_stop", "planned stop"), By(SYSTEM))
    assert isinstance(night.session.state.levels["down"], LevelState)
    night.tick("exec.1")
    if is_over:
        night.tick("exec.5")
        night.clock.advance(60)
    night.measuring = Measuring(night.session, night.source)
    night.go_on(5, up=is_over)
    assert night.levels[:1] == (
        ["down planned_stop to ok"] if is_over else ["errors no_data to planned_stop"]
    )
