"""Shapes of single items: markers, marks, notes, nesting, limits, commands, owners."""

from __future__ import annotations

import pytest

from deploytui.plan.markdown.box import Kind
from deploytui.plan.model import Item, Mark
from tests.plan.markdown.plans import all_items, outline, plan_of, read, said, texts


def items(text: str) -> list[Item]:
    """The items of a document that is only a list."""
    plan = plan_of("# Plan\n\n" + text)
    return [item for _, phase in plan.phases() for group in phase.groups for item in group.items]


def item(text: str) -> Item:
    found = items(text)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    "line",
    [
        "- [ ] a",
        "* [ ] a",
        "+ [ ] a",
        "1. [ ] a",
        "7) [X] a",
        "-   [ ] a",
        "  - [ ] a",
        "- [x]\ta",
        "> - [ ] a",
    ],
)
def test_every_marker_of_markdown_is_a_box(line: str) -> None:
    assert read(line).counts == {Kind.BOX: 1}
    assert item(line).text == "a"


@pytest.mark.parametrize(
    "line", ["-[ ] a", "- []a", "- [ ]a", r"* \[ \] a", r"\- \[ \] a", "[ ] a", "- [\u00a0] a", "- ［ ］ a"]
)
def test_a_box_that_markdown_does_not_see_is_repaired_and_named(line: str) -> None:
    imported = read(line)
    assert imported.counts == {Kind.REPAIRED: 1}
    assert any("box" in one.as_ for one in imported.recognized if one.line == 1)
    assert item(line).text == "a"


def test_boxes_drawn_as_glyphs_are_items_and_named() -> None:
    source = "- ☐ one\n- ✅ two\n\n☐ three\n☑ four\n"
    assert read(source).counts == {Kind.GLYPH: 4}
    assert "an item, drawn as a glyph" in said(read(source), 1)
    assert [(one.text, one.note) for one in items(source)] == [
        ("one", None),
        ("two", "ticked in the document (✅)"),
        ("three", None),
        ("four", "ticked in the document (☑)"),
    ]


def test_a_list_of_ticks_is_counted_apart_and_one_line_of_prose_is_no_item() -> None:
    imported = read("- [ ] a\n\n## Good signs\n- ✅ fast\n- ✅ calm\n\n✅ **Everything done**\n\n- ⚠️ hot\n")
    assert imported.counts == {Kind.BOX: 1, Kind.STATE: 2}
    assert imported.unboxed == (("lines with a state glyph", 2),)


def test_boxes_that_a_paragraph_swallowed_are_items() -> None:
    source = "- [ ] one\n-[ ] two\n2. [ ] three\n\ntext\n2. [ ] four\nmore of four\n"
    assert [one.text for one in items(source)] == ["one", "two", "three", "four more of four"]


def test_choices_are_fields_and_no_text_keeps_a_box() -> None:
    source = "**Type:** [ ] major [ ] minor\n\n- [ ] Choose: [ ] major [ ] minor\n\n[ ] GO   [ ] NO-GO\n"
    imported = read(source)
    assert imported.counts == {Kind.BOX: 1}
    assert said(imported, 1)
    assert said(imported, 5)
    assert item(source).text == "Choose: ☐ major ☐ minor"


def test_a_box_without_text_is_named() -> None:
    assert "no item: a box without text" in said(read("- [ ]\n- [ ] a\n"), 1)


def test_ticked_boxes_are_a_note_and_never_done_by_somebody() -> None:
    assert item("- [x] a").note == "ticked in the document"


def test_marks_are_notes_in_the_documents_own_words() -> None:
    found = items(
        "Legend:\n- `[-]` In progress\n\n- [-] a\n- [~] b\n- [N/A] c\n- [⚠️] d (later)\n- ~~[x] e~~\n- [x] ~~f~~\n"
    )
    assert [(one.text, one.note) for one in found] == [
        ("a", "marked [-] in the document: in progress"),
        ("b", "marked [~] in the document: in progress"),
        ("c", "marked [N/A] in the document: skipped"),
        ("d (later)", "marked [⚠️] in the document: with a warning"),
        ("f", "ticked in the document\nstruck through in the document"),
    ]


def test_nested_boxes_are_sub_items_whatever_the_indent() -> None:
    source = "- [ ] a\n  - [ ] b\n    - [ ] c\n- [ ] d\n\t- [ ] e\n1. [ ] f\n   1. [ ] g\n"
    assert texts(tuple(items(source))) == [("a", [("b", ["c"])]), ("d", ["e"]), ("f", ["g"])]


def test_what_stands_below_an_item_is_its_note() -> None:
    found = item(
        "- [ ] Restart the service when the queue is empty and everybody has\n"
        "  agreed to it.\n"
        "  Use the script.\n"
        "  - with care\n"
        "    - and twice\n\n"
        "  A paragraph.\n"
    )
    assert found.text == "Restart the service when the queue is empty and everybody has agreed to it."
    assert found.note == "Use the script.\n- with care\n  - and twice\nA paragraph."


def test_boxes_below_a_plain_bullet_have_it_as_their_group() -> None:
    plan = plan_of(
        "# P\n- Is it tested?\n  - [ ] by hand\n  - [ ] by machine\n- Is it told?\n  - [ ] to all\n- a remark\n"
    )
    assert outline(plan)[0][3] == {"Is it tested?": ["by hand", "by machine"], "Is it told?": ["to all"]}
    assert any("a remark" in note.text for note in plan.notes)


def test_limits_stand_in_the_text_or_in_a_note() -> None:
    found = items(
        "- [ ] CPU usage normal (< 50%)\n- [ ] Errors ≤ 0.1 %\n- [ ] Health\n  - p95 < 500ms\n"
        "- [ ] Load\n  ```sh\n  # load average < 4\n  test $x < 9\n  ```\n- [ ] 10% traffic\n"
    )
    assert [
        one.limit and (one.limit.metric, one.limit.op, one.limit.value, one.limit.unit) for one in found
    ] == [
        ("CPU usage normal", "<", 50, "%"),
        ("Errors", "<=", 0.1, "%"),
        ("p95", "<", 500, "ms"),
        ("load average", "<", 4, ""),
        None,
    ]


def test_commands_are_copyable_notes_and_never_run() -> None:
    found = items(
        "- [ ] Stop `app`\n  ```sh\n  systemctl stop app\n  # Expected: inactive\n  ```\n"
        "- [ ] Start it\n\n```sh\n# Create backup\nsystemctl start app\n```\n\nExpected result: active\n"
    )
    assert [(one.text, one.note, one.run) for one in found] == [
        ("Stop app", "systemctl stop app\n# Expected: inactive", None),
        ("Start it", "# Create backup\nsystemctl start app\nExpected result: active", None),
    ]


def test_owners_links_and_wordings() -> None:
    found = items(
        "- [ ] Ping @kim\n- [ ] Check the backup (DBA)\n- [ ] Tell all\n  - Owner: Sam | Due: noon\n"
        "- [ ] Ask [Name] (if applicable)\n- [ ] Fill in\n  - **Owner:** ____\n"
        "- [ ] Read [the guide](https://guide.example) and [this](./x.md)\n"
        "- [ ] Monitor every 2 hours\n- [ ] Daily log review\n"
        "- [ ] Automated daily backups scheduled\n- [ ] If needed, restart\n"
    )
    assert [one.owner for one in found] == ["@kim", "DBA", "Sam", None, None, None, None, None, None, None]
    assert [one.optional for one in found][3] == "if applicable"
    assert (found[5].text, found[5].link, found[5].note) == (
        "Read the guide and this",
        "https://guide.example",
        "this: ./x.md",
    )
    assert [one.every_s for one in found[6:9]] == [7200, 86400, None]
    assert found[9].optional == "if needed"


def test_the_wording_of_a_heading_holds_for_each_of_its_boxes() -> None:
    plan = plan_of("# P\n## Data (if applicable)\n- [ ] a\n- [ ] b (optional)\n## Rest\n- [ ] c\n")
    assert [one.optional for one in all_items(plan)] == ["if applicable", "optional", None]


def test_steps_that_count_or_are_numbered_are_ordered() -> None:
    plan = plan_of(
        "# P\n## A\n- [ ] **Step 1:** stop\n- [ ] **Step 2:** start\n## B\n1. [ ] x\n2. [ ] y\n## C\n- [ ] z\n"
    )
    assert [group.is_ordered for _, phase in plan.phases() for group in phase.groups] == [True, True, False]
    assert all_items(plan)[0].text == "Step 1: stop"


def test_a_text_that_is_too_long_goes_on_in_the_note_and_is_named() -> None:
    long = "word " * 900
    imported = read(f"- [ ] {long}")
    found = item(f"- [ ] {long}")
    assert len(found.text) <= 2000
    assert found.note == long.strip()
    assert any("full text is in the note" in one for one in said(imported, 1))


def test_what_a_line_below_states_in_so_many_words_is_read() -> None:
    found = item(
        "- [ ] Copy\n  - Duration: 5m | Marks: backup\n  - Evidence: required\n  - Every: now and then\n"
    )
    assert (found.duration_s, found.marks, found.needs_evidence) == (300, (Mark.BACKUP,), True)
    assert (found.every_s, found.note) == (None, "- Every: now and then")


def test_reference_links_are_resolved() -> None:
    found = item("- [ ] Read [the guide]\n\n[the guide]: https://guide.example\n")
    assert (found.text, found.link) == ("Read the guide", "https://guide.example")


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        ("- [ ] a\n\n```\n- [ ] b\n```\n", 4, "code"),
        ("- [ ] a\n\n<div>\n- [ ] b\n</div>\n", 4, "raw HTML"),
        ("- [ ] a\n\n| x | y |\n|---|---|\n| 1 | see [ ] |\n", 5, "table"),
        ("- [ ] a\n\n# [ ] b\n", 3, "heading"),
        ("- [ ] a\n\nsee the box [ ] there\n", 3, "inside text"),
        ("- [ ] a\n\n[^1]: - [ ] b\n", 3, "no item"),
        ("---\nk: '[ ] b'\n---\n- [ ] a\n", 2, "front matter"),
    ],
)
def test_what_looks_like_a_box_and_is_no_item_is_named(source: str, line: int, reason: str) -> None:
    imported = read(source)
    assert imported.counts == {Kind.BOX: 1}
    assert any(reason in one for one in said(imported, line))
