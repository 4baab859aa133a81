"""Real documents of other people, where they are at hand: how many boxes each has is known from two parsers.

The documents are not part of this project. They are read from `DEPLOYTUI_CORPUS`, or from a folder beside the
checkout; without them these tests are skipped.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from deploytui.base.mask import NoMask
from deploytui.plan.build import build_plan
from deploytui.plan.dump import dump_yaml
from deploytui.plan.load import load_plan, read_plan
from deploytui.plan.markdown import Imported, import_markdown
from deploytui.plan.markdown.box import Kind
from deploytui.plan.model import Item, Plan
from deploytui.report.printable import printable
from tests.plan.markdown.plans import all_items, outline, without_lines
from tests.plan.markdown.test_round_trip import kept

_BESIDE = Path(__file__).parents[4] / "shared" / "corpus"
CORPUS = Path(os.environ.get("DEPLOYTUI_CORPUS", _BESIDE))
SEED = next(iter(sorted((CORPUS.parent / "seed").glob("*.txt"))), None)
CHECKLISTS = Path(__file__).parents[3] / "checklists"

# Task list items as CommonMark has them; what stands beside them in another form; task-like lines in code.
BOXES = {
    "06": 39, "07": 112, "10": 67, "103": 12, "11": 0, "14": 26, "18": 20, "19": 51, "22": 7, "23": 0, "24": 0,
    "25": 0, "30": 7, "34": 0, "37": 36, "38": 28, "40": 158, "41": 169, "46": 51, "49": 209, "51": 36, "57": 24,
    "59": 6, "61": 5, "62": 52, "63": 0, "66": 15, "67": 85, "68": 0, "69": 23, "72": 0, "73": 14, "74": 66,
    "75": 0, "76": 10, "77": 10, "78": 30, "79": 37, "80": 28, "81": 63, "83": 247, "84": 0, "85": 0, "87": 0,
    "88": 0, "90": 118, "91": 41,
}  # fmt: skip
OTHERS = {
    "37": (Kind.MARK, 1),
    "91": (Kind.MARK, 8),
    "63": (Kind.GLYPH, 8),
    "46": (Kind.ROW, 67),
    "51": (Kind.ROW, 13),
    "62": (Kind.ROW, 10),
}
IN_CODE = {"11": 30, "72": 65, "62": 54}
STEPS = {"75": (9, 3), "23": (5, 0), "88": (5, 0)}

FILES = {path.name.split("-")[0]: path for path in sorted(CORPUS.glob("*.md"))} if CORPUS.is_dir() else {}
here = pytest.mark.skipif(not FILES, reason="the corpus is not here")


def read(number: str) -> tuple[Imported, Plan]:
    path = FILES[number]
    imported = import_markdown(path.read_bytes(), path.name)
    return imported, build_plan(imported.node, path.name)


@here
@pytest.mark.parametrize("number", BOXES)
def test_every_box_is_an_item_and_nothing_is_lost_on_the_way(number: str) -> None:
    imported, plan = read(number)
    assert imported.counts.get(Kind.BOX, 0) == BOXES[number]
    assert imported.lines_in_code == IN_CODE.get(number, 0)
    if number in OTHERS:
        kind, count = OTHERS[number]
        assert imported.counts[kind] == count
    items = all_items(plan)
    assert len(items) == sum(imported.counts.values())
    assert not any("[ ]" in item.text for item in items)
    again = read_plan(dump_yaml(imported.node).encode(), "again.yaml").plan
    assert without_lines(again) == without_lines(plan)
    assert kept(read_plan(printable(plan, NoMask()).encode(), "printed.md").plan) == kept(plan)


@here
@pytest.mark.parametrize("number", STEPS)
def test_without_boxes_the_numbered_steps_are_the_items(number: str) -> None:
    imported, plan = read(number)
    steps, criteria = STEPS[number]
    assert imported.counts[Kind.STEP] == steps
    assert sum(len(group.items) for group in plan.criteria) == criteria


seed = pytest.mark.skipif(SEED is None, reason="the source document is not here")


def _unmarked(plan: Plan) -> Plan:
    """The plan without what only the hand-made one knows: what an item means to the clock and to a restore."""

    def items(found: tuple[Item, ...]) -> tuple[Item, ...]:
        return tuple(replace(item, marks=()) for item in found)

    stages = tuple(
        replace(
            stage,
            phases=tuple(
                replace(
                    phase, groups=tuple(replace(group, items=items(group.items)) for group in phase.groups)
                )
                for phase in stage.phases
            ),
        )
        for stage in plan.stages
    )
    return replace(plan, stages=stages)


@seed
def test_the_source_document_agrees_with_the_checklist_that_was_made_of_it_by_hand() -> None:
    assert SEED is not None
    loaded = load_plan(SEED)
    by_hand = load_plan(CHECKLISTS / "salessync.yaml").plan
    found, wanted = kept(_unmarked(loaded.plan)), kept(_unmarked(by_hand))
    assert found["phases"] == wanted["phases"]
    assert found["triggers"] == wanted["triggers"]
    assert found["criteria"] == wanted["criteria"]
    assert found["contacts"] == wanted["contacts"]
    assert found["signoffs"] == wanted["signoffs"]
    assert (found["limit"], found["procedure"], found["zone"]) == (
        wanted["limit"],
        wanted["procedure"],
        wanted["zone"],
    )


@seed
def test_the_source_document_in_numbers() -> None:
    assert SEED is not None
    loaded = load_plan(SEED)
    assert len(loaded.repairs) == 35
    assert all(one.found.encode("mac_roman").decode() == one.became for one in loaded.repairs)
    assert len(all_items(loaded.plan)) == 201
    assert sum(item.limit is not None for item in all_items(loaded.plan)) == 15
    assert f"{loaded.plan.go_live:%Y-%m-%dT%H:%MZ}" == "2025-11-22T02:00Z"
    assert [window for _, _, window, _ in outline(loaded.plan)] == [
        "D-18 .. D-14", "D-11 .. D-7", "D-4 .. D-1", "T-2h .. T", "T .. T+2h", "T+2h .. T+4h", "T .. T+24h",
        "T .. T+7d", "T .. T+30d",
    ]  # fmt: skip
    assert (len(loaded.plan.contacts), len(loaded.plan.signoffs)) == (11, 8)
