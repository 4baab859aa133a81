"""The made-up nights: good stays good, the bad one breaches and recovers, and nothing depends on a host."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploytui.metrics.board import Level
from deploytui.metrics.collector import Collector
from deploytui.metrics.scenario import BREACH, rehearsed, scripted_sample, troubled
from deploytui.plan.load import load_plan
from deploytui.plan.model import GaugeSpec
from deploytui.plan.source import HostSource

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 1, 1, tzinfo=UTC)
PLANS = [load_plan(path).plan for path in sorted((ROOT / "checklists").glob("*.yaml"))]


def levels_over_the_night(spec: GaugeSpec, trouble: str, to_s: int) -> set[Level]:
    desk = Collector((rehearsed(spec),))
    seen = set()
    for mono_s in range(0, to_s, spec.every_s):
        desk.take(spec.id, scripted_sample(spec, trouble, mono_s, AT, float(mono_s)))
        if mono_s > 600:  # dwells are over
            seen.add(desk.board(float(mono_s)).readings[0].level)
    return seen


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.title)
def test_the_good_night_is_good_for_every_gauge_that_ships(plan) -> None:
    for spec in plan.gauges:
        assert levels_over_the_night(spec, "", 1800) == {Level.OK}, spec.id


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.title)
def test_the_bad_night_breaches_and_recovers(plan) -> None:
    breaching, slow = troubled(plan.gauges)
    spec = next(spec for spec in plan.gauges if spec.id == breaching)
    assert {Level.OK, Level.BREACH} <= levels_over_the_night(spec, BREACH, 3 * 3600)
    late = next(spec for spec in plan.gauges if spec.id == slow)
    assert {Level.OK, Level.WATCH} <= levels_over_the_night(late, "slow", 3 * 3600)


def test_a_plan_without_limits_has_no_bad_night() -> None:
    assert troubled(()) == ("", "")


def test_a_share_of_requests_comes_with_its_counts_and_the_load_of_a_machine_does_not() -> None:
    gauges = {spec.id: spec for plan in PLANS for spec in plan.gauges if spec.unit == "%"}
    share = next(spec for spec in gauges.values() if spec.breach and spec.breach.samples)
    sample = scripted_sample(rehearsed(share), "", 0, AT, 0.0)
    assert sample.value == 100 * sample.hits / sample.total
    machine = next(spec for spec in gauges.values() if isinstance(spec.source, HostSource))
    assert scripted_sample(rehearsed(machine), "", 0, AT, 0.0).total is None
