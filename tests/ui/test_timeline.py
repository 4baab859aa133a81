"""The timeline pane: bars with their letters, the chart, and picking a phase from the keyboard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from deploytui.session.act import CheckItem, MoveEdge
from deploytui.session.view import Axis, Counts, Progress, TimelineRow
from deploytui.ui.layout import PaneName
from deploytui.ui.paint.axis import bar, cell_of, has_bar, ruler
from deploytui.ui.paint.skin import Role, measure
from deploytui.ui.paint.timeline import chart, choose, with_bars
from tests.session.fake import GO_LIVE
from tests.ui.bridge import Bridge, bridge
from tests.ui.drawn import skin, text, texts
from tests.ui.night import EIGHT_PAST, make_services

HOUR = timedelta(hours=1)


def at(minutes: float) -> datetime:
    return GO_LIVE + timedelta(minutes=minutes)


AXIS = Axis(at(0), at(120), at(42), UTC, "Execution")
EXEC = TimelineRow(
    "phase", "Execution", at(0), "02:00", Progress.CURRENT, "77 min left", phase="exec", counts=Counts(done=6, open=12),
    is_current=True, end_at=at(120), planned_end_at=at(120), first_at=at(5),
)  # fmt: skip
STOP = TimelineRow("mark", "stop", at(5), "02:05", Progress.DONE, phase="exec", sign="S")
LIMIT = TimelineRow("mark", "rollback fits until", at(85), "03:25", phase="exec", sign="!")
NOW = TimelineRow("now", "NOW", at(42), "02:42")
POST = TimelineRow(
    "phase", "Post-Deployment", at(120), "04:00", phase="post", end_at=at(240), detail="in 77 min"
)
LATER = TimelineRow("mark", "first traffic", None, "", phase="exec", sign="T", detail="no time yet")
ROWS = (EXEC, STOP, NOW, LIMIT, POST, LATER)


# -- time as columns -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "cell"), [(-9, 0), (0, 0), (59, 29), (60, 30), (119, 59), (120, 60), (300, 60)]
)
def test_an_instant_has_its_column(minutes: float, cell: int) -> None:
    assert cell_of(at(minutes), AXIS, 60) == cell


def test_a_bar_shows_window_work_moments_and_now() -> None:
    assert text(bar(EXEC, [STOP, LIMIT], AXIS, 24, skin())) == "─S██████│────────!──────"


def test_work_past_the_window_is_amber_and_a_moved_end_keeps_the_planned_one() -> None:
    late = Axis(at(0), at(160), at(140), UTC)
    pen = skin()
    pieces = bar(EXEC, [], late, 32, pen)
    assert text(pieces) == "─███████████████████████████│   "
    assert [style.color for words, style in pieces if "█" in words] == [
        pen.style(Role.INFO).color,
        pen.style(Role.WATCH).color,
    ]
    moved = replace(EXEC, end_at=at(150), first_at=None)
    assert text(bar(moved, [], late, 32, pen)) == "────────────────────────|───│─  "


def test_a_bar_of_one_column_is_not_hidden_behind_now() -> None:
    month = Axis(at(0), at(30 * 24 * 60), at(42), UTC)
    assert text(bar(EXEC, [], month, 20, skin())).startswith("█ ")


@pytest.mark.parametrize("minutes", [(-200, -90), (300, 400)])
def test_what_is_off_the_axis_has_no_bar(minutes: tuple[int, int]) -> None:
    row = replace(EXEC, at=at(minutes[0]), end_at=at(minutes[1]), first_at=None, planned_end_at=None)
    assert not has_bar(row, AXIS)
    assert text(bar(row, [], AXIS, 24, skin())).strip() == "│"


def test_clock_times_are_those_of_the_plans_zone() -> None:
    assert text(ruler(AXIS, 60, skin())).rstrip() == "02:00          02:30          03:00          03:30"
    berlin = replace(AXIS, zone=ZoneInfo("Europe/Berlin"))
    assert text(ruler(berlin, 60, skin())).startswith("03:00          03:30")


def test_midnight_is_a_date_and_weeks_are_dates() -> None:
    night = Axis(at(-240), at(240), at(0), UTC)
    assert text(ruler(night, 40, skin())).rstrip() == "22:00     22 Nov    02:00     04:00"
    weeks = Axis(at(-18 * 1440), at(30 * 1440), at(0), UTC)
    labels = text(ruler(weeks, 50, skin())).split()
    assert set(labels[1::2]) <= {"Nov", "Dec"}


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("Europe/Berlin", datetime(2026, 3, 28, 23, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 10, 24, 22, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 12, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 10, 3, 12, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2026, 1, 1, 9, tzinfo=UTC)),
        ("America/New_York", datetime(2028, 2, 28, 12, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("hours", [1, 6, 48, 24 * 40])
@pytest.mark.parametrize("room", [8, 21, 60, 150])
def test_clock_times_stand_in_order_and_apart_whatever_the_clocks_do(
    zone: str, start: datetime, hours: int, room: int
) -> None:
    axis = Axis(start, start + hours * HOUR, start, ZoneInfo(zone))
    drawn = text(ruler(axis, room, skin()))
    assert len(drawn) == room
    assert drawn.strip() or room < 21


# -- the lines of the pane -----------------------------------------------------------------------------


def test_bars_and_their_legend_as_drawn() -> None:
    lines = [line.rstrip() for line in texts(line for _, line in with_bars(ROWS, AXIS, 44, skin()))]
    assert lines == [
        "         02:00       03:00",
        " 02:00 ▶ Execution              77 min left",
        "         ─S██████│────────!──────   6 of 18",
        " 02:05 S stop",
        " 02:42 ── NOW ─────────────────────────────",
        " 03:25 ! rollback fits until",
        " 04:00 ○ Post-Deployment          in 77 min",
        "       T first traffic          no time yet",
    ]


def test_a_chart_has_one_axis_for_all() -> None:
    stage = TimelineRow(
        "stage", "Execution", at(0), "02:00", Progress.CURRENT, end_at=at(120), first_at=at(5)
    )
    lines = texts(line for _, line in chart(ROWS, (stage,), AXIS, 100, skin()))
    assert lines[1].startswith(" 02:00 ▶ EXECUTION ")
    now = lines[2].index("│")
    assert all(line[now] == "│" for line in lines[1:7])
    assert lines[3][lines[2].index("S")] == "S"
    assert lines[5][lines[2].index("!")] == "!"
    assert "6 of 18" in lines[2]
    assert lines[2].rstrip().endswith("77 min left")
    assert lines[6].rstrip().endswith("in 77 min")


@pytest.mark.parametrize("width", [28, 42, 64, 78, 118, 198])
def test_no_line_is_wider_than_the_pane(width: int) -> None:
    for lines in (with_bars(ROWS, AXIS, width, skin()), chart(ROWS, ROWS[:1], AXIS, max(64, width), skin())):
        assert all(measure(line) <= max(64, width) for _, line in lines)


def test_what_has_no_time_goes_first_where_it_is_tight() -> None:
    assert LATER not in choose(ROWS, 5)
    assert LIMIT in choose(ROWS, 4)
    assert POST in choose(ROWS, 4, "post")


def test_ascii_has_no_other_sign() -> None:
    pen = skin(is_ascii=True)
    lines = [*with_bars(ROWS, AXIS, 44, pen), *chart(ROWS, (), AXIS, 100, pen)]
    assert all(text(line).isascii() for _, line in lines)


# -- keys ----------------------------------------------------------------------------------------------


def pane(night: Bridge) -> list[str]:
    """The lines of the timeline pane, as they are on the screen."""
    region = night.screen.timeline.region
    lines = night.text.splitlines()[region.y : region.bottom]
    return [line[region.x : region.right] for line in lines]


async def test_up_and_down_pick_a_phase_and_the_checklist_follows() -> None:
    async with bridge() as night:
        await night.press("2", "j")
        assert night.screen.phases.phase == "day1"  # begins with execution, and stands below it
        await night.press("down")
        assert night.screen.phases.phase == "post"
        assert "User login successful" in night.text
        assert "LOOKING AHEAD, not entered" in night.text
        assert set(night.session.state.entered) == {"exec"}
        await night.press("k", "k", "k", "k", "k")
        assert night.screen.phases.phase == "pre"
        assert night.store.kept[-1].kind == "driver.took"  # looking wrote nothing


async def test_enter_goes_to_the_checklist_of_the_picked_phase() -> None:
    async with bridge() as night:
        await night.press("2", "G", "enter")
        assert night.screen.active is PaneName.CHECKLIST
        assert (night.screen.phases.phase, night.cursor) == ("post", "post.1")
        await night.press("2", "g", "enter")
        assert night.screen.phases.phase == "pre"


async def test_the_picked_phase_stays_in_sight_where_not_all_fits() -> None:
    async with bridge(80, 24) as night:
        await night.press("2")
        assert any("Deploym" in line for line in pane(night))
        await night.press("G")
        assert any("Post-Dep" in line for line in pane(night))
        await night.press("g")
        assert any("Pre-Dep" in line for line in pane(night))
        assert " of " in pane(night)[0]  # how much there is


async def test_z_shows_the_whole_plan_then_one_stage_and_goes_back() -> None:
    async with bridge() as night:
        await night.press("2", "z")
        assert "whole plan, the night enlarged · z shows one stage" in night.text
        assert night.screen.timeline.outer_size.width == 120
        await night.press("z")
        assert "Execution · z goes back" in night.text
        await night.press("z")
        assert night.screen.timeline.size.width < 60
        await night.press("z", "escape")
        assert not night.screen.is_zoomed
        assert not night.screen.timeline.is_whole


async def test_the_picked_line_is_reverse_only_while_the_pane_has_the_keys() -> None:
    async with bridge() as night:
        strip = next(strip for strip in night.screen.timeline._strips if "Deployment Execution" in strip.text)
        assert not any(segment.style and segment.style.reverse for segment in strip)
        assert "▌" in strip.text
        await night.press("2")
        strip = next(strip for strip in night.screen.timeline._strips if "Deployment Execution" in strip.text)
        assert any(segment.style and segment.style.reverse for segment in strip)


async def test_a_minute_moves_no_line_of_the_pane() -> None:
    async with bridge() as night:
        before = pane(night)
        await night.tick(60)
        after = pane(night)
        assert [line[9:25] for line in before] == [line[9:25] for line in after]


async def test_a_moved_edge_moves_the_bar_and_the_last_minute() -> None:
    services, _ = make_services(at=EIGHT_PAST)
    services.session.perform(CheckItem("exec.1"), services.by)
    async with bridge(services=services) as night:
        assert any("03:25 ! rollback fits until" in line for line in pane(night))
        services.session.perform(MoveEdge("exec.end", 1800, "agreed"), services.by)
        await night.tick()
        assert any("03:55 ! rollback fits until" in line for line in pane(night))
        assert any("|" in line and "1 of 14" in line for line in pane(night))


def line_of(night: Bridge, words: str) -> int:
    """The line of the timeline pane that says it."""
    pane = night.screen.timeline.region
    lines = night.text.splitlines()[pane.y : pane.bottom]
    return next(y for y, line in enumerate(lines) if words in line[: pane.width])


async def test_a_click_on_a_phase_looks_at_it() -> None:
    async with bridge(120, 40) as night:
        first = night.screen.phases.phase
        await night.pilot.click("#timeline", offset=(12, line_of(night, "Post-Deployment")))
        assert night.screen.phases.phase == "post"
        assert night.screen.active is PaneName.TIMELINE
        await night.pilot.click("#timeline", offset=(12, line_of(night, "Deployment Exec")))
        assert night.screen.phases.phase == first
        bar = line_of(night, "Deployment Exec") + 1
        assert night.screen.timeline.phase_at(bar) == first
        await night.pilot.click("#timeline", offset=(12, 0))  # its frame stands for no phase
        assert night.screen.phases.phase == first
