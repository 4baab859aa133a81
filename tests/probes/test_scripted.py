"""Prepared values: one for each sample, or for as long as they say."""

from __future__ import annotations

import pytest

from deploytui.base.clock import FrozenClock
from deploytui.plan.model import GaugeSpec
from deploytui.plan.source import ScriptedSource
from deploytui.probes.scripted import ScriptedProbe
from tests.metrics.make import START


async def told(values: tuple[str, ...], at_s: tuple[float, ...]) -> list[float | str | None]:
    """What it says at these seconds."""
    clock = FrozenClock(START)
    probe = ScriptedProbe(GaugeSpec("s", "s", ScriptedSource()), values, clock)
    seen: list[float | str | None] = []
    now_s = 0.0
    for moment_s in at_s:
        clock.advance(moment_s - now_s)
        now_s = moment_s
        (sample,) = (await probe.sample()).values()
        seen.append(sample.error or sample.value)
    return seen


async def test_one_value_for_each_sample_and_the_last_stays() -> None:
    assert await told(("1", "2.5", "error: refused", "3"), (0, 5, 10, 15, 20)) == [1, 2.5, "refused", 3, 3]


async def test_values_that_last() -> None:
    assert await told(("1@10s", "error: down@5s", "2"), (0, 5, 10, 14, 15, 60)) == [
        1,
        1,
        "down",
        "down",
        2,
        2,
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("abc", 'the scripted value "abc" is not a number'),
        ("1_0", 'the scripted value "1_0" is not a number'),
        ("5@1_0s", 'the scripted value "5@1_0s" is not a number'),
        ("1@soon", 'the scripted value "1@soon" is not a number'),
        ("error:", "no answer"),
        ("error: mail@example", "mail@example"),
    ],
)
async def test_what_is_no_number_is_said(text: str, said: str) -> None:
    assert await told((text,), (0,)) == [said]


async def test_nothing_prepared_is_no_data() -> None:
    assert await told((), (0,)) == ["no scripted values"]
