"""Tables: whose rows are tasks, who signs, whom to call; every other table is text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from enum import Enum, auto

from msgspec import Struct

from deploytui.base.units import write_duration
from deploytui.plan.markdown.block import Table
from deploytui.plan.markdown.box import (
    DONE_GLYPHS,
    OPEN_GLYPHS,
    STATUS_GLYPHS,
    Kind,
    is_choice,
    read_box,
    says_of_mark,
    without_boxes,
)
from deploytui.plan.markdown.reader import Reader, row_text
from deploytui.plan.markdown.section import Role
from deploytui.plan.markdown.task import Task
from deploytui.plan.markdown.when import read_title
from deploytui.plan.markdown.wording import is_to_fill, optional_wording, recurrence
from deploytui.plan.markdown.words import any_of, says

_STATUS_WORD = re.compile(rf"(?:{any_of('status')})\W*", re.I)
_OPEN_WORD = re.compile(r"(?:pending|to ?do|open|not started|offen|tbd)\W*", re.I)
_COMPARES = re.compile(r"\W{0,2}(?:[<>≤≥]=?|at (?:least|most))\s*\d")
_BLANK = re.compile(r"[\s_.–—-]*")
_GLYPH_CELL = re.compile(rf"[{STATUS_GLYPHS}]\ufe0f?(?:\s*[^\W\d_][\w /]{{0,30}})?")
_COUNTS = re.compile(r"\W*(?:[A-Z]{0,4}-?)?\d{1,4}(?:\.\d{1,3})*[a-z]?\W*")
_MARKS = "*_ `"


class Use(Enum):
    """What a table is for."""

    TASKS = auto()
    SIGNOFFS = auto()
    CONTACTS = auto()
    LIMITS = auto()
    FACTS = auto()
    TEXT = auto()


class Line(Struct):
    """A row as written and as plain text."""

    line: int
    raw: list[str]
    cells: list[str]

    def value(self, place: int) -> str:
        """What a cell says; nothing where it is blank, a place to fill in, or not there."""
        cell = self.cells[place] if place >= 0 else ""
        return "" if is_blank(cell) or is_to_fill(cell) else cell


class Grid(Struct):
    """A table as plain text; every row is as long as the heads."""

    line: int
    heads: list[str]
    rows: list[Line]

    def find(self, meaning: str, *, skip: int = -1) -> int:
        """The first column whose head says so, or -1."""
        found = (place for place, head in enumerate(self.heads) if place != skip and says(meaning, head))
        return next(found, -1)

    def rest(self, row: Line, skip: Collection[int]) -> list[tuple[str, str]]:
        """The cells of a row that say something, with their heads, but for some columns."""
        pairs = enumerate(zip(self.heads, row.cells, strict=True))
        return [pair for place, pair in pairs if place not in skip and not is_blank(pair[1])]

    def task(self, row: Line, text: str, kind: Kind, skip: Collection[int]) -> Task:
        """A row as an item, its other cells the note."""
        more = row_text(self.rest(row, skip))
        return Task(text, row.line, kind, notes=[more] if more else [])


def grid_of(table: Table, reader: Reader) -> Grid:
    heads = [reader.plain(head) for head in table.header]
    rows = []
    for row in table.rows:
        raw = (row.cells + [""] * len(heads))[: len(heads)]
        rows.append(Line(row.line, raw, [reader.plain(cell) for cell in raw]))
    return Grid(table.line, heads, rows)


def is_blank(cell: str) -> bool:
    return _BLANK.fullmatch(cell) is not None


def is_blank_form(text: str) -> bool:
    """Whether nothing is written but places to fill in."""
    return not re.search(r"[^\W_]", re.sub(r"\[[^\]]*\]|\{\{[^}]*\}\}", "", text))


def use_of(grid: Grid, section: Role | None = None) -> Use:
    """What a table is for, by its header, its cells and the section it stands in."""
    role = grid.find("role head")
    signs, dated = grid.find("sign head", skip=role) >= 0, grid.find("date head") >= 0
    named, reaches = grid.find("name head", skip=role) >= 0, grid.find("reach head") >= 0
    has_roles = role >= 0 and grid.find("time head") < 0
    if has_roles and ((signs and (named or dated)) or (section is Role.SIGNOFFS and (named or signs))):
        return Use.SIGNOFFS
    if reaches and ((has_roles and named) or (section is Role.CONTACTS and len(grid.heads) > 1)):
        return Use.CONTACTS
    if columns(grid) is not None:
        return Use.TASKS
    if grid.find("metric head") >= 0 and _limit_column(grid) >= 0:
        return Use.LIMITS
    return Use.FACTS if len(grid.heads) == 2 and len(grid.rows) < 30 else Use.TEXT


class Columns(Struct, frozen=True):
    """The columns of a task table, by place; -1 where there is none."""

    text: int
    status: int
    owner: int
    limit: int
    length: int


def columns(grid: Grid) -> Columns | None:
    """The columns of a table whose rows are tasks: one of them says of each row whether it is done."""
    status = _status_column(grid)
    owner, length = grid.find("owner head", skip=status), grid.find("length head", skip=status)
    taken = {status, owner, grid.find("time head", skip=status), grid.find("number head")}
    places = (place for place, head in enumerate(grid.heads) if not says("date head", head))
    free = [place for place in places if place not in taken]
    if status < 0 or not free:
        return None
    text = next((place for place in free if says("text head", grid.heads[place])), free[0])
    if _is_numbered(grid, text):
        text = next((place for place in free if not _is_numbered(grid, place)), text)
    return Columns(text, status, owner, _limit_column(grid, share=0), length)


def _is_numbered(grid: Grid, place: int) -> bool:
    """Whether a column only counts the rows: `1`, `2a`, `T-14`."""
    return all(_COUNTS.fullmatch(cell) for row in grid.rows if (cell := row.raw[place].strip()))


def _status_column(grid: Grid) -> int:
    best = -1
    for place, head in enumerate(grid.heads):
        cells = [cell for row in grid.rows if not is_blank(cell := row.raw[place].strip())]
        is_headed = says("status head", head) or not head.strip()
        marks = sum(_is_mark(cell, is_headed) for cell in cells)
        # A first column of ✅ and ❌ under a question is an answer, not a state.
        is_state = place > 0 or is_headed or all(read_box(cell + " .", {}) for cell in cells)
        if marks * 2 > len(cells) and is_state and (best < 0 or is_headed):
            best = place
    return best


def _is_mark(cell: str, is_headed: bool) -> bool:
    text = cell.strip(_MARKS)
    is_box = text in ("[ ]", "[x]", "[X]", "[]") or read_box(text, {}) is not None
    is_word = is_headed and _STATUS_WORD.fullmatch(text)
    return bool(is_box or is_word or is_choice(text) or _GLYPH_CELL.fullmatch(text))


def _limit_column(grid: Grid, *, share: float = 1 / 3) -> int:
    """The column of limits; more than `share` of its cells compare with a number."""
    place = grid.find("limit head")
    compares = place > 0 and sum(bool(_COMPARES.match(row.raw[place])) for row in grid.rows)
    return place if compares > share * len(grid.rows) else -1


def row_tasks(grid: Grid, found: Columns, reader: Reader) -> list[Task]:
    """The rows of a task table as items; a row without text or without state is none, and is named."""
    tasks: list[Task] = []
    for row in grid.rows:
        text, status = row.cells[found.text], row.raw[found.status].strip()
        # An empty cell under "Done" is not done yet; a row of which nothing but its first cell is filled is a heading.
        is_heading = is_blank(status) and not grid.rest(row, (found.text, found.status))
        if is_blank(text) or is_blank_form(text) or is_heading:
            said = "a table row without a task or a state; kept as a note"
            reader.trace.name(row.line, " | ".join(row.cells), said)
        else:
            tasks.append(_row_task(grid, row, found, reader))
    return tasks


def _row_task(grid: Grid, row: Line, found: Columns, reader: Reader) -> Task:
    text, said = row.cells[found.text], {found.text, found.status, found.owner}
    if found.limit not in (-1, found.text) and _COMPARES.match(row.cells[found.limit]):
        text = f"{text} {row.cells[found.limit]}"
        said.add(found.limit)
    seconds = _seconds(row.cells[found.length]) if found.length >= 0 else None
    if seconds:
        said.add(found.length)
    task = grid.task(row, text, Kind.ROW, said)
    task.optional, task.every, task.owner = optional_wording(text), recurrence(text), row.value(found.owner)
    task.duration = write_duration(seconds) if seconds else ""
    reader.trace.imported(row.line)
    task.notes += _status_note(row.raw[found.status].strip(_MARKS), reader)
    return task


def _seconds(cell: str) -> int | None:
    """A cell that is a duration and nothing else: `45 min`, `1-2 h`, its upper end."""
    return read_title(f"({cell})", None).budget_s


def step_rows(grid: Grid) -> list[tuple[str, Task]]:
    """The rows of a table of steps that says how long each takes, though not whether it is done, with their times."""
    length = grid.find("length head")
    text = grid.find("text head", skip=length)
    is_timed = min(length, text) >= 0 and not _is_numbered(grid, text)
    if not is_timed or any(is_blank(row.cells[text]) or not _seconds(row.cells[length]) for row in grid.rows):
        return []
    owner = grid.find("owner head", skip=text)
    rows = [(row, grid.task(row, row.cells[text], Kind.ROW, (text, owner, length))) for row in grid.rows]
    for row, task in rows:
        task.owner = row.value(owner)
    return [(f"{task.text} ({row.cells[length]})", task) for row, task in rows]


def _status_note(text: str, reader: Reader) -> list[str]:
    mark = text[:1] if len(text.rstrip("\ufe0f")) == 1 else ""
    is_open = text in ("[ ]", "[]") or bool(mark and mark in OPEN_GLYPHS)
    if is_open or is_blank(text) or is_choice(text) or _OPEN_WORD.fullmatch(text):
        return []
    if text in ("[x]", "[X]") or text[:1] in DONE_GLYPHS:
        return [f"ticked in the document ({without_boxes(text)})"]
    return [f"marked {without_boxes(text)} in the document{says_of_mark(mark, reader.legend)}"]


def limit_tasks(grid: Grid) -> list[Task]:
    """The rows of a table of targets as criteria: `Error rate < 0.1 %`."""
    metric, place = grid.find("metric head"), _limit_column(grid)
    return [
        grid.task(row, f"{name} {row.cells[place]}".strip(), Kind.BULLET, (metric, place))
        for row in grid.rows
        if not is_blank(name := row.cells[metric])
    ]


def role_rows(grid: Grid) -> Iterator[tuple[Line, str, str, list[tuple[str, str]]]]:
    """The rows of a table of people: the role, the name, and all cells but the role with their heads."""
    role = max(grid.find("role head"), 0)
    name = grid.find("name head", skip=role)
    for row in grid.rows:
        if not is_blank_form(row.cells[role]):
            yield row, row.cells[role], row.value(name), grid.rest(row, (role,))
