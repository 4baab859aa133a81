"""Who to call, who signs, what is noted and what was accepted: the parts of a plan that are read by people."""

from __future__ import annotations

import re
from datetime import date

from deploytui.plan.key import DAY
from deploytui.plan.model import Acceptance, Contact, Note, SignoffRole
from deploytui.plan.node import Node, Scalar
from deploytui.plan.part.context import Context
from deploytui.plan.part.field import Fields, fields, list_of
from deploytui.plan.part.item import ITEM_OR_GAUGE

# `[Phone]`, `____`, `TBD`, `{{name}}`: there is a place for it, and nobody filled it in.
_PLACEHOLDER = re.compile(
    r"\[[^\]]*\]|[_.\-–—…?]+|tbd|tba|tbc|todo|n/a|\{\{.*\}\}|@?<[^<>@]*>", re.IGNORECASE
)
_PLACES = ("name", "phone", "email")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def is_placeholder(text: str) -> bool:
    return _PLACEHOLDER.fullmatch(text.strip()) is not None


def build_contacts(context: Context, node: Node | None) -> tuple[Contact, ...]:
    return tuple(
        Contact(
            team=found.line_text("team") or "",
            role=found.line_text("role") or "",
            name=_filled(found, "name"),
            phone=_filled(found, "phone"),
            email=_filled(found, "email"),
            line=found.line,
            places=tuple(key for key in _PLACES if found.has(key)),
        )
        for found in _each(context, node, "contact", "contacts")
    )


def _each(context: Context, node: Node | None, shape: str, key: str) -> list[Fields]:
    nodes = [] if node is None else list_of(context.report, node, key)
    found = (fields(context.report, inner, shape, key) for inner in nodes)
    return [inner for inner in found if inner is not None]


def _filled(found: Fields, key: str) -> str | None:
    """The text, or None where it is nothing, empty or a placeholder."""
    node = found.get(key)
    if isinstance(node, Scalar) and (node.is_null or not node.text.strip()):
        return None
    text = found.line_text(key)
    return None if text is None or is_placeholder(text) else text


def build_signoffs(context: Context, node: Node | None) -> tuple[SignoffRole, ...]:
    found = None if node is None else fields(context.report, node, "signoffs", "signoffs")
    if found is None:
        return ()
    return tuple(
        SignoffRole(when, role.line_text("role") or "", _filled(role, "name"), role.line)
        for when in ("before", "after")
        for role in _each(context, found.get(when), "signoff", when)
    )


def build_notes(context: Context, node: Node | None) -> tuple[Note, ...]:
    return tuple(
        Note(
            kind=found.choice("kind", ("known-issue", "enhancement", "text"), "text"),
            text=found.block_text("text") or "",
            line=found.line,
            severity=found.line_text("severity"),
            plan=found.block_text("plan"),
        )
        for found in _each(context, node, "note", "notes")
    )


def build_acceptances(context: Context, node: Node | None) -> tuple[Acceptance, ...]:
    return tuple(
        Acceptance(
            code=found.line_text("code") or "",
            by=found.line_text("by") or "",
            why=found.line_text("why") or "",
            item=context.references.want(found.get("item"), "item", ITEM_OR_GAUGE),
            until=found.word("until", _parse_day),
            line=found.line,
        )
        for found in _each(context, node, "acceptance", "accept")
    )


def _parse_day(text: str) -> str:
    text = text.strip()
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        date.fromisoformat(text)
    except ValueError:
        raise ValueError(DAY.expected) from None
    return text
