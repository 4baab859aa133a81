"""Shapes of special sections: rollback, criteria, tables, contacts, sign-offs, notes."""

from __future__ import annotations

import pytest

from deploytui.plan.markdown.box import Kind
from deploytui.plan.model import Plan
from tests.plan.markdown.plans import all_items, outline, plan_of, read, said, texts

ROLLBACK = """
    # Move
    ## Switch
    - [ ] Switch over

    ## Rollback

    ### When to roll back
    Roll back if:
    - [ ] Orders are lost
    - [ ] Error rate > 5%

    Do not roll back if:
    - only one client complains

    ### Procedure
    1. **Decide** (5 minutes)
       - [ ] Call the owner
    2. **Restore** (10-15 minutes)
       - [ ] Restore the database (if needed)
       - [ ] Start the old version

    **Total rollback time:** < 15 minutes
    """


def stages(plan: Plan) -> list[tuple[str, int | None, list[str]]]:
    return [(stage.title, stage.budget_s, texts(stage.items)) for stage in plan.rollback.stages]


def test_a_rollback_has_triggers_stages_with_budgets_and_a_stated_limit() -> None:
    plan = plan_of(ROLLBACK)
    assert texts(plan.rollback.triggers) == ["Orders are lost", "Error rate > 5%"]
    assert stages(plan) == [
        ("Decide", 300, ["Call the owner"]),
        ("Restore", 900, ["Restore the database (if needed)", "Start the old version"]),
    ]
    assert plan.rollback.limit_s == 900
    assert plan.rollback.stages[1].items[0].decide
    assert texts(plan.stages[1].phases[0].groups[0].items) == ["Switch over"]
    assert any("only one client complains" in note.text for note in plan.notes)


def test_plain_lists_of_triggers_steps_and_criteria_are_read_beside_boxes_and_counted_apart() -> None:
    source = """
        # Move
        ## Switch
        - [ ] Switch over
        ## Rollback procedure
        **Trigger**: any of the following conditions
        - Error rate > 1%
        - Orders are lost

        **Steps**:
        1. Stop it
           ```sh
           systemctl stop app
           ```
        2. Start the old one
        ## Success criteria
        - All is calm
        """
    imported = read(source)
    assert imported.counts == {Kind.BOX: 1, Kind.STEP: 2, Kind.BULLET: 3}
    assert dict(imported.unboxed) == {"numbered steps": 2, "bullets": 3}
    plan = plan_of(source)
    assert texts(plan.rollback.triggers) == ["Error rate > 1%", "Orders are lost"]
    assert stages(plan) == [("Rollback procedure", None, ["Stop it", "Start the old one"])]
    assert plan.rollback.stages[0].items[0].note == "systemctl stop app"
    assert texts(plan.criteria[0].items) == ["All is calm"]


def test_budgets_may_stand_on_headings_or_as_offsets() -> None:
    plan = plan_of(
        "# Move\n## Go\n- [ ] a\n## Rollback\n### Undo (⏱️ 5-10 minutes)\n- [ ] b\n"
        "### Restore (T+5 to T+30 minutes)\n- [ ] c\n"
    )
    assert stages(plan) == [("Undo", 600, ["b"]), ("Restore", 1500, ["c"])]


def test_a_document_that_is_itself_about_a_rollback_is_worked_through() -> None:
    plan = plan_of(
        "# Emergency Rollback\n## Rollback decision\n- [ ] a\n## Rollback criteria\n- [ ] b\n## Afterwards\n- [ ] c\n"
    )
    assert [phase for _, phase, _, _ in outline(plan)] == ["Rollback decision", "Afterwards"]
    assert texts(plan.rollback.triggers) == ["b"]


def test_preparing_for_a_rollback_is_preparation() -> None:
    plan = plan_of(
        "# Move\n## Preparation\n### Rollback & contingency\n- [ ] Plan written\n## Go-live\n- [ ] a\n"
    )
    assert outline(plan)[0][3] == {"Rollback & contingency": ["Plan written"]}
    assert plan.rollback.stages == ()


def test_criteria_have_the_kind_of_people_they_are_for() -> None:
    plan = plan_of(
        "# Move\n## Go\n- [ ] a\n## Success Criteria\n### Technical ✅\n- [ ] Uptime > 99.9%\n"
        "### Business\n- [ ] Orders come in\n"
        "### Users\n- [ ] Nobody calls\n"
    )
    assert [(one.title, one.kind, texts(one.items)) for one in plan.criteria] == [
        ("Technical", "technical", ["Uptime > 99.9%"]),
        ("Business", "business", ["Orders come in"]),
        ("Users", "user", ["Nobody calls"]),
    ]


def test_a_table_of_targets_is_one_of_criteria() -> None:
    plan = plan_of(
        "# Move\n## Go\n- [ ] a\n## Success criteria\n\n| Metric | Target | Where |\n|---|---|---|\n"
        "| Error rate | <0.1% | board |\n"
        "| Latency (p95) | < 500 ms | board |\n"
    )
    assert texts(plan.criteria[0].items) == ["Error rate <0.1%", "Latency (p95) < 500 ms"]
    assert [item.limit is not None for item in plan.criteria[0].items] == [True, True]


def test_a_document_of_criteria_alone_is_worked_through() -> None:
    plan = plan_of("# Success criteria\n## Success criteria\n- [ ] a\n")
    assert len([item for _, phase in plan.phases() for group in phase.groups for item in group.items]) == 1


TASKS = """
    # Move
    ## Day one

    | Time | Task | Owner | Status |
    |------|------|-------|--------|
    | 08:00 | Open the bridge | Kim | [ ] |
    | 08:30 | **Switch** over | [Name] | ⏳ |
    | 09:00 | Check it | Sam | ✅ |
    | 12:00 | Lunch | - | - |
    | | Afternoon | | |

    - [ ] Done with the day
    """


def test_rows_of_a_task_table_are_items_counted_apart_and_can_be_left_out() -> None:
    imported = read(TASKS)
    assert imported.counts == {Kind.BOX: 1, Kind.ROW: 4}
    assert imported.unboxed == (("table rows", 4),)
    found = all_items(plan_of(TASKS))
    assert [(item.text, item.owner, item.note) for item in found] == [
        ("Open the bridge", "Kim", "Time: 08:00"),
        ("Switch over", None, "Time: 08:30\nmarked ⏳ in the document: in progress"),
        ("Check it", "Sam", "Time: 09:00\nticked in the document (✅)"),
        ("Lunch", None, "Time: 12:00"),
        ("Done with the day", None, None),
    ]
    assert "kept as a note" in said(imported, 10)[0]
    assert read(TASKS, tables=False).counts == {Kind.BOX: 1}


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ("| Check | Done |\n|---|---|\n| a | ☐ |\n| b | ☐ |\n", ["a", "b"]),
        ("| Punkt | Status |\n|---|---|\n| a | ☐ offen ☐ ok |\n", ["a"]),
        ("| Environment | Status |\n|---|---|\n| a | [ ] / [x] |\n| ____ | [ ] / [x] |\n", ["a"]),
        ("| # | Test | Result |\n|---|---|---|\n| 1 | a | Pending |\n", ["a"]),
        ("| Metric | Target | Status |\n|---|---|---|\n| p95 | <500ms | ☐ |\n", ["p95 <500ms"]),
        ("| | Task |\n|---|---|\n| [ ] | a |\n", ["a"]),
    ],
)
def test_task_tables(table: str, found: list[str]) -> None:
    assert [item.text for item in all_items(plan_of(f"# P\n## A\n\n{table}"))] == found


@pytest.mark.parametrize(
    "table",
    [
        "| All met? | Then |\n|---|---|\n| ✅ Yes | go |\n| ❌ No | wait |\n",
        "| Risk | Impact |\n|---|---|\n| slow | high |\n",
        "| Test | Command |\n|---|---|\n| unit | `make test` |\n",
    ],
)
def test_other_tables_are_notes_row_by_row(table: str) -> None:
    source = f"# P\n## A\n- [ ] x\n\n{table}"
    assert read(source).counts == {Kind.BOX: 1}
    assert len(plan_of(source).notes) == table.count("\n") - 2


PEOPLE = """
    # Move
    ## Go
    - [ ] a

    ## Contacts
    ### Harbor team
    - **Technical Lead:** [Name] - [Phone] - [Email]
    - **DBA:** Kim Lee - +1 555 0100 - kim@harbor.example
    - **Hotline:** [Phone]

    ### Others
    | Role | Name | Email |
    |------|------|-------|
    | Support | Sam | sam@harbor.example |

    ## Sign-off
    ### Pre-move sign-off
    | Role | Name | Signature | Date |
    |------|------|-----------|------|
    | Technical Lead | ______ | ______ | ____ |
    | CTO | Kim Lee | | |
    ### Post-move sign-off
    **Support Manager:** ____________ Date: ______
    **Completion time:** ____________
    """


def test_contacts_and_signoffs_are_people_with_places_to_fill() -> None:
    plan = plan_of(PEOPLE)
    assert [(one.team, one.role, one.name, one.phone, one.email) for one in plan.contacts] == [
        ("Harbor team", "Technical Lead", None, None, None),
        ("Harbor team", "DBA", "Kim Lee", "+1 555 0100", "kim@harbor.example"),
        ("Harbor team", "Hotline", None, None, None),
        ("Others", "Support", "Sam", None, "sam@harbor.example"),
    ]
    assert [(one.when, one.role, one.name) for one in plan.signoffs] == [
        ("before", "Technical Lead", None),
        ("before", "CTO", "Kim Lee"),
        ("after", "Support Manager", None),
    ]
    assert len(all_items(plan)) == 1
    assert any("Completion time" in note.text for note in plan.notes)


def test_boxes_in_a_signoff_section_stay_items() -> None:
    plan = plan_of(
        "# P\n## Go-live\n- [ ] a\n## Final sign-off\n- [ ] DevOps: ______ Date: ____\n- [ ] Told all\n"
    )
    assert len(all_items(plan)) == 3
    assert [one.role for one in plan.signoffs] == ["DevOps"]


def test_a_go_or_no_go_item_is_a_gate_where_somebody_signs() -> None:
    source = "# P\n## Go-live\n- [ ] Go/No-Go decision\n- [ ] Go/no-go decision documented\n"
    signers = "## Sign-off\n\n| Role | Name | Signature |\n|---|---|---|\n| CTO | | |\n"
    assert [item.gate is not None for item in all_items(plan_of(source + signers))] == [True, False]
    assert [item.gate for item in all_items(plan_of(source))] == [None, None]


def test_known_issues_and_later_work_are_notes_of_their_kind() -> None:
    plan = plan_of(
        """
        # P
        ## Go
        - [ ] a
        ## Known Issues
        1. **Slow first page**
           - Severity: Low
           - Impact: none
           - Plan: later
        ## Future enhancements
        1. A faster page
        """
    )
    assert [(note.kind, note.text, note.severity, note.plan) for note in plan.notes] == [
        ("known-issue", "Slow first page. Impact: none", "Low", "later"),
        ("enhancement", "A faster page", None, None),
    ]


def test_text_that_is_no_part_of_the_plan_is_a_note_of_its_section() -> None:
    plan = plan_of(
        "# P\nRead me first.\n## A\nBefore you start.\n- [ ] a\n\nSee the manual.\n\n```sh\nmake\n"
        "```\n## B\n1. not\n2. boxes\n## C\n"
    )
    assert [note.text for note in plan.notes] == [
        "Read me first.",
        "A: Before you start.",
        "A: See the manual.",
        "A:\nmake",
        "B:\n1. not\n2. boxes",
        "C",
    ]
    assert any(
        "numbered steps without boxes" in one.as_ for one in read("# P\n- [ ] a\n## B\n1. x\n").recognized
    )


@pytest.mark.parametrize("title", ["After the release day", "After go-live", "After launch (Week 2)"])
def test_what_comes_after_the_deployment_is_after_it(title: str) -> None:
    plan = plan_of(f"# Plan\n## Preparation\n- [ ] a\n## Deployment\n- [ ] b\n## {title}\n- [ ] c\n")
    assert [stage for stage, *_ in outline(plan)] == ["pre-deploy", "execution", "post-deploy"]


def test_the_criteria_of_a_launch_are_no_triggers() -> None:
    plan = plan_of("# Plan\n## Go live\n- [ ] a\n## Rollback completion criteria\n- [ ] b\n")
    assert plan.rollback.triggers == ()
