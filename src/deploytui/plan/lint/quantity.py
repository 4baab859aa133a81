"""What a limit measures, told from its words: "CPU usage normal" and "CPU" are the same, "p95" is something else."""

from __future__ import annotations

import re
from collections.abc import Hashable
from functools import lru_cache

from deploytui.plan.model import Limit

# Words that say how something is judged, or whose it is, and not what is measured.
_FILLER = frozenset(
    word
    for line in (
        "a an the is are at be was were stay stays stayed remain remains remaining keep keeps kept below under above",
        "over within less than more least most max maximum min minimum of for in on all every any each and or to with",
        "by that should must shall will average avg mean median current overall total normal acceptable healthy",
        "stable good ok okay fine low high usage utilization utilisation use used consumption load level rate time",
        "space value metric threshold target limit verify verified check checked ensure confirm confirmed monitor",
        "monitored system server host machine production prod app application service",
    )
    for word in line.split()
)
_SAME = {
    "ram": "memory", "mem": "memory", "processor": "cpu", "latency": "response", "resp": "response",
    "db": "database", "postgres": "database", "postgresql": "database", "mysql": "database",
    "availability": "uptime", "available": "uptime", "5xx": "error", "err": "error", "failure": "error",
    "failed": "error", "fail": "error",
}  # fmt: skip
_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)?")
_PERCENTILE = re.compile(r"(?:p|perc(?:entile)?|percentile)?\.?(\d{2}(?:\.\d)?)(?:th|st|nd|rd)?")
_PERCENTILE_WORDS = re.compile(r"\b(\d{2}(?:\.\d)?)\s?(?:th|st|nd|rd)?[\s-]?(?:percentile|perc)\b", re.I)
_PLURALS = ("ss", "us", "is")

TIME = "time"
PERCENT = "%"
_UNITS: dict[str, tuple[str, float]] = {
    "%": (PERCENT, 1), "percent": (PERCENT, 1), "‰": (PERCENT, 0.1),
    "ms": (TIME, 0.001), "msec": (TIME, 0.001), "millisecond": (TIME, 0.001),
    "s": (TIME, 1), "sec": (TIME, 1), "second": (TIME, 1), "秒": (TIME, 1), "sek": (TIME, 1),
    "m": (TIME, 60), "min": (TIME, 60), "minute": (TIME, 60), "h": (TIME, 3600), "hr": (TIME, 3600),
    "hour": (TIME, 3600), "d": (TIME, 86400), "day": (TIME, 86400),
    "b": ("bytes", 1), "kb": ("bytes", 1e3), "mb": ("bytes", 1e6), "gb": ("bytes", 1e9), "tb": ("bytes", 1e12),
}  # fmt: skip
MINUTE_S = 60


@lru_cache(maxsize=4096)
def words_of(metric: str) -> frozenset[str]:
    """What is measured, as the words that tell it apart. Empty where the text names nothing."""
    text = _PERCENTILE_WORDS.sub(r"p\1 ", metric.casefold())
    return frozenset(word for found in _WORD.findall(text) if (word := _plain(found)))


def _plain(word: str) -> str:
    if word.startswith("p") and (match := _PERCENTILE.fullmatch(word)):
        return f"p{match[1]}"
    word = _singular(word)
    word = _SAME.get(word, word)
    return "" if word in _FILLER else word


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(_PLURALS) else word


def unit_of(unit: str) -> tuple[str, float]:
    """What kind of unit it is, and how much of its base one of it is."""
    folded = unit.casefold()
    return _UNITS.get(folded) or _UNITS.get(_singular(folded)) or (folded, 1)


def quantity_of(limit: Limit) -> tuple[Hashable, float] | None:
    """What a limit bounds, and its value in base units; None where it names nothing or is no bound."""
    words = words_of(limit.metric)
    if not words or limit.op not in ("<", "<=", ">", ">="):
        return None
    dimension, factor = unit_of(limit.unit)
    return (words, limit.op[0], dimension), limit.value * factor


def written(limit: Limit) -> str:
    """`< 50 %`, `> 15 minutes`."""
    gap = "" if limit.unit.startswith("/") else " "
    return f"{limit.op} {limit.value:g}{gap}{limit.unit}".rstrip()
