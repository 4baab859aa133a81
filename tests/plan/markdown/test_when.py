"""Times as headings state them: windows, offsets, budgets; and what only looks like a time."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from deploytui.plan.markdown.calendar import find_clocks, find_days, find_zone, zone_info, zone_name
from deploytui.plan.markdown.scale import Scale, Slot, close_slots, write_edge
from deploytui.plan.markdown.when import find_duration, read_title
from deploytui.plan.model import Edge

GO_LIVE = datetime(2025, 11, 22, 2, 0, tzinfo=UTC)


def placed(title: str, go_live: datetime | None = GO_LIVE, day: str = "") -> tuple[str, str | None]:
    """The title without its time, and the window it gives."""
    scale = Scale(go_live, UTC, 2025, find_days(day, 2025) if day else None)
    timed = read_title(title, 2025)
    slot = scale.slot(timed, is_after=True)
    if slot is None:
        return timed.rest, None
    return (
        timed.rest,
        f"{write_edge(slot.start)} .. {write_edge(slot.end, is_end=True) if slot.end else ''}".strip(),
    )


@pytest.mark.parametrize(
    ("title", "rest", "window"),
    [
        ("Groundwork (Nov 4-8, 2025)", "Groundwork", "D-18 .. D-14"),
        ("Groundwork (Nov 4 - Nov 8)", "Groundwork", "D-18 .. D-14"),
        ("4.-8. November 2025: Aufbau", "Aufbau", "D-18 .. D-14"),
        ("Groundwork 2025-11-04 to 2025-11-08", "Groundwork", "D-18 .. D-14"),
        ("Montag, 17. November - Proben", "Proben", "D-5 .. D-5"),
        ("Night of Nov 22nd", "Night of", "D .. D"),
        ("Before (12:00 AM - 2:00 AM UTC)", "Before", "T-2h .. T"),
        ("Before (12 - 2 AM UTC)", "Before", "T-2h .. T"),
        ("After (4:00 AM – 6:00 AM UTC)", "After", "T+2h .. T+4h"),
        ("Late 23:30-00:30", "Late", "T-2h30m .. T-1h30m"),
        ("Switch 03:00 - 04:00 CET", "Switch", "T .. T+1h"),
        ("Switch 03:00–04:00 (Europe/Berlin)", "Switch", "T .. T+1h"),
        ("9:00 AM: Standup", "Standup", "T+7h .."),
        ("Last checks (T-60 minutes)", "Last checks", "T-1h .."),
        ("T-24 Hours", "T-24 Hours", "T-24h .."),
        ("T - 2 Wochen", "T - 2 Wochen", "T-14d .."),
        ("Launch (T=0)", "Launch", "T .."),
        ("T-0: Go", "Go", "T .."),
        ("(T+15) Verify", "Verify", "T+15m .."),
        ("Undo (T+0 to T+5 minutes)", "Undo", "T .. T+5m"),
        ("Undo (T+5 to T+30 minutes)", "Undo", "T+5m .. T+30m"),
        ("Freeze D-3", "Freeze", "D-3 .. D-3"),
        ("Night (T-2h .. T+1h30m)", "Night", "T-2h .. T+1h30m"),
        ("Weeks (D-18 .. D-14)", "Weeks", "D-18 .. D-14"),
        ("Early check (run ~1 week before the date)", "Early check (run ~1 week before the date)", "T-7d .."),
        ("Day 1 (First 24 Hours)", "Day 1", "T .. T+24h"),
        ("Week 1", "Week 1", "T .. T+7d"),
        ("Day 3-7", "Day 3-7", "T+48h .. T+7d"),
        ("Follow-up (within 48 hours)", "Follow-up", "T .. T+48h"),
        ("Watch (0-15 min)", "Watch", "T .. T+15m"),
    ],
)
def test_a_window_is_read_and_leaves_the_title(title: str, rest: str, window: str) -> None:
    assert placed(title) == (rest, window)


@pytest.mark.parametrize(
    "title",
    [
        "T-30 Visual polish",
        "T-30 — Query for the cache",
        "Week 7 Close-Out",
        "Release (Wednesday, XXX XX)",
        "2.1 Performance",
        "Version 4.12.0",
        "24 items",
        "Step 3: Create",
        "March through the list",
    ],
)
def test_what_is_no_time_stays_in_the_title(title: str) -> None:
    assert placed(title) == (title, None)


@pytest.mark.parametrize(
    ("title", "rest", "budget"),
    [
        ("Decision (5 minutes)", "Decision", 300),
        ("Decision (⏱️ 5-10 minutes)", "Decision", 600),
        ("Restore (Time: 1-2 hours)", "Restore", 7200),
        ("Restore (1h30m)", "Restore", 5400),
        ("Restore (max. 20 min)", "Restore", 1200),
        ("Restore (see page 5 of the manual)", "Restore (see page 5 of the manual)", None),
        ("Restore (5m3h)", "Restore (5m3h)", None),
        ("Restore (9999d)", "Restore (9999d)", None),
        ("Canary (10 % of traffic)", "Canary (10 % of traffic)", None),
    ],
)
def test_a_budget_is_the_upper_end(title: str, rest: str, budget: int | None) -> None:
    timed = read_title(title, None)
    assert (timed.rest, timed.budget_s) == (rest, budget)


def test_a_clock_time_belongs_to_the_date_above_it() -> None:
    assert (
        placed("Start (9:00 AM - 10:00 AM)", None, "Nov 21, 2025")[1]
        == "2025-11-21T09:00Z .. 2025-11-21T10:00Z"
    )
    assert placed("Start (9:00 AM - 10:00 AM)", GO_LIVE, "Nov 21, 2025")[1] == "T-17h .. T-16h"
    assert placed("Start (9:00 AM - 10:00 AM)", None)[1] is None


def test_days_without_a_go_live_are_instants() -> None:
    assert placed("Groundwork (Nov 4-5, 2025)", None)[1] == "2025-11-04T00:00Z .. 2025-11-06T00:00Z"


def test_a_start_lasts_until_the_next_one() -> None:
    scale = Scale(GO_LIVE, UTC, 2025)
    slots: list[Slot | None] = [Slot(Edge(-3600)), None, Slot(Edge(0)), Slot(Edge(900))]
    closed, assumed = close_slots(slots, scale)
    assert [slot and slot.end and slot.end.offset_s for slot in closed] == [0, None, 900, 4500]
    assert assumed == [3]


@pytest.mark.parametrize(
    ("text", "seconds"), [("< 30 minutes", 1800), ("5-10 min", 600), ("2 Stunden", 7200), ("soon", None)]
)
def test_durations_in_prose(text: str, seconds: int | None) -> None:
    assert find_duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("November 22, 2025", date(2025, 11, 22)),
        ("22.11.2025", date(2025, 11, 22)),
        ("2025/11/22", date(2025, 11, 22)),
        ("2025年11月22日", date(2025, 11, 22)),
        ("11/22/2025", date(2025, 11, 22)),
        ("22/11/2025", date(2025, 11, 22)),
        ("1/2/2025", None),
        ("February 30, 2025", None),
    ],
)
def test_dates(text: str, day: date | None) -> None:
    found = find_days(text, None)
    assert (found.start if found else None) == day


@pytest.mark.parametrize("text", ["1:30 of 4", "25:00 - 26:00", "13 PM", "ratio 4.5:1", "v16:9:8:7"])
def test_what_is_no_clock_time(text: str) -> None:
    clocks = find_clocks(text)
    assert clocks is None or clocks.start_min == 90


def test_zones() -> None:
    assert find_zone("at 22:00 Europe/Zurich, not Mars/Base") == "Europe/Zurich"
    assert zone_name("PST") == "America/Los_Angeles"
    assert zone_name("Mars/Base") == "UTC"
    assert zone_info("UTC+2") is not None
    assert zone_info("nowhere") is None
