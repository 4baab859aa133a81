"""Small opaque dialogs over the dashboard, which goes on behind them. Each is typed by what it returns; esc is None."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from rich.highlighter import Highlighter
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Label

from deploytui.base.text import clean_line
from deploytui.ui.layout import LEAST, fits
from deploytui.ui.paint.skin import Skin

T = TypeVar("T")


class Dialog(ModalScreen[T]):
    """A box in the middle with a title and a hint on its edges; a subclass gives what stands in it."""

    ALLOW_SELECT = False
    AUTO_FOCUS = "Input"
    CSS_PATH = Path(__file__).parents[1] / "styles" / "dialog.tcss"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-tiny"), (LEAST[0], "-slim"), (61, "-roomy"), (71, "-wide"),
    ]  # fmt: skip
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (LEAST[1], "-low"), (20, "-high")]  # noqa: RUF012
    BINDINGS: ClassVar[list[Any]] = [Binding("escape", "cancel", "Close", show=False)]

    title_text = ""
    hint = ""
    width = 64
    must_be_seen = False  # what it asks may be answered only where all of it can be read

    def __init__(self, skin: Skin) -> None:
        super().__init__()
        self.skin = skin
        self.set_class(self.must_be_seen, "-must-be-seen")

    def parts(self) -> ComposeResult:
        """What stands in the box."""
        raise NotImplementedError

    def make_box(self) -> Widget:
        """The box; it scrolls where its parts are more than the window."""
        return VerticalScroll(*self.parts(), id="box", can_focus=False)

    def compose(self) -> ComposeResult:
        box = self.make_box()
        box.styles.width = self.width
        box.border_title = Content(self.skin.foreign(self.title_text))
        box.border_subtitle = Content(self.hint)
        yield box
        if self.must_be_seen:
            yield Label(id="too-small")

    def on_resize(self, event: events.Resize) -> None:
        if self.must_be_seen:
            found, needed = (f"{width}×{height}" for width, height in (event.size, LEAST))
            self.query_one("#too-small", Label).update(Content(f"{found}, needs {needed}: too small"))

    @property
    def may_be_answered(self) -> bool:
        """Whether a key but esc may mean anything here."""
        return not self.must_be_seen or fits(self.app.size, LEAST)

    @property
    def field(self) -> LineInput:
        """The input, of those that have one."""
        return self.query_one(LineInput)

    def action_cancel(self) -> None:
        self.dismiss(None)


def line(text: str, classes: str = "") -> Label:
    """A line of text, which nothing in it can style."""
    return Label(Content(text), classes=classes)


def field(label: str, field: LineInput, classes: str = "") -> Horizontal:
    """An input behind what it asks for."""
    return Horizontal(line(label), field, classes=f"row field {classes}")


class LineInput(Input):
    """One line that takes clean text, as much as it may hold, and says when that was not all. `hide` masks the value it
    begins with: whoever goes on with it sees what they type."""

    class Cut(Message):
        """`most` characters are in it: the rest of what was typed or pasted is not."""

        def __init__(self, most: int) -> None:
            super().__init__()
            self.most = most

    def __init__(
        self, value: str = "", *, max_length: int = 2000, hide: Callable[[str], str] | None = None
    ) -> None:
        hidden = None if hide is None or not value else _Hidden(value, hide)
        super().__init__(
            value, highlighter=hidden, max_length=max_length, compact=True, select_on_focus=False
        )
        self.cursor_blink = False

    def on_mount(self) -> None:
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


class _Hidden(Highlighter):
    """Shows one text masked, as many cells wide, and every other as it is."""

    def __init__(self, value: str, hide: Callable[[str], str]) -> None:
        self._value, self._hide = value, hide

    def highlight(self, text: Text) -> None:
        if text.plain == self._value:
            text.plain = self._hide(self._value)
