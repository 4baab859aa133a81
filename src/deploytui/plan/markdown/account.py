"""What the importer says it made of the document; and no box vanishes: a line that looks like one is named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from deploytui.plan.markdown.arrange import Arranged, Part
from deploytui.plan.markdown.block import Block, Code, Heading, Html, Listing, Table
from deploytui.plan.markdown.box import STATUS_GLYPHS, Kind, is_choice, looks_like_box
from deploytui.plan.markdown.fact import Facts
from deploytui.plan.markdown.harvest import LABEL
from deploytui.plan.markdown.reader import Trace
from deploytui.plan.markdown.scale import write_window
from deploytui.plan.markdown.section import Section
from deploytui.plan.markdown.task import Task
from deploytui.plan.markdown.write import MAX_ITEM_DEPTH
from deploytui.plan.model import Note, StageName

_KEPT_AS = {"text": "kept as a note", "known-issue": "a known issue", "enhancement": "later work"}
_PLURALS = {Kind.BOX: "boxes", Kind.REPAIRED: "repaired boxes", Kind.STATE: "lines with a state glyph"}
_STAGES = tuple(StageName)
_TASK_IN_CODE = re.compile(r"^[ \t>]*(?:[-*+]|\d{1,9}[.)])?[ \t]*\[[ xX]\][ \t]+\S", re.M)
# A list entry that begins with another mark or with a glyph: where it is an item elsewhere, it is named here.
_LED = re.compile(
    rf"^[ \t>]*(?:[-*+•–]|\d{{1,9}}[.)])[ \t]+(?:\\?\[(?:[-–~/!?>.*+✅⚠❌]\ufe0f?|N/?A|n/?a)\\?\](?!\()"
    rf"|[{STATUS_GLYPHS}])"
)
# Why a line that looks like a box is none, the first that fits.
_REASONS = (
    (re.compile(r"^[\s>]*(?:[-*+]|\d{1,9}[.)])\s*\\?\[[ xX]?\\?\]\s*$").match, "a box without text"),
    (re.compile(r"^\s{0,3}\[[^\]]*\]:").match, "a comment or link definition"),
    (is_choice, "a choice within a line"),
    (_LED.match, "a mark or glyph before text that is no task here"),
)


def say_all(
    trace: Trace,
    name: str,
    root: Section,
    arranged: Arranged,
    facts: Facts,
    counts: dict[Kind, int],
    remarks: Iterable[Note],
) -> None:
    """Name every part of the plan with its line, and how many items came from where."""
    # What became no part of the plan is named too, once a line: it is kept as a note.
    known = {one.line for one in trace.recognized if one.as_.endswith("kept as a note")}
    for remark in remarks:
        if remark.line not in known:
            known.add(remark.line)
            trace.say(remark.line, remark.text, _KEPT_AS[remark.kind])
    for key, (value, line) in facts.entries.items():
        trace.say(line, f"{key}: {value}", "a fact of the plan")
    if facts.go_live is not None:
        said = f"the go-live, T; zone {facts.zone}"
        trace.say(facts.go_live_line, f"{facts.go_live:%Y-%m-%dT%H:%MZ}", said)
    elif facts.day is not None:
        trace.warn(1, "", "assumed: the go-live has a date but no time; the start asks for it")
    labels = {one.line for one in trace.recognized if one.as_.startswith(LABEL)}
    for part in arranged.parts:
        _say_part(trace, part, labels)
    for step in arranged.procedure:
        budget = f", budget {step.budget_s // 60} min" if step.budget_s else ""
        trace.say(step.line, step.title, f"a stage of the rollback, {len(step.tasks)} items{budget}")
    if arranged.triggers:
        first = arranged.triggers[0]
        trace.say(first.line, first.text, f"rollback triggers: {len(arranged.triggers)}")
    if arranged.limit is not None:
        seconds, line, text = arranged.limit
        trace.say(line, text, f"the stated limit of the rollback, {seconds // 60} min")
    for tasks in arranged.lists():
        if deep := next((task for task in tasks if _depth(task) > MAX_ITEM_DEPTH), None):
            said = f"items nested deeper than {MAX_ITEM_DEPTH}; the deeper ones stand beside their parent"
            trace.say(deep.line, deep.text, said)
    for step in arranged.criteria:
        trace.say(step.line, step.title, f"success criteria, {step.kind}: {len(step.tasks)}")
    for line, text, as_ in arranged.assumed:
        trace.warn(line, text, as_)
    if counts:
        said = ", ".join(f"{count} {plural(kind, count)}" for kind, count in counts.items())
        trace.say(1, name, f"items: {said}")
    else:
        trace.warn(1, name, "no items: write each task as `- [ ] task`; paragraphs are none")
    # And so is every heading that became nothing of its own.
    known = {one.line for one in trace.recognized}
    for section in root.walk():
        if section.level and section.line not in known:
            trace.say(section.line, section.raw, "a heading")


def _say_part(trace: Trace, part: Part, labels: set[int]) -> None:
    window = f", window {write_window(part.slot)}" if part.slot is not None else ""
    count = sum(_count(group.tasks) for group in part.groups)
    title = part.section.raw or part.title
    trace.say(part.line, title, f"a phase of {_STAGES[part.stage]}: {count} items{window}")
    for group in part.groups:
        if group.line != part.line and group.line not in labels:
            trace.say(group.line, group.title, f"a group: {_count(group.tasks)} items")


def _count(tasks: list[Task]) -> int:
    return sum(1 for task in tasks for _ in task.walk())


def _depth(task: Task) -> int:
    return 1 + max(map(_depth, task.children), default=0)


def plural(kind: Kind, count: int) -> str:
    """What so many items of a kind are called."""
    if count == 1 or kind is Kind.LISTED:
        return kind.value
    return _PLURALS.get(kind, f"{kind.value}s")


def name_lost_boxes(lines: list[str], front_lines: int, blocks: list[Block], trace: Trace) -> None:
    """Name the lines that look like a box and became no item, with the reason."""
    places = dict(_places(blocks))
    in_code: list[int] = []
    for number, line in enumerate(lines, 1):
        if number in trace.answered or not (looks_like_box(line) or _LED.match(line)):
            continue
        place = "front matter" if number <= front_lines else places.get(number, "")
        if place == "code" and _TASK_IN_CODE.match(line):
            in_code.append(number)
        reasons = (reason for fits, reason in _REASONS if fits(line))
        reason = f"it stands in {place}" if place else next(reasons, "a box or glyph inside text")
        trace.name(number, line, f"no item: {reason}")
    if in_code:
        said = f"task-like line{'' if len(in_code) == 1 else 's'} in code, not imported"
        first = in_code[0]
        trace.warn(first, lines[first - 1], f"{len(in_code)} {said}; `import --from-code` imports them")


def _places(blocks: Iterable[Block]) -> Iterator[tuple[int, str]]:
    """What stands on which line, as far as it is no list text."""
    for block in blocks:
        match block:
            case Code():
                yield from ((line, "code") for line in range(block.line, block.end + 1))
            case Html():
                kind = "an HTML comment" if block.text.lstrip().startswith("<!--") else "raw HTML"
                yield from ((line, kind) for line in range(block.line, block.end + 1))
            case Heading():
                yield block.line, "a heading"
            case Table():
                yield from ((line, "a table") for line in (block.line, *(row.line for row in block.rows)))
            case Listing():
                for entry in block.entries:
                    yield from _places(entry.blocks)
            case _:
                pass


def _codes(blocks: Iterable[Block]) -> Iterator[Code]:
    """The code in the document, at any depth."""
    for block in blocks:
        if isinstance(block, Code):
            yield block
        elif isinstance(block, Listing):
            for entry in block.entries:
                yield from _codes(entry.blocks)


def tasks_in(code: Code) -> int:
    """How many lines of code look like a task."""
    return len(_TASK_IN_CODE.findall(code.text))


def open_fences(text: str, blocks: Iterable[Block]) -> str:
    """The document with the fences around task lists taken off, on the same line numbers: what is asked for with
    `--from-code`."""
    lines = text.split("\n")
    for code in _codes(blocks):
        if code.is_fenced and code.is_closed and tasks_in(code):
            lines[code.line - 1] = lines[code.end - 1] = ""
    return "\n".join(lines)
