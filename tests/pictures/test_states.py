"""What each state of the night says of time, held to the letter; `make pictures` writes it anew after a change."""

from __future__ import annotations

import asyncio

import pytest

from tests.pictures.states import SIZES, STATES, TEXTS, told


def kept() -> dict[str, list[str]]:
    """The words of each state as the file has them."""
    found: dict[str, list[str]] = {}
    for part in TEXTS.read_text("utf-8").split("== ")[1:]:
        name, *lines = part.rstrip("\n").split("\n")
        found[name] = lines
    return found


@pytest.mark.parametrize(("cols", "rows"), SIZES[:2])
@pytest.mark.parametrize("name", STATES)
def test_a_state_says_what_it_said(name: str, cols: int, rows: int) -> None:
    assert asyncio.run(told(name, cols, rows)) == kept()[f"{name} {cols}x{rows}"], (
        "stale? run `make pictures`"
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("early", "ends 02:00Z, 74 min left"),
        ("on-time", "ROLLBACK FITS UNTIL 03:25Z, 42 min left"),
        ("late", "Kim promised"),
        ("overrun", "7 min over"),
        ("past-the-last-minute", "ROLLBACK NOW ENDS 04:07Z, 7 min"),
        ("on-hold", "ON HOLD "),
        ("moved", "ends 04:30Z, 94 min left"),
        ("rehearsal", "REHEARSAL PROD"),
        ("timeline-whole", "whole plan"),
        ("timeline-stage", "z goes back"),
    ],
)
@pytest.mark.parametrize(("cols", "rows"), SIZES)
def test_each_state_is_told_at_every_size(name: str, words: str, cols: int, rows: int) -> None:
    assert words in "\n".join(asyncio.run(told(name, cols, rows)))
