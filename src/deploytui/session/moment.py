"""Instants as the screen writes them: in the plan's zone, with the date only where it differs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(at: datetime) -> str:
    """`Sat 22 Nov`, whatever the locale."""
    return f"{_DAYS[at.weekday()]} {at.day} {_MONTHS[at.month - 1]}"


def month_day(at: datetime) -> str:
    """`22 Nov`, whatever the locale."""
    return f"{at.day} {_MONTHS[at.month - 1]}"


def hour(at: datetime, zone: tzinfo) -> str:
    """`02:31` in `zone`, for columns whose zone the identity bar names."""
    return at.astimezone(zone).strftime("%H:%M")


def near(at: datetime, now: datetime) -> str:
    """`03:25Z`, with the date in front when it is not today's: `23 Nov 03:25Z`."""
    at, now = at.astimezone(UTC), now.astimezone(UTC)
    clock = at.strftime("%H:%MZ")
    return clock if at.date() == now.date() else f"{month_day(at)} {clock}"


def by_then(at: datetime, now: datetime) -> str:
    """As `near`, but rounded up to the minute: when something will have ended."""
    whole = at.replace(second=0, microsecond=0)
    return near(at if at == whole else whole + timedelta(minutes=1), now)


def short(at: datetime, now: datetime, zone: tzinfo) -> str:
    """At most six columns for the timeline: `02:00` today, else `22 Nov`, both in `zone`."""
    at, now = at.astimezone(zone), now.astimezone(zone)
    if at.date() == now.date():
        return at.strftime("%H:%M")
    return f"{at.day:2d} {_MONTHS[at.month - 1]}"


def zone_name(at: datetime, zone: tzinfo) -> str:
    """`UTC`, `CET`, `+03`: what people call the zone at that instant."""
    return at.astimezone(zone).tzname() or "UTC"
