"""Typed reading of one mapping: known keys only, each value converted, each failure a problem with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from deploytui.base.text import clean_block, clean_line
from deploytui.base.units import is_whole_number, parse_duration
from deploytui.plan.key import BLOCK, COUNT, FLAG, LINE, SHAPES, Either, Value, Word
from deploytui.plan.node import Mapping, Node, Scalar, Sequence
from deploytui.plan.part.report import Report, describe

T = TypeVar("T")
_NAMES = {name: frozenset(key.name for key in shape.keys) for name, shape in SHAPES.items()}
_REQUIRED = {
    name: tuple((key.name, key.value) for key in shape.keys if key.is_required)
    for name, shape in SHAPES.items()
}


def _expected(value: Value) -> str:
    """What a scalar of that kind is called; for a choice of kinds, the scalar among them."""
    if isinstance(value, Either):
        return next((_expected(inner) for inner in value.values if isinstance(inner, Word)), "")
    return value.expected if isinstance(value, Word) else ""


_EXPECTED = {name: {key.name: _expected(key.value) for key in shape.keys} for name, shape in SHAPES.items()}


class Fields:
    """The entries of one mapping, checked against its shape."""

    __slots__ = ("_entries", "_shape", "node", "report")

    def __init__(self, report: Report, shape: str, node: Mapping, entries: dict[str, Node]) -> None:
        self.report = report
        self.node = node
        self._shape = shape
        self._entries = entries

    @property
    def line(self) -> int:
        return self.node.line

    def names(self) -> Iterable[str]:
        """The known keys that are there, in the order of the file."""
        return self._entries

    def has(self, key: str) -> bool:
        return key in self._entries

    def get(self, key: str) -> Node | None:
        return self._entries.get(key)

    def word(self, key: str, convert: Callable[[str], T]) -> T | None:
        """The value as `convert` reads it; its ValueError says what was expected."""
        node = self._entries.get(key)
        if node is None:
            return None
        return word(self.report, node, convert, _EXPECTED[self._shape][key], key)

    def optional_duration(self, key: str) -> int | None:
        return self.word(key, parse_duration)

    def duration(self, key: str, default: int = 0) -> int:
        seconds = self.word(key, parse_duration)
        return default if seconds is None else seconds

    def line_text(self, key: str) -> str | None:
        """One line of text that is not empty."""
        node = self._entries.get(key)
        return None if node is None else line_text(self.report, node, key)

    def block_text(self, key: str) -> str | None:
        """Text that may have several lines."""
        node = self._entries.get(key)
        return None if node is None else _text(self.report, node, key, clean_block, BLOCK)

    def flag(self, key: str) -> bool:
        return self.word(key, parse_flag) or False

    def count(self, key: str, default: int) -> int:
        found = self.word(key, parse_count)
        return default if found is None else found

    def choice(self, key: str, choices: tuple[str, ...], default: str) -> str:
        node = self._entries.get(key)
        return default if node is None else choice(self.report, node, choices, key) or default

    def list_of(self, key: str) -> list[Node]:
        """The nodes of a list; a value that is no list is a problem."""
        node = self._entries.get(key)
        return [] if node is None else list_of(self.report, node, key)

    def lines(self, key: str) -> tuple[str, ...]:
        texts = (line_text(self.report, node, key) for node in self.list_of(key))
        return tuple(text for text in texts if text is not None)


def fields(report: Report, node: Node, shape: str, key: str | None = None) -> Fields | None:
    """`node` as a mapping of that shape: unknown and missing keys are reported, the known ones kept."""
    if not isinstance(node, Mapping):
        known = ", ".join(required for required, _ in _REQUIRED[shape]) or ", ".join(
            declared.name for declared in SHAPES[shape].keys[:4]
        )
        report.add(node, describe(node), f"{SHAPES[shape].noun}, a mapping with {known}", key=key)
        return None
    names = _NAMES[shape]
    entries: dict[str, Node] = {}
    for name, value in node.entries:
        if name.text in names:
            entries[name.text] = value
        else:
            expected = f"a key of {SHAPES[shape].noun}: {', '.join(declared.name for declared in SHAPES[shape].keys)}"
            report.add_unknown(name, name.text, expected, names, key=key)
    for required, _ in _REQUIRED[shape]:
        if required not in entries:
            report.add(
                node, f"{SHAPES[shape].noun} without {required}", f'the key "{required}"', key=required
            )
    return Fields(report, shape, node, entries)


def table(report: Report, node: Node, key: str) -> list[tuple[Scalar, Node]]:
    """The entries of a mapping whose keys are the author's own."""
    if isinstance(node, Mapping):
        return node.entries
    report.add(node, describe(node), "a mapping", key=key)
    return []


def list_of(report: Report, node: Node, key: str) -> list[Node]:
    if isinstance(node, Sequence):
        return node.items
    report.add(
        node, describe(node), "a list", key=key, try_=f"{key}: [ … ]" if isinstance(node, Scalar) else None
    )
    return []


def scalar(report: Report, node: Node, expected: str, key: str) -> Scalar | None:
    if isinstance(node, Scalar) and not node.is_null:
        return node
    report.add(node, describe(node), expected, key=key)
    return None


def word(report: Report, node: Node, convert: Callable[[str], T], expected: str, key: str) -> T | None:
    found = scalar(report, node, expected, key)
    if found is None:
        return None
    try:
        return convert(found.text)
    except ValueError as error:
        report.add(node, describe(node), str(error), key=key)
        return None


def choice(report: Report, node: Node, choices: tuple[str, ...], key: str) -> str | None:
    expected = " or ".join(choices)
    found = scalar(report, node, expected, key)
    if found is None or found.text in choices:
        return None if found is None else found.text
    report.add_unknown(found, found.text, expected, choices, key=key)
    return None


def line_text(report: Report, node: Node, key: str) -> str | None:
    return _text(report, node, key, clean_line, LINE)


def _text(report: Report, node: Node, key: str, clean: Callable[[str], str], kind: Word) -> str | None:
    found = scalar(report, node, kind.expected, key)
    if found is None:
        return None
    text = clean(found.text).strip()
    if not text:
        report.add(found, "an empty text", kind.expected, key=key)
        return None
    if len(text) > kind.most:
        report.add(found, f"a text of {len(text):,} characters", f"at most {kind.most:,}", key=key)
        return None
    return text


def parse_flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(FLAG.expected)
    return text == "true"


def parse_count(text: str) -> int:
    if not (is_whole_number(text) and int(text) > 0):
        raise ValueError(COUNT.expected)
    return int(text)
