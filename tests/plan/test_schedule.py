"""Windows as instants: day edges in the plan's zone, both changes of the clocks, the current phase, go-live forms."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploytui.plan.model import Edge, Group, Item, Phase, Plan, Stage, StageName
from deploytui.plan.schedule import (
    current_phase,
    ended,
    follow_up,
    instant,
    parse_go_live,
    place,
    rollback_fits,
)
from tests.session.fake import GO_LIVE, small_plan

DAY = 86400


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "go_live", "start", "end"),
    [
        ("UTC", "2025-11-22T02:00", "2025-11-04T00:00", "2025-11-09T00:00"),
        # The zone's clocks change between the two edges: a day is 25, 23 or 24.5 hours long.
        ("Europe/Berlin", "2026-10-25T10:00", "2026-10-06T22:00", "2026-10-11T22:00"),
        ("Europe/Berlin", "2026-03-29T10:00", "2026-03-10T23:00", "2026-03-15T23:00"),
        ("America/New_York", "2026-03-20T10:00", "2026-03-02T05:00", "2026-03-07T05:00"),
        ("Australia/Lord_Howe", "2026-04-20T10:00", "2026-04-01T13:00", "2026-04-06T13:30"),
        ("Pacific/Kiritimati", "2026-01-01T12:00", "2025-12-14T10:00", "2025-12-19T10:00"),
        ("UTC", "2028-03-01T02:00", "2028-02-12T00:00", "2028-02-17T00:00"),
    ],
)
def test_days_are_the_zones_own_days(zone, go_live, start, end) -> None:
    home = ZoneInfo(zone)
    first, last = Edge(offset_s=-18 * DAY, is_day=True), Edge(offset_s=-13 * DAY, is_day=True)
    assert instant(first, utc(go_live), home) == utc(start)
    assert instant(last, utc(go_live), home) == utc(end)


@pytest.mark.parametrize(("clock", "hours"), [("2026-10-25T00:30", 3), ("2026-03-29T00:30", 3)])
def test_hours_from_go_live_are_real_hours_across_a_change_of_clocks(clock, hours) -> None:
    go_live = utc(clock)
    end = instant(Edge(offset_s=hours * 3600), go_live, ZoneInfo("Europe/Berlin"))
    assert end - go_live == timedelta(hours=hours)


def test_an_absolute_edge_needs_no_go_live() -> None:
    at = utc("2026-01-01T00:00")
    assert instant(Edge(at=at), None, ZoneInfo("UTC")) == at
    assert instant(Edge(offset_s=0), None, ZoneInfo("UTC")) is None


@pytest.mark.parametrize(
    ("after_h", "phase"),
    [
        (-24 * 30, "infra"),
        (-24 * 15, "infra"),
        (-24 * 5, "pre"),
        (-1, "pre"),
        (0, "exec"),
        (1.99, "exec"),
        (2, "post"),
        (4, "day1"),
        (23, "day1"),
        (25, "day1"),
    ],
)
def test_the_current_phase(after_h, phase) -> None:
    plan = small_plan()
    now = GO_LIVE + timedelta(hours=after_h)
    assert current_phase(plan, place(plan, GO_LIVE), now, lambda _: True) == phase


def test_without_windows_it_is_the_first_with_an_open_item() -> None:
    phases = tuple(Phase(name, name, (Group(f"{name}.g", "g", (Item(f"{name}.i", "i"),)),)) for name in "abc")
    empty = Stage(StageName.POST_DEPLOY, ())
    plan = Plan("t", (Stage(StageName.PRE_DEPLOY, phases[:1]), Stage(StageName.EXECUTION, phases[1:]), empty))
    assert current_phase(plan, {}, GO_LIVE, lambda phase: phase != "a") == "b"
    assert current_phase(plan, {}, GO_LIVE, lambda phase: False) == "c"
    nothing = Plan("t", (Stage(StageName.PRE_DEPLOY, ()), Stage(StageName.EXECUTION, ()), empty))
    assert current_phase(nothing, {}, GO_LIVE, lambda phase: True) is None


def test_what_was_over_before_tonight_and_what_goes_on_after_it() -> None:
    plan = small_plan()
    spans = place(plan, GO_LIVE)
    assert ended(plan, spans, GO_LIVE - timedelta(hours=2)) == ("infra",)
    assert follow_up(plan, spans) == {"day1"}


@given(st.integers(-400, 400))
def test_the_first_limit_is_the_window_end_minus_the_budgets(minutes: int) -> None:
    plan = small_plan()
    go_live = GO_LIVE + timedelta(minutes=minutes)
    fit = rollback_fits(plan, place(plan, go_live))[0]
    assert fit.start_by == go_live + timedelta(hours=2) - timedelta(minutes=35)


NOW = utc("2026-11-23T22:30")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("now", NOW),
        ("now+2h", NOW + timedelta(hours=2)),
        ("now+1h30m", NOW + timedelta(minutes=90)),
        ("02:00Z", utc("2026-11-24T02:00")),
        ("20:00Z", utc("2026-11-23T20:00")),
        ("10:31Z", utc("2026-11-23T10:31")),
        ("02:00", utc("2026-11-24T01:00")),  # in the plan's zone
        ("2026-11-24T02:00Z", utc("2026-11-24T02:00")),
        ("2026-11-24T02:00+05:00", utc("2026-11-23T21:00")),
        (" 2026-11-24 02:00 ", utc("2026-11-24T01:00")),
    ],
)
def test_go_live_forms(text, at) -> None:
    assert parse_go_live(text, NOW, ZoneInfo("Europe/Berlin")) == at


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "25:00Z",
        "now-1h",
        "now+",
        "2026-11-24",
        "2026-13-01T00:00Z",
        "9" * 99,
        "٠٢:٠٠",
        "now+1_0m",
        "now+١m",
    ],
)
def test_what_is_no_go_live_is_refused_with_the_forms(text) -> None:
    with pytest.raises(ValueError, match="a duration|02:00Z"):
        parse_go_live(text, NOW, ZoneInfo("UTC"))
