"""The rows of the checklist: groups and items. The mark and the number stand left of the label and carry the state."""

from __future__ import annotations

from deploytui.session.label import unplanned_words
from deploytui.session.view import Counts, GroupRow, ItemRow
from deploytui.ui.paint.skin import Piece, Role, Skin, restyled

_ROLES = {
    "open": Role.TEXT,
    "active": Role.INFO,
    "done": Role.OK,
    "skipped": Role.MUTED,
    "failed": Role.BREACH,
    "overridden": Role.WATCH,
    "deferred": Role.MUTED,
    "set_aside": Role.MUTED,
    "saving": Role.WATCH,
}


def counts_text(counts: Counts) -> str:
    """`6 of 8 done · 1 overridden · 1 FAILED`: what can be done now, what else was said, and what nobody planned."""
    words = [f"{counts.done} of {counts.total}"] if counts.total else []
    for count, word in (
        (counts.overridden, "overridden"),
        (counts.skipped, "skipped"),
        (counts.deferred, "deferred"),
        (counts.failed, "FAILED"),
        (counts.set_aside, "not in this session"),
    ):
        if count:
            words.append(f"{count} {word}")
    return " · ".join(words) + unplanned_words(counts)


def group(row: GroupRow, width: int, skin: Skin) -> list[Piece]:
    """A group's heading with its counts."""
    title = skin.foreign(row.title).upper()
    line: list[Piece] = [(f" {title}", skin.style(bold=True))]
    if row.owner:
        line.append((f"  {skin.foreign(row.owner)}", skin.style(Role.MUTED)))
    role = Role.BREACH if row.counts.failed else Role.MUTED
    return skin.spread(line, [(counts_text(row.counts) + " ", skin.style(role))], width)


def item(row: ItemRow, width: int, skin: Skin, *, is_current: bool = False, unsaved: str = "") -> list[Piece]:
    """One item; the current one is a reverse bar. `unsaved` replaces what is on the right."""
    role = _ROLES.get(row.status, Role.TEXT)
    is_said = row.status not in ("open", "active")
    is_plain = row.status in ("open", "active", "done", "saving")
    label_style = skin.style(Role.TEXT if is_plain else role, bold=row.status in ("active", "failed"))
    cursor = skin.glyphs.cursor if is_current else " "
    mark = skin.glyphs.box(row.status, row.is_sensed)
    line: list[Piece] = [
        (f" {cursor}{'  ' * row.depth}", skin.style()),
        (f"{mark} ", skin.style(role, bold=is_said)),
        (f"{row.number} " if row.number else "", skin.style(Role.MUTED)),
    ]
    line.append((skin.foreign(row.label), label_style))
    for aside in (row.sub, row.flags):
        if aside:
            line.append((f"  {skin.foreign(aside)}", skin.style(Role.MUTED)))
    right_text = unsaved or skin.foreign(row.right)
    right_style = skin.style(Role.BREACH, bold=True) if unsaved else skin.style(Role.MUTED)
    whole = skin.spread(line, [(f"{right_text} ", right_style)] if right_text else [], width)
    return restyled(whole, skin.style(bold=True, reverse=True)) if is_current else whole


def empty(text: str, skin: Skin) -> list[Piece]:
    """What stands where there are no rows."""
    return [(f"  {text}", skin.style(Role.MUTED))]
