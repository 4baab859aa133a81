"""Whether a command may be done now, from here; where not, the words for it."""

from __future__ import annotations

from deploytui.session.act import AddNote
from deploytui.ui.command import Command
from deploytui.ui.control.proposal import refusal
from deploytui.ui.desk import Desk
from deploytui.ui.layout import PaneName

# What still works where the window is too small to see what one does.
_ALWAYS = ("session.leave", "screen.suspend", "screen.dismiss", "screen.lock")

_OF_ROWS = ("move.down", "move.up", "move.page_down", "move.page_up", "move.top", "move.bottom")


def why_not_write(desk: Desk) -> str:
    """Why nothing at all may be written from here; "" where this program drives."""
    if not desk.session.is_driving:
        return f"following, read-only: {desk.session.state.driver or 'nobody'} drives"
    return refusal(desk, AddNote("-"))


def why_not(desk: Desk, command: Command, active: PaneName) -> str:
    """Why a command is not done while this pane has the keys; the rules of an act are asked when it is proposed."""
    why = why_not_write(desk) if command.needs_driver else ""
    if not why and command.is_of_item and active is not PaneName.CHECKLIST:
        return "that acts in the checklist: 1 goes there"
    if not why and active is PaneName.ALARM and command.id in _OF_ROWS:
        return "there is one row here: 1 goes to the checklist"
    return why


def is_always_done(command: Command) -> bool:
    """Whether it is done also where the window is too small."""
    return command.id in _ALWAYS
