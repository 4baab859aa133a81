"""What the last row offers: the keys that act in the pane that has them, and which of them go first when it is tight."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec.structs import replace

from deploytui.ui.command import BY_ID, COMMANDS, Command
from deploytui.ui.layout import PaneName

# Of each pane but the checklist, in the order of the row: the command, its keys and what they do there. The first
# three stay longest, then all commands; undo says what it would undo, and acts from everywhere.
_OTHERS: Mapping[str, Sequence[tuple[str, str, str]]] = {
    PaneName.TIMELINE: (
        ("move.down", "j/k", "pick a phase"),
        ("checklist.detail", "enter", "its checklist"),
        ("pane.zoom", "z", "zoom"),
        ("pane.next", "tab", "next pane"),
    ),
    PaneName.GAUGES: (
        ("move.down", "j/k", "pick a gauge"),
        ("checklist.detail", "enter", "details"),
        ("pane.checklist", "1", "checklist"),
        ("gauges.order", "S", "by severity"),
        ("pane.zoom", "z", "zoom"),
        ("alarm.ack", "a", "ack"),
    ),
    PaneName.JOURNAL: (
        ("move.down", "j/k", "scroll"),
        ("move.top", "g", "newest"),
        ("pane.checklist", "1", "checklist"),
        ("pane.zoom", "z", "zoom"),
        ("move.bottom", "G", "oldest"),
    ),
    PaneName.ALARM: (
        ("checklist.detail", "enter", "triggers"),
        ("alarm.ack", "a", "ack"),
        ("pane.checklist", "1", "checklist"),
        ("session.card", "c", "decision card"),
    ),
}
_FIRST = 3
_EVERYWHERE = ((20, "checklist.undo"), (_FIRST + 1, "screen.palette"), (0, "screen.help"))


def footer_commands(pane: str, active: Collection[str]) -> list[Command]:
    """What the footer may show of the active commands, in its order; `rank` says what goes first when it is tight."""
    if (own := _OTHERS.get(pane)) is None:
        return [command for command in COMMANDS if command.footer and command.id in active]
    shown = [
        replace(BY_ID[command], shown=keys, footer=words, rank=place if place <= _FIRST else 10 + place)
        for place, (command, keys, words) in enumerate(own, 1)
    ]
    everywhere = (replace(BY_ID[command], rank=rank) for rank, command in _EVERYWHERE)
    return [command for command in (*shown, *everywhere) if command.id in active]
