"""A printed checklist carries its YAML in a comment at its end, and is read from that as long as its text is the one
that was printed. Where somebody changed the text, the text counts."""

from __future__ import annotations

import hashlib
import re

from msgspec import Struct

from deploytui.base.errors import InvalidChecklist
from deploytui.plan.build import build_plan
from deploytui.plan.markdown.reader import Trace
from deploytui.plan.node import Mapping
from deploytui.plan.yaml import read_yaml

_COMMENT = re.compile(
    r"\n<!-- deploytui checklist (?P<print>[0-9a-f]{16})\n(?P<fence>`{3,})yaml\n(?P<yaml>.*)\n(?P=fence)\n-->\s*\Z",
    re.DOTALL,
)
_TICKED = re.compile(r"^(\s*(?:[-*+]|\d+[.)]) )\[[xX]\]", re.MULTILINE)
_MASKED = "•••"


class Carried(Struct, frozen=True):
    """`node` is None where the text was changed, or the YAML cannot be read; `text` is the document without it."""

    text: str
    line: int
    problem: str = ""
    node: Mapping | None = None
    items: int = 0


def carrying(text: str, written: str) -> str:
    """The text with its YAML in a comment. No `--` is left in it, so nothing in it ends the comment; and where HTML is
    shown as text, it is code."""
    safe = re.sub(r"-(\\*)(?=-)", r"-\1\\", written.rstrip("\n"))
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", safe)), default=0))
    comment = f"<!-- deploytui checklist {_fingerprint(text)}\n{fence}yaml\n{safe}\n{fence}\n-->"
    return f"{text.rstrip()}\n\n{comment}\n"


def _fingerprint(text: str) -> str:
    """Of what a person reads: ticks and spaces at the ends of lines are none of it."""
    lines = [line.rstrip() for line in _TICKED.sub(r"\1[ ]", text).rstrip().split("\n")]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()[:16]


def read_carried(text: str, name: str, trace: Trace) -> Carried | None:
    """What the document carries; None where it carries nothing."""
    match = _COMMENT.search(text) if "<!-- deploytui checklist" in text else None
    if match is None:
        return None
    seen, line = text[: match.start()], text.count("\n", 0, match.start()) + 2
    if _fingerprint(seen) != match["print"]:
        return Carried(seen, line, "its text was changed after it was printed")
    written = re.sub(r"-(\\*)\\(?=-)", r"-\1", match["yaml"])
    root, problems = read_yaml(("\n" * (line + 1) + written).encode("utf-8", "replace"), name)
    try:
        plan = build_plan(root, name, problems)
    except InvalidChecklist as error:
        return Carried(seen, line, f"line {error.problems[0].line}: {error.problems[0].what}")
    assert isinstance(root, Mapping)
    for ticked in _TICKED.finditer(seen):
        at = seen.count("\n", 0, ticked.start()) + 1
        trace.say(at, seen.split("\n")[at - 1], "a box that was ticked on the print; the tick is not kept")
    if _MASKED in written:
        trace.warn(line, "", "what was masked when it was printed is masked in the checklist too")
    trace.say(line, "", "the checklist as it was printed, in YAML")
    return Carried(seen, line, "", root, sum(1 for _ in plan.all_items()))
