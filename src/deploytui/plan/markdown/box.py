"""Boxes as people write them: the Markdown task box, its damaged and bare forms, other marks, and glyphs."""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from deploytui.plan.markdown.words import says


class Kind(StrEnum):
    """How a line came to be an item."""

    BOX = "box"
    MARK = "mark"
    REPAIRED = "repaired box"
    GLYPH = "glyph"
    STATE = "line with a state glyph"
    ROW = "table row"
    STEP = "numbered step"
    BULLET = "bullet"
    LISTED = "listed in the front matter"


class Box(Struct, frozen=True):
    """What a text that begins with a box says: the mark as written, what is left, and how it was recognized."""

    kind: Kind
    mark: str
    text: str
    is_done: bool = False


# What is no checkbox in the document: counted apart, except where there is nothing else.
UNBOXED = (Kind.STATE, Kind.ROW, Kind.STEP, Kind.BULLET)

OPEN_GLYPHS = "☐⬜◻◽□▢🔲❏❐❑❒"
DONE_GLYPHS = "☑✅✔✓🗹☒"
FAIL_GLYPHS = "❌✖✗✘❎"
OTHER_GLYPHS = "⚠⏳⌛🔄🚧🟡🔴🟢"
STATUS_GLYPHS = OPEN_GLYPHS + DONE_GLYPHS + FAIL_GLYPHS + OTHER_GLYPHS

_MEANINGS = {
    **dict.fromkeys(("-", "–", "—", "n/a", "na", "n.a.", "skip"), "skipped"),
    **dict.fromkeys(("~", "/", ".", "o", "wip", "⏳", "⌛", "🔄", "🚧", "🟡"), "in progress"),
    **dict.fromkeys(("todo", "tbd"), "open"),
    **dict.fromkeys(("done", "x", "🟢", *DONE_GLYPHS), "done"),
    **dict.fromkeys(FAIL_GLYPHS, "failed"),
    "!": "blocked",
    "⚠": "with a warning",
    "🔴": "failed",
    "?": "in question",
    ">": "moved",
    "<": "scheduled",
    "*": "important",
    "+": "added",
    "⏸": "on hold",
}
_WORD_MARKS = frozenset({"n/a", "na", "n.a.", "skip", "wip", "done", "todo", "tbd"})
_BLANK = " \t\u00a0\u200b\u3000\u2002\u2003\u2009"
_BOX = re.compile(
    r"(?P<number>\d{1,3}(?:\.\d{1,3}){0,4}[.)]?[ \t]+)?"
    r"(?P<open>\\?\[|［)(?P<mark>[^\[\]\\\n［］]{0,12}?)(?P<close>\\?\]|］)(?P<gap>[\s\u200b]*)(?P<text>.*)",
    re.DOTALL,
)
_STANDARD = re.compile(r"\[[ xX]\][ \t\n\v\f\r]")
_GLYPH = re.compile(rf"(?P<mark>[{STATUS_GLYPHS}])\ufe0f?[ \t\u00a0]*(?P<text>\S.*)", re.DOTALL)
_BULLET = re.compile(
    r"^[ \t>]*(?:\\?[-*+•–▪◦‣➤→🔹🔸]|\\?\d{1,9}\\?[.)](?!\d)|(?:\d\ufe0f?\u20e3){1,2}|🔟)?[ \t\u00a0]*"
)
_INNER = re.compile(r"\\?\[(?P<mark>[ \u00a0xX]?)\\?\](?![(\[:])")
_BOXLIKE = re.compile(rf"\\?\[[ \u00a0\t]?\\?\](?!\()|\[[xX]\](?![(\[:])|［[ \u3000xX]?］|[{OPEN_GLYPHS}]")
_LEGEND = re.compile(
    r"^[\s>|*+-]*`?\[(?P<mark>[^\[\]\n]{1,5})\]`?\s*(?:[:=|–—-]+|means"
    r"|bedeutet)?\s*(?P<meaning>[^\W\d_][^|\n]{1,60}?)[\s|.]*$",
    re.M,
)
_LEGEND_PROSE = re.compile(
    r"(?:mark|use|tick|put|set)\b[^`\n]{0,40}`\[?(?P<mark>[^\]`\s])\]?`[^\n]{0,20}?\b(?:if|when|for"
    r"|as|means|to indicate)\b\s*(?:it is |it's |it |an? )?(?P<meaning>[^`.\n;,]{2,50})",
    re.I,
)

Legend = dict[str, str]


def read_legend(text: str) -> Legend:
    """What the document itself says its marks mean: "- `[-]` In progress", or "mark the box with `-` if skipped"."""
    legend: Legend = {}
    if "`" in text:
        for match in _LEGEND.finditer(text):
            at = match.start("mark")
            if text[max(0, at - 2) : at] == "`[" and says("meaning of a mark", match["meaning"]):
                legend.setdefault(match["mark"].strip().lower(), _lowered(match["meaning"]))
        for match in _LEGEND_PROSE.finditer(text):
            legend.setdefault(match["mark"].lower(), _lowered(match["meaning"]))
    legend.pop("", None)
    legend.pop("x", None)
    return legend


def _lowered(text: str) -> str:
    text = " ".join(text.split()).strip("*_ `")
    return text[:1].lower() + text[1:]


def read_box(text: str, legend: Legend) -> Box | None:
    """The box that `text` begins with: a Markdown task, or another form that a person reads as one."""
    if _STANDARD.match(text):
        return Box(Kind.BOX, text[1], text[3:].strip(), text[1] in "xX")
    match = _BOX.match(text)
    if match is None or not (match["gap"] or match["text"][:1] not in ("", "(", "[", ":")):
        return None
    bare, text = match["mark"].strip(_BLANK), f"{match['number'] or ''}{match['text']}".strip()
    folded = bare.lower().rstrip("\ufe0f")
    if folded in ("", "x"):
        return Box(Kind.REPAIRED, bare, text, folded == "x")
    is_known = folded in legend or folded in _WORD_MARKS
    if len(folded) == 1:
        is_known = is_known or folded in _MEANINGS or folded in STATUS_GLYPHS
    is_done = len(folded) == 1 and folded in DONE_GLYPHS
    return Box(Kind.MARK, bare, text, is_done) if match["gap"] and is_known else None


def read_glyph(text: str) -> Box | None:
    """The glyph that `text` begins with; a line with several empty ones is a choice, not an item."""
    match = _GLYPH.match(text)
    if match is None or is_choice(text):
        return None
    mark = match["mark"]
    return Box(Kind.GLYPH, "" if mark in OPEN_GLYPHS else mark, match["text"].strip(), mark in DONE_GLYPHS)


def is_choice(text: str) -> bool:
    """Whether several boxes in one line offer a choice: `☐ yes ☐ no`, `[ ] GO [ ] NO-GO`, `[ ] / [x]`."""
    return sum(text.count(glyph) for glyph in OPEN_GLYPHS) + len(_INNER.findall(text)) > 1


def bare_box(line: str, legend: Legend, *, glyphs: str = OPEN_GLYPHS) -> Box | None:
    """A line of a paragraph that a person reads as a box although Markdown makes no list of it."""
    text = _BULLET.sub("", line, count=1)
    box = read_box(text, legend)
    if box is None and text[:1] in glyphs:
        box = read_glyph(text)
    if box is None or not box.text:
        return None
    return replace(box, kind=Kind.REPAIRED) if box.kind is Kind.BOX else box


def says_of_mark(mark: str, legend: Legend) -> str:
    """`: in progress`: what a mark means, in the document's own words where it has a legend."""
    folded = mark.rstrip("\ufe0f").lower()
    said = legend.get(folded) or _MEANINGS.get(folded)
    return f": {said}" if said else ""


def without_boxes(text: str) -> str:
    """No item text keeps a `[ ]`: boxes inside it are choices, and are drawn as such."""
    return _INNER.sub(lambda match: "☑" if match["mark"] in ("x", "X") else "☐", text)


def looks_like_box(line: str) -> bool:
    """Whether a person might take the line for a box to tick: it then becomes an item or is named in the report."""
    return _BOXLIKE.search(line) is not None
