"""No box vanishes: every line that looks like one and became no item is named, with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable

from deploytui.plan.markdown.block import Block, Code, Heading, Html, Listing, Paragraph, Table
from deploytui.plan.markdown.box import STATUS_GLYPHS, is_choice, looks_like_box
from deploytui.plan.markdown.reader import Trace

TASK_IN_CODE = re.compile(r"^[ \t>]*(?:[-*+]|\d{1,9}[.)])?[ \t]*\[[ xX]\][ \t]+\S")
_REFERENCE = re.compile(r"^\s{0,3}\[[^\]]*\]:")
# A list entry that begins with another mark or with a glyph: where it is an item elsewhere, it is named here.
_LED = re.compile(
    rf"^[ \t>]*(?:[-*+•–]|\d{{1,9}}[.)])[ \t]+(?:\\?\[(?:[-–~/!?>.*+✅⚠❌]\ufe0f?|N/?A|n/?a)\\?\](?!\()"
    rf"|[{STATUS_GLYPHS}])"
)
_EMPTY = re.compile(r"^[\s>]*(?:[-*+]|\d{1,9}[.)])\s*\\?\[[ xX]?\\?\]\s*$")


def name_lost_boxes(lines: list[str], front_lines: int, blocks: list[Block], trace: Trace) -> int:
    """Name the lines; how many of them are tasks inside code."""
    places = _places(blocks)
    in_code: list[int] = []
    for number, line in enumerate(lines, 1):
        if number in trace.answered or not (looks_like_box(line) or _LED.match(line)):
            continue
        place = "front matter" if number <= front_lines else places.get(number, "")
        if place == "code" and TASK_IN_CODE.match(line):
            in_code.append(number)
        trace.name(number, line, _reason(line, place))
    if in_code:
        count = len(in_code)
        noun = "task-like line" if count == 1 else "task-like lines"
        trace.warn(
            in_code[0],
            lines[in_code[0] - 1],
            f"{count} {noun} in code, not imported; `import --from-code` imports them",
        )
    return len(in_code)


def _reason(line: str, place: str) -> str:
    if place:
        return f"no item: it stands in {place}"
    if _EMPTY.match(line):
        return "no item: a box without text"
    if _REFERENCE.match(line):
        return "no item: a comment or link definition"
    if is_choice(line):
        return "no item: a choice within a line"
    if _LED.match(line):
        return "no item: a mark or glyph before text that is no task here"
    return "no item: a box or glyph inside text"


def _places(blocks: Iterable[Block]) -> dict[int, str]:
    """What stands on which line, as far as it is no list text."""
    places: dict[int, str] = {}
    waiting: list[Block] = list(blocks)
    while waiting:
        match waiting.pop():
            case Code() as block:
                places.update(dict.fromkeys(range(block.line, block.end + 1), "code"))
            case Html() as block:
                kind = "an HTML comment" if block.text.lstrip().startswith("<!--") else "raw HTML"
                places.update(dict.fromkeys(range(block.line, block.end + 1), kind))
            case Heading() as block:
                places[block.line] = "a heading"
            case Table() as block:
                places.update({row.line: "a table" for row in block.rows})
                places[block.line] = "a table"
            case Listing() as block:
                waiting.extend(inner for entry in block.entries for inner in entry.blocks)
            case Paragraph():
                continue
            case _:
                continue
    return places


def open_fences(text: str) -> str:
    """The document with the fences around task lists taken off, on the same line numbers: what is asked for with
    `--from-code`."""
    lines = text.split("\n")
    start, mark = -1, ""
    for number, line in enumerate(lines):
        match = re.match(r"^[ \t>]*(`{3,}|~{3,})(.*)$", line)
        if start < 0:
            if match:
                start, mark = number, match[1]
        elif match and match[1].startswith(mark) and not match[2].strip():
            inner = lines[start + 1 : number]
            if any(TASK_IN_CODE.match(one) for one in inner):
                lines[start] = lines[number] = ""
            start = -1
    return "\n".join(lines)
