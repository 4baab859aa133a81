"""Inline Markdown as the plain text a person reads: emphasis, links and tags taken off, code kept literal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# By name in capitals, as the block parser finds them: `{"href": …, "title": …}`.
References = Mapping[str, Mapping[str, object]]
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
