"""What a person types on the bridge, as acts: `10m waiting for the DBA`, `end +30m agreed`, `10 Kim`. Pure.

ValueError says what was expected.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from deploytui.base.units import is_whole_number, parse_duration, parse_number
from deploytui.plan.model import Item
from deploytui.session.act import HoldWork, MakePromise, MoveEdge

HOLD_FORM = "how long and why, such as `10m waiting for the DBA`"
MOVE_FORM = "an edge, how far and why, such as `end +30m agreed`"
PROMISE_FORM = "minutes and who, such as `10 Kim`"
RAISE_FORM = "its number in the list of triggers"
SHELVE_FORM = "its number, how long and why, such as `2 30m known`"
SPEED_FORM = "how many times as fast, 1 to 600, such as `180`"
MOST_SPEED = 600


ACCEPT_FORM = "its number and why, such as `3 known, first install until 2026-12-31`"
_UNTIL = re.compile(r"(?s)(.*\S)\s+until\s+(\d{4}-\d{2}-\d{2})\s*", re.ASCII)


def read_acceptance(text: str) -> tuple[int, str, str]:
    """`3 known, first install until 2026-12-31`: the number of a finding, why it is accepted, and until when."""
    number, _, why = text.strip().partition(" ")
    if not (is_whole_number(number) and len(number) < 6) or not why.strip():
        raise ValueError(ACCEPT_FORM)
    if (match := _UNTIL.fullmatch(why)) is None:
        return int(number), why.strip(), ""
    return int(number), match[1].strip(), match[2]


def _seconds(text: str) -> int:
    """A duration; a number alone counts minutes."""
    return int(text) * 60 if is_whole_number(text) and len(text) < 6 else parse_duration(text)


def read_hold(text: str) -> HoldWork:
    """`10m waiting for the DBA`."""
    length, _, reason = text.strip().partition(" ")
    try:
        seconds = _seconds(length)
    except ValueError:
        raise ValueError(HOLD_FORM) from None
    if not seconds or not reason.strip():
        raise ValueError(HOLD_FORM)
    return HoldWork(reason.strip(), seconds)


def signed_seconds(text: str) -> int:
    """`+30m`, `-10m`: the sign is part of it."""
    if text[:1] not in ("+", "-"):
        raise ValueError("a signed duration such as +30m or -10m")
    try:
        seconds = _seconds(text[1:])
    except ValueError:
        raise ValueError("a signed duration such as +30m or -10m") from None
    return seconds if text[0] == "+" else -seconds


def read_move(text: str, edge_of: Callable[[str], str]) -> MoveEdge:
    """`end +30m agreed`; `edge_of` knows which phase `end` means now."""
    words = text.strip().split(None, 2)
    if len(words) < 3:
        raise ValueError(MOVE_FORM)
    try:
        return MoveEdge(edge_of(words[0]), signed_seconds(words[1]), words[2])
    except ValueError:
        raise ValueError(MOVE_FORM) from None


def read_promise(text: str, item: str) -> MakePromise:
    """`10 Kim`, `1h30m the DBA`."""
    length, _, who = text.strip().partition(" ")
    try:
        seconds = _seconds(length)
    except ValueError:
        raise ValueError(PROMISE_FORM) from None
    if not seconds or not who.strip():
        raise ValueError(PROMISE_FORM)
    return MakePromise(who.strip(), seconds, item)


def read_speed(text: str) -> float:
    """`180`, how many times faster than the wall clock a rehearsal runs."""
    try:
        speed = parse_number(text)
    except ValueError:
        raise ValueError(SPEED_FORM) from None
    if not 1 <= speed <= MOST_SPEED:
        raise ValueError(SPEED_FORM)
    return speed


def numbered(text: str, items: Sequence[Item]) -> Item:
    """The one with that number, counted from 1."""
    if not (is_whole_number(text) and 1 <= int(text) <= len(items)):
        raise ValueError(RAISE_FORM)
    return items[int(text) - 1]
