"""Markdown as a flat list of blocks with line numbers: what the rest of the importer reads, free of parser tokens.

markdown-it finds the structure, so a list item is one where GitHub sees one. Inline text stays as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock
    from markdown_it.tree import SyntaxTreeNode

# By name in capitals, as the parser finds them: `{"href": …, "title": …}`.
References = Mapping[str, Mapping[str, object]]
# Each nested list costs two levels; deeper text is not parsed and is named in the report.
_MAX_NESTING = 100
# At the left margin, short, and set like a heading: `Rollback if:`, `**Day-of:**`.
_LABEL_LINE = re.compile(r"(?:[^\W\d_][^\[\]☐|]{0,98}[:：]|\*\*[^*]{1,98}\*\*:?|__[^_]{1,98}__:?)\s*$")
_FACT = re.compile(r"(?=.*:)\s*(?:\*\*|__)[^*_]{1,60}?:?(?:\*\*|__)\s*:?\s*\S")


class Heading(Struct):
    level: int
    text: str
    line: int


class Paragraph(Struct):
    """`lines` as written, `line` the number of the first."""

    lines: list[str]
    line: int


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


def parse(text: str) -> Parsed:
    """The blocks of a document. Quotes are opened: what stands in them counts like any other text."""
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    reader = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING}).enable("table").disable("inline")
    reader.block.ruler.at("hr", _hr, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    env: dict[str, dict[str, dict[str, str]]] = {}
    tokens = reader.parse(text, env)
    blocks = _Blocks(text.split("\n")).read(SyntaxTreeNode(tokens))
    return Parsed(blocks, env.get("references", {}), any(token.level >= _MAX_NESTING - 2 for token in tokens))


def _hr(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A rule across the page. The parser's own looks at a line sign by sign, again for each list that the line
    begins: seconds for a hundred thousand of them."""
    from markdown_it.rules_block import hr

    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    return not line.strip("-*_ \t") and hr(state, start, end, silent)


class _Blocks(Struct):
    """Makes blocks of the parser's tree."""

    source: list[str]

    def read(self, node: SyntaxTreeNode, *, is_listed: bool = False) -> list[Block]:
        """The blocks in a container."""
        found: list[Block] = []
        for inner in node.children:
            if inner.type == "blockquote":
                found += self.read(inner, is_listed=is_listed)
            elif inner.type in ("bullet_list", "ordered_list"):
                listing = Listing([], _line(inner), inner.type == "ordered_list")
                for item in inner.children:
                    blocks = self.read(item, is_listed=True)
                    listing.entries.append(Entry(_line(item), int(item.info) if item.info else None, blocks))
                found += [listing] if is_listed else self._parted(listing)
            else:
                found += self._leaf(inner)
        return found

    def _leaf(self, node: SyntaxTreeNode) -> list[Block]:
        line, end = _line(node), node.map[1] if node.map else 0
        match node.type:
            case "heading" | "paragraph":
                text = node.children[0].content
                lines = text.split("\n")
                # Facts with a rule right below are no heading, whatever CommonMark makes of the rule.
                is_fact = node.markup in ("-", "=") and (len(lines) > 1 or _FACT.match(text))
                if node.type == "heading" and not is_fact:
                    return [Heading(int(node.tag[1:]), text, line)]
                paragraph = Paragraph(lines, line)
                return [paragraph, Rule(line + len(lines))] if is_fact else [paragraph]
            case "table":
                rows = [
                    Row([cell.children[0].content for cell in row.children], _line(row))
                    for part in node.children
                    for row in part.children
                ]
                return [Table(rows[0].cells, rows[1:], line)]
            case "fence" | "code_block":
                text, is_fenced = node.content.rstrip("\n"), node.type == "fence"
                is_closed = not is_fenced or self._is_closed(node.markup, line, end)
                return [Code(text, node.info.strip(), line, end, is_fenced, is_closed)]
            case "html_block":
                return [Html(node.content.rstrip("\n"), line, end)]
            case _:
                return [Rule(line)]

    def _is_closed(self, markup: str, line: int, end: int) -> bool:
        last = self.source[end - 1].strip().lstrip("> ") if end <= len(self.source) else ""
        return end > line and len(last) >= len(markup) and not last.strip(markup[0])

    def _parted(self, listing: Listing) -> list[Block]:
        """The list, parted where a line at the left margin heads what follows (`DO NOT roll back if:`). CommonMark
        takes such a line, without a blank one before it, for more text of the entry above."""
        parts: list[Block] = []
        part = replace(listing, entries=[])
        for entry in listing.entries:
            part.line = part.line if part.entries else entry.line
            part.entries.append(entry)
            label = self._label_below(entry) if entry is not listing.entries[-1] else None
            if label is not None:
                parts += [part, label]
                part = replace(listing, entries=[])
        return [*parts, part]

    def _label_below(self, entry: Entry) -> Paragraph | None:
        """The label that the last paragraph below an entry ends with, taken off it."""
        last: Block | None = entry.blocks[-1] if entry.blocks else None
        while isinstance(last, Listing) and last.entries and last.entries[-1].blocks:
            last = last.entries[-1].blocks[-1]
        if not isinstance(last, Paragraph) or len(last.lines) < 2:
            return None
        line = last.line + len(last.lines) - 1
        if line > len(self.source) or not _LABEL_LINE.match(self.source[line - 1]):
            return None
        return Paragraph([last.lines.pop().strip()], line)


def _line(node: SyntaxTreeNode) -> int:
    return node.map[0] + 1 if node.map else 1
