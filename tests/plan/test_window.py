"""Offsets, days, instants and windows as the format writes them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from deploytui.plan.model import Edge
from deploytui.plan.window import parse_edge, parse_instant, parse_window

DAY = 86_400
GO_LIVE = datetime(2025, 11, 22, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "offset_s", "is_day"),
    [
        ("T", 0, False),
        ("T-2h", -7200, False),
        ("T+1h30m", 5400, False),
        (" T - 15m ", -900, False),
        ("D", 0, True),
        ("D-18", -18 * DAY, True),
        ("D+3", 3 * DAY, True),
    ],
)
def test_reads_an_offset(text: str, offset_s: int, is_day: bool) -> None:
    assert parse_edge(text) == Edge(offset_s=offset_s, is_day=is_day, text=text.strip())


def test_a_day_as_an_end_includes_the_whole_day() -> None:
    window = parse_window("D-18 .. D-14")
    assert (window.start.offset_s, window.end.offset_s) == (-18 * DAY, -13 * DAY)
    assert parse_window("D .. D").end.offset_s == DAY


def test_an_instant_stays_one_without_a_go_live_and_is_an_offset_with_one() -> None:
    assert parse_edge("2025-11-22T00:00Z").at == datetime(2025, 11, 22, tzinfo=UTC)
    edge = parse_edge("2025-11-22T01:00+01:00", GO_LIVE)
    assert (edge.at, edge.offset_s) == (None, -7200)


@pytest.mark.parametrize(
    "text",
    ["", "T-", "T2h", "T-2", "t-2h", "D-", "D-1h", "D-99999", "2025-11-22", "02:00", "22:30", "2025-11-22T02:00",
     "2025-13-22T02:00Z", "0001-01-01T00:00Z", "9999-12-31T23:59Z", "T-3651d", "T" * 5000, "T-" + "9" * 5000 + "h",
     "T-1_0m", "T-١٢m", "D-١", "٢٠٢٥-11-22T02:00Z"],
)  # fmt: skip
def test_refuses_what_is_no_edge(text: str) -> None:
    with pytest.raises(ValueError, match=r"an offset|a duration"):
        parse_edge(text)


@pytest.mark.parametrize("text", ["T", "T ..", "T - T+2h", "T .. T+1h .. T+2h", "T+2h .. T", "T .. T", "D-4 .. D-5",
                                  "2025-11-22T02:00Z .. 2025-11-22T01:00Z"])  # fmt: skip
def test_refuses_what_is_no_window(text: str) -> None:
    with pytest.raises(ValueError, match=r"a window|an offset"):
        parse_window(text)


def test_a_day_and_an_offset_are_not_compared() -> None:
    assert parse_window("D-1 .. T-2h").end.offset_s == -7200


def test_an_instant_needs_its_zone() -> None:
    assert parse_instant("2026-11-24T02:00:30Z").second == 30
    with pytest.raises(ValueError, match="an instant such as"):
        parse_instant("2026-11-24T02:00")
