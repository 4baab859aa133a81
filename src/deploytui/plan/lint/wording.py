"""How checklists say what is measured and over which time: durations, sample sizes, periods, changes, outages."""

from __future__ import annotations

import re
from collections.abc import Iterator


class Says:
    """Whether a text holds the pattern, in any case, and nothing of `but`."""

    def __init__(self, pattern: str, *, but: str = r"(?!)") -> None:
        self._pattern, self._but = re.compile(pattern, re.I), re.compile(but, re.I)

    def __call__(self, text: str) -> bool:
        return self._pattern.search(text) is not None and self._but.search(text) is None


# A week may be five days of work.
_UNIT_S = {"s": (1, 1), "m": (60, 60), "h": (3600, 3600), "d": (86_400, 86_400), "w": (432_000, 604_800)}
_NUMBER = r"\d{1,5}(?:\.\d{1,2})?"
_DURATION = re.compile(
    rf"(?<![A-Za-zÀ-ÿА-Яа-я0-9_.,:/-])(?P<low>{_NUMBER})(?:\s?(?:-|–|—|to)\s?(?P<high>{_NUMBER}))?[\s-]?"
    r"(?P<unit>seconds?|secs?|sekunden?|segundos?|секунд\w*|s|秒|초|minutes?|mins?|minuten|minutos?|минут\w*|m|分钟?|분"
    r"|hours?|hrs?|stunden?|std|heures?|horas?|час\w*|h|時間|小时|시간|days?|tage?n?|jours?|d[ií]as?|дн\w+|d|日|天|일"
    r"|weeks?|wks?|wochen?|semaines?|semanas?|недел\w*|w|週間?|周|주)(?![A-Za-zÀ-ÿА-Яа-я])",
    re.I,
)
# What units begin with, the longer beginnings first.
_UNITS = (
    ("semai", "w"), ("seman", "w"), ("stund", "h"), ("std", "h"), ("s", "s"), ("сек", "s"), ("秒", "s"), ("초", "s"),
    ("m", "m"), ("мин", "m"), ("分", "m"), ("분", "m"), ("h", "h"), ("час", "h"), ("時", "h"), ("小", "h"), ("시", "h"),
    ("d", "d"), ("t", "d"), ("j", "d"), ("д", "d"), ("日", "d"), ("天", "d"), ("일", "d"),
    ("w", "w"), ("нед", "w"), ("週", "w"), ("周", "w"), ("주", "w"),
)  # fmt: skip
has_sample_size = Says(
    r"\b\d[\d,.]*\+?\s*(?:consecutive\s+)?"
    r"(?:requests?|samples?|transactions?|times|checks?|probes?|polls?|attempts?|users?|customers?|orders?|events?)\b"
    r"|\bconsecutive\b|\bin a row\b|\bper (?:minute|hour|day)\b|/\s?(?:min|minute|h|hour|day)\b"
)
_PERIOD = Says(
    r"\b(?:per|a|each|this|first|last|rolling|over the|during the)\s+(?:\w+\s+)?(?:hour|day|week|month|quarter|year)\b"
    r"|\b(?:hourly|daily|weekly|monthly|quarterly|yearly|annual(?:ly)?|24/7)\b|\b(?:day|week|month)\s?\d"
)
# "Conversions down > 20 %" is a drop, and no outage.
_DOWN_BY = r"\bdown\s*(?:by\b|(?:[<>]=?\s*)?\d[\d.]*\s?%)"
says_down = Says(
    r"\b(?:un|not )availab\w*|\boutage\b|\bdown(?:time)?\b|\bunreachable\b|\bunresponsive\b|\binaccessible\b"
    r"|\boffline\b|\bnot (?:reachable|respond\w*|accessible)\b|\bhealth[\s-]?checks?\b[^.;]{0,20}\bfail\w*",
    but=_DOWN_BY,
)
# A change, in a text that does not say itself what it is compared with.
compares_with_before = Says(
    r"\bdegrad\w*|\bslower\b|\bslow-?downs?\b|\bregress(?:ion|ed|es)?\b|\bdrop(?:s|ped)?\b|\bdecreas\w*|\bdeclin\w*"
    rf"|{_DOWN_BY}|\bincreas\w*|\bworse\b|\bdeteriorat\w*|\breduc(?:tion|ed)\b|\b(?:above|from|vs\.?) baseline\b|\bx baseline\b",
    but=r"\b(?:last|previous|prior)\s+(?:week|day|month|release|version|deployment)|\byesterday\b|\bhistoric\w*",
)
is_felt = Says(
    r"\b(?:satisf\w+|happy|happiness|nps|csat|ratings?|feedback|confidence|morale|sentiment|stars?|mood)\b"
)


def durations(text: str) -> Iterator[tuple[float, float]]:
    """Every duration in a text, as the least and the most seconds it can mean: `30 min`, `2-4 hours`."""
    for match in _DURATION.finditer(text):
        unit = match["unit"].lower()
        short, long = _UNIT_S[next(code for begin, code in _UNITS if unit.startswith(begin))]
        low = float(match["low"])
        high = float(match["high"]) if match["high"] else low
        yield min(low, high) * short, max(low, high) * long


def has_duration(text: str) -> bool:
    return _DURATION.search(text) is not None


def names_period(text: str) -> bool:
    """Whether a text says over which time something is counted."""
    return _PERIOD(text) or has_duration(text)
