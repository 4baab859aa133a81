"""Raw nodes: what a YAML or a Markdown reader hands to the builder. Every value is text with its place."""

from __future__ import annotations

from msgspec import Struct, field


class Scalar(Struct):
    text: str
    line: int
    col: int = 1
    is_null: bool = False


class Sequence(Struct):
    items: list[Node]
    line: int
    col: int = 1


class Mapping(Struct):
    """Entries in file order; the reader has already refused duplicate keys."""

    entries: list[tuple[Scalar, Node]] = field(default_factory=list)
    line: int = 1
    col: int = 1


Node = Scalar | Sequence | Mapping
