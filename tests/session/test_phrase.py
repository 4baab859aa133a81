"""What is typed on the bridge and is no number, no length and no date: refused with the form, whatever Python reads."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from deploytui.plan.model import Item
from deploytui.session.phrase import (
    ACCEPT_FORM,
    HOLD_FORM,
    MOVE_FORM,
    PROMISE_FORM,
    RAISE_FORM,
    SPEED_FORM,
    numbered,
    read_acceptance,
    read_hold,
    read_move,
    read_promise,
    read_speed,
)

ITEMS = [Item(id=str(number), text=str(number)) for number in range(1, 21)]


def _numbered(text: str) -> Item:
    return numbered(text, ITEMS)


def _move(text: str) -> object:
    return read_move(text, lambda name: name)


def _promise(text: str) -> object:
    return read_promise(text, "item")


@pytest.mark.parametrize("written", ["1_0", "١٢", "１", "²"])
@pytest.mark.parametrize(
    ("read", "form", "text"),
    [
        (read_hold, HOLD_FORM, "{} waiting"),
        (read_hold, HOLD_FORM, "{}m waiting"),
        (_move, MOVE_FORM, "end +{}m agreed"),
        (_promise, PROMISE_FORM, "{} Kim"),
        (read_speed, SPEED_FORM, "{}"),
        (_numbered, RAISE_FORM, "{}"),
        (read_acceptance, ACCEPT_FORM, "{} known"),
    ],
)
def test_only_plain_digits_are_a_number(
    read: Callable[[str], object], form: str, text: str, written: str
) -> None:
    with pytest.raises(ValueError, match="such as|number") as caught:
        read(text.format(written))
    assert str(caught.value) == form
    read(text.format("10"))


def test_a_date_in_other_digits_is_part_of_the_reason() -> None:
    assert read_acceptance("3 known until 2026-12-31") == (3, "known", "2026-12-31")
    assert read_acceptance("3 known until ٢٠٢٦-12-31") == (3, "known until ٢٠٢٦-12-31", "")


def test_a_trigger_that_is_not_there_is_refused_with_the_form() -> None:
    for text in ("", "0", "21", "9" * 5000, "x"):
        with pytest.raises(ValueError, match=RAISE_FORM):
            _numbered(text)
