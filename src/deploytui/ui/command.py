"""Every command, declared once: its keys, its words in footer, help, palette and the README's key table.

Nothing here draws or acts. Adding a command is one entry in `COMMANDS` and the one who does it: a pane that binds its id
to an action, or a controller with the id among its `commands`. The tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct
from msgspec.structs import replace


class Command(Struct, frozen=True):
    """One command. `keys` are Textual's names; `shown` is what people read; `footer` "" stays out of the footer.

    `rank` orders the footer: the lowest stay longest when the width is short. One `is_of_item` acts on the checklist's
    current row: while another pane has the keys nobody looks at that. `word` is what a person types in the
    palette before the command's own words, as in `:hold 10m waiting for the DBA`.
    """

    id: str
    keys: tuple[str, ...]
    shown: str
    title: str
    help: str
    group: str
    footer: str = ""
    rank: int = 99
    changes_state: bool = False
    needs_driver: bool = False
    word: str = ""
    is_of_item: bool = False


ITEMS, MOVE, PANES, SESSION, SCREEN = "Items", "Moving", "Panes", "Session", "Screen"
GROUPS = (ITEMS, MOVE, PANES, SESSION, SCREEN)


def _act(
    id: str, keys: tuple[str, ...], shown: str, title: str, help: str, footer: str, rank: int
) -> Command:
    """A command that changes the session: only the driver may."""
    is_of_item = id not in ("checklist.note", "checklist.undo")
    return Command(id, keys, shown, title, help, ITEMS, footer, rank, changes_state=True, needs_driver=True,
                   is_of_item=is_of_item)  # fmt: skip


def _night(
    id: str,
    keys: tuple[str, ...],
    shown: str,
    title: str,
    help: str,
    word: str = "",
) -> Command:
    """A command that says something of the night's time: only the driver may."""
    return Command(id, keys, shown, title, help, SESSION, changes_state=True, needs_driver=True, word=word)


COMMANDS: tuple[Command, ...] = (
    _act("checklist.tick", ("space",), "space", "Tick the item",
         "tick the current item, cursor to the next open one; never unticks", "tick", 2),
    _act("checklist.start", ("b",), "b", "Start the item", "start the current item", "start", 12),
    _act("checklist.skip", ("s",), "s", "Skip the item", "skip, with a reason", "skip", 4),
    _act("checklist.fail", ("f",), "f", "Fail the item",
         "fail: recorded at once, then asks why", "fail", 5),
    _act("checklist.insert", ("i",), "i", "Insert an unplanned item",
         "insert an unplanned item below, marked and counted apart", "", 99),
    _act("checklist.note", ("n",), "n", "Write a note",
         "note on the current item; a half-typed text is kept", "note", 6),
    _act("checklist.undo", ("u",), "u", "Undo the last act",
         "undo the last act; the footer says which", "undo", 3),
    _act("checklist.override", ("o",), "o", "Override the item",
         "override: accept it although it failed or its condition is not met; asks why", "", 99),
    Command("checklist.detail", ("enter",), "enter", "Show details",
            "everything known of the item or gauge; in the timeline: to the checklist of the phase; on the alarm row: all "
            "rollback triggers", ITEMS, "details", 9),
    Command("move.down", ("j", "down"), "j ↓", "Down", "down one row", MOVE),
    Command("move.up", ("k", "up"), "k ↑", "Up", "up one row", MOVE),
    Command("move.top", ("g", "home"), "g", "First row", "first row", MOVE),
    Command("move.bottom", ("G", "end"), "G", "Last row", "last row", MOVE),
    Command("move.page_down", ("pagedown",), "pgdn", "Page down", "one page down", MOVE),
    Command("move.page_up", ("pageup",), "pgup", "Page up", "one page up", MOVE),
    Command("move.next_open", ("full_stop",), ".", "Next open item", "next open item", MOVE, "next open", 10),
    Command("phase.previous", ("h", "left", "left_square_bracket"), "h ← [", "Previous phase",
            "look at the previous phase", MOVE),
    Command("phase.next", ("l", "right", "right_square_bracket"), "l → ]", "Next phase",
            "look at the next phase", MOVE, "phase", 11),
    Command("phase.current", (), "", "Back to the current phase", "back to the current phase", MOVE),
    Command("checklist.filter", ("slash",), "/", "Filter",
            "filter the rows; `/7` jumps to step 7; `esc` clears", MOVE, "find", 7),
    Command("pane.next", ("tab",), "tab", "Next pane", "next pane", PANES),
    Command("pane.previous", ("shift+tab",), "shift+tab", "Previous pane", "previous pane", PANES),
    Command("pane.checklist", ("1",), "1", "Checklist pane", "checklist", PANES),
    Command("pane.timeline", ("2",), "2", "Timeline pane",
            "timeline: up and down or a click pick the phase that the checklist shows", PANES),
    Command("pane.gauges", ("3",), "3", "Gauges pane", "gauges", PANES),
    Command("pane.journal", ("4",), "4", "Journal pane", "journal", PANES),
    Command("gauges.order", ("S",), "S", "Gauges by severity",
            "gauges by severity, worst first, and back to the plan's order", PANES),
    Command("pane.zoom", ("z",), "z", "Zoom the pane",
            "zoom the pane, and back; the timeline: the whole plan, one stage, back", PANES),
    _night("night.promise", ("e",), "e", "Note a promise",
           "promise: by when, and who says so (`10 Kim`)", "promise"),
    _night("night.promise_kept", (), "", "Promise kept", "the oldest open promise was kept"),
    _night("night.promise_broken", (), "", "Promise broken", "the oldest open promise was not kept"),
    _night("night.hold", (), "", "Hold the work",
           "hold: how long and why (`10m waiting for the DBA`); the wall clock goes on", "hold"),
    _night("night.resume", (), "", "Resume the work", "the hold is over"),
    _night("night.move", (), "", "Move an edge",
           "move `end`, `go-live` or a phase's edge by agreement (`end +30m why`)", "move"),
    _night("alarm.ack", ("a",), "a", "Acknowledge the alarm", "acknowledge the alarm shown"),
    _night("baseline.capture", ("B",), "B", "Capture the baseline",
           "capture the baseline, before execution: what relative gauges compare with"),
    _night("baseline.replace", (), "", "Replace the baseline",
           "replace the baseline, before execution; asks why, and the first is kept in the journal"),
    Command("alarm.notify", (), "", "Notifications on or off",
            "a notification of the terminal for each new alarm, on or off", SESSION),
    Command("alarm.bell", (), "", "Bell on or off", "the bell for each new alarm, on or off", SESSION),
    Command("alarm.triggers", (), "", "Rollback triggers", "all rollback triggers and how they stand", SESSION),
    _night("alarm.raise", (), "", "Raise a trigger",
           "raise a rollback trigger by its number (`2`); again takes it back", "raise"),
    _night("alarm.shelve", (), "", "Shelve a trigger",
           "shelve a rollback trigger for a time (`2 30m known and accepted`)", "shelve"),
    Command("rehearsal.faster", (), "", "Rehearsal: twice as fast", "a rehearsal runs twice as fast", SESSION),
    Command("rehearsal.slower", (), "", "Rehearsal: half as fast", "a rehearsal runs half as fast", SESSION),
    Command("rehearsal.speed", (), "", "Rehearsal: its speed", "how many times as fast a rehearsal runs (`180`)",
            SESSION, word="speed"),
    Command("session.card", ("c",), "c", "Decision card",
            "decision card: forward, back, and by when", SESSION),
    Command("session.copy_card", (), "", "Copy the decision card", "copy the decision card", SESSION),
    Command("session.copy_status", ("y",), "y", "Copy the status",
            "copy a one-line status", SESSION),
    Command("session.copy_row", ("Y",), "Y", "Copy the row", "copy the current row", SESSION),
    Command("session.findings", (), "", "Findings of the checklist",
            "what the lint says of the checklist, and what was accepted", SESSION),
    _night("session.accept", (), "", "Accept a finding",
           "accept a finding by its number, with a reason (`3 known until 2026-12-31`)", "accept"),
    Command("session.copy_accepted", (), "", "Copy the accepted findings",
            "copy the lines for the plan's `accept:` list", SESSION),
    Command("session.leave", ("q", "ctrl+q"), "q", "Leave",
            "leave; the session stays open (also `ctrl+c` twice)", SESSION, "leave", 13),
    Command("screen.help", ("question_mark",), "?", "Help", "this help", SCREEN, "help", 0),
    Command("screen.palette", ("colon", "ctrl+p"), ": ctrl+p", "Commands",
            "every command by its name", SCREEN, "commands", 8),
    Command("screen.freeze", ("p",), "p", "Freeze the screen",
            "freeze the screen, and back; probing goes on", SCREEN),
    Command("screen.lock", ("L",), "L", "Lock the keyboard", "lock the keyboard, and unlock", SCREEN),
    Command("screen.unmask", (), "", "Unmask for 30 seconds",
            "show what is masked for 30 seconds, counting down", SCREEN),
    Command("screen.suspend", ("ctrl+z",), "ctrl+z", "Suspend", "suspend to the shell", SCREEN),
    Command("screen.dismiss", ("escape",), "esc", "Close or clear",
            "close, clear; never quits", SCREEN),
)  # fmt: skip

BY_ID = {command.id: command for command in COMMANDS}
BY_KEY = {key: command for command in COMMANDS for key in command.keys}
BY_WORD = {command.word: command for command in COMMANDS if command.word}


def spoken(text: str) -> tuple[Command, str] | None:
    """The command whose word begins the text, and what was typed behind it; None where nothing was, and where the
    text is a part of a command's title: `promise kept` is no promise."""
    word, _, rest = text.strip().partition(" ")
    command = BY_WORD.get(word.casefold())
    words = text.casefold().split()
    if any(all(one in known.title.casefold() for one in words) for known in COMMANDS):
        return None
    return (command, rest.strip()) if command is not None and rest.strip() else None


def search(query: str) -> list[Command]:
    """The commands whose title, id or help hold every word of `query`, titles first."""
    words = query.casefold().split()

    def place(command: Command) -> int | None:
        title = command.title.casefold()
        if all(word in title for word in words):
            return 0
        whole = f"{title} {command.id} {command.help.casefold()}"
        return 1 if all(word in whole for word in words) else None

    found = [(rank, command) for command in COMMANDS if (rank := place(command)) is not None]
    return [command for _, command in sorted(found, key=lambda pair: pair[0])]


# What the footer says while another pane than the checklist has the keys, from the left; the first three stay longest,
# and the palette comes behind them.
_FOOTERS = {
    "timeline": (("move.down", "j/k", "pick a phase"), ("checklist.detail", "enter", "its checklist"),
                 ("pane.zoom", "z", "zoom"), ("pane.next", "tab", "next pane")),
    "gauges": (("move.down", "j/k", "pick a gauge"), ("checklist.detail", "enter", "details"),
               ("pane.checklist", "1", "checklist"), ("gauges.order", "S", "by severity"),
               ("pane.zoom", "z", "zoom"), ("alarm.ack", "a", "ack")),
    "journal": (("move.down", "j/k", "scroll"), ("move.top", "g", "newest"), ("pane.checklist", "1", "checklist"),
                ("pane.zoom", "z", "zoom"), ("move.bottom", "G", "oldest")),
    "alarm": (("checklist.detail", "enter", "triggers"), ("alarm.ack", "a", "ack"),
              ("pane.checklist", "1", "checklist"), ("session.card", "c", "decision card")),
}  # fmt: skip
# In every pane, at the right: undo, which says what it would undo, the palette and the help; with their ranks there.
_EVERYWHERE = (("checklist.undo", 20), ("screen.palette", 4), ("screen.help", 0))


def footer_commands(pane: str, active: Collection[str]) -> list[Command]:
    """What the footer may show of the active commands, in its order; `rank` says what goes first when it is tight."""
    if pane == "checklist":
        return [command for command in COMMANDS if command.footer and command.id in active]
    shown = [
        replace(BY_ID[name], shown=keys, footer=words, rank=place if place <= 3 else 10 + place)
        for place, (name, keys, words) in enumerate(_FOOTERS.get(pane, ()), 1)
    ]
    shown += [replace(BY_ID[name], rank=rank) for name, rank in _EVERYWHERE]
    return [command for command in shown if command.id in active]
