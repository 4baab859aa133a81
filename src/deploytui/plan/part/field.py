"""Reading by the declaration: known keys only, each value by its kind, each failure a problem with its place."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from deploytui.plan.key import SHAPES
from deploytui.plan.node import Mapping, Node, Scalar, Sequence
from deploytui.plan.part.context import Context, Report, describe
from deploytui.plan.shape import Either, IdOf, Key, ListOf, Ref, Value
from deploytui.plan.word import Word

_KEYS = {name: {key.name: key for key in shape.keys} for name, shape in SHAPES.items()}
_REQUIRED = {name: [key for key in shape.keys if key.is_required] for name, shape in SHAPES.items()}
_HAS_LINE = {
    name: any("line" in struct.__struct_fields__ for struct in shape.structs)
    for name, shape in SHAPES.items()
}


class Fields:
    """The entries of one mapping, checked against its shape."""

    __slots__ = ("_entries", "context", "node", "shape")

    def __init__(self, context: Context, shape: str, node: Mapping, entries: dict[str, Node]) -> None:
        self.context = context
        self.node = node
        self.shape = shape
        self._entries = entries

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def get(self, key: str) -> Node | None:
        return self._entries.get(key)

    def line_of(self, key: str) -> int:
        return 0 if (node := self._entries.get(key)) is None else node.line

    def list_of(self, key: str) -> list[Node]:
        """The nodes of a list; a value that is no list is a problem."""
        node = self._entries.get(key)
        return [] if node is None else list_of(self.context.report, node, key)

    def read(self, key: str) -> Any:
        """The value; None where there is none, or none that can be read."""
        node = self._entries.get(key)
        return None if node is None else read(self.context, node, _KEYS[self.shape][key].value, key)

    def values(self, *, but: Collection[str] = ()) -> dict[str, Any]:
        """What was read, by the attributes of the model. What is left out there has its default; what is required
        and missing is a problem already, and stands for nothing."""
        found: dict[str, Any] = {"line": self.node.line} if _HAS_LINE[self.shape] else {}
        keys = _KEYS[self.shape]
        # Most items have two or three of the keys; asking for all of them would be half of the time of a big file.
        for name, node in self._entries.items():
            if name not in but and (value := read(self.context, node, keys[name].value, name)) is not None:
                found[keys[name].attr or name] = value
        for key in _REQUIRED[self.shape]:
            if key.name not in but:
                found.setdefault(key.fills, _blank(key))
        return found


def _blank(key: Key) -> Any:
    if isinstance(key.value, ListOf):
        return ()
    return key.value.blank if isinstance(key.value, Word) else "" if isinstance(key.value, IdOf) else None


# What a mapping becomes where that takes more than its values: filled by the modules that know it.
MAKERS: dict[str, Callable[[Fields], Any]] = {}


def read(context: Context, node: Node, value: Value, key: str) -> Any:
    """`node` as the declaration says; None where it cannot be read, which is a problem by then."""
    match value:
        case Word():
            return _word(context, node, value, key)
        case IdOf(kind=kind):
            return context.references.want(node, key, kind)
        case ListOf(value=inner):
            found = (read(context, one, inner, key) for one in list_of(context.report, node, key))
            return tuple(one for one in found if one is not None)
        case Ref(shape=shape):
            fields = fields_of(context, node, shape, key)
            if fields is None:
                return None
            maker = MAKERS.get(shape)
            return maker(fields) if maker else SHAPES[shape].struct(**fields.values())
        case Either(values=values):
            return read(context, node, _fitting(node, values), key)
    raise AssertionError(f"{key} is read by nobody else")


def _fitting(node: Node, values: tuple[Value, ...]) -> Value:
    """Of several kinds of value the one that the node is; the first where it is none."""
    kind = {Mapping: Ref, Sequence: ListOf, Scalar: Word}[type(node)]
    return next((value for value in values if isinstance(value, kind)), values[0])


def _word(context: Context, node: Node, word: Word, key: str) -> Any:
    report = context.report
    if not isinstance(node, Scalar) or node.is_null:
        if not (word.is_nullable and isinstance(node, Scalar)):
            report.add(node, describe(node), word.expected, key=key)
        return None
    if word.choices and node.text not in word.choices:
        report.add_unknown(node, node.text, word.expected, word.choices, key=key)
        return None
    try:
        return word.read(node.text, context.go_live) if word.is_timed else word.read(node.text)
    except ValueError as error:
        expected, *found = error.args
        report.add(node, found[0] if found else describe(node), expected, key=key)
        return None


def fields_of(context: Context, node: Node, shape: str, key: str | None = None) -> Fields | None:
    """`node` as a mapping of that shape: unknown and missing keys are reported, the known ones kept."""
    report, noun, keys = context.report, SHAPES[shape].noun, _KEYS[shape]
    if not isinstance(node, Mapping):
        known = ", ".join([one.name for one in _REQUIRED[shape]] or [*keys][:4])
        report.add(node, describe(node), f"{noun}, a mapping with {known}", key=key)
        return None
    entries: dict[str, Node] = {}
    for name, value in node.entries:
        if name.text in keys:
            entries[name.text] = value
        else:
            report.add_unknown(name, name.text, f"a key of {noun}: {', '.join(keys)}", keys, key=key)
    for one in _REQUIRED[shape]:
        if one.name not in entries:
            report.add(node, f"{noun} without {one.name}", f'the key "{one.name}"', key=one.name)
    return Fields(context, shape, node, entries)


def table(report: Report, node: Node | None, key: str) -> list[tuple[Scalar, Node]]:
    """The entries of a mapping whose keys are the author's own."""
    if node is None or isinstance(node, Mapping):
        return [] if node is None else node.entries
    report.add(node, describe(node), "a mapping", key=key)
    return []


def list_of(report: Report, node: Node, key: str) -> list[Node]:
    if isinstance(node, Sequence):
        return node.items
    try_ = f"{key}: [ … ]" if isinstance(node, Scalar) else None
    report.add(node, describe(node), "a list", key=key, try_=try_)
    return []
