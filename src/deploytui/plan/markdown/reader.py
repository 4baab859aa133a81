"""Markdown as the plain text a person reads; and what the importer tells beside the plan: what it took for what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct, field

from deploytui.base.text import clean_line, shorten
from deploytui.plan.finding import Recognized
from deploytui.plan.markdown.block import (
    Block,
    Code,
    Heading,
    Html,
    Listing,
    Paragraph,
    References,
    Rule,
    Table,
)
from deploytui.plan.markdown.box import Legend, without_boxes

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_SPECIAL = re.compile(r"[*_`~\[\]<>&\\!]|://")
# Longer lines than a person writes are taken as they are: the parser looks at some of their signs again and again.
_MOST = 8_000
_BARE_URL = re.compile(r"https?://[^\s<>()\[\]`*]{1,2000}")
# `[x](…)` is a box before a link, and nobody's link text.
_BOX_LINK = re.compile(r"(?<![\\!])(?=\[[ xX]?\]\()")
_DROPPED_TAG = re.compile(
    r"<!--|</?(?:a|b|i|u|s|em|strong|code|kbd|sub|sup|span|font|small|mark|del|ins|p|div|summary|details"
    r"|img|input|center|h[1-6])\b",
    re.I,
)
_BREAK_TAG = re.compile(r"<br\b", re.I)


class Plain(Struct, frozen=True):
    text: str
    links: tuple[tuple[str, str], ...] = ()
    is_struck: bool = False


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    class Parser(MarkdownIt):
        """Addresses are shown as they were written, whatever they are: nobody follows them from here."""

        def normalizeLink(self, url: str) -> str:  # noqa: N802
            return url

        def validateLink(self, url: str) -> bool:  # noqa: N802
            return True

    return Parser("commonmark").enable("strikethrough")


def plain(source: str, references: References | None = None) -> Plain:
    """`source` without marks. Links come back with their text; line breaks stay."""
    if not _SPECIAL.search(source):
        return Plain(source)
    if len(source) > _MOST:
        parts = [
            plain(line, references) if len(line) <= _MOST else Plain(line) for line in source.split("\n")
        ]
        links = tuple(link for part in parts for link in part.links)
        return Plain("\n".join(part.text for part in parts), links, any(part.is_struck for part in parts))
    tokens = _parser().parseInline(_BOX_LINK.sub(r"\\", source), {"references": dict(references or {})})
    return _read(tokens[0].children or [] if tokens else [])


def plain_text(source: str, references: References | None = None) -> str:
    """The plain text on one line."""
    return " ".join(plain(source, references).text.split())


def _read(tokens: list[Token]) -> Plain:
    parts: list[str] = []
    links: list[tuple[str, str]] = []
    opened: list[int] = []  # where the text of the open link begins
    for token in tokens:
        match token.type:
            case "text":
                parts.append(token.content)
                if not opened:
                    links += [("", url) for url in _BARE_URL.findall(token.content)]
            case "code_inline" | "image":
                parts.append(token.content)
            case "softbreak" | "hardbreak":
                parts.append("\n")
            case "html_inline" if not _DROPPED_TAG.match(token.content):
                parts.append("\n" if _BREAK_TAG.match(token.content) else token.content)
            case "link_open":
                opened.append(len(parts))
                links.append(("" if token.markup == "autolink" else "?", str(token.attrs["href"])))
            case "link_close":
                label, url = links[-1]
                links[-1] = ("".join(parts[opened.pop() :]) if label else "", url)
    return Plain("".join(parts), tuple(links), any(token.type == "s_open" for token in tokens))


_SHOWN = 120


class Trace(Struct):
    """Collects `recognized`; `answered` are the lines that became an item or were named, `warnings` what a person
    should know before they rely on what was read."""

    recognized: list[Recognized] = field(default_factory=list)
    warnings: list[Recognized] = field(default_factory=list)
    answered: set[int] = field(default_factory=set)

    def say(self, line: int, text: str, as_: str) -> None:
        """Line `line` was taken as `as_`."""
        self.recognized.append(Recognized(line, shorten(clean_line(text.strip()), _SHOWN), as_))

    def warn(self, line: int, text: str, as_: str) -> None:
        """Like `say`, for what was assumed, or could not be read."""
        self.say(line, text, as_)
        self.warnings.append(self.recognized[-1])

    def name(self, line: int, text: str, as_: str) -> None:
        """Like `say`, for a line that looks like a box and is no item."""
        self.answered.add(line)
        self.say(line, text, as_)

    def imported(self, line: int) -> None:
        self.answered.add(line)


class Reader(Struct, frozen=True):
    """What reading a text needs to know of its document."""

    references: References
    legend: Legend
    trace: Trace

    def plain(self, source: str) -> str:
        """The text on one line, without marks and without boxes."""
        return without_boxes(" ".join(plain(source, self.references).text.split()))


def stripped(text: str) -> str:
    """Every line without its margins, boxes in it drawn."""
    return without_boxes("\n".join(part.strip() for part in text.split("\n")))


def text_of(block: Block) -> str:
    """The raw text of paragraphs and lists, for what is searched in them."""
    if isinstance(block, Paragraph):
        return "\n".join(block.lines)
    if isinstance(block, Listing):
        return "\n".join(text_of(inner) for entry in block.entries for inner in entry.blocks)
    return ""


def block_text(block: Block, reader: Reader) -> str:
    """A block as lines of plain text; code stays as it is, so that it can be copied."""
    match block:
        case Paragraph(lines=lines):
            return stripped(plain("\n".join(lines), reader.references).text)
        case Code(text=text):
            return text
        case Listing():
            return "\n".join(_list_lines(block, reader))
        case Table():
            return "\n".join(text for _, text in table_lines(block, reader))
        case Html(text=text):
            return html_text(text)
        case Heading(text=text):
            return reader.plain(text)
        case Rule():
            return ""


def table_lines(table: Table, reader: Reader) -> list[tuple[int, str]]:
    """The rows of a table as lines with their numbers."""
    heads = [reader.plain(cell) for cell in table.header]
    rows = ((row.line, map(reader.plain, row.cells)) for row in table.rows)
    return [(line, row_text(zip(heads, cells, strict=False))) for line, cells in rows]


def row_text(pairs: Iterable[tuple[str, str]]) -> str:
    """A row as `Date: Nov 4 · Phase: Setup`, of its heads and cells."""
    return " · ".join(f"{head}: {cell}" if head else cell for head, cell in pairs if cell)


def html_text(source: str) -> str:
    """What a reader sees of raw HTML; comments are invisible."""
    text = re.sub(r"<!--.*?(?:-->|\Z)", "", source, flags=re.S)
    text = re.sub(r"<(?:br|/p|/div|/li|/tr|/h\d)\b[^<>]*>", "\n", text, flags=re.I)
    text = plain(re.sub(r"<[^<>]{0,2000}>", " ", text)).text
    return "\n".join(line for line in (" ".join(part.split()) for part in text.split("\n")) if line)


def _list_lines(listing: Listing, reader: Reader) -> Iterator[str]:
    for place, entry in enumerate(listing.entries, 1):
        marker = f"{entry.number if entry.number is not None else place}." if listing.is_ordered else "-"
        text = "\n".join(filter(None, (block_text(block, reader) for block in entry.blocks)))
        yield f"{marker} " + text.replace("\n", "\n  ")
