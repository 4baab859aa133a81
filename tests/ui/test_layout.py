"""Where the panes stand: nothing overlaps, nothing is left over, at every size."""

from __future__ import annotations

import pytest

from deploytui.ui.layout import NUMBERED, Frame, PaneName, Shape, Wish, arrange, shape_of

SIZES = [
    (40, 12),
    (60, 20),
    (79, 24),
    (80, 23),
    (80, 24),
    (99, 60),
    (100, 30),
    (120, 40),
    (160, 40),
    (200, 50),
    (500, 200),
]


def cells(frame: Frame) -> dict[tuple[int, int], PaneName]:
    """Every cell with its pane; two panes on one cell fail."""
    found: dict[tuple[int, int], PaneName] = {}
    for name, rect in frame.rects.items():
        for y in range(rect.y, rect.y + rect.height):
            for x in range(rect.x, rect.x + rect.width):
                assert (x, y) not in found, f"{name} and {found[x, y]} overlap at {x},{y}"
                found[x, y] = name
    return found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("is_zoomed", [False, True])
def test_panes_cover_the_screen_once(size: tuple[int, int], is_zoomed: bool) -> None:
    frame = arrange(*size, PaneName.CHECKLIST, is_zoomed, Wish(12, 24))
    taken = cells(frame)
    gap = 1 if frame.shape is Shape.COMPACT and not is_zoomed else 0
    main_rows = frame.rects[PaneName.CHECKLIST].height
    assert len(taken) == size[0] * size[1] - gap * main_rows
    assert all(0 <= x < size[0] and 0 <= y < size[1] for x, y in taken)


@pytest.mark.parametrize("size", SIZES)
def test_the_rows_keep_their_order(size: tuple[int, int]) -> None:
    rects = arrange(*size, PaneName.CHECKLIST, False, Wish()).rects
    assert [rects[name].y for name in (PaneName.IDENTITY, PaneName.STAGES, PaneName.ALARM)] == [0, 1, 2]
    assert rects[PaneName.HINTS].y == size[1] - 1


def test_shapes_begin_where_they_are_promised() -> None:
    assert shape_of(39, 12) is shape_of(40, 11) is Shape.TOO_SMALL
    assert shape_of(40, 12) is shape_of(79, 24) is shape_of(80, 23) is Shape.SINGLE
    assert shape_of(80, 24) is Shape.COMPACT
    assert shape_of(120, 40) is Shape.BOXED
    assert shape_of(200, 50) is Shape.WIDE


def test_too_small_shows_one_line_and_nothing_else() -> None:
    assert list(arrange(20, 5, PaneName.CHECKLIST, False, Wish()).rects) == [PaneName.TOO_SMALL]


@pytest.mark.parametrize("pane", NUMBERED)
def test_a_small_window_shows_the_pane_that_has_the_keys(pane: PaneName) -> None:
    shown = set(arrange(60, 20, pane, False, Wish()).rects)
    assert shown & set(NUMBERED) == {pane}


def test_only_a_wide_terminal_has_details_beside_the_checklist() -> None:
    assert PaneName.DETAIL in arrange(200, 50, PaneName.CHECKLIST, False, Wish()).rects
    assert PaneName.DETAIL not in arrange(120, 40, PaneName.CHECKLIST, False, Wish()).rects


def test_the_left_column_is_shared_fairly_where_it_is_tight() -> None:
    rects = arrange(80, 24, PaneName.CHECKLIST, False, Wish(timeline=40, gauges=40)).rects
    assert rects[PaneName.TIMELINE].height == rects[PaneName.GAUGES].height == 8


def test_a_pane_that_wants_little_leaves_the_rest() -> None:
    rects = arrange(120, 40, PaneName.CHECKLIST, False, Wish(timeline=10, gauges=2)).rects
    assert rects[PaneName.TIMELINE].height == 12
    assert rects[PaneName.GAUGES].height == 28 - 12
