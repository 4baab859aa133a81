"""A big plan is made once more, to take less room: it is the same plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploytui.plan import load
from deploytui.plan.load import load_plan
from deploytui.plan.settle import settled

CHECKLISTS = sorted(Path("checklists").glob("*.yaml"))


@pytest.mark.parametrize("path", CHECKLISTS, ids=lambda path: path.stem)
def test_made_once_more_it_is_the_same_plan(path: Path) -> None:
    plan = load_plan(path).plan
    plans = [plan]
    again = settled(plans)
    assert again == plan
    assert plans == []
    assert again.stages[0].phases[0].groups[0].items[0] is not plan.stages[0].phases[0].groups[0].items[0]


def test_only_a_big_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    path = CHECKLISTS[0]
    small = load_plan(path).plan
    made: list[int] = []

    def noted(plans: list) -> object:  # type: ignore[type-arg]
        made.append(len(plans))
        return settled(plans)

    monkeypatch.setattr(load, "settled", noted)
    assert load_plan(path).plan == small
    assert made == []
    monkeypatch.setattr(load, "BIG_BYTES", 1)
    assert load_plan(path).plan == small
    assert made == [1]
