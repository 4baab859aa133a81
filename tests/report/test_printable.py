"""The printed checklist: complete, in boxes, and with no foreign sign that Markdown takes for its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from deploytui.base.mask import NoMask
from deploytui.plan.model import Contact, Group, Item, Note, Phase, Plan, SignoffRole, Stage, StageName
from deploytui.report import printable as module
from deploytui.report.escape import code, escape, escape_block
from deploytui.report.printable import printable
from tests.plan.sample import FULL, read, with_items

HOSTILE = [
    "![](http://beacon.example/x.png)",
    "[click](javascript:alert(1))",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<http://auto.example>",
    "http://bare.example/path?q=1",
    "www.bare.example",
    "mailto:a@b.example",
    "a@b.example",
    "[ref]: http://x.example",
    "[a][ref]",
    "*star* _under_ **bold** __bold__ ~~gone~~ ***",
    "`code` ``two`` ```",
    "| a | b |",
    "|---|---|",
    "# heading",
    "1. list",
    "- [x] done",
    "> quote",
    "---",
    "===",
    "&lt;b&gt; &#60;b&#62;",
    "\\*not\\* \\[a\\](b)",
    "$x$ $$y$$",
    "a\\",
    "\\",
    "``` \n<script>\n```",
    "<!-- comment -->",
    "</td></table>",
    "[^1]: note",
    "x  ",
    "[]() ![]() <>",
    "*",
    "`",
    "[",
    "](",
    "<a href='x'>",
    "_a_b_",
    "![a][b]\n\n[b]: http://x.example",
]
OURS = {"strong"}  # the labels of the facts are set in bold


def hostile_plan(text: str) -> Plan:
    """A plan whose every text is `text`, as it could come from a file."""
    inner = Item("a.in", text, note=text, owner=text, optional="if " + text, announce=text)
    items = (
        Item("a", text, is_ordered=True, note=text, owner=text, link=text, items=(inner,)),
        Item("b", text),
    )
    group = Group("g", text, items, owner=text, is_ordered=True)
    phase = Phase("p", text, (group, Group("h", text, (inner,))), owner=text)
    return Plan(
        title=text,
        stages=(
            Stage(StageName.PRE_DEPLOY, (phase,)),
            Stage(StageName.EXECUTION, ()),
            Stage(StageName.POST_DEPLOY, ()),
        ),
        facts=((text, text),),
        contacts=(Contact(text, text, text, text, text),),
        signoffs=(SignoffRole("before", text, text),),
        notes=(Note("text", text, severity=text, plan=text),),
    )


def nodes(markdown: str, *, html: bool, linkify: bool = False) -> Counter[str]:
    """Every kind of node a CommonMark parser with tables and strikethrough sees."""
    parser = MarkdownIt("commonmark", {"html": html, "linkify": linkify}).enable(["table", "strikethrough"])
    if linkify:
        parser.enable("linkify")
    seen: Counter[str] = Counter()

    def walk(tokens: list[Token]) -> None:
        for token in tokens:
            seen[token.type.removesuffix("_open")] += 1
            walk(token.children or [])

    walk(parser.parse(markdown))
    return seen


FORBIDDEN = {
    "link",
    "image",
    "html_inline",
    "html_block",
    "em",
    "s",
    "fence",
    "code_block",
    "blockquote",
    "hr",
}


def offences(markdown: str, plain: str) -> dict[str, int]:
    """Nodes that the hostile text made: forbidden ones, and any that the same plan in plain words has not."""
    found: dict[str, int] = {}
    for html in (False, True):
        seen, expected = nodes(markdown, html=html), nodes(plain, html=html)
        for kind in FORBIDDEN | {"strong", "table", "td", "th", "tr", "heading", "list_item", "ordered_list"}:
            if seen[kind] > expected[kind]:
                found[kind] = seen[kind] - expected[kind]
    linked = nodes(markdown, html=True, linkify=True)["link"]
    return {**found, "link": linked} if linked else found


PLAIN = printable(hostile_plan("plain words"), NoMask())


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    assert offences(printable(hostile_plan(text), NoMask()), PLAIN) == {}


@given(st.text(alphabet="ab 1.)(-+*_`~[]<>!#|&\\:/@$=\"'w;\n{}^", min_size=1, max_size=40))
def test_any_text_stays_text(text: str) -> None:
    assert offences(printable(hostile_plan(text), NoMask()), PLAIN) == {}


def test_the_check_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the escaping the same texts become nodes of every forbidden kind."""
    monkeypatch.setattr(module, "escape", lambda text: text)
    monkeypatch.setattr(module, "escape_block", lambda text, indent="": text)
    found: set[str] = set()
    for text in HOSTILE:
        found |= offences(printable(hostile_plan(text), NoMask()), PLAIN).keys()
    assert {"link", "image", "html_inline", "em", "strong", "s"} <= found


def rendered_text(markdown: str) -> str:
    """What a reader sees of one paragraph."""
    out: list[str] = []

    def walk(tokens: list[Token]) -> None:
        for token in tokens:
            if token.type in ("text", "text_special", "code_inline"):
                out.append(token.content)
            elif token.type in ("hardbreak", "softbreak"):
                out.append("\n")
            walk(token.children or [])

    walk(MarkdownIt("commonmark").parse(markdown))
    return "".join(out)


@pytest.mark.parametrize("write", [lambda text: "x " + escape(text), lambda text: "x " + escape_block(text)])
@given(text=st.text(alphabet="ab1.)(-+*_`~[]<>!#|&\\:/@$=\"'w;{}^", min_size=1, max_size=30))
def test_escaped_text_reads_as_it_was(write: Callable[[str], str], text: str) -> None:
    assert rendered_text(write(text)) == "x " + text


@given(st.text(alphabet="ab `\\*[]<>|", min_size=1, max_size=20).filter(lambda text: text.strip(" ")))
def test_code_reads_as_it_was(text: str) -> None:
    assert rendered_text(f"x {code(text)} y") == f"x {text} y"


# What is printed


MARKDOWN = printable(read(FULL), NoMask())


def test_every_item_has_its_box() -> None:
    assert MARKDOWN.count("[ ] ") == 19
    assert "- [ ] Load balancer configured\n" in MARKDOWN
    assert (
        "1. [ ] Stop current application (_if upgrading_)\n   - Duration: 5m | Marks: stops | Id: `exec.1`\n"
        in MARKDOWN
    )
    assert (
        "3. [ ] Start services\n   - Not before: T+10m | Marks: traffic | Id: `exec.5`\n   - [ ] Node one\n"
        in MARKDOWN
    )
    assert (
        "4. [ ] Response times \\< 500ms\n   - When: `latency` is ok for 1m\n   - Note: ask Ana first\n"
        in MARKDOWN
    )


def test_the_parts_stand_under_their_headings() -> None:
    headings = [line for line in MARKDOWN.split("\n") if line.startswith("#")]
    assert headings == [
        "# SalesSync", "## Pre-deploy", "### Infrastructure Setup (D-18 .. D-14)", "#### Cloud",
        "### Pre-Deployment (T-2h .. T)", "#### System Preparation", "## Execution",
        "### Deployment Execution (T .. T+2h)", "#### Deployment Steps", "## Post-deploy", "### Day 1 (T .. T+24h)",
        "#### Monitoring", "## Rollback", "### When to roll back", "### Rollback procedure", "#### Decision (5m)",
        "#### Execution (15m)", "## Success criteria", "### Technical Criteria", "## Contacts", "### Deployment Team",
        "## Sign-off", "### Before the deployment", "### After the deployment", "## Notes", "### Known issues",
    ]  # fmt: skip


def test_what_a_night_needs_is_there() -> None:
    for part in (
        "- **version:** 4.2.0",
        "- **planned stop:** app from `exec.1` to `exec.5`, at most 25m",
        "Owner: DevOps Lead",
        "Limit: 30m; the budgets add up to 20m.",
        "Owner: DBA | Evidence: required | Marks: backup | Id: `pre.backup`",
        "Gate: go or no-go, roles before, relies on `errors`, `pre.backup`, valid 20m",
        "Needs: `pre.backup` | When: `pending` is ok | Run: `make migrate`",
        "- [ ] Restore database backup (_if needed_)",
        "  - Decide: yes",
        "  - Every: 2h",
        "| DBA | \\_\\_\\_\\_\\_\\_\\_\\_ | +1 555 0100 | \\_\\_\\_\\_\\_\\_\\_\\_ |",
        "| CTO | Kim |",
        "- Missing tenant header accepted\n  - Severity: Low\n  - Plan: after go-live",
    ):
        assert part in MARKDOWN


def test_a_wording_that_stands_in_the_text_is_not_repeated() -> None:
    plan = read(with_items('- {text: "Seed data loaded (if required)", optional: if required}'))
    text = printable(plan, NoMask())
    assert text.partition("<!--")[0].count("if required") == 1
    assert "Seed data loaded (*if required*)" in text


def test_windows_are_printed_as_offsets_from_the_stated_go_live() -> None:
    text = FULL.replace("zone: Europe/Berlin", "go_live: 2025-11-22T02:00Z").replace(
        "window: T-2h .. T\n", "window: 2025-11-22T00:00Z .. 2025-11-22T02:00Z\n"
    )
    assert "### Pre-Deployment (T-2h .. T)" in printable(read(text), NoMask())


def test_an_empty_plan_is_only_its_stages() -> None:
    assert printable(read(with_items("[]")), NoMask()).startswith(
        "# Small\n\n- **zone:** UTC\n\n## Pre-deploy\n\n## Execution\n"
    )
