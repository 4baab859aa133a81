"""Inline Markdown as plain text."""

from __future__ import annotations

import pytest

from deploytui.plan.markdown.reader import plain

REFERENCES = {
    "THE MANUAL": {"href": "https://manual.example", "title": ""},
    "R": {"href": "https://r.example", "title": ""},
}


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("**Step 1:** stop `a*b_c` now", "Step 1: stop a*b_c now"),
        ("(*.class, *.jar)", "(*.class, *.jar)"),
        ("snake_case_name __bold__ _it_", "snake_case_name bold it"),
        ("5 * 3 * 2", "5 * 3 * 2"),
        ("***x*** **a *b* c**", "x a b c"),
        ("*unclosed **deep", "*unclosed **deep"),
        (r"a \[ \] \*b\*", "a [ ] *b*"),
        ("AT&amp;T &lt;b>", "AT&T <b>"),
        (r"\&amp;", "&amp;"),
        ("v<X.Y.Z> and <YOUR_NAME>", "v<X.Y.Z> and <YOUR_NAME>"),
        ("one<br>two", "one\ntwo"),
        ("a <!-- b --> c", "a  c"),
        ("a <!-- b", "a <!-- b"),
        ("<b>bold</b>", "bold"),
        ("``a ` b``", "a ` b"),
        ("`a", "`a"),
        ("[GO] [NO-GO]", "[GO] [NO-GO]"),
        ("[a [b] c](https://x.example)", "a [b] c"),
        ("see [the manual]", "see the manual"),
        ("![picture](x.png) text", "picture text"),
        ("hard\\\nbreak", "hard\nbreak"),
        ("[x](https://x.example) y", "[x](https://x.example) y"),
    ],
)
def test_marks_are_taken_off(source: str, text: str) -> None:
    assert plain(source, REFERENCES).text == text


@pytest.mark.parametrize(
    ("source", "links"),
    [
        ("[docs](https://x.example/y_(z))", [("docs", "https://x.example/y_(z)")]),
        ("[**CD**](https://x.example)", [("CD", "https://x.example")]),
        ("[![badge](a.png)](https://b.example)", [("badge", "https://b.example")]),
        ("<https://x.example/a_b_c>", [("", "https://x.example/a_b_c")]),
        ("at https://x.example/a_b_c now", [("", "https://x.example/a_b_c")]),
        ("[t][r] and [The Manual]", [("t", "https://r.example"), ("The Manual", "https://manual.example")]),
    ],
)
def test_links_come_back_with_their_text(source: str, links: list[tuple[str, str]]) -> None:
    assert list(plain(source, REFERENCES).links) == links


def test_what_is_struck_is_known() -> None:
    assert plain("~~old~~ new").is_struck
    assert not plain("a ~ b").is_struck
