"""Where the panes stand: nothing overlaps, nothing is left over, at every size."""

from __future__ import annotations

import pytest

from deploytui.ui.layout import COMPACT, LEAST, NUMBERED, PaneName
from tests.ui.bridge import Bridge, bridge

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
TIME, GAUGES = PaneName.TIMELINE, PaneName.GAUGES


def shown(night: Bridge) -> dict[PaneName, tuple[int, int, int, int]]:
    """The panes that are to be seen, with their places."""
    found = night.screen._compositor.visible_widgets
    names = set(PaneName)
    return {PaneName(one.id or ""): tuple(place[0]) for one, place in found.items() if one.id in names}  # type: ignore[misc]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("is_zoomed", [False, True])
async def test_panes_cover_the_screen_once(size: tuple[int, int], is_zoomed: bool) -> None:
    async with bridge(*size) as night:
        if is_zoomed:
            await night.press("z")
        taken: dict[tuple[int, int], PaneName] = {}
        for name, (x, y, width, height) in shown(night).items():
            for cell in ((x + right, y + down) for right in range(width) for down in range(height)):
                assert cell not in taken, f"{name} and {taken[cell]} overlap at {cell}"
                taken[cell] = name
        assert all(0 <= x < size[0] and 0 <= y < size[1] for x, y in taken)
        panes = shown(night)
        has_gap = panes[PaneName.CHECKLIST][0] > 0 and "│" not in night.text.splitlines()[5]
        gap = panes[PaneName.CHECKLIST][3] if has_gap else 0
        assert len(taken) == size[0] * size[1] - gap


@pytest.mark.parametrize("size", SIZES)
async def test_the_rows_keep_their_order(size: tuple[int, int]) -> None:
    async with bridge(*size) as night:
        panes = shown(night)
        assert [panes[name][1] for name in (PaneName.IDENTITY, PaneName.STAGES, PaneName.ALARM)] == [0, 1, 2]
        assert panes[PaneName.HINTS][1] == size[1] - 1


@pytest.mark.parametrize(
    ("size", "panes", "has_boxes"),
    [
        ((40, 12), 1, False),
        ((79, 24), 1, False),
        ((80, 23), 1, False),
        ((80, 24), 4, False),
        ((99, 60), 4, False),
        ((200, 29), 4, False),
        ((100, 30), 4, True),
        ((159, 60), 4, True),
        ((500, 39), 4, True),
        ((160, 40), 5, True),
    ],
)
async def test_shapes_begin_where_they_are_promised(
    size: tuple[int, int], panes: int, has_boxes: bool
) -> None:
    async with bridge(*size) as night:
        assert len(set(shown(night)) & {*NUMBERED, PaneName.DETAIL}) == panes
        assert ("┏" in night.text) is has_boxes


@pytest.mark.parametrize("size", [(LEAST[0] - 1, 12), (40, LEAST[1] - 1), (1, 1)])
async def test_too_small_shows_one_line_and_nothing_else(size: tuple[int, int]) -> None:
    async with bridge(*size) as night:
        assert size == (1, 1) or f"{size[0]}×{size[1]}, needs 40×12"[: size[0]] in night.text
        assert not [line for line in night.text.splitlines()[1:] if line.strip()]
        await night.pilot.resize_terminal(*COMPACT)
        await night.settle()
        await night.press("space")
        assert "[✓] 01" in night.row("exec.1"), "the checklist has the keys as before"


@pytest.mark.parametrize("pane", NUMBERED)
async def test_a_small_window_shows_the_pane_that_has_the_keys(pane: PaneName) -> None:
    async with bridge(60, 20) as night:
        await night.press(str(NUMBERED.index(pane) + 1))
        assert set(shown(night)) & set(NUMBERED) == {pane}
        await night.press("4", "tab")  # the alarm row has the keys, and the pane stays
        assert set(shown(night)) & set(NUMBERED) == {PaneName.JOURNAL}


async def test_another_size_is_another_arrangement_also_below_a_dialog() -> None:
    async with bridge(120, 40) as night:
        await night.press("question_mark")
        await night.pilot.resize_terminal(60, 20)
        await night.settle()
        await night.press("escape")
        assert set(shown(night)) & set(NUMBERED) == {PaneName.CHECKLIST}
        await night.pilot.resize_terminal(120, 40)
        await night.settle()
        assert set(shown(night)) & set(NUMBERED) == set(NUMBERED)


def share(night: Bridge) -> tuple[int, int]:
    panes = shown(night)
    return panes[TIME][3], panes[GAUGES][3]


async def test_the_left_column_is_shared_fairly_where_it_is_tight() -> None:
    async with bridge(80, 24) as night:
        night.screen.timeline._lines_below = lambda width: 40
        night.screen.timeline.refresh(layout=True)
        await night.settle()
        assert share(night) == (8, 8)


async def test_a_pane_that_wants_little_leaves_the_rest() -> None:
    async with bridge(120, 40) as night:
        rows = night.screen.timeline._wish
        night.screen.timeline._lines_below = lambda width: 2
        night.screen.timeline.refresh(layout=True)
        await night.settle()
        assert share(night) == (rows + 2, 28 - rows - 2)
