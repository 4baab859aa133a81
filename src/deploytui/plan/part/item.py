"""Items: bare text or a mapping, with what binds them to gauges, commands, decisions and each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from deploytui.base.text import clean_block
from deploytui.plan.key import COMMAND, LINK, MAX_COMMAND, MAX_DEPTH, Word
from deploytui.plan.limit import limit_in_note, limit_in_text
from deploytui.plan.model import Command, Condition, Edge, Gate, Item, Mark
from deploytui.plan.node import Mapping, Node
from deploytui.plan.part.context import Context
from deploytui.plan.part.field import Fields, choice, fields, line_text, scalar
from deploytui.plan.part.report import Report, describe
from deploytui.plan.window import parse_edge

ITEM, ITEM_OR_GAUGE, GAUGE, PHASE = "an item", "an item or a gauge", "a gauge", "a phase"
_MARKS = tuple(mark.value for mark in Mark)
_LINK = re.compile(r"https?://\S+")


def build_items(
    context: Context, nodes: Sequence[Node], prefix: str, *, is_ordered: bool = False, depth: int = 0
) -> tuple[Item, ...]:
    """The items of one list; what cannot be read is reported and left out."""
    if nodes and depth >= MAX_DEPTH:
        context.report.add(nodes[0], f"items nested deeper than {MAX_DEPTH}", "a flatter list", key="items")
        return ()
    built = (_build_item(context, node, prefix, is_ordered, depth) for node in nodes)
    return tuple(item for item in built if item is not None)


def _build_item(context: Context, node: Node, prefix: str, is_ordered: bool, depth: int) -> Item | None:
    context.count_item(node)
    if not isinstance(node, Mapping):
        text = line_text(context.report, node, "items")
        if text is None:
            return None
        item_id = context.ids.take(None, prefix, text, "item")
        return Item(item_id, text, node.line, is_ordered, limit=limit_in_text(text))
    found = fields(context.report, node, "item", "items")
    return None if found is None else _from_fields(context, found, prefix, is_ordered, depth)


def _from_fields(context: Context, found: Fields, prefix: str, is_ordered: bool, depth: int) -> Item:
    text = found.line_text("text") or ""
    item_id = context.ids.take(found.get("id"), prefix, text, "item")
    values: dict[str, Any] = {}
    # Most items have two or three of the keys; asking for all of them would be half of the time of a big file.
    for key in found.names():
        if (reader := _READERS.get(key)) is not None:
            name, read = reader
            values[name] = read(context, found)
    return Item(
        id=item_id,
        text=text,
        line=found.line,
        is_ordered=is_ordered,
        limit=limit_in_text(text) or limit_in_note(values.get("note") or ""),
        items=build_items(context, found.list_of("items"), item_id, depth=depth + 1),
        **values,
    )


def _parse_link(text: str) -> str:
    text = text.strip()
    if not _LINK.fullmatch(text) or not text.isprintable() or len(text) > MAX_COMMAND:
        raise ValueError(LINK.expected)
    return text


def _edge_reader(context: Context) -> Callable[[str], Edge]:
    return lambda text: parse_edge(text, context.go_live)


def _build_condition(context: Context, node: Node | None) -> Condition | None:
    found = None if node is None else fields(context.report, node, "condition", "when")
    if found is None:
        return None
    return Condition(
        gauge=context.references.want(found.get("gauge"), "gauge", GAUGE) or "",
        level=found.choice("is", ("ok", "breach"), "ok"),
        for_s=found.duration("for"),
        ticks=found.choice("ticks", ("self", "person"), "person"),
    )


def _build_command(report: Report, node: Node | None) -> Command | None:
    found = None if node is None else fields(report, node, "command", "run")
    if found is None:
        return None
    return Command(read_argv(report, found, "command"), found.duration("timeout", 300))


def read_argv(report: Report, found: Fields, key: str) -> tuple[str, ...]:
    """A command's words. They run as they stand here, so what could not be shown as it is, is refused."""
    node = found.get(key)
    if node is None:
        return ()
    expected = COMMAND.value.expected if isinstance(COMMAND.value, Word) else ""
    words: list[str] = []
    for part in found.list_of(key):
        word = scalar(report, part, expected, key)
        if word is None:
            continue
        if clean_block(word.text) != word.text:
            report.add(part, f"{describe(part)} with characters that do not show", "printable text", key=key)
        words.append(word.text)
    if sum(map(len, words)) > MAX_COMMAND:
        report.add(
            node, f"a command of {sum(map(len, words)):,} characters", f"at most {MAX_COMMAND:,}", key=key
        )
    if not words or not words[0]:
        report.add(node, "a command without a program", "[program, argument, …]", key=key)
    return tuple(words)


def _build_gate(context: Context, node: Node | None) -> Gate | None:
    found = None if node is None else fields(context.report, node, "gate", "gate")
    if found is None:
        return None
    return Gate(
        roles=found.choice("roles", ("before", "after"), "before"),
        relies_on=context.references.want_all(found.list_of("relies_on"), "relies_on", ITEM_OR_GAUGE),
        valid_s=found.duration("valid", 1800),
    )


def _build_marks(report: Report, nodes: Sequence[Node]) -> tuple[Mark, ...]:
    names = (choice(report, node, _MARKS, "marks") for node in nodes)
    return tuple(dict.fromkeys(Mark(name) for name in names if name is not None))


# How each key of an item is read, and the field of Item it fills.
_READERS: dict[str, tuple[str, Callable[[Context, Fields], object]]] = {
    "optional": ("optional", lambda context, found: found.line_text("optional")),
    "owner": ("owner", lambda context, found: found.line_text("owner")),
    "note": ("note", lambda context, found: found.block_text("note")),
    "link": ("link", lambda context, found: found.word("link", _parse_link)),
    "evidence": ("needs_evidence", lambda context, found: found.choice("evidence", ("required",), "") != ""),
    "needs": (
        "needs",
        lambda context, found: context.references.want_all(found.list_of("needs"), "needs", ITEM),
    ),
    "duration": ("duration_s", lambda context, found: found.optional_duration("duration")),
    "not_before": ("not_before", lambda context, found: found.word("not_before", _edge_reader(context))),
    "every": ("every_s", lambda context, found: found.optional_duration("every")),
    "when": ("when", lambda context, found: _build_condition(context, found.get("when"))),
    "run": ("run", lambda context, found: _build_command(context.report, found.get("run"))),
    "announce": ("announce", lambda context, found: found.block_text("announce")),
    "gate": ("gate", lambda context, found: _build_gate(context, found.get("gate"))),
    "marks": ("marks", lambda context, found: _build_marks(context.report, found.list_of("marks"))),
    "decide": ("decide", lambda context, found: found.flag("decide")),
}
