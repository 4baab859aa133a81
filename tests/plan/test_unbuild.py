"""A plan that is written as a file and read again is the same plan."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from deploytui.plan.dump import dump_yaml
from deploytui.plan.load import load_plan
from deploytui.plan.model import Plan
from deploytui.plan.unbuild import plan_node
from tests.plan.markdown.plans import without_lines
from tests.plan.sample import FULL, only_group, read, with_items, with_line

SHIPPED = sorted(Path("checklists").glob("*.yaml"))


def again(plan: Plan) -> Plan:
    return read(dump_yaml(plan_node(plan)))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_checklist_is_the_same_when_written_and_read(path: Path) -> None:
    plan = load_plan(path).plan
    assert without_lines(again(plan)) == without_lines(plan)


@pytest.mark.parametrize(
    "text",
    [
        FULL,
        FULL.replace("zone: Europe/Berlin", "go_live: 2025-11-22T02:00Z").replace(
            "window: T-2h .. T\n", "window: 2025-11-22T00:00Z .. 2025-11-22T02:00Z\n"
        ),
        with_line("gauges: {g: {title: a, source: {http: 'http://a/', measure: up, redirects: none}}}"),
        with_line("gauges: {g: {title: a, source: {http: 'http://a/', measure: up, redirects: [b]}}}"),
        with_line("gauges: {g: {title: a, source: {host: cpu}, relative: baseline, ok: '!= 0.1'}}"),
        with_line("contacts: [{team: A, role: B, name: , email: a@b}]"),
        with_items("- {text: a --> b, note: 'c --> d\n\n  e', evidence: required, decide: true}"),
    ],
)
def test_every_part_of_the_format_is_written_as_it_is_read(text: str) -> None:
    plan = read(text)
    assert without_lines(again(plan)) == without_lines(plan)


def test_a_secret_is_not_written() -> None:
    plan = read(with_line("variables: {token: {value: hunter2, secret: true}, region: eu}"))
    written = dump_yaml(plan_node(plan))
    assert "hunter2" not in written
    assert [(one.name, one.value, one.is_secret) for one in read(written).variables] == [
        ("token", None, True),
        ("region", "eu", False),
    ]


def test_what_was_inserted_on_the_night_says_so() -> None:
    plan = read(with_items("- one"))
    item = replace(only_group(plan).items[0], is_unplanned=True)
    group = replace(only_group(plan), items=(item,))
    stage = plan.stages[1]
    changed = replace(stage, phases=(replace(stage.phases[0], groups=(group,)),))
    plan = replace(plan, stages=(plan.stages[0], changed, plan.stages[2]))
    assert only_group(again(plan)).items[0].text == "unplanned: one"
