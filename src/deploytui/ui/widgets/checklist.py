"""The checklist: one line-API view of any length. A tick repaints one line, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, ClassVar

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from deploytui.session.act import Act, CheckItem, FailItem, InsertItem, OverrideItem, SkipItem, StartItem
from deploytui.session.view import GroupRow, ItemRow, Rows
from deploytui.ui.layout import PaneName
from deploytui.ui.paint.checklist import empty, group, item
from deploytui.ui.paint.skin import Skin
from deploytui.ui.widgets.framed import FAR, MOVES
from deploytui.ui.widgets.pane import Framed, bindings

_MOST_KEPT = 4096
ACTS: Mapping[str, Callable[[str], Act]] = {
    "tick": CheckItem, "start": StartItem, "skip": SkipItem, "fail": FailItem, "override": OverrideItem,
    "insert": InsertItem,
}  # fmt: skip


_Kept = tuple[Strip, int]  # a row as it was painted, and how much is masked in it


class Checklist(Framed, ScrollView, can_focus=True, inherit_bindings=False):
    """Rows by reference; what a row says is asked for when it is drawn, and its strip kept until it changes."""

    number, title = "1", "Checklist"

    BINDINGS: ClassVar[list[Any]] = bindings({
        **MOVES, "checklist.tick": "screen.propose('tick')", "checklist.start": "screen.propose('start')",
        "checklist.skip": "screen.propose('skip')", "checklist.fail": "screen.propose('fail')",
        "checklist.override": "screen.propose('override')", "checklist.insert": "screen.propose('insert')",
        "checklist.detail": "screen.show_item",
    })  # fmt: skip

    class CursorMoved(Message):
        """Another item is the current one."""

    def __init__(
        self,
        skin: Skin,
        group_row: Callable[[str], GroupRow],
        item_row: Callable[[str], ItemRow],
        unsaved: Callable[[str], str],
    ) -> None:
        super().__init__(id=PaneName.CHECKLIST)
        self.skin = skin
        self.nothing = "nothing to do here"
        self.hidden = 0
        self._aside = ""
        self._group_row, self._item_row, self._unsaved = group_row, item_row, unsaved
        self._rows = Rows()
        self._kept: dict[int, _Kept] = {}
        self._live: set[int] = set()
        self._cursor = -1
        self._width = 0

    # -- what is shown ---------------------------------------------------------------------------------

    def load(self, rows: Rows, cursor: str = "", *, is_same: bool = False) -> None:
        """Show other rows; the cursor goes to that item, else to the first one. `is_same` says that they are the
        old ones but for a few: then the current row stays where it is seen, and a cursor whose row went goes up."""
        before, seen_at = self._cursor, self._cursor - self.scroll_offset.y
        self._rows = rows
        self._forget()
        wanted = rows.row_of(cursor)
        self._cursor = self._item_near(before - 1 if is_same else -1) if wanted is None else wanted
        self._measure()
        first = max(0, self._cursor - seen_at) if is_same else 0
        self._begin_at(first)
        self._follow()
        self.refresh()

    def _item_near(self, y: int) -> int:
        """The last row at or above `y` that is an item, else the first one there is; -1 without items."""
        for at in range(min(y, len(self._rows) - 1), -1, -1):
            if self._rows[at][0] == "item":
                return at
        return next((at for at, (kind, _) in enumerate(self._rows) if kind == "item"), -1)

    def say_aside(self, aside: str) -> None:
        """What the frame says behind the title."""
        self._aside = aside
        self._say_more()

    def _say_more(self) -> None:
        """How many rows there are below those in sight, on the frame."""
        first = self.scroll_offset.y
        below = len(self._rows) - first - self.size.height
        self.say_on_frame(self._aside, f"{below} more below" if below > 0 else "end" if first else "")

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._say_more()

    def update_items(self, items: Collection[str]) -> None:
        """These items changed: their rows are asked for again."""
        groups: set[int] = set()
        for changed in items:
            if (y := self._rows.row_of(changed)) is not None:
                self._redraw(y)
                groups.add(self._rows.heading(y))
        for y in groups:
            if y >= 0:
                self._redraw(y)

    def update_seen(self) -> None:
        """Rows whose words change with time: those in sight are compared, and repainted where they differ."""
        first = self.scroll_offset.y
        for y in sorted(self._live.intersection(range(first, first + self.size.height))):
            kept = self._kept.pop(y, None)
            if kept is not None and self._row(y)[0] != kept[0]:
                self.refresh_line(y)

    def repaint_fully(self) -> None:
        """Paint all again: after a change of theme or masking."""
        self._forget()
        self.refresh()

    # -- keys ------------------------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        if abs(by) == FAR:
            self.jump(to_end=by > 0)
        else:
            self.step(by)

    def action_move_pages(self, by: int) -> None:
        self.step(by * max(1, self.size.height - 1))

    # -- the cursor ------------------------------------------------------------------------------------

    @property
    def cursor_item(self) -> str:
        """The current item's id, or "" where there is none."""
        return self._rows[self._cursor][1] if 0 <= self._cursor < len(self._rows) else ""

    @property
    def item_count(self) -> int:
        return self._rows.item_count

    def has_item(self, item_id: str) -> bool:
        return self._rows.row_of(item_id) is not None

    def point_to(self, item_id: str) -> None:
        """Put the cursor on that item, where it is in the rows."""
        if (y := self._rows.row_of(item_id)) is not None:
            self._move_to(y)

    def step(self, by: int) -> None:
        """Move by that many items; groups are passed over, the ends hold."""
        direction = 1 if by > 0 else -1
        y = self._cursor
        for _ in range(abs(by)):
            after = y + direction
            while 0 <= after < len(self._rows) and self._rows[after][0] != "item":
                after += direction
            if not 0 <= after < len(self._rows):
                break
            y = after
        self._move_to(y)
        if direction < 0 and y <= 1:
            self._begin_at(0)

    def jump(self, to_end: bool) -> None:
        self._move_to(self._item_near(len(self._rows) if to_end else -1))
        if not to_end:
            self._begin_at(0)

    def _move_to(self, y: int) -> None:
        if y == self._cursor or y < 0:
            return
        before, self._cursor = self._cursor, y
        for changed in (before, y):
            if changed >= 0:
                self._redraw(changed)
        self._follow()
        self.post_message(self.CursorMoved())

    def _follow(self) -> None:
        """Keep the cursor in sight, and the heading above it where it is the first of its group."""
        room = self.size.height
        if self._cursor < 0 or room <= 0:
            return
        top = self._cursor
        if top and self._rows[top - 1][0] == "group":
            top -= 1
        first = self.scroll_offset.y
        if top < first:
            self._begin_at(top)
        elif self._cursor >= first + room:
            self._begin_at(self._cursor - room + 1)

    def _begin_at(self, y: int) -> None:
        """Show the rows from `y` on. Without force Textual asks its scrollbar, which has no width here."""
        self.scroll_to(y=y, animate=False, immediate=True, force=True)

    # -- painting --------------------------------------------------------------------------------------

    def _measure(self) -> None:
        # Only the height counts: a width that followed the terminal's would lay out everything once more.
        self.virtual_size = Size(1, len(self._rows))
        self._say_more()

    def _redraw(self, y: int) -> None:
        self._kept.pop(y, None)
        self.refresh_line(y)

    def on_resize(self, event: events.Resize) -> None:
        self._measure()
        self._follow()

    def render_line(self, y: int) -> Strip:
        if self.size.width != self._width:
            self._width = self.size.width
            self._forget()
        row = self.scroll_offset.y + y
        if row < len(self._rows):
            return self._row(row)[0]
        says = empty(self.nothing, self.skin) if not self._rows and y == 0 else []
        return self.skin.line(says, self._width)

    def _row(self, y: int) -> _Kept:
        if (kept := self._kept.get(y)) is not None:
            return kept
        if len(self._kept) > _MOST_KEPT:
            self._kept.clear()
        kind, ref = self._rows[y]
        width = self._width
        self.skin.hidden = 0
        self._live.discard(y)
        if kind == "group":
            line = group(self._group_row(ref), width, self.skin)
        else:
            row = self._item_row(ref)
            if row.right and row.status in ("open", "active"):
                self._live.add(y)
            line = item(row, width, self.skin, is_current=y == self._cursor, unsaved=self._unsaved(ref))
        kept = self._kept[y] = self.skin.strip(line, width), self.skin.hidden
        return kept

    def _forget(self) -> None:
        self._kept.clear()
        self._live.clear()

    def count_hidden(self) -> int:
        """How many masked texts are in sight."""
        first = self.scroll_offset.y
        seen = range(first, first + self.size.height)
        return self.frame_hidden + sum(self._kept[y][1] for y in seen if y in self._kept)

    # -- the mouse -------------------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor. It never ticks."""
        event.stop()
        row = self.scroll_offset.y + event.y - self.gutter.top
        ref = self._rows[row] if 0 <= row < len(self._rows) and event.y >= self.gutter.top else ("", "")
        if ref[0] == "item":
            self._move_to(row)

    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        event.prevent_default()  # Textual would scroll once more, and slide
        self._begin_at(self.scroll_offset.y + 3)

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        event.prevent_default()
        self._begin_at(self.scroll_offset.y - 3)
