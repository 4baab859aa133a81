"""Inline Markdown as the plain text a person reads: emphasis, links and tags taken off, code kept literal.

One pass over the characters whatever they are: nested brackets and unclosed emphasis cost nothing extra.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Mapping

from msgspec import Struct

References = Mapping[str, str]
_SPECIAL = re.compile(r"[*_`~\[\]<>&\\!]|://")
# What stands for itself or for something else, tried in this order: code, escapes, comments, addresses, tags,
# images, links. Every part is bounded, so that no start is scanned twice over a long text.
_PIECE = re.compile(
    r"(?P<ticks>`+)"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~\n])"
    r"|(?P<comment><!--)"
    r"|<(?P<auto>(?:https?|ftp|mailto):[^\s<>]{1,2000}|[\w.+-]{1,200}@[\w.-]{1,200})>"
    r"|(?P<tag></?[A-Za-z][A-Za-z0-9-]{0,30}(?:\s[^<>]{0,1000})?/?>)"
    r"|!\[(?P<alt>[^\[\]\n]{0,500})\](?:\([^()\s]{0,2000}(?:\s+\"[^\"\n]{0,300}\")?\)|\[[^\[\]]{0,300}\])?"
    r"|\[(?P<label>(?:[^\[\]]|\[[^\[\]]{0,200}\]){1,1000})\]"
    r"(?:\(\s*<?(?P<url>[^()\s<>]{0,2000}(?:\([^()\s]{0,500}\)[^()\s<>]{0,500})?)>?(?:\s+(?:\"[^\"]{0,300}\""
    r"|'[^']{0,300}'))?\s*\)"
    r"|\[(?P<ref>[^\[\]]{0,300})\])?"
    r"|(?P<bare>https?://[^\s<>()\[\]`*]{1,2000})"
)
_BADGE = re.compile(r"\[!\[([^\[\]]{0,500})\]\([^()\s]{0,2000}\)\]")
_RUN = re.compile(r"\*+|_+|~{2,}")
_DROPPED_TAGS = re.compile(
    r"</?(?:a|b|i|u|s|em|strong|code|kbd|sub|sup|span|font|small|mark|del|ins|p|div|summary|details"
    r"|img|input|center|h[1-6])\b",
    re.I,
)
_BREAK_TAG = re.compile(r"<br\b", re.I)


class Plain(Struct, frozen=True):
    text: str
    links: tuple[tuple[str, str], ...] = ()
    is_struck: bool = False


def plain(source: str, references: References | None = None) -> Plain:
    """`source` without marks. Links come back with their text; line breaks stay."""
    if not _SPECIAL.search(source):
        return Plain(source)
    if "[![" in source:
        source = _BADGE.sub(r"[\1]", source)
    writer = _Writer(references or {})
    writer.read(source)
    return writer.done()


def plain_text(source: str, references: References | None = None) -> str:
    """The plain text on one line."""
    return " ".join(plain(source, references).text.split())


class _Writer:
    def __init__(self, references: References) -> None:
        self._references = references
        self._parts: list[str] = []
        self._size = 0
        self._literal: list[tuple[int, int]] = []
        self._links: list[tuple[str, str]] = []
        self._is_past_comments = False

    def read(self, source: str, depth: int = 0) -> None:
        at = 0
        closers = _closing_ticks(source) if "`" in source else {}
        while (match := _PIECE.search(source, at)) is not None:
            self._put(source[at : match.start()])
            at = match.end()
            if ticks := match["ticks"]:
                at = self._code(source, match.start(), len(ticks), closers)
            elif match["comment"]:
                at = self._comment(source, match.start())
            else:
                self._piece(match, depth)
        self._put(source[at:])

    def _piece(self, match: re.Match[str], depth: int) -> None:
        if escaped := match["escaped"]:
            self._literally(escaped)
        elif auto := match["auto"] or match["bare"]:
            self._links.append(("", auto))
            self._literally(auto)
        elif tag := match["tag"]:
            self._tag(tag)
        elif match["alt"] is not None:
            self._put(match["alt"])
        else:
            self._link(match, depth)

    def _comment(self, source: str, start: int) -> int:
        """Past the comment; a comment that never ends is text, and so are all after it."""
        end = -1 if self._is_past_comments else source.find("-->", start + 4)
        if end >= 0:
            return end + 3
        self._is_past_comments = True
        self._put("<!--")
        return start + 4

    def _tag(self, tag: str) -> None:
        if _BREAK_TAG.match(tag):
            self._literally("\n")
        elif not _DROPPED_TAGS.match(tag):
            self._literally(tag)

    def _link(self, match: re.Match[str], depth: int) -> None:
        label, url, ref = match["label"], match["url"], match["ref"]
        if url is None:
            name = ref or label
            url = self._references.get(_normal(name)) if self._references else None
            if url is None:
                self._put("[")
                self._inner(label, depth)
                self._put("]" if ref is None else f"][{ref}]")
                return
        if not label.strip() or label.strip() in ("x", "X"):
            self._literally(match.group())
            return
        start = self._size
        self._inner(label, depth)
        self._links.append(
            ("".join(self._parts)[start:] if len(self._parts) < 200 else label, html.unescape(url))
        )

    def _inner(self, label: str, depth: int) -> None:
        if depth < 2:
            self.read(label, depth + 1)
        else:
            self._put(label)

    def _code(self, source: str, start: int, length: int, closers: dict[int, int]) -> int:
        end = closers.get(start)
        if end is None:
            self._literally(source[start : start + length])
            return start + length
        body = source[start + length : end - length]
        if body.startswith(" ") and body.endswith(" ") and body.strip():
            body = body[1:-1]
        self._literally(body)
        return end

    def _put(self, text: str) -> None:
        if "&" in text:
            text = html.unescape(text)
        if text:
            self._parts.append(text)
            self._size += len(text)

    def _literally(self, text: str) -> None:
        self._literal.append((self._size, self._size + len(text)))
        self._parts.append(text)
        self._size += len(text)

    def done(self) -> Plain:
        text = "".join(self._parts)
        cut = _emphasis(text, self._literal)
        struck = any(char == "~" for _, _, char in cut)
        at = 0
        out: list[str] = []
        for start, end, _ in cut:
            out.append(text[at:start])
            at = end
        out.append(text[at:])
        return Plain("".join(out), tuple(self._links), struck)


def _normal(name: str) -> str:
    return " ".join(name.split()).upper()


def _closing_ticks(source: str) -> dict[int, int]:
    """For each run of backticks that opens a code span, where the span ends. Linear: one look at each run."""
    runs = [(match.start(), match.end() - match.start()) for match in re.finditer(r"`+", source)]
    following: dict[int, int] = {}
    ends: dict[int, int] = {}
    for start, length in reversed(runs):
        if length in following:
            ends[start] = following[length] + length
        following[length] = start
    return ends


def _emphasis(text: str, literal: list[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """The stretches of `text` that are emphasis marks: matched runs of * _ ~~, after CommonMark's flanking rules."""
    starts = [start for start, _ in literal]
    openers: dict[str, list[list[int]]] = {"*": [], "_": [], "~": []}
    cut: list[tuple[int, int, str]] = []
    for match in _RUN.finditer(text):
        at = bisect_right(starts, match.start()) - 1
        if at >= 0 and literal[at][1] > match.start():
            continue
        char = match.group()[0]
        opens, closes = _flanks(text, match, char)
        left, right = match.start(), match.end()
        while closes and left < right and openers[char]:
            opener = openers[char][-1]
            size = min(2, opener[1] - opener[0], right - left)
            if char == "~" and size < 2:
                break
            cut += ((opener[1] - size, opener[1], char), (left, left + size, char))
            opener[1] -= size
            left += size
            if opener[0] == opener[1]:
                openers[char].pop()
        if opens and left < right:
            openers[char].append([left, right])
    cut.sort()
    return cut


def _flanks(text: str, match: re.Match[str], char: str) -> tuple[bool, bool]:
    before = text[match.start() - 1 : match.start()] or " "
    after = text[match.end() : match.end() + 1] or " "
    is_punct_before, is_punct_after = _is_punct(before), _is_punct(after)
    left = not after.isspace() and (not is_punct_after or before.isspace() or is_punct_before)
    right = not before.isspace() and (not is_punct_before or after.isspace() or is_punct_after)
    if char == "_":
        return left and (not right or is_punct_before), right and (not left or is_punct_after)
    return left, right


def _is_punct(char: str) -> bool:
    return not char.isalnum() and not char.isspace()
