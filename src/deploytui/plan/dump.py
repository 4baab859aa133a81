"""Raw nodes as YAML text in the strict form of the format: what `import` writes reads back as the same nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deploytui.plan.node import Mapping, Node, Scalar, Sequence

# Text that needs no quotes anywhere: it begins with a letter, digit or harmless sign and holds nothing that YAML reads.
_PLAIN = re.compile(r"[^\W_](?:[\w ./()@+%<>=;~$^-]|:(?=\S)|,(?= )|'(?=\w)|\"(?=\w))*", re.ASCII)
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_ESCAPES = {"\n": "\\n", "\t": "\\t"}
_BLOCK_LINE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]*")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_WIDTH = 120


def dump_yaml(node: Mapping) -> str:
    """The document, with an empty line between its parts."""
    lines: list[str] = []
    for key, value in node.entries:
        if lines and not isinstance(value, Scalar):
            lines.append("")
        lines += _entry(key.text, value, 0)
    return "\n".join(lines) + "\n"


def _entry(key: str, value: Node, indent: int) -> Iterator[str]:
    start = " " * indent + f"{_word(key)}:"
    if isinstance(value, Scalar):
        yield from _scalar_entry(start, value, indent)
    elif isinstance(value, Sequence):
        yield start if value.items else f"{start} []"
        for item in value.items:
            yield from _item(item, indent + 2)
    else:
        yield start if value.entries else f"{start} {{}}"
        for inner, below in value.entries:
            yield from _entry(inner.text, below, indent + 2)


def _scalar_entry(start: str, value: Scalar, indent: int) -> Iterator[str]:
    if value.is_null:
        yield f"{start} null"
    elif "\n" in value.text and _fits_block(value.text):
        yield f"{start} |-"
        for line in value.text.split("\n"):
            yield f"{' ' * (indent + 2)}{line}" if line else ""
    else:
        yield f"{start} {_word(value.text)}"


def _item(node: Node, indent: int) -> Iterator[str]:
    start = " " * indent + "- "
    if isinstance(node, Scalar):
        yield start + ("null" if node.is_null else _word(node.text))
    elif (short := _short(node)) and len(start) + len(short) <= _WIDTH:
        yield start + short
    else:
        yield from _long_item(node, indent)


def _long_item(node: Mapping | Sequence, indent: int) -> Iterator[str]:
    if isinstance(node, Sequence):
        lines = [line for item in node.items for line in _item(item, indent + 2)] or [
            " " * (indent + 2) + "[]"
        ]
    else:
        lines = [line for key, value in node.entries for line in _entry(key.text, value, indent + 2)]
        lines = lines or [" " * (indent + 2) + "{}"]
    yield " " * indent + "- " + lines[0][indent + 2 :]
    yield from lines[1:]


def _short(node: Mapping | Sequence) -> str:
    """`{id: a, text: b}` for a mapping of few one-line values; nothing where it is more than that."""
    if not isinstance(node, Mapping) or not node.entries or len(node.entries) > 6:
        return ""
    parts: list[str] = []
    for key, value in node.entries:
        if not isinstance(value, Scalar) or "\n" in value.text or value.is_null:
            return ""
        parts.append(f"{_word(key.text)}: {_word(value.text, in_braces=True)}")
    return "{" + ", ".join(parts) + "}"


def _fits_block(text: str) -> bool:
    """Whether a literal block gives the text back: no line that is only spaces, none at the ends that is empty."""
    lines = text.split("\n")
    if not lines[0] or not lines[-1] or lines[0][0] in " \t":
        return False
    return all(_BLOCK_LINE.fullmatch(line) and (not line or line.strip(" ")) for line in lines)


def _word(text: str, *, in_braces: bool = False) -> str:
    """A text on one line, quoted where YAML would read something else into it."""
    is_plain = (
        _PLAIN.fullmatch(text) is not None
        and not text.endswith((" ", ":"))
        and text.lower() not in _WORDS
        and not (in_braces and ("," in text or ":" in text))
    )
    return text if is_plain else _quoted(text)


def _quoted(text: str) -> str:
    body = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + _UNSAFE.sub(_escaped, body) + '"'


def _escaped(match: re.Match[str]) -> str:
    char = match.group()
    if char in _ESCAPES:
        return _ESCAPES[char]
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
