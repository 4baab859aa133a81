"""The README's pictures and tables are the program's own; stale ones fail here. `make pictures` makes them new."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.pictures.night import FOLDER, PICTURES, draw, words
from tests.pictures.readme import README, TABLES, filled, made_parts

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_says_what_the_program_paints(name: str) -> None:
    kept = (FOLDER / f"{name}.svg").read_text("utf-8")
    assert words(kept) == words(draw(name)), "stale: run `make pictures`"
    assert "@font-face" not in kept


def test_another_screen_has_other_words() -> None:
    """The control: the comparison above can fail."""
    kept = (FOLDER / "dashboard.svg").read_text("utf-8")
    assert words(kept) != words(draw("decision-card"))
    assert "Run smoke tests" in " ".join(words(kept))


def test_the_made_parts_are_new() -> None:
    text = README.read_text("utf-8")
    assert made_parts(text) == set(TABLES)
    assert filled(text) == text, "stale: run `make pictures`"
    assert filled(text.replace("| `item.checked` |", "| `item.ticked` |")) == text


def test_every_file_that_is_pointed_to_is_there() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README.read_text("utf-8")):
        assert (ROOT / target).exists(), target
