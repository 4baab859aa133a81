"""Every state of every window on both sides of each edge, where clocks change, dates differ and years leap.

What is expected is written down in the zone's own clock times, as people there would read them off the wall.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec import Struct
from msgspec.structs import replace

from deploytui.base.clock import FrozenClock
from deploytui.journal.store import Lease
from deploytui.plan.model import Group, Item, Phase, Plan, Stage, StageName
from deploytui.session.act import CheckItem, MoveEdge
from deploytui.session.session import Session
from deploytui.session.session_rules import opening
from deploytui.session.status import status_payload
from deploytui.session.view import Glance, Progress, TimelineRow
from deploytui.session.viewer import Viewer
from tests.session.fake import ANA, Driven, ListStore, holder, small_plan, window

DAY = 86_400
SECOND = timedelta(seconds=1)


class Place(Struct, frozen=True):
    """A go-live in a zone, and what the wall there shows at the edges of its windows."""

    zone: str
    go_live: str  # UTC
    week: tuple[str, str]  # D-2 .. D-1: midnight to midnight of the zone, in UTC
    execution: tuple[str, str]  # T .. T+2h, on the wall
    post: tuple[str, str]  # T+2h .. T+4h, on the wall


PLACES = {
    "utc": Place("UTC", "2025-11-22T02:00", ("2025-11-20T00:00", "2025-11-22T00:00"), ("02:00", "04:00"), ("04:00", "06:00")),
    # 02:00 becomes 03:00 in the middle of the execution.
    "berlin-spring": Place("Europe/Berlin", "2026-03-29T00:30", ("2026-03-26T23:00", "2026-03-28T23:00"),
                           ("01:30", "04:30"), ("04:30", "06:30")),
    # 03:00 becomes 02:00: two hours by the clock on the wall are one.
    "berlin-autumn": Place("Europe/Berlin", "2026-10-25T00:30", ("2026-10-22T22:00", "2026-10-24T22:00"),
                           ("02:30", "03:30"), ("03:30", "05:30")),
    # The day before T is 23 hours long, and so is the window of days.
    "berlin-short-day": Place("Europe/Berlin", "2026-03-30T00:30", ("2026-03-27T23:00", "2026-03-29T22:00"),
                              ("02:30", "04:30"), ("04:30", "06:30")),
    "new-york-spring": Place("America/New_York", "2026-03-08T06:30", ("2026-03-06T05:00", "2026-03-08T05:00"),
                             ("01:30", "04:30"), ("04:30", "06:30")),
    "new-york-autumn": Place("America/New_York", "2026-11-01T05:30", ("2026-10-30T04:00", "2026-11-01T04:00"),
                             ("01:30", "02:30"), ("02:30", "04:30")),
    "new-york-long-day": Place("America/New_York", "2026-11-02T07:00", ("2026-10-31T04:00", "2026-11-02T05:00"),
                               ("02:00", "04:00"), ("04:00", "06:00")),
    # Half an hour, in both directions.
    "lord-howe-autumn": Place("Australia/Lord_Howe", "2026-04-04T14:00", ("2026-04-02T13:00", "2026-04-04T13:00"),
                              ("01:00", "02:30"), ("02:30", "04:30")),
    "lord-howe-spring": Place("Australia/Lord_Howe", "2026-10-03T14:30", ("2026-10-01T13:30", "2026-10-03T13:30"),
                              ("01:00", "03:30"), ("03:30", "05:30")),
    # Fourteen hours ahead: there it is another day, and the year is new.
    "kiritimati": Place("Pacific/Kiritimati", "2025-12-31T12:00", ("2025-12-29T10:00", "2025-12-31T10:00"),
                        ("02:00", "04:00"), ("04:00", "06:00")),
    "leap-day": Place("UTC", "2028-02-29T23:00", ("2028-02-27T00:00", "2028-02-29T00:00"),
                      ("23:00", "01:00"), ("01:00", "03:00")),
    "after-leap-day": Place("America/New_York", "2028-03-01T07:00", ("2028-02-28T05:00", "2028-03-01T05:00"),
                            ("02:00", "04:00"), ("04:00", "06:00")),
}  # fmt: skip


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def plan_in(zone: str) -> Plan:
    """The small plan in a zone, its first phase a window of whole days just before T."""
    plan = small_plan()
    infra, pre = plan.stages[0].phases
    week = replace(infra, id="week", title="Week", window=window(-2 * DAY, 0, is_day=True))
    return replace(plan, zone=zone, stages=(replace(plan.stages[0], phases=(week, pre)), *plan.stages[1:]))


def session_in(place: Place, now: datetime) -> tuple[Session, FrozenClock]:
    clock = FrozenClock(now, ZoneInfo(place.zone))
    store = ListStore(clock, opening(ANA, utc(place.go_live), "exec", ()))
    session = Driven(plan_in(place.zone), store, clock, store.events())
    session.take_lease(holder())
    return session, clock


def glance_at(session: Session, clock: FrozenClock, at: datetime) -> Glance:
    clock.advance((at - clock.now()).total_seconds())
    return Viewer(session).glance(at, "exec")


def row_of(glance: Glance, phase: str) -> TimelineRow:
    return next(row for row in glance.timeline if row.kind == "phase" and row.phase == phase)


@pytest.mark.parametrize("name", PLACES)
def test_windows_stand_where_the_wall_of_the_zone_says(name: str) -> None:
    place = PLACES[name]
    go_live = utc(place.go_live)
    session, clock = session_in(place, go_live)
    spans = session.spans()
    assert (spans["week"].start_at, spans["week"].end_at) == (utc(place.week[0]), utc(place.week[1]))
    home = ZoneInfo(place.zone)
    for phase, edges in (("exec", place.execution), ("post", place.post)):
        span = spans[phase]
        assert span.length == timedelta(hours=2)  # real hours, whatever the clocks do
        assert tuple(f"{at.astimezone(home):%H:%M}" for at in (span.start_at, span.end_at)) == edges
    assert row_of(glance_at(session, clock, go_live), "exec").clock == place.execution[0]


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("phase", ["week", "pre", "exec", "post", "day1"])
def test_an_untouched_window_before_at_and_after_each_edge(name: str, phase: str) -> None:
    place = PLACES[name]
    session, clock = session_in(place, utc(place.week[0]) - timedelta(days=1))
    span = session.spans()[phase]
    left_open = session.tally.phase(phase).left
    before = row_of(glance_at(session, clock, span.start_at - SECOND), phase)
    assert (before.detail, before.is_over, before.fraction) == ("in 1 s", False, None)
    begun = row_of(glance_at(session, clock, span.start_at), phase)
    assert begun.detail.endswith(" left")
    assert (begun.is_over, begun.fraction) == (False, 0.0)
    nearly = row_of(glance_at(session, clock, span.end_at - SECOND), phase)
    assert (nearly.detail, nearly.is_over) == ("1 s left", False)
    for at in (span.end_at, span.end_at + SECOND, span.end_at + timedelta(days=3)):
        ended = row_of(glance_at(session, clock, at), phase)
        assert (ended.detail, ended.is_over, ended.fraction) == (f"{left_open} open", False, None)


@pytest.mark.parametrize("name", PLACES)
def test_a_window_that_was_worked_in_is_over_from_its_very_end(name: str) -> None:
    place = PLACES[name]
    session, clock = session_in(place, utc(place.go_live))
    span = session.spans()["exec"]
    session.perform(CheckItem("exec.1"), ANA)
    assert row_of(glance_at(session, clock, span.end_at - SECOND), "exec").detail == "1 s left"
    at_end = row_of(glance_at(session, clock, span.end_at), "exec")
    assert (at_end.detail, at_end.is_over) == ("0 s over", True)
    later = row_of(glance_at(session, clock, span.end_at + timedelta(minutes=5, seconds=1)), "exec")
    assert (later.detail, later.is_over) == ("6 min over", True)


@pytest.mark.parametrize("name", PLACES)
def test_a_window_that_is_done_says_how_long_it_was_and_never_late(name: str) -> None:
    place = PLACES[name]
    session, clock = session_in(place, utc(place.go_live))
    session.perform(CheckItem("post.1"), ANA)
    span = session.spans()["post"]
    for at, detail in (
        (span.start_at - SECOND, "in 1 s"),
        (span.end_at - SECOND, "1 s left"),
        (span.end_at, "2 h 00"),
        (span.end_at + timedelta(hours=9), "2 h 00"),
    ):
        row = row_of(glance_at(session, clock, at), "post")
        assert (row.progress, row.detail, row.is_over) == (Progress.DONE, detail, False)


@pytest.mark.parametrize("name", PLACES)
def test_the_night_goes_from_phase_to_phase_at_the_edges(name: str) -> None:
    place = PLACES[name]
    go_live = utc(place.go_live)
    session, clock = session_in(place, go_live - timedelta(hours=3))
    for at, phase, stage in (
        (go_live - timedelta(hours=2), "pre", StageName.PRE_DEPLOY),
        (go_live - SECOND, "pre", StageName.PRE_DEPLOY),
        (go_live, "exec", StageName.EXECUTION),
        (go_live + timedelta(hours=2) - SECOND, "exec", StageName.EXECUTION),
        (go_live + timedelta(hours=2), "post", StageName.POST_DEPLOY),
        (go_live + timedelta(hours=4) - SECOND, "post", StageName.POST_DEPLOY),
        (go_live + timedelta(hours=4), "day1", StageName.POST_DEPLOY),
        (go_live + timedelta(hours=24) + SECOND, "day1", StageName.POST_DEPLOY),
    ):
        glance = glance_at(session, clock, at)
        assert session.current_phase(at) == phase
        assert [row.phase for row in glance.timeline if row.is_current] == [phase]
        assert next(view.name for view in glance.stages if view.is_current) is stage
        payload = status_payload(session, at, Lease(0, None, 0), False, session.store.head())
        span = session.spans()[phase]
        assert (payload["phase"], payload["stage"]) == (phase, stage.value)
        assert payload["window"]["remaining_s"] == max(0, int((span.end_at - at).total_seconds()))
        assert payload["window"]["overrun_s"] == max(0, int((at - span.end_at).total_seconds()))


@pytest.mark.parametrize("name", PLACES)
def test_the_last_minute_to_roll_back_on_both_sides_of_each_limit(name: str) -> None:
    place = PLACES[name]
    go_live = utc(place.go_live)
    session, clock = session_in(place, go_live)
    first, last = go_live + timedelta(minutes=85), go_live + timedelta(minutes=205)
    for at, words in (
        (first - SECOND, "1 s left"),
        (first, "0 s left"),
        (first + SECOND, "1 s after Deployment Execution; before"),
        (last, "if started by"),
        (last + SECOND, "it fits no window any more"),
    ):
        assert words in glance_at(session, clock, at).alarm.rollback
    mark = next(row for row in glance_at(session, clock, first).timeline if row.sign == "!")
    assert (mark.at, mark.title, mark.is_over) == (first, "rollback fits until", False)
    mark = next(row for row in glance_at(session, clock, first + SECOND).timeline if row.sign == "!")
    assert (mark.title, mark.is_over) == ("rollback fitted until", True)


@pytest.mark.parametrize("name", PLACES)
def test_a_moved_edge_has_the_same_sides(name: str) -> None:
    place = PLACES[name]
    session, clock = session_in(place, utc(place.go_live))
    session.perform(CheckItem("exec.1"), ANA)
    session.perform(MoveEdge("exec.end", 1800, "agreed"), ANA)
    end = utc(place.go_live) + timedelta(minutes=150)
    assert row_of(glance_at(session, clock, end - SECOND), "exec").detail == "1 s left"
    assert row_of(glance_at(session, clock, end), "exec").detail == "0 s over"
    row = row_of(glance_at(session, clock, end), "exec")
    assert (row.end_at, row.planned_end_at) == (end, end - timedelta(minutes=30))


@pytest.mark.parametrize("name", PLACES)
def test_the_bar_on_top_shows_both_walls_and_the_date_where_it_differs(name: str) -> None:
    place = PLACES[name]
    go_live = utc(place.go_live)
    session, clock = session_in(place, go_live)
    view = glance_at(session, clock, go_live).identity
    here = go_live.astimezone(ZoneInfo(place.zone))
    assert view.zone_clock[0] == f"{here:%H:%M}:00"
    assert (view.local_clock, view.local_date) == (None, None)  # the same zone, once
    clock._local_zone = UTC
    view = glance_at(session, clock, go_live).identity
    if place.zone == "UTC":
        assert view.local_clock is None
    else:
        assert view.local_clock == (f"{go_live:%H:%M}:00", "UTC")
        assert (view.local_date is not None) == (here.date() != go_live.date())


def test_without_windows_nothing_is_early_late_or_over() -> None:
    items = (Item("a.1", "one"), Item("a.2", "two"))
    phase = Phase("a", "A", (Group("a.g", "G", items),))
    plan = replace(
        small_plan(),
        stages=(
            Stage(StageName.PRE_DEPLOY, ()),
            Stage(StageName.EXECUTION, (phase,)),
            Stage(StageName.POST_DEPLOY, ()),
        ),
    )
    clock = FrozenClock(utc("2025-11-22T02:00"))
    store = ListStore(clock, opening(ANA, None, "a", ()))
    session = Driven(plan, store, clock, store.events())
    session.take_lease(holder())
    row = row_of(Viewer(session).glance(clock.now(), "a"), "a")
    assert (row.at, row.clock, row.detail, row.is_over) == (None, "", "2 open", False)
    assert Viewer(session).glance(clock.now(), "a").axes is None
