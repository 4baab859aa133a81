"""Tables: whose rows are tasks, who signs, whom to call; every other table is text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum, auto

from msgspec import Struct

from deploytui.base.units import write_duration
from deploytui.plan.markdown.block import Row, Table
from deploytui.plan.markdown.box import (
    DONE_GLYPHS,
    FAIL_GLYPHS,
    OPEN_GLYPHS,
    OTHER_GLYPHS,
    Kind,
    is_choice,
    meaning,
    read_box,
    without_boxes,
)
from deploytui.plan.markdown.task import Reader, Task
from deploytui.plan.markdown.when import read_title
from deploytui.plan.markdown.wording import is_to_fill, optional_wording, recurrence

_STATUS_HEAD = re.compile(
    r"status|state|done|check|complete|✓|✔|✅|☑|☐|\[ ?\]|^ok$|erledigt|stand|статус|готов|estado"
    r"|statut|état|状態|ステータス|상태|signature|result|pass",
    re.I,
)
_TEXT_HEAD = re.compile(
    r"task|action|activit|step|item|test|check|requirement|criteri|deliverable|story|document"
    r"|verification|component|feature|what|"
    r"aufgabe|schritt|punkt|tätigkeit|maßnahme|задач|шаг|компонент|действи|tarea|actividad|paso|tâche"
    r"|étape|activité|作業|項目|タスク|작업|任务|步骤|metric|description|beschreibung|environment|name",
    re.I,
)
_OWNER_HEAD = re.compile(
    r"owner|assignee|responsib|who|lead|pilot|verantwortlich|zuständig|ответствен|responsable|担当|담당|负责",
    re.I,
)
_TIME_HEAD = re.compile(
    r"^time|^when|^start|clock|^zeit|uhrzeit|время|hora|heure|時刻|시간|offset|^t[-+±]", re.I
)
_ID_HEAD = re.compile(r"^(?:#|id|nr\.?|no\.?|№|step ?#|order)$|\bid$", re.I)
_LIMIT_HEAD = re.compile(
    r"target|threshold|limit|goal|expected|requirement|ziel|цель|objetivo|objectif", re.I
)
_METRIC_HEAD = re.compile(r"metric|kpi|measure|indicator|criteri|kennzahl|метрик|requirement", re.I)
_LENGTH_HEAD = re.compile(r"duration|estimat|budget|time needed|dauer|durée|duración|длительн", re.I)
_ROLE_HEAD = re.compile(
    r"role|approver|position|title|function|rolle|funktion|роль|rol\b|rôle|役割|team|stakeholder", re.I
)
_NAME_HEAD = re.compile(
    r"^(?:name|person|approver|primary|signatory|contact name|имя|nombre|nom|氏名|이름)", re.I
)
_SIGN_HEAD = re.compile(
    r"signature|signed|sign-?off|sign off|approv|unterschrift|подпись|firma|署名|서명|签", re.I
)
_DATE_HEAD = re.compile(r"^date|datum|дата|fecha|日付|날짜", re.I)
_REACH_HEAD = re.compile(
    r"phone|tel|mobile|e-?mail|contact|slack|pager|method|reach|kontakt|telefon|телефон|почт", re.I
)
_STATUS_WORD = re.compile(
    r"^(?:pending|to ?do|open|done|not started|in progress|complete[d]?|tbd|offen|ok|erledigt|yes|no"
    r"|planned|scheduled|blocked|n/a)\W*$",
    re.I,
)
_COMPARES = re.compile(r"^\W{0,2}(?:[<>≤≥]=?|at (?:least|most))\s*\d")
_BLANK = re.compile(r"^[\s_.–—-]*$")
_ALL_STATUS = OPEN_GLYPHS + DONE_GLYPHS + FAIL_GLYPHS + OTHER_GLYPHS
_GLYPH_CELL = re.compile(rf"^[{_ALL_STATUS}]\ufe0f?(?:\s*[^\W\d_][\w /]{{0,30}})?$")


class Use(Enum):
    """What a table is for."""

    TASKS = auto()
    SIGNOFFS = auto()
    CONTACTS = auto()
    LIMITS = auto()
    FACTS = auto()
    TEXT = auto()


class Columns(Struct, frozen=True):
    """The columns of a task table, by place; -1 where there is none."""

    text: int
    status: int
    owner: int
    time: int
    limit: int
    length: int = -1


def use_of(table: Table, reader: Reader, *, is_signing: bool, is_calling: bool) -> Use:
    """What a table is for, by its header, its cells and the section it stands in."""
    heads = [reader.plain(head) for head in table.header]
    role = _find(heads, _ROLE_HEAD)
    signs = _find(heads, _SIGN_HEAD, skip=role) >= 0
    if role >= 0 and not _find(heads, _TIME_HEAD) >= 0:
        named = _find(heads, _NAME_HEAD, skip=role) >= 0
        if (signs and (named or is_signing or _find(heads, _DATE_HEAD) >= 0)) or (
            is_signing and (named or signs)
        ):
            return Use.SIGNOFFS
        if _find(heads, _REACH_HEAD) >= 0 and (is_calling or named):
            return Use.CONTACTS
    if is_calling and len(heads) > 1 and _find(heads, _REACH_HEAD) >= 0:
        return Use.CONTACTS
    if columns(table, reader) is not None:
        return Use.TASKS
    if _find(heads, _METRIC_HEAD) >= 0 and _limit_column(table, heads) >= 0:
        return Use.LIMITS
    return Use.FACTS if len(heads) == 2 and len(table.rows) < 30 else Use.TEXT


def _find(heads: list[str], pattern: re.Pattern[str], *, skip: int = -1) -> int:
    return next((place for place, head in enumerate(heads) if place != skip and pattern.search(head)), -1)


def columns(table: Table, reader: Reader) -> Columns | None:
    """The columns of a table whose rows are tasks: one of them says of each row whether it is done."""
    heads = [reader.plain(head) for head in table.header]
    status = _status_column(table, heads)
    if status < 0:
        return None
    owner, time = _find(heads, _OWNER_HEAD, skip=status), _find(heads, _TIME_HEAD, skip=status)
    taken = {status, owner, time, _find(heads, _ID_HEAD)}
    free = [
        place for place in range(len(heads)) if place not in taken and not _DATE_HEAD.search(heads[place])
    ]
    text = next((place for place in free if _TEXT_HEAD.search(heads[place])), free[0] if free else -1)
    if text >= 0 and _is_numbered(table, text):
        text = next((place for place in free if place != text and not _is_numbered(table, place)), text)
    if text < 0:
        return None
    length = _find(heads, _LENGTH_HEAD, skip=status)
    return Columns(text, status, owner, time, _limit_column(table, heads, share=0), length)


def _is_numbered(table: Table, place: int) -> bool:
    """Whether a column only counts the rows: `1`, `2a`, `T-14`."""
    cells = [row.cells[place].strip() for row in table.rows if place < len(row.cells)]
    return all(
        re.fullmatch(r"\W*(?:[A-Z]{0,4}-?)?\d{1,4}(?:\.\d{1,3})*[a-z]?\W*", cell) for cell in cells if cell
    )


def _status_column(table: Table, heads: list[str]) -> int:
    best = -1
    for place in range(len(heads)):
        cells = [
            cell
            for row in table.rows
            if place < len(row.cells) and not _BLANK.match(cell := row.cells[place].strip())
        ]
        if not cells:
            continue
        is_status_head = bool(_STATUS_HEAD.search(heads[place])) or not heads[place].strip()
        marks = sum(_is_mark(cell) or (is_status_head and _is_word(cell)) for cell in cells)
        # A first column of ✅ and ❌ under a question is an answer, not a state.
        if marks * 2 > len(cells) and (
            place > 0 or is_status_head or all(read_box(cell + " .", {}) for cell in cells)
        ):
            best = place if best < 0 or is_status_head else best
    return best


def _is_mark(cell: str) -> bool:
    text = cell.strip("*_ `")
    return (
        text in ("[ ]", "[x]", "[X]", "[]")
        or is_choice(text)
        or bool(_GLYPH_CELL.match(text))
        or read_box(text, {}) is not None
    )


def _is_word(cell: str) -> bool:
    return bool(_STATUS_WORD.match(cell.strip("*_ `")))


def _limit_column(table: Table, heads: list[str], *, share: float = 1 / 3) -> int:
    """The column of limits; more than `share` of its cells compare with a number."""
    place = _find(heads, _LIMIT_HEAD)
    if place < 0 or place == 0:
        return -1
    cells = [row.cells[place] for row in table.rows if place < len(row.cells)]
    return place if sum(bool(_COMPARES.match(cell)) for cell in cells) > share * len(cells) else -1


def row_tasks(table: Table, found: Columns, reader: Reader) -> list[Task]:
    """The rows of a task table as items; a row without text or without state is none, and is named."""
    heads = [reader.plain(head) for head in table.header]
    tasks: list[Task] = []
    for row in table.rows:
        cells = [reader.plain(cell) for cell in row.cells] + [""] * (len(heads) - len(row.cells))
        raw = [*row.cells, *[""] * (len(heads) - len(row.cells))]
        status = raw[found.status].strip()
        text = cells[found.text]
        # An empty cell under "Done" is not done yet; a row of which nothing but its first cell is filled is a heading.
        is_heading = not any(
            not _BLANK.match(cell)
            for place, cell in enumerate(cells)
            if place not in (found.text, found.status)
        )
        if _BLANK.match(text) or is_blank_form(text) or (_BLANK.match(status) and is_heading):
            reader.trace.name(
                row.line, " | ".join(cells), "a table row without a task or a state; kept as a note"
            )
            continue
        tasks.append(_row_task(row, heads, cells, status, found, reader))
    return tasks


def is_blank_form(text: str) -> bool:
    """Whether nothing is written but places to fill in."""
    return not re.search(r"[^\W_]", re.sub(r"\[[^\]]*\]|\{\{[^}]*\}\}", "", text))


def _row_task(
    row: Row, heads: list[str], cells: list[str], status: str, found: Columns, reader: Reader
) -> Task:
    text = cells[found.text]
    if found.limit >= 0 and found.limit != found.text and _COMPARES.match(cells[found.limit]):
        text = f"{text} {cells[found.limit]}"
    task = Task(text, row.line, Kind.ROW, optional=optional_wording(text), every=recurrence(text))
    reader.trace.imported(row.line)
    if found.owner >= 0 and not _BLANK.match(owner := cells[found.owner]) and not is_to_fill(owner):
        task.owner = owner
    if found.length >= 0:
        task.duration = cell_duration(cells[found.length])
    said = [
        f"{heads[place]}: {cell}" if heads[place] else cell
        for place, cell in enumerate(cells)
        if place not in (found.text, found.status, found.owner)
        and not (place == found.length and task.duration)
        and not _BLANK.match(cell)
        and not (place == found.limit and cell in text)
    ]
    if said:
        task.notes.append(" · ".join(said))
    _note_status(task, status, reader)
    return task


def cell_duration(cell: str) -> str:
    """A cell that is a duration and nothing else: `45 min`, `1-2 h`, its upper end."""
    seconds = read_title(f"({cell})", None).budget_s
    return write_duration(seconds) if seconds else ""


def step_rows(table: Table, reader: Reader) -> list[tuple[Task, str]]:
    """The rows of a table of steps that says how long each takes, though not whether it is done, with that time."""
    heads = [reader.plain(head) for head in table.header]
    length = _find(heads, _LENGTH_HEAD)
    text = next(
        (place for place, head in enumerate(heads) if _TEXT_HEAD.search(head) and place != length), -1
    )
    if min(length, text) < 0 or _is_numbered(table, text):
        return []
    owner = _find(heads, _OWNER_HEAD, skip=text)
    rows: list[tuple[Task, str]] = []
    for row in table.rows:
        cells = [reader.plain(cell) for cell in row.cells] + [""] * (len(heads) - len(row.cells))
        if _BLANK.match(cells[text]) or not cell_duration(cells[length]):
            return []
        task = Task(cells[text], row.line, Kind.ROW)
        if owner >= 0 and not _BLANK.match(cells[owner]) and not is_to_fill(cells[owner]):
            task.owner = cells[owner]
        rest = [
            f"{heads[place]}: {cell}"
            for place, cell in enumerate(cells)
            if place not in (text, owner, length) and not _BLANK.match(cell)
        ]
        task.notes += [" · ".join(rest)] if rest else []
        rows.append((task, cells[length]))
    return rows


def _note_status(task: Task, status: str, reader: Reader) -> None:
    text = status.strip("*_ `")
    if (
        _BLANK.match(text)
        or text in ("[ ]", "[]")
        or is_choice(text)
        or (text[:1] in OPEN_GLYPHS and len(text.rstrip("\ufe0f")) == 1)
    ):
        return
    if text in ("[x]", "[X]") or (text[:1] in DONE_GLYPHS):
        task.notes.append(f"ticked in the document ({without_boxes(text)})")
    elif not re.fullmatch(r"(?i)(?:pending|to ?do|open|not started|offen|tbd)\W*", text):
        said = meaning(text[:1], reader.legend) if len(text.rstrip("\ufe0f")) == 1 else ""
        task.notes.append(f"marked {without_boxes(text)} in the document" + (f": {said}" if said else ""))


def limit_tasks(table: Table, reader: Reader) -> list[Task]:
    """The rows of a table of targets as criteria: `Error rate < 0.1 %`."""
    heads = [reader.plain(head) for head in table.header]
    metric, place = _find(heads, _METRIC_HEAD), _limit_column(table, heads)
    tasks = []
    for row in table.rows:
        cells = [reader.plain(cell) for cell in row.cells]
        if max(metric, place) < len(cells) and not _BLANK.match(cells[metric]):
            task = Task(f"{cells[metric]} {cells[place]}".strip(), row.line, Kind.BULLET)
            rest = [
                f"{heads[at]}: {cell}"
                for at, cell in enumerate(cells)
                if at not in (metric, place) and not _BLANK.match(cell) and at < len(heads)
            ]
            if rest:
                task.notes.append(" · ".join(rest))
            tasks.append(task)
    return tasks


def signing_rows(table: Table, reader: Reader) -> Iterable[tuple[int, str, str]]:
    """Line, role and name of each row of a sign-off table."""
    heads = [reader.plain(head) for head in table.header]
    role = max(_find(heads, _ROLE_HEAD), 0)
    name = _find(heads, _NAME_HEAD, skip=role)
    for row in table.rows:
        cells = [reader.plain(cell) for cell in row.cells]
        if role < len(cells) and not is_blank_form(cells[role]):
            reader.trace.imported(row.line)
            found = cells[name] if 0 <= name < len(cells) else ""
            yield row.line, cells[role], "" if _BLANK.match(found) or is_to_fill(found) else found


def calling_rows(table: Table, reader: Reader) -> Iterable[tuple[int, str, list[tuple[str, str]]]]:
    """Line, role and the other cells with their heads of each row of a contact table."""
    heads = [reader.plain(head) for head in table.header]
    role = max(_find(heads, _ROLE_HEAD), 0)
    for row in table.rows:
        cells = [reader.plain(cell) for cell in row.cells]
        if role < len(cells) and not is_blank_form(cells[role]):
            rest = [
                (heads[at], cell)
                for at, cell in enumerate(cells)
                if at != role and at < len(heads) and not _BLANK.match(cell)
            ]
            yield row.line, cells[role], rest
