"""The checklists that ship with the program load, hold what their documents hold, and give every id."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploytui.base.paths import bundled_dirs
from deploytui.plan.describe import counts
from deploytui.plan.load import load_plan
from deploytui.plan.yaml import read_yaml
from tests.plan.test_schema import SHIPPED

CHECKLISTS = bundled_dirs("checklists")[-1]


def test_there_are_checklists() -> None:
    assert {"salessync", "web-service"} <= {path.stem for path in SHIPPED}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_it_loads(path: Path) -> None:
    assert counts(load_plan(path).plan)["items"] > 0


def test_salessync_holds_every_box_of_its_document() -> None:
    plan = load_plan(CHECKLISTS / "salessync.yaml").plan
    assert counts(plan) == {
        "items": 201,
        "plan": 160,
        "rollback_triggers": 6,
        "rollback_steps": 16,
        "criteria": 19,
    }
    by_stage = [
        sum(len(group.items) for phase in stage.phases for group in phase.groups) for stage in plan.stages
    ]
    assert by_stage == [88, 18, 54]
    by_phase = [sum(len(group.items) for group in phase.groups) for phase in plan.stages[0].phases]
    assert by_phase == [37, 28, 18, 5]
    assert (plan.rollback.sum_s, plan.rollback.limit_s) == (35 * 60, 30 * 60)
    assert len(plan.contacts) == 11
    assert [sum(role.when == when for role in plan.signoffs) for when in ("before", "after")] == [5, 3]
    limits = [
        item.limit
        for _, phase in plan.phases()
        for group in phase.groups
        for item in group.items
        if item.limit
    ]
    assert len(limits) == 5
    assert sum(item.limit is not None for item in plan.rollback.triggers) == 3
    assert sum(item.limit is not None for criteria in plan.criteria for item in criteria.items) == 7


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_item_of_a_shipped_checklist_gives_its_id(path: Path) -> None:
    """Sessions and scripts know items by their ids: a reworded text must not change one."""
    source = path.read_bytes()
    assert read_yaml(source, path.name)[1] == []
    plan = load_plan(path).plan
    items = [item for _, phase in plan.phases() for group in phase.groups for item in group.items]
    text = source.decode()
    missing = [item.id for item in items if f"id: {item.id}," not in text and f"id: {item.id}\n" not in text]
    assert missing == []
