"""Small opaque dialogs over the dashboard, which goes on behind them. Each is typed by what it returns; esc is None."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from rich.highlighter import Highlighter
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.geometry import Size
from textual.layout import Layout
from textual.message import Message
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Input

from deploytui.base.text import clean_line
from deploytui.ui.layout import LEAST, Rect
from deploytui.ui.paint import box
from deploytui.ui.paint.bar import too_small
from deploytui.ui.paint.ink import Ink, Piece, Role
from deploytui.ui.screens.frame import PlacedLayout
from deploytui.ui.widgets.pane import Pane

T = TypeVar("T")
_MARGIN = 2
# The clocks, the stages and the alarm row stay in sight above a dialog, where there are lines enough for both.
_BARS, _LEAST_BARS = 3, 20


class _Body(Pane):
    """The dialog's box and its lines."""

    def __init__(self, dialog: Dialog[Any], ink: Ink) -> None:
        super().__init__(ink, "body")
        self._dialog = dialog

    def paint(self, width: int, height: int) -> list[Strip]:
        return self._dialog.draw(width, height)


class Dialog(ModalScreen[T]):
    """A box in the middle; a subclass gives its lines, and where its input stands if it has one."""

    ALLOW_SELECT = False
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[Any]] = [
        Binding("escape", "cancel", "Close", show=False),
        Binding("down", "scroll(1)", "Down", show=False),
        Binding("up", "scroll(-1)", "Up", show=False),
        Binding("pagedown", "scroll(10)", "Page down", show=False),
        Binding("pageup", "scroll(-10)", "Page up", show=False),
        Binding("tab,shift+tab", "stay", "Stay", show=False),
    ]

    title_text = ""
    hint = ""
    width = 64
    input_line: int | None = None
    has_box = True
    must_be_seen = False  # what it asks may be answered only where all of it can be read

    def __init__(self, ink: Ink) -> None:
        super().__init__()
        self.ink = ink
        self.first = 0
        self.field: Input | None = None
        self._placed = PlacedLayout(self._place)
        self.body = _Body(self, ink)

    # -- what a subclass says --------------------------------------------------------------------------

    def content(self, width: int) -> list[list[Piece]]:
        """The lines inside the box, `width` cells at most."""
        raise NotImplementedError

    def make_input(self) -> Input | None:
        """The input, for those that have one."""
        return None

    # -- drawing ---------------------------------------------------------------------------------------

    @property
    def layout(self) -> Layout:
        return self._placed

    def compose(self) -> ComposeResult:
        yield self.body
        self.field = self.make_input()
        if self.field is not None:
            yield self.field

    def box_of(self, size: Size) -> Rect:
        """Where the box stands."""
        width = min(self.width, size.width - 2 * (_MARGIN if size.width > 60 else 0))
        above, below = (_BARS, 1) if size.height >= _LEAST_BARS else (0, 0)
        height = min(len(self.content(width - 4)) + 2, size.height - above - below)
        return Rect((size.width - width) // 2, max(above, (size.height - height) // 2), width, height)

    def _place(self, size: Size) -> Mapping[str, Rect]:
        if self._is_unseen(size):
            return {"body": Rect(0, 0, size.width, 1)}
        rect = self.box_of(size)
        rects = {"body": rect}
        if self.input_line is not None:
            edge = 1 if self.has_box else 0
            indent = self.input_indent()
            row = rect.y + edge + self.input_line - self.first
            width = rect.width - 2 * edge - indent - 1
            rects["field"] = Rect(rect.x + edge + indent, row, width, 1)
        return rects

    def input_indent(self) -> int:
        """How many cells of its line stand left of the input."""
        return 1

    def _is_unseen(self, size: Size) -> bool:
        return self.must_be_seen and (size.width < LEAST[0] or size.height < LEAST[1])

    @property
    def may_be_answered(self) -> bool:
        """Whether a key but esc may mean anything here."""
        return not self._is_unseen(self.app.size)

    def draw(self, width: int, height: int) -> list[Strip]:
        """The box as strips."""
        if not self.may_be_answered:
            return [too_small(self.app.size.width, self.app.size.height, self.ink)]
        lines = [[(" ", self.ink.style()), *line] for line in self.content(width - 4)]
        room = height - 2
        self.first = max(0, min(self.first, len(lines) - room))
        note = self.hint
        if len(lines) > room:
            note = f"{self.first + 1}-{self.first + room} of {len(lines)} {self.ink.glyphs.separator} {note}"
        edge = box.Edge("", self.title_text, "", note, is_boxed=True, is_active=True)
        return box.enclose(lines[self.first : self.first + room], width, height, edge, self.ink)

    def muted(self, text: str) -> list[Piece]:
        return [(text, self.ink.style(Role.MUTED))]

    def plain(self, text: str, *, bold: bool = False) -> list[Piece]:
        return [(text, self.ink.style(bold=bold))]

    # -- keys ------------------------------------------------------------------------------------------

    def action_cancel(self) -> None:
        self.dismiss(None)

    def action_scroll(self, by: int) -> None:
        self.first = max(0, self.first + by)
        self.body.repaint()

    def action_stay(self) -> None:
        """There is nowhere else to go with tab."""


def one_line_input(value: str, *, max_length: int = 2000, hide: Callable[[str], str] | None = None) -> Input:
    """An input in our colours; what is pasted into it is cleaned like all that enters. `hide` masks the value it
    begins with: whoever goes on with it sees what they type."""
    shown = None if hide is None or not value else _Hidden(value, hide)
    return LineInput(
        value=value, highlighter=shown, max_length=max_length, id="field", compact=True, select_on_focus=False
    )


class _Hidden(Highlighter):
    """Shows one text masked, as many cells wide, and every other as it is."""

    def __init__(self, value: str, hide: Callable[[str], str]) -> None:
        self._value, self._hide = value, hide

    def highlight(self, text: Text) -> None:
        if text.plain == self._value:
            text.plain = self._hide(self._value)


class LineInput(Input):
    """One line that takes clean text, as much as it may hold, and says when that was not all."""

    class Cut(Message):
        """`most` characters are in it: the rest of what was typed or pasted is not."""

        def __init__(self, most: int) -> None:
            super().__init__()
            self.most = most

    def on_mount(self) -> None:
        self.cursor_blink = False
        self.cursor_position = len(self.value)

    def on_paste(self, event: events.Paste) -> None:
        """All lines of a paste, as one; Textual would take the first and drop the rest in silence."""
        event.stop()
        event.prevent_default()
        text = clean_line(event.text.strip())
        room = (self.max_length or len(text)) - len(self.value)
        if text[:room]:
            self.insert_text_at_cursor(text[:room])
        if len(text) > room:
            self.restricted()

    def restricted(self) -> None:
        self.post_message(self.Cut(self.max_length or 0))
