"""Limits: `< 0.1` as a gauge states it, and the one that stands in an item's text."""

from __future__ import annotations

import math
import re

from deploytui.plan.model import Limit
from deploytui.plan.word import Word

_NUMBER = r"[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,3})?"
_STATED = re.compile(rf"\s*(<=|>=|!=|<|>|=|≤|≥)\s*({_NUMBER})\s*")
_OPS = {"≤": "<=", "≥": ">="}
# An operator that is not part of an arrow or of "<<", a number that ends where it seems to, its unit.
_IN_TEXT = re.compile(
    r"(?<![-=<>!])(<=|>=|≤|≥|<|>)(?![-=<>])\s{0,4}"
    r"([0-9]{1,3}(?:,[0-9]{3}){1,5}(?![\d,])(?:\.[0-9]{1,15})?|[0-9]{1,15}(?:[.,][0-9]{1,15})?)(?![\d.,_]*\d)"
    r"\s{0,4}(%|‰|/\s?\d{1,6}|[^\W\d_]{1,20}(?:/[^\W\d_]{1,20})?)?"
)
_CODE = re.compile(r"[$|;{}=`\\]")
_LOOSE = " \t:,;-–—"


def parse_limit(text: str) -> Limit:
    """`OP NUMBER`, in the gauge's unit. ValueError says what was expected."""
    match = _STATED.fullmatch(text)
    if match is None or not math.isfinite(value := float(match[2])):
        raise ValueError(LIMIT.expected)
    return Limit(_OPS.get(match[1], match[1]), value)


LIMIT = Word(
    'a limit such as "< 0.1": one of < <= > >= = != and a number',
    parse_limit,
    lambda limit: f"{limit.op} {limit.value:.15g}",
    r"(<=|>=|!=|<|>|=)\s*[+-]?[0-9].*",
)


def limit_in_text(text: str) -> Limit | None:
    """The first limit that an item's text states: `CPU usage normal (< 50%)`."""
    match = _IN_TEXT.search(text)
    if match is None:
        return None
    before, after = text[: match.start()], text[match.end() :]
    metric = _metric(before) or _metric(after)
    unit = (match[3] or "").replace(" ", "")
    return Limit(_OPS.get(match[1], match[1]), _number(match[2]), unit, metric)


def limit_in_note(note: str) -> Limit | None:
    """The first limit that a line of an item's note states. A line of a script compares what nobody measures."""
    if not any(char in note for char in "<>≤≥"):
        return None
    for line in note.split("\n"):
        stated = line.strip().lstrip("-*+•# ")
        limit = limit_in_text(stated) if not _CODE.search(stated) else None
        if limit is not None and any(char.isalpha() for char in limit.metric):
            return limit
    return None


def _number(text: str) -> float:
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    return float(text.replace(",", "."))


def _metric(text: str) -> str:
    """What is measured: the text around the limit without the brackets that held it."""
    text = text.replace("（", "(").replace("）", ")").strip(_LOOSE)
    if text.count("(") > text.count(")"):
        head, _, tail = text.rpartition("(")
        text = f"{head.strip(_LOOSE)} {tail.strip(_LOOSE)}"
    elif text.startswith(")"):
        text = text[1:]
    return " ".join(text.split()).strip(_LOOSE)
