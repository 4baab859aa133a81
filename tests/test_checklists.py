"""The checklists that ship: read without a finding to fix, complete, and safe to run tonight."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploytui.plan.describe import counts
from deploytui.plan.load import load_plan
from deploytui.plan.model import Edge, Item, Mark, Plan
from deploytui.plan.node import Mapping, Node, Scalar, Sequence
from deploytui.plan.source import HostSource, LocalSource, RemoteSource
from deploytui.plan.yaml import read_yaml

FOLDER = Path(__file__).parent.parent / "checklists"
SHIPPED = sorted(path.name for path in FOLDER.glob("*.yaml"))


def _plan(name: str) -> Plan:
    return load_plan(FOLDER / name).plan


def _items(plan: Plan) -> Iterator[Item]:
    for _, phase in plan.phases():
        for group in phase.groups:
            yield from group.items
    yield from plan.rollback.triggers
    for stage in plan.rollback.stages:
        yield from stage.items
    for criteria in plan.criteria:
        yield from criteria.items


def test_both_checklists_are_here() -> None:
    assert SHIPPED == ["salessync.yaml", "web-service.yaml"]


@pytest.mark.parametrize("name", SHIPPED)
def test_it_can_be_run_tonight(name: str) -> None:
    plan = _plan(name)
    assert plan.go_live is None, "the start asks for the go-live"
    edges = [
        edge for _, phase in plan.phases() if phase.window for edge in (phase.window.start, phase.window.end)
    ]
    assert len(edges) == 2 * len(plan.phases())
    assert all(edge.at is None for edge in edges), "every window moves with the go-live"


@pytest.mark.parametrize("name", SHIPPED)
def test_no_request_is_sent_before_somebody_names_the_address(name: str) -> None:
    plan = _plan(name)
    asked = {f"${{{variable.name}}}" for variable in plan.variables if variable.ask}
    for gauge in plan.gauges:
        if not isinstance(gauge.source, LocalSource):
            assert isinstance(gauge.source, RemoteSource), gauge.id
            assert any(gauge.source.address.startswith(variable) for variable in asked), gauge.id


@pytest.mark.parametrize("name", SHIPPED)
def test_this_machine_feeds_no_box(name: str) -> None:
    plan = _plan(name)
    of_host = {gauge.id: gauge.title for gauge in plan.gauges if isinstance(gauge.source, HostSource)}
    assert all(title.startswith("this machine: ") for title in of_host.values())
    assert [item.id for item in _items(plan) if item.when and item.when.gauge in of_host] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_a_breach_can_be_reached_by_its_own_samples(name: str) -> None:
    """A trigger over N samples needs an interval that gives N of them, even when each request times out."""
    for gauge in _plan(name).gauges:
        if gauge.breach and gauge.breach.samples:
            slowest_s = max(gauge.every_s, gauge.timeout_s)
            assert gauge.source.over_s / slowest_s >= gauge.breach.samples, gauge.id


def _without_id(node: Node, *, is_item: bool = False) -> Iterator[int]:
    """The lines of what has no id of its own; a bare text in a list of items has none."""
    match node:
        case Scalar():
            if is_item:
                yield node.line
        case Sequence():
            for child in node.items:
                yield from _without_id(child, is_item=is_item)
        case Mapping():
            values = {key.text: value for key, value in node.entries}
            if (is_item or values.keys() & {"phase", "group", "stage"}) and "id" not in values:
                yield node.line
            for key, value in values.items():
                if not isinstance(value, Scalar) and key not in {"when", "gate", "marks", "needs"}:
                    yield from _without_id(value, is_item=key in {"items", "triggers"})


@pytest.mark.parametrize("name", SHIPPED)
def test_every_phase_group_and_item_has_its_own_id(name: str) -> None:
    """A derived id changes with the text, and the journal of a session would no longer know the item."""
    root, problems = read_yaml((FOLDER / name).read_bytes(), name)
    assert root is not None
    assert problems == []
    assert list(_without_id(root)) == []


def test_control_a_bare_text_and_a_phase_without_an_id_are_found() -> None:
    source = b"pre-deploy:\n- phase: A\n  groups:\n  - {group: B, id: b, items: [{id: c, text: C}, D]}\n"
    root, _ = read_yaml(source, "made up")
    assert root is not None
    assert list(_without_id(root)) == [2, 4]


def test_salessync_is_complete() -> None:
    plan = _plan("salessync.yaml")
    assert counts(plan) == {
        "items": 201,
        "plan": 160,
        "rollback_triggers": 6,
        "rollback_steps": 16,
        "criteria": 19,
    }
    per_phase = {phase.id: sum(len(group.items) for group in phase.groups) for _, phase in plan.phases()}
    assert per_phase == {"infra": 37, "staging": 28, "preprod": 18, "pre": 5, "exec": 18, "post": 21, "day1": 12,
                         "week1": 12, "month1": 9}  # fmt: skip
    assert sum(len(phase.groups) for _, phase in plan.phases()) == 24
    assert [stage.budget_s for stage in plan.rollback.stages] == [300, 900, 600, 300]
    assert (plan.rollback.limit_s, plan.rollback.sum_s) == (1800, 2100)
    assert [(c.kind, len(c.items)) for c in plan.criteria] == [("technical", 7), ("business", 7), ("user", 5)]
    assert [role.role for role in plan.signoffs if role.when == "before"] == [
        "Technical Lead", "QA Manager", "DevOps Lead", "Product Manager", "CTO"]  # fmt: skip
    assert [role.role for role in plan.signoffs if role.when == "after"] == [
        "Technical Lead", "Support Manager", "General Manager"]  # fmt: skip
    assert [note.kind for note in plan.notes].count("known-issue") == 2
    assert [note.kind for note in plan.notes].count("enhancement") == 4


def test_salessync_invents_nothing_the_document_does_not_say() -> None:
    plan = _plan("salessync.yaml")
    items = list(_items(plan))
    assert [item.id for item in items if item.duration_s or item.owner or item.gate or item.run] == []
    assert all(contact.name is None and contact.phone is None for contact in plan.contacts)
    reached = [contact for contact in plan.contacts if contact.email]
    assert [(c.role, c.email) for c in reached] == [("Technical Support", "support@salessync.com")]
    assert len(plan.contacts) == 11


def test_salessync_keeps_the_words_and_what_they_mean() -> None:
    by_id = {item.id: item for item in _items(_plan("salessync.yaml"))}
    assert by_id["exec.1"].text == "Step 1: Stop current application (if upgrading)"
    assert by_id["exec.1"].optional == "if upgrading"
    assert by_id["exec.1"].marks == (Mark.STOPS,)
    assert by_id["exec.5"].marks == (Mark.TRAFFIC,)
    assert by_id["pre.backup"].marks == (Mark.BACKUP,)
    assert [f"exec.{step}" for step in range(1, 11)] == [
        item.id for item in by_id.values() if item.is_ordered
    ]
    restore = by_id["rb2.restore"]
    assert (restore.optional, restore.decide) == ("if needed", True)
    assert sum(1 for item in by_id.values() if item.optional) == 9
    recurring = {item.id: item.every_s for item in by_id.values() if item.every_s}
    assert recurring == {"day1.mon.watch": 7200, "week1.mon.logs": 86400, "week1.mon.perf": 86400}


def test_salessync_binds_only_what_a_web_gauge_measures() -> None:
    bound = {item.id: item.when.gauge for item in _items(_plan("salessync.yaml")) if item.when}
    assert bound == {"post.mon.latency": "latency", "post.mon.errors": "errors", "rb.slower": "slower",
                     "rb.errors": "errors", "rb.down": "down", "crit.tech.latency": "latency",
                     "crit.tech.errors": "errors"}  # fmt: skip


def test_the_small_checklist_plans_the_evening_in_full() -> None:
    plan = _plan("web-service.yaml")
    assert 25 <= counts(plan)["plan"] <= 35
    execution = [item for group in plan.stages[1].phases[0].groups for item in group.items]
    assert all(item.duration_s for item in execution), "durations are what the forecast is made from"
    window = plan.stages[1].phases[0].window
    assert window is not None
    assert window.end == Edge(offset_s=5400, text="T+1h30m")
    planned_s = sum(item.duration_s or 0 for item in execution)
    assert planned_s + plan.rollback.sum_s <= 5400, "a rollback still fits after the last step"


def test_the_demo_reads_without_a_finding() -> None:
    loaded = load_plan(FOLDER.parent / "docs" / "demo" / "demo.yaml")
    assert [finding for finding in loaded.findings if finding.accepted is None] == []
