"""Durations and numbers: read back what is written, and round the safe way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploytui.base.units import (
    MAX_DURATION_S,
    is_whole_number,
    left,
    number,
    over,
    parse_duration,
    parse_number,
    write_duration,
)


@given(st.integers(0, MAX_DURATION_S))
def test_durations_round_trip(seconds: int) -> None:
    assert parse_duration(write_duration(seconds)) == seconds


@pytest.mark.parametrize(
    "text",
    ["", " ", "5", "m", "1m2h", "-5m", "1.5h", "99999999d", "1h 30m", "9" * 60 + "d", "1_0m", "١٢m", "１m"],
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a duration"):
        parse_duration(text)


@given(st.floats())
def test_a_number_is_read_as_it_is_written(value: float) -> None:
    assert repr(parse_number(f" {value!r}\n")) == repr(value)


@pytest.mark.parametrize("text", ["", "x", "1_0", "1_000.5", "١٢", "１", "1e1_0", "0x10", "1,5", "1 0"])
def test_what_only_some_language_calls_a_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a number"):
        parse_number(text)


def test_a_whole_number_is_one_to_nine_plain_digits() -> None:
    assert all(is_whole_number(text) for text in ("0", "007", "999999999"))
    assert not any(is_whole_number(text) for text in ("", "+1", "1_0", "١٢", "²", "1.0", " 1", "1234567890"))


@pytest.mark.parametrize(
    ("seconds", "is_left", "is_over"),
    [
        (0, "0 s", "0 s"),
        (37.9, "37 s", "38 s"),
        (60, "1 min", "1 min"),
        (119, "1 min", "2 min"),
        (42 * 60 + 53, "42 min", "43 min"),
        (77 * 60 + 53, "77 min", "78 min"),
        (100 * 60, "1 h 40", "1 h 40"),
        (50 * 3600, "2 d 2 h", "2 d 2 h"),
        (50 * 3600 + 1, "2 d 2 h", "2 d 3 h"),
        (30 * 86400, "30 d", "30 d"),
        (30 * 86400 + 1, "30 d", "31 d"),
        (-5, "0 s", "0 s"),
    ],
)
def test_time_left_rounds_down_and_time_over_up(seconds: float, is_left: str, is_over: str) -> None:
    assert (left(seconds), over(seconds)) == (is_left, is_over)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.42, "0.42"),
        (212, "212"),
        (212.34, "212.3"),
        (12.345, "12.3"),
        (9.456, "9.46"),
        (0.00012, "0.0001"),
        (1e20, "1e+20"),
    ],
)
def test_numbers_keep_four_digits(value: float, text: str) -> None:
    assert number(value) == text
