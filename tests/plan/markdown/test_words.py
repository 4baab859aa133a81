"""The table of words: what its signs mean, and that every row is asked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deploytui.plan.markdown import words
from deploytui.plan.markdown.words import WORDS, any_of, says


@pytest.mark.parametrize(
    ("word", "text", "is_said"),
    [
        ("plan", "Planning", True),
        ("_plan_", "Planning", False),
        ("_plan", "Replan", False),
        ("plan_", "replan it", True),
        ("roll~back", "Rollback, roll-back and ROLL BACK", True),
        ("roll~back", "roll it back", False),
        ("^owner", "the owner", False),
        ("^owner$", "Owner", True),
        ("gesamt*", "Gesamtdauer", True),
        ("n/a", "N/A", True),
        ("no.", "nob", False),
    ],
)
def test_the_signs_of_a_word(monkeypatch: pytest.MonkeyPatch, word: str, text: str, is_said: bool) -> None:
    monkeypatch.setitem(WORDS, "tried", ["never", word])
    any_of.cache_clear()
    assert says("tried", text) is is_said


def test_every_meaning_is_asked_for_and_every_one_asked_for_is_there() -> None:
    source = "".join(path.read_text() for path in Path(words.__file__).parent.glob("*.py"))
    asked = re.findall(r"""(?:says|any_of|find|_find)\(\s*["']([^"']+)["']""", source)
    assert set(asked) == set(WORDS)


def test_no_word_stands_twice_in_a_meaning() -> None:
    for meaning, words_ in WORDS.items():
        found = [word.strip() for word in words_]
        assert "" not in found, meaning
        assert len(found) == len(set(found)), meaning
