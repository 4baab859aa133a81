"""Windows, offsets from go-live and budgets as headings state them."""

from __future__ import annotations

import re
from contextlib import suppress

from deploytui.base.units import MAX_DURATION_S, parse_duration, write_duration
from deploytui.plan.markdown.calendar import MINUTE_S, UNIT, find_clocks, find_days, unit_s
from deploytui.plan.markdown.scale import Slot, Timed, day_slot
from deploytui.plan.markdown.words import any_of, says
from deploytui.plan.model import Edge
from deploytui.plan.window import parse_window

_SIGN = r"[-−–‐+]"
_UNIT = UNIT.format("unit")
_TO = rf"(?:{any_of('to')}|→|–|—|-|\.\.|/)"


def _offset(number: int) -> str:
    unit = UNIT.format(f"u{number}")
    return (
        rf"T\s?(?:(?P<s{number}>{_SIGN})\s?(?P<n{number}>\d{{1,4}}(?:\.\d)?)(?!\d|\.\d)(?i:[-\s]?{unit})?"
        rf"|=?\s?(?P<z{number}>0)(?![\d.]))"
    )


_ONE = re.compile(rf"(?<![\w]){_offset(1)}(?![\w])")
_TWO = re.compile(
    rf"(?<![\w])(?:{_offset(1)}|(?P<first>T))\s*{_TO}\s*(?:{_offset(2)}|(?P<bare>T)(?!\w))(?![\w])"
)
_DAYS_FROM = re.compile(
    r"(?<!\w)[DJ]\s?(?P<sign>[-−–+])\s?(?P<n>\d{1,3})(?!\w)(?:\s*(?:\.\.|to|bis|–"
    r"|→|à|au)\s*[DJ]\s?(?P<sign2>[-−–+])\s?(?P<n2>\d{1,3})(?!\w))?"
)
_COUNT = r"(?P<count>\d{1,4}|one|two|three|a|an)"
_NUMBERS = {"one": 1, "two": 2, "three": 3, "a": 1, "an": 1}
_STATED = re.compile(r"\(([TD0-9][^()]{0,60}?\s?\.\.\s?[TD0-9][^()]{0,60})\)")
_COMPACT = re.compile(r"(?:[0-9]{1,4}[dhms]){1,4}")
_FIRST = re.compile(rf"\b(?:{any_of('first')})\s+(?:{_COUNT}\s*-?\s*)?{_UNIT}", re.I)
_FROM_ZERO = re.compile(rf"\(\s*0\s*[-–—]\s*{_COUNT}\s*{_UNIT}\s*\)", re.I)
_RELATIVE = re.compile(rf"~?\b{_COUNT}\s*-?\s*{_UNIT}\s+(?P<side>{any_of('side')})\b", re.I)
_NTH = re.compile(
    rf"(?:^\W*|[:(–—]\s*){_UNIT}\s*(?P<n>\d{{1,3}})(?:\s*(?:-|–|to|bis)\s*(?P<n2>\d{{1,3}}))?\s*(?=$|[():–—,]|-\s)",
    re.I,
)
_BUDGET = re.compile(
    r"(?P<less><|≤|max\.?|up to|bis zu|~|about|approx\.?|ca\.?)?\s*(?P<low>\d{1,4}(?:\.\d)?)"
    rf"(?:\s*{UNIT.format('lowunit')})?(?:\s*(?:-|–|—|to|bis)\s*(?P<high>\d{{1,4}}(?:\.\d)?)\+?)?\s*\+?{_UNIT}",
    re.I,
)
_BUDGET_WORD = re.compile(rf"\W|budget|max\w*|{any_of('length')}", re.I)
_STEP_TIME = re.compile(
    rf"(?:[(\[]\s*(?P<word>(?:{any_of('length')})\s*:?\s*)?(?P<a>[^()\[\]]{{1,40}})[)\]]"
    r"|\s[–—-]\s+(?P<b>(?:~|ca|approx|about)?[.\s]*\d(?:(?!\s[–—-]\s)[^()\[\]]){0,30})"
    r"|(?P<clock>⏱\ufe0f?|⏰)\s*(?P<c>[^()\[\]]{1,40}))\W*$",
    re.I,
)
_LONGEST_STEP_S = 12 * 3600
_BRACKETS = re.compile(r"\(([^()]{1,80})\)|\[([^\[\]]{1,80})\]")
_EMPTIED = re.compile("[(\\[](?:[\\s,;:~@⏱⏰🕐-]|\ufe0f)*\x00(?:[\\s,;:@-]*\x00)*[\\s,;:]*[)\\]]")


def read_title(title: str, year: int | None) -> Timed:
    """The time in a heading. Text that is no time stays in the title: `T-30 Visual polish` is a ticket."""
    for reader in (_read_stated, _read_offset, _read_days_from, _read_relative):
        if (timed := reader(title)) is not None:
            return timed
    days, clocks = find_days(title, year), find_clocks(title)
    if days is not None or clocks is not None:
        rest = title
        for span in sorted((part.span for part in (days, clocks) if part is not None), reverse=True):
            rest = _without(rest, span)
        return Timed(_tidy(rest) or title, days=days, clocks=clocks)
    return _read_after(title) or _read_budget(title) or Timed(title)


def _read_stated(title: str) -> Timed | None:
    match = _STATED.search(title)
    with suppress(ValueError):
        window = parse_window(match[1]) if match else None
        return Timed(_cut(title, match), Slot(window.start, window.end)) if match and window else None
    return None


def _read_offset(title: str) -> Timed | None:
    if "T" not in title:
        return None
    if match := _TWO.search(title):
        unit = match["u1"] or match["u2"]
        start = 0 if match["first"] else _seconds(match, 1, unit)
        end = 0 if match["bare"] else _seconds(match, 2, match["u2"] or unit)
        is_sure = unit or match["first"] or match["z1"] or match["z2"] or _is_bracketed(title, match)
        if start < end and is_sure:
            return Timed(_cut(title, match), Slot(Edge(start), Edge(end)))
    match = _ONE.search(title)
    if match is None or not (match["u1"] or match["z1"] or match["n1"] == "0" or _stands_alone(title, match)):
        return None
    return Timed(_cut(title, match), Slot(Edge(_seconds(match, 1, match["u1"]))))


def _stands_alone(title: str, match: re.Match[str]) -> bool:
    """`(T+15)`, `T-30:` or `T-30` and nothing else are times; `T-30 Visual polish` and `T-30 — Query` are not."""
    after = title[match.end() :].lstrip()
    is_first = not title[: match.start()].strip()
    return _is_bracketed(title, match) or (is_first and (not after or after.startswith(":")))


def _is_bracketed(title: str, match: re.Match[str]) -> bool:
    return title[: match.start()].rstrip().endswith("(") and title[match.end() :].lstrip().startswith(")")


def _seconds(match: re.Match[str], number: int, unit: str | None) -> int:
    if match[f"z{number}"]:
        return 0
    size = int(float(match[f"n{number}"]) * (unit_s(unit) if unit else MINUTE_S))
    return min(size, MAX_DURATION_S) * (1 if match[f"s{number}"] == "+" else -1)


def _read_days_from(title: str) -> Timed | None:
    match = _DAYS_FROM.search(title)
    if match is None:
        return None
    start = int(match["n"]) * (1 if match["sign"] == "+" else -1)
    end = int(match["n2"]) * (1 if match["sign2"] == "+" else -1) if match["n2"] else start
    return Timed(_cut(title, match), day_slot(start, end)) if start <= end else None


def _read_relative(title: str) -> Timed | None:
    """`run ~1 week before the publish date`: a start, the end is that of what comes next."""
    match = _RELATIVE.search(title)
    if match is None:
        return None
    seconds = min(_count(match["count"]) * unit_s(match["unit"]), MAX_DURATION_S)
    return Timed(title, Slot(Edge(seconds if match["side"].lower() in ("after", "nach") else -seconds)))


def _read_after(title: str) -> Timed | None:
    if match := _FIRST.search(title):
        return Timed(_cut(title, match), after=(0, _count(match["count"]) * unit_s(match["unit"])))
    if (match := _NTH.search(title)) and says("nth", match["unit"]):
        first, last, unit = int(match["n"]), int(match["n2"] or match["n"]), unit_s(match["unit"])
        # "Week 1" and "Month 1" are named from the night on; "Day 3-7" are the days between.
        if 1 <= first <= last <= 400:
            return Timed(title, after=((first - 1) * unit, last * unit))
    if match := _FROM_ZERO.search(title):
        return Timed(_cut(title, match), after=(0, _count(match["count"]) * unit_s(match["unit"])))
    return None


def _read_budget(title: str) -> Timed | None:
    """`(5 minutes)`, `(⏱️ 5-10 minutes)`, `(Time: 1-2 hours)`: how long a part may take, its upper end."""
    for brackets in _BRACKETS.finditer(title):
        inner = brackets[1] or brackets[2]
        if _COMPACT.fullmatch(inner):
            with suppress(ValueError):  # 5m3h, or longer than a duration can be
                return Timed(_cut(title, brackets), budget_s=parse_duration(inner))
            continue
        match = _BUDGET.search(inner)
        if match is not None and len(_BUDGET_WORD.sub("", _BUDGET.sub("", inner, count=1))) <= 2:
            return Timed(_cut(title, brackets), budget_s=_budget(match))
    return None


def _budget(match: re.Match[str]) -> int:
    return min(int(float(match["high"] or match["low"]) * unit_s(match["unit"])), MAX_DURATION_S)


def step_duration(text: str, *, is_step: bool) -> str:
    """How long a step says it takes at its end: `(10 minutes)`, `— 2 min`, `⏱️ 5-10 min`: the upper end. In a list
    that counts no steps a number in brackets may be anything (`session timeout (30 minutes)`), unless it is named."""
    match = _STEP_TIME.search(text)
    if match is None or not (is_step or match["word"] or match["clock"]):
        return ""
    budget = _BUDGET.fullmatch((match["a"] or match["b"] or match["c"]).rstrip(" ."))
    # A limit is no length.
    seconds = _budget(budget) if budget and budget["less"] not in ("<", "≤") else 0
    return write_duration(seconds) if 0 < seconds <= _LONGEST_STEP_S else ""


def find_duration(text: str) -> int | None:
    """The first duration in a text, its upper end: `< 30 minutes`, `5-10 min`."""
    match = _BUDGET.search(text)
    return _budget(match) if match else None


def _count(text: str | None) -> int:
    return 1 if text is None else _NUMBERS.get(text.lower()) or int(text)


def _cut(title: str, match: re.Match[str]) -> str:
    """The title without its time; a number alone (`1. T-7 days`) is no title."""
    rest = _tidy(_without(title, match.span()))
    return rest if re.search(r"[^\W\d_]", rest) else title


def _without(title: str, span: tuple[int, int]) -> str:
    return title[: span[0]] + "\x00" + title[span[1] :]


def _tidy(text: str) -> str:
    """The title after a part was taken out: brackets that held only that, and loose signs, go with it."""
    text = _EMPTIED.sub(" ", text)
    text = re.sub(r"([(\[])\s*\x00[\s,;:-]*", r"\1", text).replace("\x00", " ")
    text = re.sub(r"\s*,\s*,", ",", text)
    text = re.sub(r"[(\[]\s*[)\]]", " ", text)
    return " ".join(text.split()).strip(" :;,–—-|·@")
