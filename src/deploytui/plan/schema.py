"""The JSON Schema of a checklist, generated from the declaration in `key.py`: editors complete and check by it."""

from __future__ import annotations

from typing import Any

from deploytui.plan.key import SHAPES
from deploytui.plan.shape import Either, IdOf, Key, ListOf, Ref, Shape, TableOf, Value
from deploytui.plan.word import ID, Word

# Editors read an unquoted `4.2`, `yes` or `2026` as what YAML makes of it; the program reads text.
_ANY_SCALAR = ["string", "number", "boolean"]


def json_schema() -> dict[str, Any]:
    """The schema, draft 2020-12."""
    root = SHAPES["checklist"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "deploytui checklist",
        **_shape(root),
        "$defs": {name: _shape(shape) for name, shape in SHAPES.items() if shape is not root},
    }


def _shape(shape: Shape) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "type": "object",
        "description": shape.doc,
        "additionalProperties": False,
        "properties": {
            key.name: {**_value(key.value), "description": key.doc + _default(shape, key)}
            for key in shape.keys
        },
    }
    if required := [key.name for key in shape.keys if key.is_required]:
        schema["required"] = required
    if len(shape.structs) > 1:
        schema["oneOf"] = [{"required": [kind.key.name]} for kind in shape.structs]
    return schema


def _default(shape: Shape, key: Key) -> str:
    """The default of the model, in the words of the format."""
    default = shape.defaults.get(key.fills)
    is_said = isinstance(key.value, Word) and isinstance(default, str | int) and default not in ("", 0)
    return f" Default {key.value.write(default)}." if is_said and isinstance(key.value, Word) else ""


def _value(value: Value) -> dict[str, Any]:
    match value:
        case Word():
            return _word(value)
        case ListOf():
            least = {"minItems": value.least} if value.least else {}
            return {"type": "array", "items": _value(value.value), **least}
        case TableOf():
            names = {"propertyNames": {"pattern": f"^({value.key_pattern})$"}} if value.key_pattern else {}
            return {"type": "object", "additionalProperties": _value(value.value), **names}
        case IdOf():
            return _word(ID)
        case Ref():
            return {"$ref": f"#/$defs/{value.shape}"}
        case Either():
            return {"anyOf": [_value(inner) for inner in value.values]}


def _word(word: Word) -> dict[str, Any]:
    if word.choices:
        return {"enum": _choices(word.choices)}
    schema: dict[str, Any] = {"type": _ANY_SCALAR if word.is_any else "string"}
    if word.is_nullable:
        schema["type"] = [*_ANY_SCALAR, "null"]
    if word.pattern:
        schema["pattern"] = f"^({word.pattern})$"
    else:
        schema["maxLength"] = word.most
    return schema


def _choices(choices: tuple[str, ...]) -> list[str | int | bool]:
    """Choices as text, and as what an editor makes of them unquoted."""
    values: list[str | int | bool] = list(choices)
    for choice in choices:
        if choice.isdigit():
            values.append(int(choice))
        elif choice in ("true", "false"):
            values.append(choice == "true")
    return values
