"""No unsafe code point survives cleaning, and nothing disappears in silence."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from deploytui.base.text import clean_block, clean_line, quoted, shorten

UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(st.text(alphabet=st.characters(codec=None)))
def test_no_unsafe_code_point_is_left(text: str) -> None:
    assert not [char for char in clean_line(text) if unicodedata.category(char) in UNSAFE]
    assert not [char for char in clean_block(text) if unicodedata.category(char) in UNSAFE and char != "\n"]


def test_every_unsafe_code_point_of_this_python_is_known() -> None:
    missed = [
        hex(code)
        for code in range(0x110000)
        if unicodedata.category(chr(code)) in UNSAFE and clean_line(chr(code)) == chr(code)
    ]
    assert missed == []


def test_replacements_are_visible() -> None:
    assert clean_line("a\x1b]52;c;x\x07b") == "a␛]52;c;x␇b"
    assert clean_line("a\tb\nc\r\nd\re") == "a b c d␍e"
    assert clean_line("x\u202ey\u200bz") == "x�y�z"
    assert clean_block("a\r\nb\u2028c") == "a\nb\nc"


def test_stacked_marks_are_capped_visibly() -> None:
    assert clean_line("e\u0301\u0301\u0301\u0301") == "e\u0301\u0301�"
    assert clean_line("e\u0301") == "e\u0301"


def test_clean_text_is_the_same_object() -> None:
    text = "Step 1: Stop the application"
    assert clean_line(text) is text


def test_short_forms() -> None:
    assert shorten("abcdef", 4) == "abc…"
    assert quoted("a\nb") == '"a b"'
