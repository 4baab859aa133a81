"""Dates, clock times, zones and durations as people write them in headings and facts."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from datetime import time as time_of_day
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from deploytui.plan.markdown.words import any_of

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero janeiro gennaio января",
            "february feb februar février febrero fevereiro febbraio февраля",
            "march mar märz mrz mars marzo março марта",
            "april apr avril abril aprile апреля",
            "may mai mayo maio maggio мая",
            "june jun juni juin junio junho giugno июня",
            "july jul juli juillet julio julho luglio июля",
            "august aug août agosto августа",
            "september sept sep septembre septiembre setembro settembre сентября",
            "october oct oktober okt octobre octubre outubro ottobre октября",
            "november nov novembre noviembre novembro ноября",
            "december dec dezember dez décembre diciembre dezembro dicembre декабря",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")"

# Fixed offsets of the abbreviations people write, where they are fixed, and the zone that their days are those of.
_ABBREVIATIONS: dict[str, tuple[float | None, str]] = {
    "UTC": (0, "UTC"), "GMT": (0, "UTC"), "Z": (0, "UTC"),
    "EST": (-5, "America/New_York"), "EDT": (-4, "America/New_York"),
    "CST": (-6, "America/Chicago"), "CDT": (-5, "America/Chicago"),
    "MST": (-7, "America/Denver"), "MDT": (-6, "America/Denver"),
    "PST": (-8, "America/Los_Angeles"), "PDT": (-7, "America/Los_Angeles"),
    "CET": (1, "Europe/Berlin"), "CEST": (2, "Europe/Berlin"),
    "MEZ": (1, "Europe/Berlin"), "MESZ": (2, "Europe/Berlin"),
    "BST": (1, "Europe/London"), "WET": (0, "Europe/Lisbon"), "WEST": (1, "Europe/Lisbon"),
    "EET": (2, "Europe/Athens"), "EEST": (3, "Europe/Athens"), "MSK": (3, "Europe/Moscow"),
    "IST": (5.5, "Asia/Kolkata"), "SGT": (8, "Asia/Singapore"), "HKT": (8, "Asia/Hong_Kong"),
    "JST": (9, "Asia/Tokyo"), "KST": (9, "Asia/Seoul"), "BRT": (-3, "America/Sao_Paulo"),
    "AEST": (10, "Australia/Sydney"), "AEDT": (11, "Australia/Sydney"),
    "NZST": (12, "Pacific/Auckland"), "NZDT": (13, "Pacific/Auckland"),
    "ET": (None, "America/New_York"), "CT": (None, "America/Chicago"),
    "MT": (None, "America/Denver"), "PT": (None, "America/Los_Angeles"),
}  # fmt: skip
_AREAS = "Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc"
ZONE = (
    rf"(?:(?:{_AREAS})/[A-Za-z_]+(?:/[A-Za-z_]+)?|(?:UTC|GMT)\s?[+-]\d{{1,2}}(?::?\d\d)?|[+-]\d\d:?\d\d\b|"
     "(?:" + "|".join(sorted(_ABBREVIATIONS, key=len, reverse=True)) + r")\b)"
)  # fmt: skip
_NAMED_ZONE = re.compile(rf"\b(?:{_AREAS})/[A-Za-z_]+(?:/[A-Za-z_]+)?\b")

_YEAR = r"(?:,?\s*(?P<{0}>20\d\d))"
_TO = r"\s*(?:-|–|—|−|to|until|till|bis|through|thru|→|\.\.)\s*"
_WEEKDAY = rf"(?:(?:{any_of('weekday')}),?\s+)?"
_ORDINAL = r"(?:st|nd|rd|th|\.)?"
_MONTH_DAY = rf"(?P<m1>{_MONTH})\.?\s+(?P<d1>\d{{1,2}})"
_ISO = r"(?P<y{0}>20\d\d)[-/](?P<m{0}>\d{{1,2}})[-/](?P<d{0}>\d{{1,2}})"
_FIRST_YEAR, _LAST_YEAR = _YEAR.format("y1"), _YEAR.format("y2")
_DATES = (
    # Nov 4-8, 2025 · November 30 - Dec 22
    re.compile(
        rf"\b{_WEEKDAY}{_MONTH_DAY}{_ORDINAL}{_FIRST_YEAR}?{_TO}(?:(?P<m2>{_MONTH})\.?\s+)?"
        rf"(?P<d2>\d{{1,2}})(?!\d|:){_ORDINAL}{_LAST_YEAR}?(?!\s*[ap]\.?m)",
        re.I,
    ),
    # 4-8 November 2025 · 4. - 8. November
    re.compile(
        rf"\b{_WEEKDAY}(?P<d1>\d{{1,2}})\.?{_TO}(?P<d2>\d{{1,2}}){_ORDINAL}\s+(?P<m1>{_MONTH})\b\.?{_LAST_YEAR}?",
        re.I,
    ),
    # Nov 22nd, 2025 · 22 November 2025
    re.compile(rf"\b{_WEEKDAY}{_MONTH_DAY}(?!\d|:){_ORDINAL}{_FIRST_YEAR}?", re.I),
    re.compile(rf"\b{_WEEKDAY}(?P<d1>\d{{1,2}}){_ORDINAL}\s+(?P<m1>{_MONTH})\b\.?{_FIRST_YEAR}?", re.I),
    # 2025-11-04 to 2025-11-08
    re.compile(rf"\b{_ISO.format(1)}(?:\s*(?:to|until|bis|–|—|\.\.| - )\s*{_ISO.format(2)})?(?!\d)"),
    re.compile(r"(?P<y1>20\d\d)年\s*(?P<m1>\d{1,2})月\s*(?P<d1>\d{1,2})日"),
    re.compile(r"\b(?P<d1>\d{1,2})\.(?P<m1>\d{1,2})\.(?P<y1>20\d\d)\b"),
    re.compile(r"\b(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y1>20\d\d)\b"),
)
_CLOCK = r"(?P<h{0}>\d{{1,2}})(?:[:h](?P<m{0}>\d\d)(?![\dm]))?(?::\d\d)?\s*(?P<p{0}>[ap]\.?m\b\.?)?"
_CLOCK_END = r"(?!\d|:\d)(?:\s*uhr\b)?"
_CLOCK_RANGE = re.compile(
    rf"(?<![\d:.]){_CLOCK.format(1)}\s*(?P<z1>{ZONE})?{_TO}{_CLOCK.format(2)}{_CLOCK_END}\s*"
    rf"(?:\((?P<b2>{ZONE})\)|(?P<z2>{ZONE}))?",
    re.I,
)
_CLOCK_ONE = re.compile(
    rf"(?<![\d:.]){_CLOCK.format(1)}{_CLOCK_END}\s*(?:\((?P<b1>{ZONE})\)|(?P<z1>{ZONE}))?", re.I
)

# Seconds of the units people write; a `*` is any ending.
_UNITS = {
    1: "second seconds sec secs sekunde sekunden s",
    MINUTE_S: "minute minutes min mins minuten m минут* мин 分 分钟",
    HOUR_S: "hour hours hr hrs stunde stunden std heure heures hora horas h час* ч 時間 小时",
    DAY_S: "day days tag tage tagen jour jours dia día dias días d дн* день 日 天",
    7 * DAY_S: "week weeks woche wochen semaine semaines semana semanas w недел* 週 週間",
    30 * DAY_S: "month months monat monate monaten mois mes месяц",
}
_UNIT_S = {name: seconds for seconds, names in _UNITS.items() for name in names.split()}
UNIT = "(?P<{0}>" + "|".join(sorted(_UNIT_S, key=len, reverse=True)).replace("*", r"\w*") + r")(?![^\W\d_])"


def unit_s(unit: str) -> int:
    """Seconds of a unit as written."""
    folded = unit.lower()
    stems = (seconds for name, seconds in _UNIT_S.items() if name[-1] == "*" and folded.startswith(name[:-1]))
    return _UNIT_S.get(folded) or next(stems, MINUTE_S)


class Days(Struct, frozen=True):
    start: date
    end: date
    span: tuple[int, int]
    has_year: bool = True


class Clocks(Struct, frozen=True):
    """One or two clock times of one zone, as minutes of the day."""

    start_min: int
    end_min: int | None
    zone: str
    span: tuple[int, int]


def find_days(text: str, year: int | None) -> Days | None:
    """The first date or range of dates; without a year in the text, that of `year`."""
    found = sorted((match for pattern in _DATES if (match := pattern.search(text))), key=re.Match.start)
    return next((days for match in found if (days := _days(match, year))), None)


def _days(match: re.Match[str], year: int | None) -> Days | None:
    parts = match.groupdict()
    if parts.get("a"):
        first, second = int(parts["a"]), int(parts["b"])
        # 11/12/2025 is November in one country and December in another.
        if first <= 12 and second <= 12 and first != second:
            return None
        month, day = (first, second) if first <= 12 else (second, first)
        parts |= {"m1": str(month), "d1": str(day)}
    stated = parts.get("y1") or parts.get("y2")
    chosen = int(stated) if stated else year
    if chosen is None:
        return None
    month = _month(parts["m1"])
    later = _month(parts["m2"]) if parts.get("m2") else month
    try:
        start = date(int(parts.get("y1") or chosen), month, int(parts["d1"]))
        end = date(int(parts.get("y2") or chosen), later, int(parts["d2"])) if parts.get("d2") else start
        if end < start and not parts.get("y2"):
            end = end.replace(year=end.year + 1)
    except ValueError:
        return None
    return Days(start, end, match.span(), stated is not None) if end >= start else None


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS[text.lower().rstrip(".")]


def find_clocks(text: str) -> Clocks | None:
    """The first clock time or range: `12:00 AM - 2:00 AM UTC`, `22:00–00:30 (Europe/Zurich)`, `9 AM`."""
    for match in _CLOCK_RANGE.finditer(text):
        is_clock = (match["m1"] or match["p1"] or match["p2"]) and (match["m2"] or match["p2"])
        start, end = _minutes(match, 1, match["p2"]), _minutes(match, 2)
        if is_clock and start is not None and end is not None:
            return Clocks(start, end, match["z2"] or match["b2"] or match["z1"] or "", match.span())
    for match in _CLOCK_ONE.finditer(text):
        if (match["m1"] or match["p1"]) and (start := _minutes(match, 1)) is not None:
            return Clocks(start, None, match["z1"] or match["b1"] or "", match.span())
    return None


def _minutes(match: re.Match[str], number: int, other_half: str | None = None) -> int | None:
    """A clock time in minutes; in `12 - 2 AM` the first has the half of the second."""
    hour, minute, half = int(match[f"h{number}"]), int(match[f"m{number}"] or 0), match[f"p{number}"]
    if not half and hour <= 12 and match[f"m{number}"] is None:
        half = other_half
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def zone_info(name: str) -> tzinfo | None:
    """The zone of a name, an abbreviation or an offset as written; None for what is none."""
    folded = name.strip().upper()
    hours, zone = _ABBREVIATIONS.get(folded, (None, name.strip()))
    if hours is not None:
        return timezone(timedelta(hours=hours))
    if match := re.fullmatch(r"(?:UTC|GMT)?\s?([+-])(\d{1,2}):?(\d\d)?", folded):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        return timezone(offset if match[1] == "+" else -offset) if offset < timedelta(hours=16) else None
    try:
        return ZoneInfo(zone) if zone else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_name(name: str) -> str:
    """The IANA zone whose days are meant; UTC where that cannot be known."""
    found = _ABBREVIATIONS.get(name.strip().upper())
    if found is not None:
        return found[1]
    return name.strip() if "/" in name and zone_info(name) is not None else "UTC"


def find_zone(text: str) -> str:
    """The first IANA zone that the text names."""
    names = (match.group() for match in _NAMED_ZONE.finditer(text))
    return next((name for name in names if zone_info(name) is not None), "")


def at(day: date, minute: int, zone: tzinfo) -> datetime:
    """The instant of a clock time on a day, as aware UTC."""
    return datetime.combine(day, time_of_day(minute // 60, minute % 60), tzinfo=zone).astimezone(UTC)
