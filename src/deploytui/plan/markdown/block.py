"""Markdown as a flat list of blocks with line numbers: what the rest of the importer reads, free of parser tokens.

markdown-it finds the structure, so a list item is one where GitHub sees one. Inline text stays as it was written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct, field

from deploytui.plan.markdown.inline import References

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

# Each nested list costs two levels; deeper text is not parsed and is named in the report.
_MAX_NESTING = 420
_SAFE_NESTING = 90


class Heading(Struct):
    level: int
    text: str
    line: int


class Paragraph(Struct):
    """`lines` as written, `line` the number of the first."""

    lines: list[str]
    line: int
    is_quoted: bool = False


class Code(Struct):
    text: str
    info: str
    line: int
    end: int
    is_fenced: bool = True
    is_closed: bool = True


class Html(Struct):
    text: str
    line: int
    end: int


class Rule(Struct):
    line: int


class Row(Struct):
    cells: list[str]
    line: int


class Table(Struct):
    header: list[str]
    rows: list[Row]
    line: int


class Entry(Struct):
    """One item of a Markdown list."""

    line: int
    number: int | None
    blocks: list[Block] = field(default_factory=list)

    @property
    def head(self) -> Paragraph | None:
        """The paragraph that it begins with."""
        first = self.blocks[0] if self.blocks else None
        return first if isinstance(first, Paragraph) else None

    @property
    def lines(self) -> list[str]:
        """The lines of that paragraph."""
        return self.head.lines if self.head else []


class Listing(Struct):
    """One Markdown list."""

    entries: list[Entry]
    line: int
    is_ordered: bool = False

    def lines(self) -> list[tuple[int, str]]:
        """The entries as lines with their numbers, where each is one paragraph; else nothing."""
        if any(entry.head is None or len(entry.blocks) != 1 for entry in self.entries):
            return []
        return [(entry.line, " ".join(line.strip() for line in entry.lines)) for entry in self.entries]


Block = Heading | Paragraph | Code | Html | Rule | Table | Listing


class Parsed(Struct):
    blocks: list[Block]
    references: References
    is_cut: bool = False


def parse(text: str, *, is_deep: bool = True) -> Parsed:
    """The blocks of a document. Quotes are opened: what stands in them counts like any other text.

    Reading is recursive: RecursionError where the stack is too short for a deep document.
    """
    from markdown_it import MarkdownIt

    nesting = _MAX_NESTING if is_deep else _SAFE_NESTING
    reader = MarkdownIt("commonmark", {"maxNesting": nesting}).enable("table").disable("inline")
    reader.block.ruler.at("hr", _hr, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    env: dict[str, dict[str, dict[str, str]]] = {}
    tokens = reader.parse(text, env)
    blocks = _Assembler(text.split("\n")).assemble(tokens)
    return Parsed(blocks, env.get("references", {}), any(token.level >= nesting - 2 for token in tokens))


def _hr(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A rule across the page. The parser's own looks at a line sign by sign, again for each list that the line
    begins: seconds for a hundred thousand of them."""
    from markdown_it.rules_block import hr

    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    return not line.strip("-*_ \t") and hr(state, start, end, silent)


class _Assembler:
    """Walks the tokens once, with the open containers on a stack: lists may be nested deeper than calls may."""

    def __init__(self, source: list[str]) -> None:
        self._source = source
        self._stack: list[list[Block]] = [[]]
        self._lists: list[Listing] = []
        self._quotes = 0
        self._heading: Token | None = None
        self._row: Row | None = None

    def assemble(self, tokens: list[Token]) -> list[Block]:
        for token in tokens:
            self._take(token)
        return self._stack[0]

    def _put(self, block: Block) -> None:
        self._stack[-1].append(block)

    def _take(self, token: Token) -> None:
        start, end = token.map or (0, 0)
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self._lists.append(Listing([], start + 1, token.type == "ordered_list_open"))
                self._put(self._lists[-1])
            case "bullet_list_close" | "ordered_list_close":
                listing = self._lists.pop()
                if not self._lists and self._stack[-1][-1] is listing:
                    self._stack[-1][-1:] = self._parted(listing)
            case "list_item_open":
                entry = Entry(start + 1, int(token.info) if token.info.isdigit() else None)
                self._lists[-1].entries.append(entry)
                self._stack.append(entry.blocks)
            case "list_item_close":
                self._stack.pop()
            case "blockquote_open" | "blockquote_close":
                self._quotes += token.nesting
            case "heading_open":
                self._heading = token
            case "heading_close":
                self._heading = None
            case "table_open":
                self._put(Table([], [], start + 1))
            case "tr_open":
                self._row = Row([], start + 1)
            case "tr_close":
                self._close_row()
            case "inline":
                self._text(token, start + 1)
            case "fence" | "code_block":
                is_fenced = token.type == "fence"
                is_closed = not is_fenced or self._is_closed(token)
                text = token.content.rstrip("\n")
                self._put(Code(text, token.info.strip(), start + 1, end, is_fenced, is_closed))
            case "html_block":
                self._put(Html(token.content.rstrip("\n"), start + 1, end))
            case "hr":
                self._put(Rule(start + 1))

    def _close_row(self) -> None:
        table, row = self._stack[-1][-1], self._row
        self._row = None
        if isinstance(table, Table) and row is not None:
            if table.header:
                table.rows.append(row)
            else:
                table.header = row.cells

    def _text(self, token: Token, line: int) -> None:
        lines, heading = token.content.split("\n"), self._heading
        if self._row is not None:
            self._row.cells.append(token.content)
        elif heading is None:
            self._put(Paragraph(lines, line, self._quotes > 0))
        # Facts with a rule right below are no heading, whatever CommonMark makes of the rule.
        elif heading.markup in ("-", "=") and (len(lines) > 1 or _looks_like_fact(lines[0])):
            self._put(Paragraph(lines, line, self._quotes > 0))
            self._put(Rule(line + len(lines)))
        else:
            self._put(Heading(int(heading.tag[1:]), token.content, line))

    def _is_closed(self, token: Token) -> bool:
        start, end = token.map or (0, 0)
        last = self._source[end - 1].strip().lstrip("> ") if 0 < end <= len(self._source) else ""
        return end - start > 1 and len(last) >= len(token.markup) and not last.strip(token.markup[0])

    def _parted(self, listing: Listing) -> list[Block]:
        """The list, parted where a line at the left margin heads what follows (`DO NOT roll back if:`). CommonMark
        takes such a line, without a blank one before it, for more text of the entry above."""
        parts: list[Block] = []
        start = 0
        for place, entry in enumerate(listing.entries[:-1]):
            label = self._label_below(entry)
            if label is not None:
                entries = listing.entries[start : place + 1]
                parts += [Listing(entries, entries[0].line, listing.is_ordered), label]
                start = place + 1
        rest = listing.entries[start:]
        return [*parts, Listing(rest, rest[0].line, listing.is_ordered)] if parts else [listing]

    def _label_below(self, entry: Entry) -> Paragraph | None:
        """The label that the last paragraph below an entry ends with, taken off it."""
        last: Block | None = entry.blocks[-1] if entry.blocks else None
        while isinstance(last, Listing) and last.entries and last.entries[-1].blocks:
            last = last.entries[-1].blocks[-1]
        if not isinstance(last, Paragraph) or len(last.lines) < 2:
            return None
        line = last.line + len(last.lines) - 1
        if line > len(self._source) or not _LABEL_LINE.match(self._source[line - 1]):
            return None
        return Paragraph([last.lines.pop().strip()], line, last.is_quoted)


# At the left margin, short, and set like a heading: `Rollback if:`, `**Day-of:**`.
_LABEL_LINE = re.compile(r"(?:[^\W\d_][^\[\]☐|]{0,98}[:：]|\*\*[^*]{1,98}\*\*:?|__[^_]{1,98}__:?)\s*$")
_FACT = re.compile(r"\s*(?:\*\*|__)[^*_]{1,60}?:?(?:\*\*|__)\s*:?\s*\S")


def _looks_like_fact(line: str) -> bool:
    return bool(_FACT.match(line)) and ":" in line
