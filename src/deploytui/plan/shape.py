"""What the format is declared in: mappings, their keys, and what the value of a key is."""

from __future__ import annotations

from typing import Any, get_args

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from deploytui.plan.word import ARGUMENT, LINE, Word


class ListOf(Struct, frozen=True):
    value: Value
    least: int = 0


class TableOf(Struct, frozen=True):
    """A mapping whose keys are the author's own."""

    value: Value
    key_pattern: str = ""


class Ref(Struct, frozen=True):
    """A mapping declared in SHAPES, by its name."""

    shape: str


class IdOf(Struct, frozen=True):
    """The id of something else in the file, of that kind."""

    kind: str


class Either(Struct, frozen=True):
    values: tuple[Value, ...]


Value = Word | ListOf | TableOf | Ref | IdOf | Either


class Key(Struct, frozen=True):
    """`attr` is the attribute of the model that it fills, where that has another name."""

    name: str
    value: Value
    doc: str
    is_required: bool = False
    attr: str = ""

    @property
    def fills(self) -> str:
        return self.attr or self.name


class Shape(Struct, frozen=True):
    """One mapping of the format; `noun` is what messages call it, `struct` what it becomes: its defaults are the
    format's. It may be a union."""

    name: str
    noun: str
    doc: str
    keys: tuple[Key, ...]
    struct: Any = None

    @property
    def structs(self) -> tuple[Any, ...]:
        return get_args(self.struct) or ((self.struct,) if self.struct else ())

    @property
    def defaults(self) -> dict[str, Any]:
        """By the attributes of what it becomes. It takes milliseconds for all shapes: no reader may wait for it."""
        return {
            one.name: one.default if one.default_factory is NODEFAULT else one.default_factory()
            for struct in self.structs
            for one in fields(struct)
        }


ITEM, ITEM_OR_GAUGE, GAUGE, PHASE = "an item", "an item or a gauge", "a gauge", "a phase"
LINES = ListOf(LINE)
COMMAND = ListOf(ARGUMENT, least=1)
