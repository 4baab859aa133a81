"""Random documents made of the shapes that people write: every box is an item once, everything else is answered for."""

from __future__ import annotations

import re
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploytui.plan.build import build_plan
from deploytui.plan.dump import dump_yaml
from deploytui.plan.markdown import Imported, import_markdown
from deploytui.plan.model import Plan
from deploytui.plan.yaml import read_yaml
from tests.plan.markdown.plans import all_items, without_lines
from tests.plan.markdown.test_round_trip import after_markdown, kept

# Each shape is a piece of a document. `box{n}` stands for a box that must become an item, `code{n}` for a line that
# looks like one and must be named, `text{n}` for text that must be found somewhere.
SHAPES = [
    "- [ ] {box}\n- [x] {box}",
    "* [ ] {box}\n* [X] {box}",
    "+ [ ] {box}",
    "1. [ ] {box}\n2. [ ] {box}",
    "7) [ ] {box}",
    "-   [ ] {box}\n\n-   [ ] {box}",
    "- [ ] {box}\n  - [ ] {box}\n    - [ ] {box}\n      - [ ] {box}",
    "- [ ] {box}\n\t- [ ] {box}",
    "- [ ] {box} goes on and on until the line is so long that it has to be wrapped\n  {text}",
    "- [ ] {box}\n  - {text}\n\n  {text}",
    "- {text}\n  - [ ] {box}\n  - [ ] {box}",
    "- {text}\n- [ ] {box}\n- {text}",
    "1. **{text}** (5 minutes)\n   - [ ] {box}\n   - [ ] {box}",
    "- [ ] **{box}**: `make {text}` < 50%",
    "- [ ] {box}\n  ```sh\n  {text}\n  ```",
    "- [ ] {box}\n\n```sh\n{text}\n- [ ] {code}\n```",
    "-[ ] {box}\n-[ ] {box}",
    "[ ] {box}\n[x] {box}",
    "☐ {box}\n☐ {box}",
    "- ☐ {box}\n- ✅ {box}",
    "* \\[ \\] {box}",
    "\\- \\[ \\] {box}",
    "- [-] {box}\n- [~] {box}\n- [N/A] {box}",
    "- [ ]\u00a0{box}",
    "- [ ] ~~{box}~~",
    "> - [ ] {box}\n> - [ ] {box}",
    "<details>\n<summary>{text}</summary>\n\n- [ ] {box}\n\n</details>",
    "| Task | Owner | Status |\n|---|---|---|\n| {box} | {text} | [ ] |\n| {box} | {text} | ☐ |",
    "| Role | Name | Signature |\n|---|---|---|\n| {text} | | ☐ |",
    "**{text}:**\n\n- [ ] {box}",
    "{text}:\n- [ ] {box}\n2. [ ] {box}",
    "Rollback if:\n- [ ] {box} > 5%",
    "<!-- - [ ] {code} -->",
    "<!--\n- [ ] {code}\n-->",
    "```\n- [ ] {code}\n```",
    "{text}\n\n    - [ ] {code}",
    "see {text} [ ] {code}",
    "- [ ] {box}\n{text}:\n- [ ] {box}",
    "- {text}\nDO NOT roll back if:\n- {text}\n- {text}",
    "- [ ] {box}\n**{text}**\n- [ ] {box}",
    "- [ ] \n[ ] {box}\n☐ {box}\n✅ {box}",
    "- [ ]\n  {box}\n  {text}",
    "1. [ ] {box} (5 minutes)\n2. [ ] {box} — 10 min",
    "1.1 [ ] {box}\n1.2 [ ] {box}",
    "1. **{text}** (5 min)\n   - {text}\n2. **{text}** (10 min)\n   - {text}",
    "| Step | What | Who | Done |\n|---|---|---|---|\n| 1 | {box} | {text} | ☐ |\n| 2 | {box} | {text} | |",
    "**Owner:** {text}\n\n- [ ] {box}",
    "**Time:** 22:00 - 23:30\n- [ ] {box}",
    "- [ ] If {text}: {box}",
    "{text} and *more* of it\n\n---",
    "**Key:** {text}",
    "[ref]: https://ref.example",
]
HEADINGS = [
    "# {text}", "## {text}", "### Phase 1: {text} (Nov 4-8, 2025)", "## Pre-deployment {text}",
    "### {text} (T-60 minutes)", "## Post-deployment {text} ☐", "## Cutover {text} (22:00-23:30)",
    "### {text} (T+10 to T+60)", "## Rollback plan {text}",
    "### When to roll back {text}", "### Rollback procedure {text}", "## Success criteria {text}",
    "## Contacts {text}", "## Sign-off {text}", "## Known issues {text}", "#### {text}", "{text}\n====",
    "{text}\n----",
]  # fmt: skip


def fill(pieces: list[str]) -> str:
    """The document, with every mark replaced by a word of its own."""
    numbers: Counter[str] = Counter()

    def word(match: re.Match[str]) -> str:
        numbers[match[1]] += 1
        return f"{match[1]}{numbers[match[1]]}z"

    return re.sub(r"\{(box|code|text)\}", word, "\n\n".join(pieces)) + "\n"


def everything(plan: Plan, imported: Imported) -> str:
    """All texts that a reader of the plan can find."""
    parts = [
        plan.title,
        *(f"{key} {value}" for key, value in plan.facts),
        *(note.text for note in plan.notes),
    ]
    parts += [f"{note.severity} {note.plan}" for note in plan.notes]
    for item in all_items(plan):
        parts += [item.text, item.note or "", item.owner or "", item.optional or ""]
    for _, phase in plan.phases():
        parts += [phase.title, *(group.title for group in phase.groups)]
    parts += [stage.title for stage in plan.rollback.stages] + [one.title for one in plan.criteria]
    parts += [f"{one.team} {one.role} {one.name} {one.phone} {one.email}" for one in plan.contacts]
    parts += [f"{one.role} {one.name}" for one in plan.signoffs]
    return "\n".join([*parts, *(one.text for one in imported.recognized)])


def words(text: str, kind: str) -> list[str]:
    return re.findall(rf"{kind}\d+z", text)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.one_of(st.sampled_from(SHAPES), st.sampled_from(SHAPES), st.sampled_from(HEADINGS)), max_size=14
    )
)
def test_no_box_is_lost_and_nothing_else_becomes_one(pieces: list[str]) -> None:
    source = fill(["- [ ] {box}", *pieces])
    imported = import_markdown(source.encode(), "random.md")
    plan = build_plan(imported.node, "random.md")
    found = Counter(word for item in all_items(plan) for word in words(item.text, "box"))
    assert found == Counter(words(source, "box"))
    assert not any(words(item.text, "code") for item in all_items(plan))
    named = {word for one in imported.recognized for word in words(one.text, "code")}
    assert named == set(words(source, "code"))
    assert not any("[ ]" in item.text or "☐" in item.text for item in all_items(plan))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.one_of(st.sampled_from(SHAPES), st.sampled_from(SHAPES), st.sampled_from(HEADINGS)), max_size=14
    )
)
def test_no_text_is_dropped(pieces: list[str]) -> None:
    source = fill(["- [ ] {box}", *pieces])
    imported = import_markdown(source.encode(), "random.md")
    seen = everything(build_plan(imported.node, "random.md"), imported)
    assert set(words(source, "text")) <= set(words(seen, "text"))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.one_of(st.sampled_from(SHAPES), st.sampled_from(SHAPES), st.sampled_from(HEADINGS)), max_size=14
    )
)
def test_what_was_read_is_the_same_after_yaml_and_after_print(pieces: list[str]) -> None:
    node = import_markdown(fill(["- [ ] {box}", *pieces]).encode(), "random.md").node
    plan = build_plan(node, "random.md")
    again, problems = read_yaml(dump_yaml(node).encode(), "random.yaml")
    assert not problems
    assert without_lines(build_plan(again, "random.yaml")) == without_lines(plan)
    assert kept(after_markdown(plan)) == kept(plan)


def test_the_check_itself_can_fail() -> None:
    """A box in code is no item: counted as one it must be missed."""
    source = fill(["```\n- [ ] {box}\n```", "- [ ] {box}"])
    plan = build_plan(import_markdown(source.encode(), "random.md").node, "random.md")
    assert {word for item in all_items(plan) for word in words(item.text, "box")} != set(words(source, "box"))
