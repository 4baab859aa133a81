"""The checklist pane: any length at the same cost, a change repaints its own line, the cursor stays in sight."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region

from deploytui.session import view as columns
from deploytui.session.view import Counts, GroupRow, ItemRow
from deploytui.ui.widgets.checklist import Checklist
from tests.ui.drawn import screen_lines, skin


def in_tens(count: int) -> columns.Rows:
    """Items in groups of ten."""
    found = columns.Rows()
    for first in range(0, count, 10):
        found.add(f"g{first // 10}", [f"i{number}" for number in range(first, min(first + 10, count))])
    return found


class Rows:
    """Items in groups of ten, with a count of how often each was asked for."""

    def __init__(self, count: int) -> None:
        self.refs = in_tens(count)
        self.done: set[str] = set()
        self.asked: list[str] = []

    def group(self, ref: str) -> GroupRow:
        return GroupRow(ref, f"Group {ref}", "", Counts(open=10))

    def item(self, ref: str) -> ItemRow:
        self.asked.append(ref)
        return ItemRow(ref, "done" if ref in self.done else "open", "", f"Item {ref}", "")


class Bench(App[None]):
    CSS = """
    Checklist { width: 1fr; height: 1fr; scrollbar-size: 0 0; border: solid white; border-subtitle-align: right; }
    Checklist.-rule { border: none; border-top: solid white; }
    """

    def __init__(self, rows: Rows, *, is_boxed: bool = True) -> None:
        super().__init__()
        self.checklist = Checklist(skin(), rows.group, rows.item, lambda ref: "")
        self.checklist.set_class(not is_boxed, "-rule")

    def compose(self) -> ComposeResult:
        yield self.checklist


def shown(app: App[Any]) -> list[str]:
    return [line.strip("│ ") for line in screen_lines(app)]


@pytest.mark.parametrize("count", [0, 1, 9, 200, 100_000])
@pytest.mark.parametrize("is_boxed", [True, False])
async def test_only_rows_in_sight_are_asked_for(count: int, is_boxed: bool) -> None:
    rows = Rows(count)
    app = Bench(rows, is_boxed=is_boxed)
    async with app.run_test(size=(60, 20)) as pilot:
        app.checklist.load(rows.refs)
        await pilot.pause()
        assert len(set(rows.asked)) <= 20
        assert app.checklist.cursor_item == ("i0" if count else "")
        assert len(screen_lines(app)) == 20


async def test_an_empty_list_says_so() -> None:
    app = Bench(Rows(0))
    async with app.run_test(size=(60, 20)) as pilot:
        app.checklist.load(columns.Rows())
        await pilot.pause()
        assert "nothing to do here" in screen_lines(app)[1]
        app.checklist.step(1)
        app.checklist.jump(True)
        assert app.checklist.cursor_item == ""


def regions_of(app: Bench) -> list[Region]:
    """From now on, what the checklist asks to be repainted."""
    seen: list[Region] = []
    refresh = app.checklist.refresh

    def watched(*regions: Region, **asked: Any) -> Any:
        seen.extend(regions or [Region(0, 0, *app.checklist.size)])
        return refresh(*regions, **asked)

    app.checklist.refresh = watched  # type: ignore[method-assign,assignment]
    return seen


@pytest.mark.parametrize("count", [200, 100_000])
async def test_a_tick_repaints_its_line_and_its_heading_whatever_the_length(count: int) -> None:
    rows = Rows(count)
    app = Bench(rows)
    async with app.run_test(size=(60, 20)) as pilot:
        app.checklist.load(rows.refs, "i5")
        await pilot.pause()
        rows.asked.clear()
        regions = regions_of(app)
        rows.done.add("i5")
        app.checklist.update_items(["i5"])
        assert sorted(region.y for region in regions) == [0, 6]
        assert all(region.height == 1 for region in regions)
        await pilot.pause()
        assert rows.asked == ["i5"]
        assert any("[✓] Item i5" in line for line in shown(app))


async def test_an_item_out_of_sight_costs_no_painting() -> None:
    rows = Rows(200)
    app = Bench(rows)
    async with app.run_test(size=(60, 20)) as pilot:
        app.checklist.load(rows.refs)
        await pilot.pause()
        rows.asked.clear()
        app.checklist.update_items(["i150", "unknown"])
        await pilot.pause()
        assert rows.asked == []


async def every_cursor_is_in_sight(app: Bench, keys: Iterable[int], pilot: Any) -> None:
    for by in keys:
        app.checklist.step(by)
        await pilot.pause()
        label = f"Item {app.checklist.cursor_item}"
        assert any(line.startswith("▌") and label in line for line in shown(app)), (by, shown(app))


@pytest.mark.parametrize("is_boxed", [True, False])
async def test_the_cursor_is_always_in_sight(is_boxed: bool) -> None:
    rows = Rows(100)
    app = Bench(rows, is_boxed=is_boxed)
    async with app.run_test(size=(60, 12)) as pilot:
        app.checklist.load(rows.refs)
        await pilot.pause()
        await every_cursor_is_in_sight(app, [1] * 25 + [-1] * 30 + [40, 60, -7, -100, 100], pilot)


async def test_the_first_of_a_group_shows_its_heading_when_moving_up() -> None:
    rows = Rows(100)
    app = Bench(rows)
    async with app.run_test(size=(60, 12)) as pilot:
        app.checklist.load(rows.refs, "i50")
        await pilot.pause()
        app.checklist.step(-20)
        await pilot.pause()
        assert app.checklist.cursor_item == "i30"
        assert any("GROUP G3" in line for line in shown(app))
        app.checklist.step(-100)
        await pilot.pause()
        assert "GROUP G0" in shown(app)[1]


async def test_loading_other_rows_begins_at_the_top() -> None:
    rows = Rows(100)
    app = Bench(rows)
    async with app.run_test(size=(60, 12)) as pilot:
        app.checklist.load(rows.refs, "i90")
        await pilot.pause()
        app.checklist.load(in_tens(4))
        await pilot.pause()
        assert app.checklist.cursor_item == "i0"
        assert "GROUP G0" in shown(app)[1]


async def test_what_lies_below_is_counted_on_the_border() -> None:
    rows = Rows(30)
    app = Bench(rows)
    async with app.run_test(size=(60, 12)) as pilot:
        app.checklist.load(rows.refs)
        await pilot.pause()
        assert "23 more below" in screen_lines(app)[-1]
        app.checklist.jump(True)
        await pilot.pause()
        assert "more below" not in screen_lines(app)[-1]


async def test_rows_with_a_running_time_are_the_only_ones_looked_at_each_second() -> None:
    rows = Rows(200)
    app = Bench(rows)
    minutes = [3]
    plain = rows.item

    def running(ref: str) -> ItemRow:
        row = plain(ref)
        return ItemRow(ref, "active", "", row.label, f"{minutes[0]} min ANA") if ref == "i3" else row

    app.checklist._item_row = running
    async with app.run_test(size=(60, 20)) as pilot:
        app.checklist.load(rows.refs)
        await pilot.pause()
        rows.asked.clear()
        regions = regions_of(app)
        app.checklist.update_seen()
        assert rows.asked == ["i3"]
        assert regions == []
        minutes[0] = 4
        app.checklist.update_seen()
        assert [region.y for region in regions] == [4]
        await pilot.pause()
        assert any("4 min ANA" in line for line in shown(app))


async def test_the_wheel_moves_the_view_and_not_the_cursor() -> None:
    rows = Rows(100)
    app = Bench(rows)
    async with app.run_test(size=(60, 12)) as pilot:
        app.checklist.load(rows.refs)
        await pilot.pause()
        await pilot._post_mouse_events([_wheel()], widget=app.checklist)
        await pilot.pause()
        assert app.checklist.cursor_item == "i0"
        assert "Item i2" in shown(app)[1]


def _wheel() -> Any:
    from textual.events import MouseScrollDown

    return MouseScrollDown
