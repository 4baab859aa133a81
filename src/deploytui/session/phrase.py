"""What a person types on the bridge, as acts: `10m waiting for the DBA`, `end +30m agreed`, `10 Kim`. Pure.

ValueError says what was expected.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from deploytui.base.units import is_whole_number, parse_duration, parse_number
from deploytui.plan.model import Item
from deploytui.session.act import HoldWork, MakePromise, MoveEdge

HOLD_FORM = "how long and why, such as `10m waiting for the DBA`"
MOVE_FORM = "an edge, how far and why, such as `end +30m agreed`"
PROMISE_FORM = "minutes and who, such as `10 Kim`"
RAISE_FORM = "its number in the list of triggers"
SHELVE_FORM = "its number, how long and why, such as `2 30m known`"
SPEED_FORM = "how many times as fast, 1 to 600, such as `180`"
ACCEPT_FORM = "its number and why, such as `3 known, first install until 2026-12-31`"
_SIGNED = "a signed duration such as +30m or -10m"
MOST_SPEED = 600
_UNTIL = re.compile(r"(?s)(.*\S)\s+until\s+(\d{4}-\d{2}-\d{2})\s*", re.ASCII)


@contextmanager
def _expected(form: str) -> Iterator[None]:
    """Whatever cannot be read in there, this form was expected."""
    try:
        yield
    except ValueError:
        raise ValueError(form) from None


def read_acceptance(text: str) -> tuple[int, str, str]:
    """`3 known, first install until 2026-12-31`: the number of a finding, why it is accepted, and until when."""
    number, _, why = text.strip().partition(" ")
    if not (is_whole_number(number) and len(number) < 6) or not why.strip():
        raise ValueError(ACCEPT_FORM)
    match = _UNTIL.fullmatch(why)
    return (int(number), match[1].strip(), match[2]) if match else (int(number), why.strip(), "")


def _seconds(text: str) -> int:
    """A duration; a number alone counts minutes."""
    return int(text) * 60 if is_whole_number(text) and len(text) < 6 else parse_duration(text)


def _length_and_words(text: str, form: str) -> tuple[int, str]:
    length, _, words = text.strip().partition(" ")
    with _expected(form):
        if not (seconds := _seconds(length)) or not words.strip():
            raise ValueError
        return seconds, words.strip()


def read_hold(text: str) -> HoldWork:
    """`10m waiting for the DBA`."""
    seconds, reason = _length_and_words(text, HOLD_FORM)
    return HoldWork(reason, seconds)


def read_promise(text: str, item: str) -> MakePromise:
    """`10 Kim`, `1h30m the DBA`."""
    seconds, who = _length_and_words(text, PROMISE_FORM)
    return MakePromise(who, seconds, item)


def signed_seconds(text: str) -> int:
    """`+30m`, `-10m`: the sign is part of it."""
    with _expected(_SIGNED):
        if text[:1] not in ("+", "-"):
            raise ValueError
        return _seconds(text[1:]) * (1 if text[0] == "+" else -1)


def read_move(text: str, edge_of: Callable[[str], str]) -> MoveEdge:
    """`end +30m agreed`; `edge_of` knows which phase `end` means now."""
    with _expected(MOVE_FORM):
        edge, by, reason = text.strip().split(None, 2)
        return MoveEdge(edge_of(edge), signed_seconds(by), reason)


def read_speed(text: str) -> float:
    """`180`, how many times faster than the wall clock a rehearsal runs."""
    with _expected(SPEED_FORM):
        speed = parse_number(text)
        if not 1 <= speed <= MOST_SPEED:
            raise ValueError
        return speed


def numbered(text: str, items: Sequence[Item]) -> Item:
    """The one with that number, counted from 1."""
    if not (is_whole_number(text) and 1 <= int(text) <= len(items)):
        raise ValueError(RAISE_FORM)
    return items[int(text) - 1]
