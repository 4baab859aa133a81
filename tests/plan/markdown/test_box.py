"""Boxes in all the forms that people write, and what only looks like one."""

from __future__ import annotations

import pytest

from deploytui.plan.markdown.box import (
    Kind,
    bare_box,
    is_choice,
    looks_like_box,
    read_box,
    read_glyph,
    read_legend,
    says_of_mark,
    without_boxes,
)


@pytest.mark.parametrize(
    ("text", "kind", "rest"),
    [
        ("[ ] a", Kind.BOX, "a"),
        ("[X]\nb", Kind.BOX, "b"),
        ("[ ]\u00a0a", Kind.REPAIRED, "a"),
        ("[] a", Kind.REPAIRED, "a"),
        ("[]a", Kind.REPAIRED, "a"),
        ("[ ]a", Kind.REPAIRED, "a"),
        ("[ x ] a", Kind.REPAIRED, "a"),
        ("[\u00a0] a", Kind.REPAIRED, "a"),
        (r"\[ \] a", Kind.REPAIRED, "a"),
        ("［ ］a", Kind.REPAIRED, "a"),
        ("3.2 [x] a", Kind.REPAIRED, "3.2 a"),
        ("3.2 [N/A] a", Kind.MARK, "3.2 a"),
        ("[-] a", Kind.MARK, "a"),
        ("[✅] a", Kind.MARK, "a"),
        ("[⚠️] a", Kind.MARK, "a"),
    ],
)
def test_boxes(text: str, kind: Kind, rest: str) -> None:
    box = read_box(text, {})
    assert box is not None
    assert (box.kind, box.text) == (kind, rest)


@pytest.mark.parametrize(
    "text",
    [
        "[x](https://x.example)",
        "[ ](u)",
        "[1] ref",
        "[x]: https://x.example",
        "[Name] - x",
        "[a] b",
        "[-]a",
        "a [ ] b",
    ],
)
def test_what_is_no_box(text: str) -> None:
    assert read_box(text, {}) is None


@pytest.mark.parametrize(
    "line", ["[ ] a", "-[ ] a", r"\- \[ \] a", "☐ a", "- ☐ a", "12. [ ] a", "> [ ] a", "• [ ] a"]
)
def test_bare_boxes(line: str) -> None:
    box = bare_box(line, {})
    assert box is not None
    assert box.text == "a"


def test_a_choice_is_no_item() -> None:
    assert read_glyph("☐ yes ☐ no") is None
    assert is_choice("[ ] GO  [ ] NO-GO")
    assert not is_choice("☐ yes")


def test_a_line_that_begins_with_a_tick_is_prose_unless_its_list_says_otherwise() -> None:
    assert bare_box("✅ All is well", {}) is None
    assert bare_box("✅ All is well", {}, glyphs="☐✅") is not None


def test_no_text_keeps_a_box() -> None:
    assert without_boxes("Type: [ ] major [x] minor [link](u)") == "Type: ☐ major ☑ minor [link](u)"


def test_the_documents_own_legend_comes_first() -> None:
    legend = read_legend("- `[-]` In progress\n- `[x]` Done\n- `[!]` Not now, blocked by others\n")
    assert legend == {"-": "in progress", "!": "not now, blocked by others"}
    assert says_of_mark("-", legend) == ": in progress"
    assert says_of_mark("-", {}) == ": skipped"
    assert says_of_mark("⚠️", {}) == ": with a warning"
    assert read_legend("Mark the checkbox with `-` if it is not applicable.\n") == {"-": "not applicable"}
    assert read_legend("an array `[0]` is open\n[-] done") == {}


@pytest.mark.parametrize("line", ["- [ ] a", "| [ ] |", "# [x] a", "`[ ]`", "☐", "- []", r"\[ \]"])
def test_lines_a_person_takes_for_boxes(line: str) -> None:
    assert looks_like_box(line)


@pytest.mark.parametrize("line", ["[x](u)", "a[0]", "[link]", "✅ done", "plain"])
def test_lines_nobody_takes_for_boxes(line: str) -> None:
    assert not looks_like_box(line)
