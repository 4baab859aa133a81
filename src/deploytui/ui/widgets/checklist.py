"""The checklist: one line-API view of any length. A tick repaints one line, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from deploytui.session.rows import Rows
from deploytui.session.view import GroupRow, ItemRow
from deploytui.ui.layout import PaneName
from deploytui.ui.paint import box
from deploytui.ui.paint.checklist import empty, group, item
from deploytui.ui.paint.ink import Ink
from deploytui.ui.widgets.pane import cropped, filtered

_MOST_KEPT = 4096


class _Kept(Struct, frozen=True):
    """A row as it was painted, as it is shown after the line filters, and how much is masked in it."""

    strip: Strip
    shown: Strip
    hidden: int


class Checklist(ScrollView, can_focus=False):
    """Rows by reference; what a row says is asked for when it is drawn, and its strip kept until it changes.

    The frame is drawn here too: the first and the last line of the view are the borders (a rule has only the
    first), so row `y` of the document stands in line `y + 1`.
    """

    class Pointed(Message):
        """A click on a row: it moves the cursor and never ticks."""

        def __init__(self, item_id: str) -> None:
            super().__init__()
            self.item_id = item_id

    def __init__(
        self,
        ink: Ink,
        group_row: Callable[[str], GroupRow],
        item_row: Callable[[str], ItemRow],
        unsaved: Callable[[str], str],
    ) -> None:
        super().__init__(id=PaneName.CHECKLIST)
        self.styles.scrollbar_size_vertical = 0
        self.styles.scrollbar_size_horizontal = 0
        self.ink = ink
        self.edge = box.Edge("1", "Checklist")
        self.nothing = "nothing to do here"
        self.hidden = 0
        self._group_row, self._item_row, self._unsaved = group_row, item_row, unsaved
        self._rows = Rows()
        self._kept: dict[int, _Kept] = {}
        self._live: set[int] = set()
        self._frame_strips: dict[int, tuple[box.Edge, Strip]] = {}
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
        self.scroll_to(y=first, animate=False, immediate=True, force=True)
        self._follow()
        self.refresh()

    def _item_near(self, y: int) -> int:
        """The last row at or above `y` that is an item, else the first one there is; -1 without items."""
        for at in range(min(y, len(self._rows) - 1), -1, -1):
            if self._rows[at][0] == "item":
                return at
        return next((at for at, (kind, _) in enumerate(self._rows) if kind == "item"), -1)

    def frame(self, edge: box.Edge) -> None:
        """Other words on the frame, or another frame."""
        if edge == self.edge:
            return
        has_other_sides = (edge.is_boxed, edge.is_active) != (self.edge.is_boxed, self.edge.is_active)
        self.edge = edge
        if has_other_sides:
            self._forget()
            self._measure()
            self.refresh()
        else:
            self.refresh_line(self.scroll_offset.y)
            self.refresh_line(self.scroll_offset.y + self.size.height - 1)

    def update_items(self, items: Sequence[str] | frozenset[str]) -> None:
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
        for y in sorted(self._live.intersection(range(first, first + self._room()))):
            kept = self._kept.pop(y, None)
            if kept is not None and self._row(y).strip != kept.strip:
                self.refresh_line(y + 1)

    def repaint_fully(self) -> None:
        """Paint all again: after a change of theme or masking."""
        self._forget()
        self.refresh()

    # -- the cursor ------------------------------------------------------------------------------------

    @property
    def cursor_item(self) -> str:
        """The current item's id, or "" where there is none."""
        return self._rows[self._cursor][1] if 0 <= self._cursor < len(self._rows) else ""

    @property
    def item_count(self) -> int:
        return len(self._rows.items)

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
            self.scroll_to(y=0, animate=False, immediate=True)

    def page(self, direction: int) -> None:
        self.step(direction * max(1, self._room() - 1))

    def jump(self, to_end: bool) -> None:
        self._move_to(self._item_near(len(self._rows) if to_end else -1))
        if not to_end:
            self.scroll_to(y=0, animate=False, immediate=True)

    def _move_to(self, y: int) -> None:
        if y == self._cursor or y < 0:
            return
        before, self._cursor = self._cursor, y
        for changed in (before, y):
            if changed >= 0:
                self._redraw(changed)
        self._follow()

    def _follow(self) -> None:
        """Keep the cursor in sight, and the heading above it where it is the first of its group."""
        room = self._room()
        if self._cursor < 0 or room <= 0:
            return
        top = self._cursor
        if top and self._rows[top - 1][0] == "group":
            top -= 1
        first = self.scroll_offset.y
        if top < first:
            self.scroll_to(y=top, animate=False, immediate=True)
        elif self._cursor >= first + room:
            self.scroll_to(y=self._cursor - room + 1, animate=False, immediate=True)

    # -- painting --------------------------------------------------------------------------------------

    def _room(self) -> int:
        return max(0, self.size.height - self.edge.lines)

    def _measure(self) -> None:
        # Only the height counts: a width that followed the terminal's would lay out everything once more.
        self.virtual_size = Size(1, len(self._rows) + self.edge.lines)

    def _redraw(self, y: int) -> None:
        self._kept.pop(y, None)
        self.refresh_line(y + 1)

    def on_resize(self, event: events.Resize) -> None:
        self._measure()
        self._follow()

    def render_line(self, y: int) -> Strip:
        return self.render_lines(Region(0, y, self.size.width, 1))[0]

    def render_lines(self, crop: Region) -> list[Strip]:
        width, height = self.size
        if width != self._width:
            self._width = width
            self._forget()
        first = self.scroll_offset.y - 1
        last = height - 1 if self.edge.is_boxed else -1
        count = len(self._rows)
        strips: list[Strip] = []
        for y in crop.line_range:
            if y in (0, last):
                strips.append(self._frame_strip(y))
            elif first + y < count:
                strips.append(self._row(first + y).shown)
            else:
                strips.append(self._empty_strip(y))
        return cropped(strips, crop, width)

    def _frame_strip(self, y: int) -> Strip:
        edge = self._noted()
        if (kept := self._frame_strips.get(y)) is not None and kept[0] == edge:
            return kept[1]
        paint = box.bottom if y else box.top
        shown = filtered(self, [paint(edge, self._width, self.ink)], self.ink)[0]
        self._frame_strips[y] = (edge, shown)
        return shown

    def _empty_strip(self, y: int) -> Strip:
        says = not self._rows and y == 1
        key = -2 if says else -1
        if (kept := self._frame_strips.get(key)) is not None and kept[0] == self.edge:
            return kept[1]
        line = empty(self.nothing, self.ink) if says else []
        shown = filtered(self, [box.side(line, self._width, self.edge, self.ink)], self.ink)[0]
        self._frame_strips[key] = (self.edge, shown)
        return shown

    def _noted(self) -> box.Edge:
        room, first = self._room(), self.scroll_offset.y
        below = len(self._rows) - first - room
        if below <= 0 and first == 0:
            return self.edge
        note = f"{below} more below" if below > 0 else "end"
        edge = self.edge
        return box.Edge(edge.number, edge.title, edge.aside, note, edge.is_boxed, edge.is_active)

    def _row(self, y: int) -> _Kept:
        if (kept := self._kept.get(y)) is not None:
            return kept
        if len(self._kept) > _MOST_KEPT:
            self._kept.clear()
        kind, ref = self._rows[y]
        width = box.inner_width(self._width, self.edge)
        self.ink.hidden = 0
        self._live.discard(y)
        if kind == "group":
            line = group(self._group_row(ref), width, self.ink)
        else:
            row = self._item_row(ref)
            if row.right and row.status in ("open", "active"):
                self._live.add(y)
            line = item(row, width, self.ink, is_current=y == self._cursor, unsaved=self._unsaved(ref))
        strip = box.side(line, self._width, self.edge, self.ink)
        kept = self._kept[y] = _Kept(strip, filtered(self, [strip], self.ink)[0], self.ink.hidden)
        return kept

    def _forget(self) -> None:
        self._kept.clear()
        self._live.clear()
        self._frame_strips.clear()

    def count_hidden(self) -> int:
        """How many masked texts are in sight."""
        first = self.scroll_offset.y
        seen = range(first, first + self._room())
        return sum(self._kept[y].hidden for y in seen if y in self._kept)

    # -- the mouse -------------------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        event.stop()
        row = self.scroll_offset.y + event.y - 1
        ref = self._rows[row] if 0 <= row < len(self._rows) and event.y > 0 else ("", "")
        self.post_message(self.Pointed(ref[1] if ref[0] == "item" else ""))

    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        event.prevent_default()  # Textual would scroll once more, and slide
        self.scroll_to(y=self.scroll_offset.y + 3, animate=False, immediate=True)

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        event.prevent_default()
        self.scroll_to(y=self.scroll_offset.y - 3, animate=False, immediate=True)
