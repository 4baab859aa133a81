"""A plan is the same plan after YAML, and after the Markdown that this program prints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploytui.base.mask import NoMask
from deploytui.plan.build import build_plan
from deploytui.plan.dump import dump_yaml
from deploytui.plan.load import load_plan, read_plan
from deploytui.plan.markdown import import_markdown
from deploytui.plan.model import Group, Item, Plan
from deploytui.plan.node import Mapping, Scalar, Sequence
from deploytui.plan.yaml import read_yaml
from deploytui.report.printable import printable
from tests.plan.markdown.plans import all_items, without_lines
from tests.plan.markdown.test_hostile import _PIECES

CHECKLISTS = Path(__file__).parents[3] / "checklists"
TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=30)
LINES = st.lists(st.one_of(st.sampled_from(_PIECES), TEXT), max_size=25)


def kept(plan: Plan) -> dict[str, Any]:
    """What `print` must keep: items, groups, windows, budgets and limits, and who belongs to them."""

    def items(found: tuple[Item, ...]) -> list[Any]:
        return [
            {
                "text": item.text,
                "limit": without_lines(item.limit),
                "optional": item.optional,
                "owner": item.owner,
                "times": (item.every_s, item.duration_s),
                "marks": (item.marks, item.decide, item.needs_evidence, item.is_ordered),
                "items": items(item.items),
            }
            for item in found
        ]

    def groups(found: tuple[Group, ...]) -> list[Any]:
        return [(group.title, group.owner, group.is_ordered, items(group.items)) for group in found]

    return {
        "title": plan.title,
        "go_live": plan.go_live,
        "zone": plan.zone,
        "phases": [
            (name, phase.title, edges(phase), phase.owner, groups(phase.groups))
            for name, phase in plan.phases()
        ],
        "triggers": items(plan.rollback.triggers),
        "limit": plan.rollback.limit_s,
        "procedure": [(stage.title, stage.budget_s, items(stage.items)) for stage in plan.rollback.stages],
        "criteria": [(criteria.title, items(criteria.items)) for criteria in plan.criteria],
        "contacts": [(one.team, one.role, one.name, one.phone, one.email) for one in plan.contacts],
        "signoffs": without_lines(plan.signoffs),
    }


def edges(phase: Any) -> Any:
    window = phase.window
    return window and [(edge.offset_s, edge.at, edge.is_day) for edge in (window.start, window.end)]


def after_markdown(plan: Plan) -> Plan:
    return read_plan(printable(plan, NoMask()).encode(), "printed.md").plan


@pytest.mark.parametrize("name", ["salessync.yaml", "web-service.yaml"])
def test_a_shipped_checklist_survives_its_print(name: str) -> None:
    plan = load_plan(CHECKLISTS / name).plan
    assert kept(after_markdown(plan)) == kept(plan)


def test_what_is_printed_is_told_from_what_only_looks_like_it() -> None:
    plan = load_plan(CHECKLISTS / "salessync.yaml").plan
    source = printable(plan, NoMask()).replace("## Execution", "## Something else")
    assert kept(read_plan(source.encode(), "printed.md").plan) != kept(plan)


@settings(max_examples=120, deadline=None)
@given(LINES)
def test_an_imported_plan_is_the_same_after_yaml_and_after_print(lines: list[str]) -> None:
    source = ("# Plan\n- [ ] one\n" + "\n".join(lines)).encode("utf-8", "replace")
    node = import_markdown(source, "plan.md").node
    plan = build_plan(node, "plan.md")
    again, problems = read_yaml(dump_yaml(node).encode(), "plan.yaml")
    assert not problems
    assert without_lines(build_plan(again, "plan.yaml")) == without_lines(plan)
    assert len(all_items(after_markdown(plan))) == len(all_items(plan))
    assert kept(after_markdown(plan)) == kept(plan)


# ASCII with all its signs, and letters that damage is not made of.
SIGNS = "".join(map(chr, range(32, 127))) + "äß…☐✅🚀日本語"
WORDS = st.text(st.sampled_from(SIGNS), min_size=1, max_size=40)
NAMES = WORDS.map(lambda text: " ".join(text.split())).filter(bool)
DURATIONS = st.sampled_from(["90s", "5m", "1h30m", "2d"])
ITEM = st.fixed_dictionaries(
    {"text": NAMES},
    optional={"optional": NAMES, "owner": NAMES, "note": NAMES, "duration": DURATIONS, "every": DURATIONS,
              "decide": st.just("true"), "evidence": st.just("required"), "marks": st.just(["backup"])},
)  # fmt: skip
GROUP = st.fixed_dictionaries(
    {"group": NAMES, "items": st.lists(ITEM, min_size=1, max_size=3)},
    optional={"ordered": st.just("true"), "owner": NAMES},
)
WINDOWS = st.sampled_from(
    ["T-2h .. T", "D-18 .. D-14", "T .. T+1h30m", "D-1 .. T", "2025-11-22T02:00Z .. 2025-11-23T02:00Z"]
)
PHASE = st.fixed_dictionaries(
    {"phase": NAMES, "groups": st.lists(GROUP, min_size=1, max_size=2)},
    optional={"window": WINDOWS, "owner": NAMES},
)
PLAN = st.fixed_dictionaries(
    {
        "deploytui": st.just("1"),
        "title": NAMES,
        "stages": st.fixed_dictionaries(
            {name: st.lists(PHASE, max_size=2) for name in ("pre-deploy", "execution", "post-deploy")}
        ),
    },
    optional={
        "go_live": st.just("2025-11-22T02:00Z"),
        "rollback": st.fixed_dictionaries(
            {
                "limit": DURATIONS,
                "triggers": st.lists(ITEM, max_size=2),
                "stages": st.lists(
                    st.fixed_dictionaries(
                        {"stage": NAMES, "items": st.lists(ITEM, min_size=1, max_size=2)},
                        optional={"budget": DURATIONS},
                    ),
                    min_size=1,
                    max_size=2,
                ),
            }
        ),
    },
)


def nodes(value: Any) -> Any:
    if isinstance(value, dict):
        return Mapping([(Scalar(key, 1), nodes(inner)) for key, inner in value.items()], 1)
    return Sequence([nodes(inner) for inner in value], 1) if isinstance(value, list) else Scalar(value, 1)


@settings(max_examples=150, deadline=None)
@given(PLAN)
def test_any_plan_survives_its_print_and_its_yaml(values: dict[str, Any]) -> None:
    node = nodes(values)
    plan = build_plan(node, "plan.yaml")
    assert kept(after_markdown(plan)) == kept(plan)
    again, problems = read_yaml(dump_yaml(node).encode(), "plan.yaml")
    assert not problems
    assert without_lines(build_plan(again, "plan.yaml")) == without_lines(plan)
