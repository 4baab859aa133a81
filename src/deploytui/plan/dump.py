"""Raw nodes as YAML text in the strict form of the format: what `import` writes reads back as the same nodes."""

from __future__ import annotations

import re

import yaml

from deploytui.plan.node import Mapping, Node, Scalar, Sequence

_UNSAFE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
# A literal block does not give back a line of blanks, nor what is empty at its ends.
_NO_BLOCK = re.compile(r"\A\s|\s\Z|^ +$", re.MULTILINE)
_WIDTH = 120
_TAG = "tag:yaml.org,2002:"


def dump_yaml(node: Mapping) -> str:
    """The document, with an empty line between its parts."""
    text = ""
    for key, value in node.entries:
        part = _node(Mapping([(key, value)]))
        # The C library writes an emoji as its number.
        written = yaml.serialize(part, Dumper=yaml.SafeDumper, allow_unicode=True, width=1 << 30)
        text += "\n" * bool(text and not isinstance(value, Scalar)) + written
    return text


def _node(node: Node) -> yaml.Node:
    if isinstance(node, Scalar):
        if node.is_null:
            return yaml.ScalarNode(_TAG + "null", "null")
        style = None
        if _UNSAFE.search(node.text) or "\n" in node.text:
            style = '"' if _UNSAFE.search(node.text) or _NO_BLOCK.search(node.text) else "|"
        kind = "int" if re.fullmatch("[1-9][0-9]*", node.text) else "str"
        return yaml.ScalarNode(_TAG + kind, node.text, style=style)
    if isinstance(node, Sequence):
        return yaml.SequenceNode(_TAG + "seq", [*map(_item, node.items)], flow_style=not node.items)
    entries = [(_node(key), _node(value)) for key, value in node.entries]
    return yaml.MappingNode(_TAG + "map", entries, flow_style=not entries)


def _item(node: Node) -> yaml.Node:
    """`{id: a, text: b}` for a mapping of few short values."""
    if isinstance(node, Mapping) and 0 < len(node.entries) <= 6:
        words = [part for entry in node.entries for part in entry if isinstance(part, Scalar)]
        is_whole = len(words) == 2 * len(node.entries) and not any("\n" in word.text for word in words)
        if is_whole and sum(len(word.text) + 2 for word in words) < _WIDTH:
            entries = [(_node(key), _node(value)) for key, value in node.entries]
            return yaml.MappingNode(_TAG + "map", entries, flow_style=True)
    return _node(node)
