"""Whatever the bytes are, the importer answers with a plan or with a sentence: never with a crash, never slowly."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import rules_block

from deploytui.base.errors import InvalidChecklist
from deploytui.plan.build import build_plan
from deploytui.plan.markdown import import_markdown
from deploytui.plan.markdown.block import Rule, parse
from deploytui.plan.markdown.reader import plain
from deploytui.plan.model import Plan

_PIECES = [
    "# Plan", "## Pre-deployment (T-2h .. T)", "### Rollback if:", "#### Phase 1: Setup (Nov 4-8, 2025)",
    "Title\n====", "Sub\n---", "- [ ] box", "- [x] done", "  - [ ] nested", "\t- [ ] tab", "* [ ] star",
    "+ [ ] plus", "1. [ ] one", "2) [X] two", "-[ ] glued", "- [-] skipped", "- [N/A] none", "☐ bare",
    "- ☐ glyph", "\\[ \\] escaped", "- plain", "1. **Step** (5 minutes)", "   - [ ] inside", "```bash",
    "```", "````", "~~~", "    - [ ] code", "<!-- - [ ] hidden", "-->", "<details><summary>More</summary>",
    "</details>", "| Task | Owner | Status |", "|---|---|---|", "| a | b | [ ] |", "> - [ ] quoted",
    "> > deep", "**Bold:**", "**Key:** value", "---", "title: x", "items:", "- id: a",
    "[ref]: http://example.org", "[^1]: - [ ] foot", "- [ ]", "- [ ] ", "__a*b`c", "&nbsp;", "![x](y)",
    "Rollback if:", "- Error rate > 5% for 5 minutes", "Total rollback time: < 30 minutes",
    "**Deployment Date:** November 22, 2025, 2:00 AM UTC", "- **Lead:** [Name] - [Phone] - [Email]",
    "| Role | Name | Signature | Date |", "\u202eright", "\x00", "\x1b[31m", "é‚òê", "",
]  # fmt: skip


def read(source: bytes) -> Plan | None:
    try:
        return build_plan(import_markdown(source, "plan.md").node, "plan.md")
    except InvalidChecklist:
        return None


def texts(plan: Plan) -> list[str]:
    """Every text of the plan's items, phases, groups and notes."""
    found = [plan.title, *(note.text for note in plan.notes)]
    waiting = [*plan.rollback.triggers, *(item for stage in plan.rollback.stages for item in stage.items)]
    waiting += [item for criteria in plan.criteria for item in criteria.items]
    for _, phase in plan.phases():
        found.append(phase.title)
        for group in phase.groups:
            found.append(group.title)
            waiting += group.items
    for item in waiting:
        found += [item.text, item.note or ""]
        waiting += item.items
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400))
def test_any_bytes_give_a_plan_or_a_sentence(source: bytes) -> None:
    read(source)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=30)), max_size=25), st.booleans())
def test_any_lines_give_a_plan_whose_texts_are_safe(lines: list[str], is_front: bool) -> None:
    text = ("---\n" if is_front else "") + "\n".join(lines)
    plan = read(text.encode("utf-8", "surrogatepass"))
    for said in texts(plan) if plan else []:
        assert "\x1b" not in said
        assert "\x00" not in said
        assert "\u202e" not in said
    if plan is not None and any("]" in line for line in lines):
        for _, phase in plan.phases():
            for group in phase.groups:
                assert not any("[ ]" in item.text for item in group.items)


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"   \n\n\t\n",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x01" * 20,
        bytes(range(32)) * 40,
    ],
    ids=["empty", "blank", "image", "control bytes"],
)
def test_what_is_no_document_is_refused_by_name(source: bytes) -> None:
    with pytest.raises(InvalidChecklist, match=r"plan\.md"):
        import_markdown(source, "plan.md")


def test_a_document_that_is_too_large_is_refused() -> None:
    with pytest.raises(InvalidChecklist, match="16 MiB"):
        import_markdown(b"x" * (16 * 1024 * 1024 + 1), "plan.md")


def test_forty_levels_lose_no_box() -> None:
    source = "\n".join("  " * level + f"- [ ] level {level}" for level in range(40))
    imported = import_markdown(source.encode(), "deep.md")
    assert sum(imported.counts.values()) == 40
    plan = build_plan(imported.node, "deep.md")
    assert sum(text.startswith("level ") for text in texts(plan)) == 40
    assert any("nested deeper" in one.as_ for one in imported.recognized)


@pytest.mark.parametrize("mark", ["> ", "- ", "1. "])
def test_thousands_of_levels_on_one_line_are_read_or_named(mark: str) -> None:
    imported = import_markdown((mark * 5000 + "- [ ] deep down\n\n- [ ] beside\n").encode(), "deep.md")
    named = {one.line for one in imported.recognized if one.as_.startswith(("no item", "nested deeper"))}
    counted = sum(imported.counts.values())
    assert counted == 2 or 1 in named
    assert counted or 3 in named


def test_a_line_that_begins_many_lists_is_not_looked_at_anew_for_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[int] = []
    own = rules_block.hr
    monkeypatch.setattr(
        rules_block, "hr", lambda state, start, *rest: looked.append(start) or own(state, start, *rest)
    )
    parse("- " * 200_000 + "x")
    assert looked == []
    rules = "- - - -\n\n***\n\n   _ _\t_\n\n- [ ] a\n\n---\n"
    assert sum(isinstance(block, Rule) for block in parse(rules).blocks) == 4
    assert len(looked) >= 4  # the control: what may be a rule is looked at


_PATHOLOGICAL = {
    "emphasis": "*a **b " * 30_000,
    "emphasis in items": "- [ ] " + "**a* " * 30_000,
    "brackets": "[" * 100_000,
    "links": "[a](" * 40_000,
    "comments": "<!-- " * 40_000,
    "backticks": "".join("`" * (1 + number % 7) + "a" for number in range(40_000)),
    "unclosed fence": "- [ ] a\n```\n" + "- [ ] b\n" * 20_000,
    "unclosed comment": "- [ ] a\n\n<!-- \n" + "- [ ] b\n" * 20_000,
    "references": "[a]: http://example.org\n" * 10_000,
    "table": "| a | b |\n|---|---|\n" + "| [ ] | x |\n" * 10_000,
    "one line": "- [ ] " + "word " * 100_000,
    "dashes": "-" * 100_000,
    "pipes": "|" * 50_000 + "\n" + "|-" * 20_000,
    "digits": "- [ ] " + "1-2 " * 40_000,
    "mojibake": "‚òê" * 60_000,
    "headings": "# T-1 (" * 20_000,
}


@pytest.mark.parametrize("name", _PATHOLOGICAL)
def test_what_is_built_to_be_slow_is_not(name: str) -> None:
    source = _PATHOLOGICAL[name].encode()
    start = time.perf_counter()
    read(source)
    assert time.perf_counter() - start < 20


def test_inline_text_costs_the_same_at_any_length() -> None:
    """Four times the text takes about four times as long; what is quadratic takes sixteen times."""

    def cost(text: str) -> float:
        start = time.perf_counter()
        plain(text)
        return time.perf_counter() - start

    for piece in ("*a **b ", "[a](", "`a ", "[", "<!-- ", "_a_*"):
        cost(piece * 500)
        small = min(cost(piece * 4_000) for _ in range(3))
        assert min(cost(piece * 16_000) for _ in range(3)) < 10 * small + 0.05
