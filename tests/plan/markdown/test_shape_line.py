"""Lines that say more to a person than to Markdown: labels at the margin, owners, times of day, durations, choices."""

from __future__ import annotations

import pytest

from deploytui.plan.model import Plan
from tests.plan.markdown.plans import all_items, outline, plan_of, read, said, texts


def procedure(plan: Plan) -> list[tuple[str, int | None, list[str]]]:
    return [(stage.title, stage.budget_s, texts(stage.items)) for stage in plan.rollback.stages]


# -- labels at the margin --------------------------------------------------------------------------------


def test_a_label_right_below_a_list_heads_what_follows_it() -> None:
    """A reason not to roll back must never be read as one to do it."""
    plan = plan_of(
        """
        # Move
        ## Switch
        - [ ] Switch over
        ## When to roll back
        Roll back if:
        - Orders are lost
        - Error rate > 5% for 5 minutes
        DO NOT roll back if:
        - One page is slow
        - A single user complains
        """
    )
    assert texts(plan.rollback.triggers) == ["Orders are lost", "Error rate > 5% for 5 minutes"]
    assert any("One page is slow" in note.text for note in plan.notes)


@pytest.mark.parametrize("label", ["On the day:", "**On the day**", "__On the day:__"])
def test_such_a_label_parts_groups_and_loses_no_box(label: str) -> None:
    plan = plan_of(f"# Move\n- [ ] a\n  - [ ] b\n{label}\n- [ ] c\n- [ ] d\n")
    assert outline(plan)[0][3] == {"Move": [("a", ["b"])], "On the day": ["c", "d"]}


@pytest.mark.parametrize(
    "line", ["and goes on here", "  indented: text:", "[a]: http://example.org", "☐ box:", "- x:"]
)
def test_other_lines_stay_where_they_were(line: str) -> None:
    assert len(outline(plan_of(f"# Move\n- [ ] a\n{line}\n- [ ] c\n"))[0][3]) == 1


def test_the_line_numbers_below_a_box_alone_on_its_line_are_right() -> None:
    imported = read("# Move\n- [ ] \n[ ] bare\n\\[ \\] escaped\n- [ ]\n  below\n")
    plan = plan_of("# Move\n- [ ] \n[ ] bare\n\\[ \\] escaped\n- [ ]\n  below\n")
    assert [(item.text, item.line) for item in all_items(plan)] == [("bare", 3), ("escaped", 4), ("below", 5)]
    assert said(imported, 2) == ["no item: a box without text"]


def test_glyphs_beside_an_open_one_are_boxes_below_an_item_too() -> None:
    plan = plan_of("# Move\n- [ ] a\n☐ b\n✅ c\n")
    assert texts(plan.stages[1].phases[0].groups[0].items) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("- [-] skipped", "it stands in code"),
        ("- ✅ done", "it stands in code"),
        ("* [N/A] none", "it stands in code"),
        ("1. ❌ failed", "it stands in code"),
    ],
)
def test_other_marks_in_code_are_named_too(line: str, reason: str) -> None:
    assert said(read(f"# Move\n- [ ] a\n\ntext\n\n```\n{line}\n```\n"), 7) == [f"no item: {reason}"]


def test_a_list_of_warnings_is_named_and_kept() -> None:
    imported = read("# Move\n- [ ] a\n\nSee:\n\n- ⚠️ slow\n- ❌ broken\n")
    assert said(imported, 7) == ["no item: a mark or glyph before text that is no task here"]


def test_every_note_is_named_with_its_line() -> None:
    imported = read("# Move\n\nSome words.\n\n- [ ] a\n\n## Known issues\n- One\n\n## Later\nMore words.\n")
    assert said(imported, 3) == ["kept as a note"]
    assert said(imported, 8) == ["a known issue"]
    assert said(imported, 11) == ["kept as a note"]


# -- who -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["**Owner:** Kim Lee", "Owner: Kim Lee", "**Lead**: Kim Lee", "- Owner: Kim Lee",
                                  "Responsible: Kim Lee"])  # fmt: skip
def test_a_line_below_a_heading_names_who_does_it(line: str) -> None:
    plan = plan_of(f"# Move\n## Prepare\n{line}\n\n- [ ] a\n## Switch\n- [ ] b\n")
    first, second = (phase for _, phase in plan.phases())
    assert (first.owner, second.owner) == ("Kim Lee", None) or first.groups[0].owner == "Kim Lee"
    assert second.groups[0].owner is None


def test_an_owner_to_fill_in_is_nobody_and_other_words_of_the_line_are_kept() -> None:
    plan = plan_of(
        """
        # Move
        ## Prepare
        **Owner:** [Name]

        - [ ] a
        ## Switch
        **Owner:** Kim | **Due:** Friday

        - [ ] b
        """
    )
    first, second = (phase for _, phase in plan.phases())
    assert (first.owner, second.owner) == (None, "Kim")
    assert any("Due: Friday" in note.text for note in plan.notes)


def test_paths_sentences_and_remarks_are_nobody_to_call() -> None:
    plan = plan_of(
        """
        # Move
        - [ ] a
        ## Contacts
        - DBA: Kim, +49 30 1234567
        - Lead: [Name]

        ## Further reading for contacts
        - Runbook: /docs/runbook.md
        - Important: this list has to be read by everybody before the night begins, and again after it
        """
    )
    assert [(one.role, one.name) for one in plan.contacts] == [("DBA", "Kim"), ("Lead", None)]


def test_a_handle_to_fill_in_is_no_value() -> None:
    plan = plan_of(
        "# Move\n- [ ] a\n## Contacts\n| Role | Name | Email |\n|---|---|---|\n| DBA | TBD | @<github-user> |\n"
    )
    assert [(one.name, one.email) for one in plan.contacts] == [(None, None)]


# -- when ------------------------------------------------------------------------------------------------

NIGHT = """
    # Launch night
    {fact}
    ## T-24h
    - [ ] a
    ## Preparation
    **Time:** 20:00 - 22:00
    - [ ] b
    ## Cutover (22:00-23:30)
    - [ ] c
    ## T+1 hour
    - [ ] d
    """


def windows(plan: Plan) -> list[str | None]:
    return [window for _, _, window, _ in outline(plan)]


def test_times_of_day_alone_count_from_the_start_of_the_cutover() -> None:
    source = NIGHT.format(fact="")
    plan = plan_of(source)
    assert plan.go_live is None
    assert windows(plan) == ["T-24h .. T-2h", "T-2h .. T", "T .. T+1h30m", "T+1h .. T+2h"]
    assert "assumed: its start, 22:00 UTC, is the go-live, T" in said(read(source), 8)


def test_with_the_day_of_the_launch_the_start_of_the_cutover_is_the_go_live() -> None:
    plan = plan_of(NIGHT.format(fact="**Launch date:** 2026-04-10"))
    assert f"{plan.go_live:%Y-%m-%dT%H:%MZ}" == "2026-04-10T22:00Z"
    assert windows(plan)[:3] == ["T-24h .. T-2h", "T-2h .. T", "T .. T+1h30m"]


def test_a_stated_window_is_that_of_the_only_phase_of_the_execution() -> None:
    source = """
        ---
        maintenance_window_start: 2026-03-01 22:30
        maintenance_window_end: 2026-03-02 02:00
        timezone: Europe/Berlin
        ---
        # Upgrade
        ## Pre-checks
        - [ ] a
        ## Execution
        - [ ] b
        ## Post-checks
        - [ ] c
        """
    plan = plan_of(source)
    assert f"{plan.go_live:%Y-%m-%dT%H:%MZ}" == "2026-03-01T21:30Z"
    assert windows(plan) == [None, "T .. T+3h30m", None]
    assert windows(plan_of(source.replace("03-02 02:00", "03-09 02:00"))) == [None, None, None]


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("1. [ ] Stop (5 min)", 300),
        ("1. [ ] Migrate (1-2 hours)", 7200),
        ("1. [ ] Start — 90 s", 90),
        ("- [ ] Start ⏱️ 10 minutes", 600),
        ("- [ ] Migrate (Time: 20 min)", 1200),
        ("- [ ] Session timeout set (30 minutes)", None),
        ("1. [ ] Answer in time (< 5 min)", None),
        ("1. [ ] Certificate valid (30 days)", None),
        ("1. [ ] Wait (48 hours)", None),
        ("1. [ ] Check 5 min averages", None),
    ],
)
def test_a_step_says_how_long_it_takes(line: str, seconds: int | None) -> None:
    assert [item.duration_s for item in all_items(plan_of(f"# Move\n{line}\n"))] == [seconds]


def test_times_in_brackets_are_minutes_and_a_number_alone_is_no_title() -> None:
    plan = plan_of(
        """
        # Atlas
        ## 1. T-7 days
        - [ ] a
        ## 2. Cutover, T to T+90 min
        ### Stop (T+0)
        - [ ] b
        ### Move (T+10 to T+60)
        - [ ] c
        ### Open (T+60)
        - [ ] d
        ## 3. Hypercare: Day 1-3
        - [ ] e
        ## 4. Tickets T-30 to T-45
        - [ ] f
        """
    )
    assert [(stage, phase, window) for stage, phase, window, _ in outline(plan)] == [
        ("pre-deploy", "1. T-7 days", "T-7d .. T"),
        ("execution", "Stop", "T .. T+10m"),
        ("execution", "Move", "T+10m .. T+1h"),
        ("execution", "Open", "T+1h .. T+2h"),
        ("post-deploy", "3. Hypercare: Day 1-3", "T .. T+3d"),
        ("post-deploy", "4. Tickets T-30 to T-45", None),
    ]


def test_a_number_of_two_parts_before_a_box_is_kept_whole() -> None:
    assert [item.text for item in all_items(plan_of("# Move\n1.1 [ ] Order\n1.2 [ ] Pay\n"))] == [
        "1.1 Order",
        "1.2 Pay",
    ]


# -- the rollback ----------------------------------------------------------------------------------------


def test_numbered_steps_with_times_are_stages_and_their_bullets_the_items() -> None:
    plan = plan_of(
        """
        # Move
        ## Switch
        - [ ] Switch over
        ## Rollback plan (target: under 20 minutes)
        1. **Decide (5 min)**
           - Call the owner
        2. **Restore (10-15 min)**
           - Restore the database
           - Start the old version
        3. Announce (2 min)
        """
    )
    assert procedure(plan) == [
        ("Decide", 300, ["Call the owner"]),
        ("Restore", 900, ["Restore the database", "Start the old version"]),
        ("Announce", 120, ["Announce (2 min)"]),
    ]
    assert plan.rollback.limit_s == 1200


def test_what_a_timed_step_says_besides_its_list_is_kept() -> None:
    source = """
        # Move
        - [ ] Switch over
        ## Rollback
        1. [Stop](https://wiki.example/stop) (5 min)
           - Stop the jobs
        2. Restore (15 min)

           Take the newest copy.

           - Restore the database
        """
    notes = [stage.items[0].note for stage in plan_of(source).rollback.stages]
    assert notes == ["https://wiki.example/stop", "Take the newest copy."]
    assert said(read(source), 4) == ["a stage of the rollback, 1 items, budget 5 min"]


def test_a_total_right_below_the_last_step_is_the_stated_limit() -> None:
    plan = plan_of(
        """
        # Move
        - [ ] Switch over
        ## Rollback
        ### Restore (max 45 min)
        - [ ] Restore
        ### Check
        - [ ] Check it
        Total rollback time: 30 minutes
        """
    )
    assert plan.rollback.limit_s == 1800


def test_a_go_or_no_go_with_a_name_in_brackets_is_a_gate() -> None:
    plan = plan_of(
        "# Move\n- [ ] Go / No-Go decision (CTO)\n## Sign-off\n| Role | Signature | Date |\n|---|---|---|\n| CTO | | |\n"
    )
    assert [bool(item.gate) for item in all_items(plan)] == [True]


# -- tables and choices ----------------------------------------------------------------------------------


def test_a_column_that_only_counts_is_not_the_task() -> None:
    plan = plan_of(
        "# Move\n| Step | What | Who | Done? |\n|---|---|---|---|\n| 1 | Stop | Kim | [ ] |\n| 2 | Start | Lee | [x] |\n"
    )
    assert [(item.text, item.owner) for item in all_items(plan)] == [("Stop", "Kim"), ("Start", "Lee")]
    assert [(item.note or "").split("\n")[0] for item in all_items(plan)] == ["Step: 1", "Step: 2"]


def test_a_choice_in_a_fact_is_shown_as_it_is_drawn() -> None:
    plan = plan_of("# Move\n**Release type:** [ ] Patch [ ] Minor [x] Major\n\n- [ ] a\n")
    assert plan.facts == (("release type", "☐ Patch ☐ Minor ☑ Major"),)


def test_an_empty_cell_under_done_is_not_done_yet_and_a_row_of_one_cell_is_a_heading() -> None:
    source = (
        "# Move\n| Check | Expected | OK |\n|---|---|---|\n| Errors | < 1% | ☐ |\n| Health | 200 | |\n"
        "| Second part | | |\n| Latency | < 300 ms | ☐ |\n"
    )
    assert [item.text for item in all_items(plan_of(source))] == ["Errors < 1%", "Health", "Latency < 300 ms"]
    assert said(read(source), 6) == ["a table row without a task or a state; kept as a note"]


@pytest.mark.parametrize(
    ("line", "wording"),
    [
        ("- [ ] If upgrading: run the migration", "if upgrading"),
        ("- [ ] Only for major releases, update the book", "only for major releases"),
        ("- [ ] Falls nötig: neu starten", "falls nötig"),
        ("- [ ] If it fails call Kim", None),
        ("- [ ] Ifconfig: look at it", None),
    ],
)
def test_a_condition_before_the_work_is_its_wording(line: str, wording: str | None) -> None:
    assert [item.optional for item in all_items(plan_of(f"# Move\n{line}\n"))] == [wording]


def test_other_languages_state_go_live_days_and_triggers_in_their_words() -> None:
    plan = plan_of(
        """
        # Déploiement
        - **Date de mise en production** : 12 mars 2026 à 22h00 (Europe/Paris)

        ## Préparation (J-1)
        - [ ] a
        ## Mise en production (22h00 - 23h30)
        - [ ] b
        ## Retour arrière
        Si :
        - taux d'erreur > 5 %
        """
    )
    assert f"{plan.go_live:%Y-%m-%dT%H:%MZ}" == "2026-03-12T21:00Z"
    assert windows(plan) == ["D-1 .. D-1", "T .. T+1h30m"]
    assert texts(plan.rollback.triggers) == ["taux d'erreur > 5 %"]
    assert plan_of("# Umzug\n**Termin:** 14.03.2026, 22:00 Uhr MEZ\n\n- [ ] a\n").go_live is not None


def test_a_start_apart_from_its_day_is_the_go_live() -> None:
    plan = plan_of("# ERP\n**Cutover date:** Saturday, 6 June 2026\n**Start:** 18:00 CEST\n\n- [ ] a\n")
    assert f"{plan.go_live:%Y-%m-%dT%H:%MZ}" == "2026-06-06T16:00Z"


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Go-live: 2025-12-01 21:00 UTC", "2025-12-01T21:00Z"),
        ("Checklist – Nov 22, 2025, 2:00 AM UTC", "2025-11-22T02:00Z"),
        ("Checklist (Nov 22, 2025)", None),
        ("Checklist of 21:00", None),
    ],
)
def test_a_title_with_a_date_and_a_time_states_the_go_live(title: str, found: str | None) -> None:
    plan = plan_of(f"# {title}\n## Before (20:00-21:00)\n- [ ] a\n## Rest\n- [ ] b\n")
    assert (f"{plan.go_live:%Y-%m-%dT%H:%MZ}" if plan.go_live else None) == found


def test_an_abort_is_a_rollback() -> None:
    plan = plan_of(
        """
        # Move
        ## Switch
        - [ ] Switch over
        ## Abort criteria
        - Any data loss
        ## Abort procedure — 25 min total
        - [ ] Switch back
        """
    )
    assert texts(plan.rollback.triggers) == ["Any data loss"]
    assert plan.rollback.limit_s == 1500
    assert texts(plan.rollback.stages[0].items) == ["Switch back"]


def test_tables_say_how_long_tasks_and_the_steps_of_a_rollback_take() -> None:
    plan = plan_of(
        """
        # Move

        | Task | Duration | Status |
        |---|---|---|
        | Backup | 45 min | ☐ |
        | Tell all | - | ☐ |

        ## Rollback steps

        | # | Step | Owner | Duration |
        |---|---|---|---|
        | 1 | Stop | Kim | 5 min |
        | 2 | Restore | DBA | 20-30 min |

        Maximum rollback time: 40 minutes
        """
    )
    assert [(item.text, item.duration_s) for item in plan.stages[1].phases[0].groups[0].items] == [
        ("Backup", 2700),
        ("Tell all", None),
    ]
    assert procedure(plan) == [("Stop", 300, ["Stop"]), ("Restore", 1800, ["Restore"])]
    assert [stage.items[0].owner for stage in plan.rollback.stages] == ["Kim", "DBA"]
    assert plan.rollback.limit_s == 2400


@pytest.mark.parametrize("mark", ["1\ufe0f\u20e3", "▪", "◦", "➤"])
def test_drawn_bullets_before_a_box_are_bullets(mark: str) -> None:
    assert [item.text for item in all_items(plan_of(f"# Move\n{mark} [ ] a\n{mark} [x] b\n"))] == ["a", "b"]


def test_bold_lines_that_name_the_stages_are_headings_where_there_are_no_others() -> None:
    source = """
        **DEPLOYMENT CHECKLIST**

        For everybody.

        **Pre-deployment**
        ☐ Back up
        ☐ Tell all

        **Deployment (9:00 PM - 11:00 PM)**

        - [ ] Stop
        - [ ] Start

        **Post-deployment**
        ☐ Smoke test

        **Rollback (if needed)**
        ☐ Restore
        """
    plan = plan_of(source)
    assert plan.title == "DEPLOYMENT CHECKLIST"
    assert outline(plan) == [
        ("pre-deploy", "Pre-deployment", None, {"Pre-deployment": ["Back up", "Tell all"]}),
        ("execution", "Deployment", "T .. T+2h", {"Deployment": ["Stop", "Start"]}),
        ("post-deploy", "Post-deployment", None, {"Post-deployment": ["Smoke test"]}),
    ]
    assert procedure(plan) == [("Rollback (if needed)", None, ["Restore"])]
    assert "a line in bold, taken for a heading" in said(read(source), 5)


def test_other_bold_lines_head_their_lists_and_no_more() -> None:
    plan = plan_of("**Web**\n\n- [ ] a\n\n**Mobile**\n\n- [ ] b\n")
    assert [(phase, groups) for _, phase, _, groups in outline(plan)] == [
        ("plan", {"Web": ["a"], "Mobile": ["b"]})
    ]
