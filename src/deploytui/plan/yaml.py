"""Reads YAML bytes into raw nodes, event by event: every scalar stays text and keeps its place.

Nothing is composed by PyYAML. Its composer follows aliases and recurses (the C one ends the process on
deep nesting), so the events are consumed here one at a time and reading stops at the first violation.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any, NoReturn

import yaml

from deploytui.base.errors import Problem
from deploytui.base.text import quoted
from deploytui.plan.node import Mapping, Node, Scalar, Sequence
from deploytui.plan.word import MAX_DEPTH

# The C library's where PyYAML was built with it.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MAX_BYTES = 16 * 1024 * 1024
# Twice the items a plan may have: a list that is longer is none of ours.
MAX_ENTRIES = 200_000
MAX_NODES = 2_000_000
MAX_PROBLEMS = 200
_NULLS = frozenset({"", "~", "null"})
# YAML forbids these everywhere; found here first because the parser gives them no line.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_UTF_16_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")

# What the parser says, by a part of it, and what we say instead: found, expected, try.
_SAID: tuple[tuple[str, str, str | None, str | None], ...] = (
    ("mapping values are not allowed", "a colon inside unquoted text", "quotes around it", 'key: "text: more"'),
    ("found a tab character", "a tab", "spaces for indentation", None),
    ("found unexpected end of stream", "a quoted text that never ends", "a closing quote", None),
    ("while scanning a quoted scalar", "a quoted text that is not well formed", "a closing quote", None),
    ("found unknown escape character", "an unknown escape in double quotes", None, "single quotes, or \\\\"),
    ("did not find expected hexdecimal number", "an escape with wrong digits", "hexadecimal digits", "single quotes"),
    ("invalid Unicode character escape", "an escape that is no character", "a valid code point", None),
    ("could not find expected ':'", "a line without a colon", '"key: value"', "the indentation of the line before"),
    ("did not find expected ',' or ']'", "a list that is not closed", '"," or "]"', None),
    ("did not find expected ',' or '}'", "a mapping in braces that is not closed", '"," or "}"', "quotes"),
    ("did not find expected '-' indicator", "a line that is no entry of the list", '"- " in its column', None),
    ("did not find expected key", "a line that does not fit the mapping", "a key in its column", None),
    ("did not find expected node content", "a sign where a value should stand", "a value", "quotes around it"),
    ("cannot start any token", "a character that cannot begin a value", None, "quotes around the text"),
    ("block sequence entries are not allowed", 'a "- " where no list can begin', None, "the list on its own lines"),
    ("mapping keys are not allowed", 'a "? " where no key can stand', None, None),
    ("document start", "text before or after the document", "one document", None),
    ("incompatible YAML document", "another version of YAML", "no directives", None),
    ("directive", "a line that begins with %", "no directives", None),
    ("anchor", "an anchor or alias", "plain values", "writing the value out: a checklist has no anchors"),
    ("alias", "an anchor or alias", "plain values", "writing the value out: a checklist has no aliases"),
    ("tag", "a tag (!)", "plain values", "quotes around the text"),
    ("block scalar", "a broken | or > text", "an indented text below | or >", None),
    ("indentation", "an indentation that does not fit", None, None),
)  # fmt: skip


def read_yaml(source: bytes, name: str) -> tuple[Node | None, list[Problem]]:
    """The document's raw nodes, and every problem found on the way; no nodes when it cannot be read on."""
    text = _decode(source, name)
    if isinstance(text, Problem):
        return None, [text]
    reader = _Reader(text, name)
    try:
        root = reader.read()
    except yaml.YAMLError as error:
        reader.problems.append(_translate(error, text, name))
        root = None
    except _Stop:
        root = None
    if root is None and not reader.problems:
        begin = 'beginning with "deploytui: 1"'
        reader.problems.append(Problem("an empty file", "a checklist", begin, name, 1, 1))
    return root, reader.problems


def _decode(source: bytes, name: str) -> str | Problem:
    def problem(before: str, found: str, expected: str, try_: str) -> Problem:
        line, col = before.count("\n") + 1, len(before) - before.rfind("\n")
        return Problem(found, expected, try_, name, line, col)

    if len(source) > MAX_BYTES:
        return Problem(f"{len(source):,} bytes", "at most 16 MiB", "splitting the checklist", name)
    if source.startswith(_UTF_16_32):
        return problem("", "UTF-16 or UTF-32 text", "UTF-8", "saving it as UTF-8")
    if source.startswith(b"\xef\xbb\xbf"):
        return problem("", "a byte order mark", "UTF-8 without one", "saving it as UTF-8 without BOM")
    if (at := source.find(b"\0")) >= 0:
        before = source[:at].decode("utf-8", "replace")
        return problem(before, "a NUL byte", "a text file", "saving it as UTF-8 text")
    try:
        text = source.decode("utf-8")
    except UnicodeDecodeError as error:
        found = f"the byte 0x{source[error.start]:02X}, which is not UTF-8"
        before = source[: error.start].decode("utf-8", "replace")
        return problem(before, found, "UTF-8 text", "saving it as UTF-8")
    if bad := _FORBIDDEN.search(text):
        found = f"the control character U+{ord(bad.group()):04X}"
        return problem(text[: bad.start()], found, "text", "removing it; is this a text file?")
    if (at := text.find("\r")) >= 0:
        found = "a carriage return (Windows line end)"
        return problem(text[:at], found, "lines that end in LF", "saving it with Unix line ends")
    return text


class _Stop(Exception):
    """Reading on makes no sense; the problems say why."""


class _Reader:
    def __init__(self, text: str, name: str) -> None:
        # From a stream: what is never asked for is never scanned.
        self._events: Iterator[Any] = yaml.parse(io.StringIO(text), Loader=_Loader)
        self._name = name
        self._nodes = 0
        self._is_usable = True
        self.problems: list[Problem] = []

    def read(self) -> Node | None:
        """Consume the events; None when something was met that makes every later problem doubtful."""
        root: Node | None = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, 0)
            elif type(event) is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    self._stop(event, 'a second document ("---")', "one document", "one file for each")
        return root if self._is_usable else None

    def _node(self, event: Any, depth: int) -> Node:
        kind, mark = type(event), event.start_mark
        line, col = mark.line + 1, mark.column + 1
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._stop(event, f"more than {MAX_NODES:,} values", "fewer", "splitting the checklist")
        if event.anchor is not None or getattr(event, "tag", None) is not None:
            self._refuse_properties(event)
        if kind is yaml.ScalarEvent:
            return Scalar(event.value, line, col, not event.style and event.value in _NULLS)
        if kind is yaml.AliasEvent:
            return Scalar("", line, col)
        if depth >= MAX_DEPTH:
            self._stop(event, f"nesting deeper than {MAX_DEPTH} levels", "a flatter checklist", None)
        if kind is yaml.MappingStartEvent:
            return self._mapping(Mapping([], line, col), depth + 1)
        items: list[Node] = []
        while type(event := next(self._events)) is not yaml.SequenceEndEvent:
            items.append(self._node(event, depth + 1))
            if len(items) > MAX_ENTRIES:
                self._stop(event, f"more than {MAX_ENTRIES:,} entries in a list", "fewer", None)
        return Sequence(items, line, col)

    def _mapping(self, node: Mapping, depth: int) -> Mapping:
        lines: dict[str, int] = {}
        while type(event := next(self._events)) is not yaml.MappingEndEvent:
            key = self._node(event, depth)
            if not isinstance(key, Scalar):
                self._stop(event, "a list or mapping as a key", "text", None)
            first = lines.setdefault(key.text, key.line)
            is_repeat = len(lines) == len(node.entries)
            if is_repeat:
                found = f"the key {quoted(key.text)} again: it stands in line {first} and in line {key.line}"
                self._say(key.line, key.col, found, "each key once", None)
            if key.text == "<<":
                self._is_usable = False
                self._say(key.line, key.col, "the merge key <<", "the keys themselves", "writing them out")
            value = self._node(next(self._events), depth)
            # A repeated key keeps its first value, so that the rest of the file is still checked.
            if not is_repeat:
                node.entries.append((key, value))
        return node

    def _refuse_properties(self, event: Any) -> None:
        self._is_usable = False
        line, col = event.start_mark.line + 1, event.start_mark.column + 1
        if type(event) is yaml.AliasEvent:
            found, expected = f"the alias *{quoted(str(event.anchor))[1:-1]}", "the value itself"
            self._say(line, col, found, expected, "writing it out: a checklist has no aliases")
        elif event.anchor is not None:
            found, expected = f"the anchor &{quoted(str(event.anchor))[1:-1]}", "the value alone"
            self._say(line, col, found, expected, "removing it: a checklist has no anchors")
        else:
            found = f"the tag {quoted(str(event.tag).replace('tag:yaml.org,2002:', '!!'))}"
            self._say(line, col, found, "the value alone", "quotes around text that begins with !")

    def _say(self, line: int, col: int, found: str, expected: str | None, try_: str | None) -> None:
        self.problems.append(Problem(found, expected, try_, self._name, line, col))
        if len(self.problems) >= MAX_PROBLEMS:
            raise _Stop

    def _stop(self, event: Any, found: str, expected: str, try_: str | None) -> NoReturn:
        mark = event.start_mark
        self._say(mark.line + 1, mark.column + 1, found, expected, try_)
        raise _Stop


def _translate(error: yaml.YAMLError, text: str, name: str) -> Problem:
    """Our own words for what PyYAML says."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, col = (mark.line + 1, mark.column + 1) if mark is not None else (None, None)
    at = "".join(text.split("\n")[line - 1 : line])[col - 1 :] if line and col else ""
    if at.startswith("\t"):
        return Problem("a tab", "spaces for indentation", None, name, line, col)
    said = " ".join(str(getattr(error, part, "")) for part in ("problem", "context"))
    for part, found, expected, try_ in _SAID:
        if part in said:
            return Problem(found, expected, try_, name, line, col)
    return Problem("text that is not YAML", "a YAML checklist", "quotes around the value", name, line, col)
