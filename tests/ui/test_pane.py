"""A pane repaints what differs, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from deploytui.ui.widgets.pane import changed_columns

BOLD, PLAIN = Style(bold=True), Style()


def strip(*words: str) -> Strip:
    return Strip([Segment(word, BOLD if number % 2 else PLAIN) for number, word in enumerate(words)])


@pytest.mark.parametrize(
    ("old", "new", "columns"),
    [
        (("abc", "12", "xyz"), ("abc", "13", "xyz"), (3, 5)),
        (("abc", "12"), ("abd", "12"), (0, 3)),
        (("abc", "12", "xyz"), ("abc", "1", " xyz"), (3, 8)),
        (("東京", "1", "."), ("東京", "2", "."), (4, 5)),
        (("abcdef",), ("abc", "def"), (0, 6)),
    ],
)
def test_the_columns_that_differ(
    old: tuple[str, ...], new: tuple[str, ...], columns: tuple[int, int]
) -> None:
    assert changed_columns(strip(*old), strip(*new)) == columns


@given(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=8),
    st.lists(st.sampled_from("abc"), min_size=1, max_size=8),
)
def test_outside_of_them_both_are_the_same(old: list[str], new: list[str]) -> None:
    size = max(len(old), len(new))
    old, new = old + [" "] * (size - len(old)), new + [" "] * (size - len(new))
    first, last = changed_columns(strip(*old), strip(*new))
    assert (old[:first], old[last:]) == (new[:first], new[last:])
    assert old == new or first < last
