"""The past as a line: fixed bounds, the worst of each stretch, gaps that are empty and silence that is said."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from deploytui.metrics.board import Level
from deploytui.metrics.history import Cell, Tier
from deploytui.ui.paint.gauge import Beside, bound_of, gauges, worst_first
from deploytui.ui.paint.skin import Role, measure
from deploytui.ui.paint.spark import spark
from tests.ui.drawn import skin, text, texts
from tests.ui.night import readings

ERRORS, LATENCY = readings()[:2]
AVAILABLE = replace(LATENCY, ok_text="= 1", ok_limit=1.0, unit="")
DAYS = replace(LATENCY, ok_text="> 14", breach_text="< 3", ok_limit=14.0, breach_limit=3.0, unit="d")


def line(reading=LATENCY, *cells: Cell | float | None, is_ascii: bool = False) -> str:
    found = [Cell(cell, cell) if isinstance(cell, float) else cell for cell in cells]
    return text(spark(found, reading, bound_of(reading), skin(is_ascii=is_ascii)))


def test_heights_have_the_bounds_of_the_bar() -> None:
    assert line(LATENCY, 0.0, 100.0, 300.0, 499.0, 625.0, 9000.0) == "▁▂▄▆▇▇"
    assert line(LATENCY, 400.0, 401.0) == "▅▅"


def test_a_gap_is_empty_and_no_answer_is_said() -> None:
    assert line(LATENCY, 300.0, None, Cell(None, None), 300.0) == "▄ ○▄"
    assert line(LATENCY, 300.0, None, Cell(None, None), 300.0, is_ascii=True) == "- .-"


@pytest.mark.parametrize(
    ("reading", "cell", "height"),
    [
        (LATENCY, Cell(100.0, 9000.0), "▇"),
        (AVAILABLE, Cell(0.0, 1.0), "▁"),
        (DAYS, Cell(1.0, 80.0), "▁"),
        (
            replace(LATENCY, ok_text="", ok_limit=None, breach_text="< 3", breach_limit=3.0),
            Cell(0.1, 9.0),
            "▁",
        ),
    ],
)
def test_of_each_stretch_the_worst_is_shown(reading, cell: Cell, height: str) -> None:
    assert line(reading, cell) == height


def test_what_is_past_a_limit_has_its_color() -> None:
    pen = skin()
    found = spark([Cell(v, v) for v in (0.05, 0.2, 6.0)], ERRORS, bound_of(ERRORS), pen)
    assert [style for _, style in found] == [pen.style(role) for role in (Role.OK, Role.WATCH, Role.BREACH)]


def test_without_limits_a_round_number_is_the_top() -> None:
    bare = replace(LATENCY, ok_text="", ok_limit=None)
    assert line(bare, 1.000, 1.001) == "▄▄"
    assert line(bare, 0.0, -5.0) == "▁▁"


# -- in the pane ---------------------------------------------------------------------------------------


def pane(width: int, height: int, **beside: object) -> list[str]:
    def trace(gauge: str, tier: Tier, columns: int, steps: int) -> list[Cell | None]:
        return [None] * (columns - 1) + [Cell(300.0, 300.0)]

    return texts(gauges(readings(), width, height, skin(), Beside(trace=trace, **beside)))  # type: ignore[arg-type]


def test_the_past_comes_after_every_second_line_and_first_to_what_is_wrong() -> None:
    lines = pane(50, 14)
    assert [place for place, one in enumerate(lines) if "1 h" in one] == [2, 5]
    assert lines[2].endswith("▄            app  1 h ") or lines[2].endswith("▇            app  1 h ")
    assert sum("1 h" in one for one in pane(50, 18)) == 6
    assert all(len(one) == 50 for one in lines)


def test_a_narrow_pane_has_no_past() -> None:
    assert not any("1 h" in one for one in pane(42, 30))


def test_a_stale_value_is_shown_by_its_age() -> None:
    disk = next(one for one in pane(42, 12) if "disk" in one)
    assert "34 s old ○ STALE" in disk
    assert "71" not in disk


def test_an_alarm_that_was_acknowledged_says_so_where_there_is_room() -> None:
    assert "▲ WATCH ack" in pane(42, 12, acked=frozenset({"errors"}))[0]
    assert "ack" not in pane(30, 12, acked=frozenset({"errors"}))[0]


def test_the_cursor_is_seen_without_color_and_what_does_not_fit_is_counted_around_it() -> None:
    lines = pane(42, 4, current="disk")
    assert [one[0] for one in lines] == [" ", " ", "▌", " "]
    assert "+3 more" in lines[3]
    found = gauges(readings(), 42, 12, skin(), Beside(current="latency"))
    assert [style.reverse for part, style in found[2] if "Response" in part] == [True]
    assert all(measure(one) == 42 for one in found)


def test_worst_first_keeps_the_order_of_what_is_equally_bad() -> None:
    assert [one.id for one in worst_first(readings())] == [
        "queries", "errors", "disk", "latency", "cpu", "memory",
    ]  # fmt: skip
    breach = replace(LATENCY, level=Level.BREACH)
    assert worst_first([*readings(), breach])[0] is breach
