"""Shapes of whole documents: headings, facts, windows, wrappers, and documents without structure."""

from __future__ import annotations

import pytest

from deploytui.base.errors import InvalidChecklist
from deploytui.plan.markdown.box import Kind
from tests.plan.markdown.plans import all_items, outline, plan_of, read, said


def test_headings_of_any_depth_become_phases_and_groups() -> None:
    plan = plan_of(
        """
        # 🚀 NIGHT OF THE MOVE ✅
        ## The Harbor Service

        ---

        ## BEFORE THE MOVE

        ### Phase 1: Groundwork

        #### Cables ☐
        - [ ] Lay cables
        - [ ] Label cables

        #### Racks ☐
        - [ ] Mount racks

        ### Phase 2: Rehearsal
        - [ ] Rehearse once

        ## AFTER THE MOVE

        ### Day 1 (First 24 Hours)
        - [ ] Watch the logs
        """
    )
    assert plan.title == "NIGHT OF THE MOVE"
    assert ("subtitle", "The Harbor Service") in plan.facts
    assert outline(plan) == [
        (
            "pre-deploy",
            "Groundwork",
            None,
            {"Cables": ["Lay cables", "Label cables"], "Racks": ["Mount racks"]},
        ),
        ("pre-deploy", "Rehearsal", None, {"Rehearsal": ["Rehearse once"]}),
        ("post-deploy", "AFTER THE MOVE", None, {"Day 1 (First 24 Hours)": ["Watch the logs"]}),
    ]


def test_a_glyph_in_a_heading_is_never_a_state_and_is_named() -> None:
    imported = read("# Plan\n\n## Cables ☐\n\n- [ ] one\n\n## Racks ✅\n\n- [ ] two\n")
    assert imported.counts == {Kind.BOX: 2}
    assert said(imported, 3)[0].startswith("a heading")
    assert said(imported, 7)[0].startswith("a heading")


def test_items_outside_the_phases_are_a_phase_of_their_own() -> None:
    plan = plan_of("# Ship\n\n- [ ] Tell all\n\n## After release\n\n- [ ] Tag it\n")
    assert outline(plan) == [
        ("execution", "Ship", None, {"Ship": ["Tell all"]}),
        ("post-deploy", "After release", None, {"After release": ["Tag it"]}),
    ]


def test_stages_follow_the_words_and_keep_the_order_of_the_document() -> None:
    plan = plan_of(
        """
        # Move
        ## Cables
        - [ ] a
        ## Before the move
        - [ ] b
        ## Cutover steps
        - [ ] c
        ## Lamps
        - [ ] d
        ## Nach dem Umzug
        - [ ] e
        ## More lamps
        - [ ] f
        """
    )
    assert [(stage, phase) for stage, phase, _, _ in outline(plan)] == [
        ("pre-deploy", "Cables"),
        ("pre-deploy", "Before the move"),
        ("execution", "Cutover steps"),
        ("execution", "Lamps"),
        ("post-deploy", "Nach dem Umzug"),
        ("post-deploy", "More lamps"),
    ]


def test_a_document_that_is_all_preparation_stays_before() -> None:
    plan = plan_of("# Pre-Launch Checklist\n## Database\n- [ ] a\n## Network\n- [ ] b\n")
    assert {stage for stage, _, _, _ in outline(plan)} == {"pre-deploy"}


def test_facts_at_the_top_are_facts_and_never_items() -> None:
    plan = plan_of(
        """
        # Move
        > **Version**: 2.1 | **Owner**: Harbor team

        **Status:** ✅ APPROVED
        **Contact channel:** #harbor-move
        **Signed by:** ____________

        | Field | Value |
        |-------|-------|
        | Change ticket | CHG-7 |
        | Environment | production |

        ## Steps
        **Purpose:** not a fact of the plan
        - [ ] a
        """
    )
    assert dict(plan.facts) == {
        "version": "2.1",
        "owner": "Harbor team",
        "status": "APPROVED",
        "contact channel": "#harbor-move",
        "change ticket": "CHG-7",
        "environment": "production",
    }
    assert len(all_items(plan)) == 1
    notes = " ".join(note.text for note in plan.notes)
    assert "Signed by: ____________" in notes
    assert "Purpose: not a fact of the plan" in notes


NIGHT = """
    # Move
    **Deployment Date:** March 14, 2026, 11:00 PM CET

    ## Preparation (Mar 2-6, 2026)
    - [ ] a
    ## Move day (Mar 14, 2026)
    ### Last checks (10:00 PM - 11:00 PM)
    - [ ] b
    ### Switch (11:00 PM - 1:00 AM)
    - [ ] c
    ## Afterwards
    ### Day 1 (First 24 Hours)
    - [ ] d
    ### Week 1
    - [ ] e
    """


def test_a_stated_go_live_makes_offsets_of_all_windows() -> None:
    plan = plan_of(NIGHT)
    assert f"{plan.go_live:%Y-%m-%dT%H:%MZ}" == "2026-03-14T22:00Z"
    assert plan.zone == "Europe/Berlin"
    assert [(stage, phase, window) for stage, phase, window, _ in outline(plan)] == [
        ("pre-deploy", "Preparation", "D-12 .. D-8"),
        ("pre-deploy", "Last checks", "T-1h .. T"),
        ("execution", "Switch", "T .. T+2h"),
        ("post-deploy", "Day 1", "T .. T+24h"),
        ("post-deploy", "Week 1", "T .. T+7d"),
    ]


def test_without_a_go_live_windows_are_instants_and_a_date_alone_is_said_to_be_one() -> None:
    source = NIGHT.replace(", 11:00 PM CET", "").replace("10:00 PM - 11:00 PM", "10:00 PM - 11:00 PM UTC")
    imported = read(source)
    assert any("a date but no time" in one.as_ for one in imported.recognized)
    windows = [window for _, _, window, _ in outline(plan_of(source))]
    assert windows[:2] == ["2026-03-02T00:00Z .. 2026-03-07T00:00Z", "2026-03-14T22:00Z .. 2026-03-14T23:00Z"]


def test_a_countdown_lasts_from_each_mark_to_the_next() -> None:
    plan = plan_of(
        """
        # Launch
        ## Launch day
        ### T-24 Hours
        - [ ] a
        ### T-60 minutes
        - [ ] b
        ### Launch (T=0)
        - [ ] c
        ### T+15
        - [ ] d
        ### T-30 Visual polish
        - [ ] e
        """
    )
    assert [(stage, window) for stage, _, window, _ in outline(plan)] == [
        ("pre-deploy", "T-24h .. T-1h"),
        ("pre-deploy", "T-1h .. T"),
        ("execution", "T .. T+15m"),
        ("execution", "T+15m .. T+1h15m"),
        ("execution", None),
    ]


def test_a_time_may_stand_on_a_line_of_its_own() -> None:
    plan = plan_of("# Launch\n## Go\n**Time:** T-5 to T+5 minutes\n- [ ] a\n## Done\n- [ ] b\n")
    assert outline(plan)[0][2] == "T-5m .. T+5m"


FRONT = """\
---
title: 'Upgrade of the harbor'
change_ticket: "CHG-7"
maintenance_window_start: "2026-03-14 22:00"   # Europe/Zurich
operator: Kim
labels: [a, b]
---

<!--
- [ ] a box that nobody sees
-->

Window in Europe/Zurich, run by `{{operator}}`.

<details>
<summary>Before</summary>

- [ ] Ask {{operator}}

</details>

[//]: # (- [ ] hidden as well)

/label ~change
"""


def test_wrappers_are_metadata_and_comments_are_invisible_but_named() -> None:
    imported = read(FRONT)
    assert imported.counts == {Kind.BOX: 1}
    plan = plan_of(FRONT)
    assert plan.title == "Upgrade of the harbor"
    assert ("change_ticket", "CHG-7") in plan.facts
    assert f"{plan.go_live:%Y-%m-%dT%H:%MZ}" == "2026-03-14T21:00Z"
    assert plan.zone == "Europe/Zurich"
    assert [(variable.name, variable.value) for variable in plan.variables] == [("operator", "Kim")]
    assert [group for _, _, _, groups in outline(plan) for group in groups] == ["Before"]
    assert said(imported, 10) == ["no item: it stands in an HTML comment"]
    assert any("comment" in one for one in said(imported, 22))
    assert any("/label" in note.text for note in plan.notes)


def test_a_checklist_in_the_front_matter_is_imported() -> None:
    plan = plan_of(
        """\
        ---
        title: Release
        items:
          - id: build
            title: Build it
            category: pre-release
            assignee: Kim
            estimatedTime: "15 minutes"
            notes: |
              Run `make`
          - title: Ship it
            category: release day
            required: false
            completed: true
        ---
        # Release
        """
    )
    first, second = all_items(plan)
    assert (first.id, first.text, first.owner, first.duration_s, first.note) == (
        "build", "Build it", "Kim", 900, "Run `make`",
    )  # fmt: skip
    assert (second.text, second.optional, second.note) == ("Ship it", "optional", "ticked in the document")
    assert [(stage, phase) for stage, phase, _, _ in outline(plan)] == [
        ("pre-deploy", "Pre release"),
        ("execution", "Release day"),
    ]


def test_front_matter_that_is_no_yaml_is_kept_as_a_note() -> None:
    plan = plan_of("---\na: [\nb: &x 1\n---\n# P\n- [ ] a\n")
    assert any("b: &x 1" in note.text for note in plan.notes)


def test_without_headings_a_line_with_a_colon_or_in_bold_heads_the_list() -> None:
    plan = plan_of("Release checklist:\n\n- [ ] a\n\n**Day-of:**\n\n- [ ] b\n", "ship-it.md")
    assert outline(plan) == [("execution", "ship it", None, {"Release checklist": ["a"], "Day-of": ["b"]})]


def test_setext_headings_are_headings_but_facts_above_a_rule_are_not() -> None:
    plan = plan_of("Move\n====\n\n**Owner:** Kim\n---\n\nBefore\n------\n- [ ] a\n\nAfter\n-----\n- [ ] b\n")
    assert plan.title == "Move"
    assert ("owner", "Kim") in plan.facts
    assert [phase for _, phase, _, _ in outline(plan)] == ["Before", "After"]


@pytest.mark.parametrize("date", ["", "**Date:** 2025-11-22 02:00 UTC\n"])
def test_days_that_end_with_that_of_the_go_live_prepare_it(date: str) -> None:
    plan = plan_of(f"# Move\n{date}## Ready (D-1 .. D)\n- [ ] a\n## Night (T .. T+2h)\n- [ ] b\n")
    assert [(stage, window) for stage, _, window, _ in outline(plan)] == [
        ("pre-deploy", "D-1 .. D"),
        ("execution", "T .. T+2h"),
    ]


def test_several_first_headings_are_the_phases() -> None:
    plan = plan_of("# Prepare\n- [ ] a\n# Publish\n- [ ] b\n## Crates\n- [ ] c\n")
    assert [phase for _, phase, _, _ in outline(plan)] == ["Prepare", "Publish"]


@pytest.mark.parametrize(
    ("source", "kind", "found", "assumed"),
    [
        (
            "# P\n## A\n1. one\n2. two\n5. five\n## B\n- note\n",
            Kind.STEP,
            ["one", "two", "five"],
            "numbered steps",
        ),
        ("# P\n## A\n* one\n* two\n", Kind.BULLET, ["one", "two"], "bullets"),
        ("# P\n## Stop\n```sh\nstop\n```\n## Start\n", Kind.STEP, ["Stop", "Start"], "headings"),
    ],
)
def test_without_boxes_something_usable_is_found_and_said(
    source: str, kind: Kind, found: list[str], assumed: str
) -> None:
    imported = read(source)
    assert imported.counts == {kind: len(found)}
    assert [item.text for item in all_items(plan_of(source))] == found
    assert any(assumed in one.as_ for one in imported.recognized)
    assert imported.unboxed == ()


@pytest.mark.parametrize("source", ["# P\nStop it.\n", "First this.\n\nThen that.\n"])
def test_paragraphs_are_no_items_and_that_is_said(source: str) -> None:
    imported = read(source)
    assert imported.counts == {}
    assert ["no items: write each task as `- [ ] task`" in one.as_ for one in imported.warnings] == [True]
    kept = [note.text for note in plan_of(source).notes]
    assert all(any(text in note for note in kept) for text in source.split("\n") if text.endswith("."))


def test_a_table_of_contents_and_a_form_are_no_steps() -> None:
    imported = read(
        "# P\n## Contents\n1. [A](#a)\n2. [B](#b)\n\n## When\n* Start: ___\n* End: ___\n\n## A\n* do it\n"
    )
    assert imported.counts == {Kind.BULLET: 1}


def test_tasks_in_code_are_not_imported_in_silence() -> None:
    source = "# P\n\n```markdown\n- [ ] one\n- [x] two\n```\n\n- a plain bullet\n"
    imported = read(source)
    assert imported.counts == {}
    assert imported.lines_in_code == 2
    assert any("2 task-like lines in code" in one for one in said(imported, 4))
    assert read(source, from_code=True).counts == {Kind.BOX: 2}


def test_a_fence_that_never_ends_is_named_with_its_line() -> None:
    imported = read("# P\n- [ ] a\n\n```sh\nstop\n````x\n- [ ] swallowed\n")
    assert imported.counts == {Kind.BOX: 1}
    assert [(one.line, "never ends" in one.as_) for one in imported.warnings] == [(4, True), (7, False)]
    assert said(imported, 7)[0] == "no item: it stands in code"


def test_right_to_left_and_wide_scripts_are_texts_like_others() -> None:
    plan = plan_of("# قائمة\n## 準備\n- [ ] فحص < 50 ms\n## 公開後\n- [ ] 監視（< 30 秒）\n")
    assert [(stage, groups) for stage, _, _, groups in outline(plan)] == [
        ("pre-deploy", {"準備": ["فحص < 50 ms"]}),
        ("execution", {"公開後": ["監視（< 30 秒）"]}),
    ]
    assert [item.limit and item.limit.value for item in all_items(plan)] == [50, 30]


def test_equal_texts_get_different_ids() -> None:
    plan = plan_of("# P\n## A\n- [ ] Test\n- [ ] Test\n## A\n- [ ] Test\n")
    assert len({item.id for item in all_items(plan)}) == 3


def test_what_has_no_task_at_all_is_a_plan_without_items_or_a_sentence() -> None:
    with pytest.raises(InvalidChecklist):
        read("")
    assert read("---\n").counts == {}
