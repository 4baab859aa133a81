"""Durations, instants and numbers as people and scripts write them.

A colon stands only in clock times; durations carry units. Time left is rounded down and time over up, so
that the screen never promises a minute that is not there.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

_DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", re.ASCII)
MAX_DURATION_S = 3650 * 86400


def is_whole_number(text: str) -> bool:
    """Whether it is one to nine digits, 0 to 9, and nothing else: `isdigit` and `int` take those of every script."""
    return len(text) < 10 and text.isascii() and text.isdigit()


def parse_number(text: str) -> float:
    """A number as machines and people write it, NaN and Inf among them. `float` alone would read `1_0` as 10, and the
    digits of every script. ValueError says what was expected."""
    try:
        if text.isascii() and "_" not in text:
            return float(text)
    except ValueError:
        pass
    raise ValueError("a number")


def parse_duration(text: str) -> int:
    """Seconds of `90s`, `15m`, `2h`, `7d` or a run of them such as `1h30m`. ValueError says what was expected."""
    match = _DURATION.fullmatch(text.strip())
    if not text.strip() or match is None or len(text) > 40:
        raise ValueError("a duration such as 90s, 15m, 2h, 7d or 1h30m")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    if total > MAX_DURATION_S:
        raise ValueError("a duration of at most 3650d")
    return total


def write_duration(seconds: int) -> str:
    """The inverse of `parse_duration`: the shortest form it reads back."""
    if seconds == 0:
        return "0s"
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, secs = divmod(rest, 60)
    parts = ((days, "d"), (hours, "h"), (minutes, "m"), (secs, "s"))
    return "".join(f"{count}{unit}" for count, unit in parts if count)


def _duration_words(seconds: int, minutes: int, hours: int, days: int) -> str:
    """The words of a length that was rounded to each of these units."""
    if seconds < 60:
        return f"{seconds} s"
    if minutes < 100:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60:02d}"
    return f"{hours // 24} d {hours % 24} h" if hours < 14 * 24 else f"{days} d"


def left(seconds: float) -> str:
    """Time that is left, rounded down: `37 s`, `42 min`, `1 h 17`, `3 d 4 h`."""
    whole = max(0, math.floor(seconds))
    return _duration_words(whole, whole // 60, whole // 3600, whole // 86400)


def over(seconds: float) -> str:
    """Time that is over, or an age, rounded up."""
    whole = max(0, math.ceil(seconds))
    return _duration_words(whole, -(-whole // 60), -(-whole // 3600), -(-whole // 86400))


def iso(at: datetime) -> str:
    """An instant in JSON and in files: `2025-11-22T02:00:00Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def clock_z(at: datetime, *, seconds: bool = False) -> str:
    """An instant as a clock time of UTC: `02:00Z`, `02:42:07Z`."""
    return at.astimezone(UTC).strftime("%H:%M:%SZ" if seconds else "%H:%MZ")


def number(value: float) -> str:
    """A gauge's value with at most four significant digits and no exponent where that can be read."""
    if not math.isfinite(value):
        return str(value)
    size = abs(value)
    if size >= 1e15 or 0 < size < 1e-4:
        return f"{value:.3g}"
    if value == int(value):
        return f"{int(value)}"
    digits = 0 if size >= 1000 else 1 if size >= 10 else 2 if size >= 0.1 else 4
    return f"{value:.{digits}f}"
