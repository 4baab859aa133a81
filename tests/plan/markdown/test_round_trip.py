"""A plan is the same plan after YAML, and after the Markdown that this program prints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploytui.base.mask import DOT, Mask, NoMask
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


SHIPPED = load_plan(CHECKLISTS / "web-service.yaml").plan
PRINTED = printable(SHIPPED, NoMask())


def test_a_print_carries_the_whole_checklist_and_not_only_what_it_shows() -> None:
    assert without_lines(after_markdown(SHIPPED)) == without_lines(SHIPPED)


def test_ticks_on_a_print_are_told_and_not_kept() -> None:
    loaded = read_plan(PRINTED.replace("- [ ]", "- [x]", 2).encode(), "printed.md")
    assert without_lines(loaded.plan) == without_lines(SHIPPED)
    assert [one.as_ for one in loaded.recognized].count(
        "a box that was ticked on the print; the tick is not kept"
    ) == 2
    assert loaded.repairs == ()


def test_a_print_that_was_changed_says_what_its_text_says() -> None:
    text = "Pipeline of the release tag is green"
    loaded = read_plan(PRINTED.replace(text, "Pipeline is green").encode(), "printed.md")
    assert [repair.found for repair in loaded.repairs] == [
        "a checklist carried in YAML (its text was changed after it was printed)"
    ]
    assert repr(kept(loaded.plan)) == repr(kept(SHIPPED)).replace(text, "Pipeline is green")
    assert loaded.plan.gauges == ()


def test_a_carried_checklist_that_cannot_be_read_leaves_the_text() -> None:
    broken = PRINTED.replace("\nstages:", "\nstagse:")
    assert broken != PRINTED
    loaded = read_plan(broken.encode(), "printed.md")
    assert "without stages" in loaded.repairs[0].found
    assert kept(loaded.plan) == kept(SHIPPED)


def test_what_was_masked_stays_masked_and_is_told() -> None:
    shown = printable(SHIPPED, Mask(["green"]))
    loaded = read_plan(shown.encode(), "printed.md")
    assert repr(kept(loaded.plan)) == repr(kept(SHIPPED)).replace("green", DOT * 5)
    assert any("masked" in one.as_ for one in loaded.warnings)


@pytest.mark.parametrize(
    "text", ["a --> b", "a --!> b", "--", "-\\-", "---->", "```", "`````\n-->", "<!-- a -->"]
)
def test_no_text_ends_the_comment(text: str) -> None:
    item = {"text": f"do {text}".replace("\n", " "), "note": text}
    group = {"group": "g", "items": [item]}
    stages = {"pre-deploy": [{"phase": "p", "groups": [group]}], "execution": [], "post-deploy": []}
    plan = build_plan(nodes({"deploytui": "1", "title": "t", "stages": stages}), "plan.yaml")
    comment = printable(plan, NoMask()).split("\n<!-- deploytui")[-1]
    assert comment.count("-->") == comment.count("--") == 1
    assert without_lines(after_markdown(plan)) == without_lines(plan)


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
PLANS = st.fixed_dictionaries(
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
@given(PLANS)
def test_any_plan_survives_its_print_and_its_yaml(values: dict[str, Any]) -> None:
    node = nodes(values)
    plan = build_plan(node, "plan.yaml")
    assert kept(after_markdown(plan)) == kept(plan)
    again, problems = read_yaml(dump_yaml(node).encode(), "plan.yaml")
    assert not problems
    assert without_lines(build_plan(again, "plan.yaml")) == without_lines(plan)
