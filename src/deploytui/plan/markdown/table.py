"""Tables: whose rows are tasks, who signs, whom to call; every other table is text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
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
    meaning,
    read_box,
    without_boxes,
)
from deploytui.plan.markdown.reader import Reader, row_text
from deploytui.plan.markdown.role import Role
from deploytui.plan.markdown.task import Task
from deploytui.plan.markdown.when import read_title
from deploytui.plan.markdown.wording import is_to_fill, optional_wording, recurrence
from deploytui.plan.markdown.words import any_of, says

_STATUS_WORD = re.compile(rf"(?:{any_of('status')})\W*", re.I)
_COMPARES = re.compile(r"\W{0,2}(?:[<>≤≥]=?|at (?:least|most))\s*\d")
_BLANK = re.compile(r"[\s_.–—-]*")
_GLYPH_CELL = re.compile(rf"[{STATUS_GLYPHS}]\ufe0f?(?:\s*[^\W\d_][\w /]{{0,30}})?")
_COUNTS = re.compile(r"\W*(?:[A-Z]{0,4}-?)?\d{1,4}(?:\.\d{1,3})*[a-z]?\W*")


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


class Grid(Struct):
    """A table as plain text; every row is as long as the heads."""

    line: int
    heads: list[str]
    rows: list[Line]

    def find(self, meaning: str, *, skip: int = -1) -> int:
        """The first column whose head says so, or -1."""
        found = (place for place, head in enumerate(self.heads) if place != skip and says(meaning, head))
        return next(found, -1)

    def column(self, place: int) -> list[str]:
        """The cells as written that say something."""
        cells = (row.raw[place].strip() for row in self.rows)
        return [cell for cell in cells if not is_blank(cell)]

    def rest(self, row: Line, skip: Collection[int]) -> list[tuple[str, str]]:
        """The cells of a row that say something, with their heads, but for some columns."""
        pairs = enumerate(zip(self.heads, row.cells, strict=True))
        return [pair for place, pair in pairs if place not in skip and not is_blank(pair[1])]


def grid_of(table: Table, reader: Reader) -> Grid:
    heads = [reader.plain(head) for head in table.header]
    rows = []
    for row in table.rows:
        raw = (row.cells + [""] * len(heads))[: len(heads)]
        rows.append(Line(row.line, raw, [reader.plain(cell) for cell in raw]))
    return Grid(table.line, heads, rows)


def is_blank(cell: str) -> bool:
    return _BLANK.fullmatch(cell) is not None


def use_of(grid: Grid, section: Role | None = None) -> Use:
    """What a table is for, by its header, its cells and the section it stands in."""
    is_signing, is_calling = section is Role.SIGNOFFS, section is Role.CONTACTS
    role = grid.find("role head")
    signs, reaches = grid.find("sign head", skip=role) >= 0, grid.find("reach head") >= 0
    if role >= 0 and grid.find("time head") < 0:
        named = grid.find("name head", skip=role) >= 0
        if (signs and (named or grid.find("date head") >= 0)) or (is_signing and (named or signs)):
            return Use.SIGNOFFS
        if reaches and (is_calling or named):
            return Use.CONTACTS
    if is_calling and len(grid.heads) > 1 and reaches:
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
    time: int
    limit: int
    length: int


def columns(grid: Grid) -> Columns | None:
    """The columns of a table whose rows are tasks: one of them says of each row whether it is done."""
    status = _status_column(grid)
    if status < 0:
        return None
    owner, time = grid.find("owner head", skip=status), grid.find("time head", skip=status)
    taken = {status, owner, time, grid.find("number head")}
    free = [
        place for place, head in enumerate(grid.heads) if place not in taken and not says("date head", head)
    ]
    if not free:
        return None
    text = next((place for place in free if says("text head", grid.heads[place])), free[0])
    if _is_numbered(grid, text):
        text = next((place for place in free if place != text and not _is_numbered(grid, place)), text)
    length = grid.find("length head", skip=status)
    return Columns(text, status, owner, time, _limit_column(grid, share=0), length)


def _is_numbered(grid: Grid, place: int) -> bool:
    """Whether a column only counts the rows: `1`, `2a`, `T-14`."""
    return all(_COUNTS.fullmatch(cell) for row in grid.rows if (cell := row.raw[place].strip()))


def _status_column(grid: Grid) -> int:
    best = -1
    for place, head in enumerate(grid.heads):
        cells = grid.column(place)
        is_headed = says("status head", head) or not head.strip()
        marks = sum(_is_mark(cell) or (is_headed and _is_word(cell)) for cell in cells)
        # A first column of ✅ and ❌ under a question is an answer, not a state.
        is_state = place > 0 or is_headed or all(read_box(cell + " .", {}) for cell in cells)
        if marks * 2 > len(cells) and is_state:
            best = place if best < 0 or is_headed else best
    return best


def _is_mark(cell: str) -> bool:
    text = cell.strip("*_ `")
    is_box = text in ("[ ]", "[x]", "[X]", "[]") or read_box(text, {}) is not None
    return is_box or is_choice(text) or _GLYPH_CELL.fullmatch(text) is not None


def _is_word(cell: str) -> bool:
    return _STATUS_WORD.fullmatch(cell.strip("*_ `")) is not None


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
            continue
        tasks.append(_row_task(grid, row, found, reader))
    return tasks


def is_blank_form(text: str) -> bool:
    """Whether nothing is written but places to fill in."""
    return not re.search(r"[^\W_]", re.sub(r"\[[^\]]*\]|\{\{[^}]*\}\}", "", text))


def _row_task(grid: Grid, row: Line, found: Columns, reader: Reader) -> Task:
    cells = row.cells
    text = cells[found.text]
    limit = cells[found.limit] if found.limit >= 0 and found.limit != found.text else ""
    if _COMPARES.match(limit):
        text = f"{text} {limit}"
    task = Task(text, row.line, Kind.ROW, optional=optional_wording(text), every=recurrence(text))
    reader.trace.imported(row.line)
    _take_owner(task, cells, found.owner)
    task.duration = cell_duration(cells[found.length]) if found.length >= 0 else ""
    said = {found.text, found.status, found.owner}
    said |= {found.length} if task.duration else set()
    said |= {found.limit} if limit and limit in text else set()
    _add_note(task, grid.rest(row, said))
    _note_status(task, row.raw[found.status].strip(), reader)
    return task


def _take_owner(task: Task, cells: list[str], place: int) -> None:
    if place >= 0 and not is_blank(cells[place]) and not is_to_fill(cells[place]):
        task.owner = cells[place]


def _add_note(task: Task, pairs: list[tuple[str, str]]) -> None:
    if pairs:
        task.notes.append(row_text(pairs))


def cell_duration(cell: str) -> str:
    """A cell that is a duration and nothing else: `45 min`, `1-2 h`, its upper end."""
    seconds = read_title(f"({cell})", None).budget_s
    return write_duration(seconds) if seconds else ""


def _note_status(task: Task, status: str, reader: Reader) -> None:
    text = status.strip("*_ `")
    is_glyph = len(text.rstrip("\ufe0f")) == 1
    is_open = text in ("[ ]", "[]") or (text[:1] in OPEN_GLYPHS and is_glyph)
    if is_blank(text) or is_open or is_choice(text):
        return
    if text in ("[x]", "[X]") or text[:1] in DONE_GLYPHS:
        task.notes.append(f"ticked in the document ({without_boxes(text)})")
    elif not re.fullmatch(r"(?i)(?:pending|to ?do|open|not started|offen|tbd)\W*", text):
        said = meaning(text[:1], reader.legend) if is_glyph else ""
        task.notes.append(f"marked {without_boxes(text)} in the document" + (f": {said}" if said else ""))


def limit_tasks(grid: Grid) -> list[Task]:
    """The rows of a table of targets as criteria: `Error rate < 0.1 %`."""
    metric, place = grid.find("metric head"), _limit_column(grid)
    tasks = []
    for row in grid.rows:
        if not is_blank(row.cells[metric]):
            task = Task(f"{row.cells[metric]} {row.cells[place]}".strip(), row.line, Kind.BULLET)
            _add_note(task, grid.rest(row, (metric, place)))
            tasks.append(task)
    return tasks


def role_rows(grid: Grid) -> Iterable[tuple[Line, str, str, list[tuple[str, str]]]]:
    """The rows of a table of people: the role, the name, and all cells but the role with their heads."""
    role = max(grid.find("role head"), 0)
    name = grid.find("name head", skip=role)
    for row in grid.rows:
        if not is_blank_form(row.cells[role]):
            found = row.cells[name] if name >= 0 else ""
            is_nobody = is_blank(found) or is_to_fill(found)
            yield row, row.cells[role], "" if is_nobody else found, grid.rest(row, (role,))
