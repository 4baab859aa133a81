"""The dialogs that are only read: help, details, a gauge. They scroll, and any of esc, q and enter closes them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, ClassVar

from rich.cells import cell_len
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from deploytui.metrics.board import Level
from deploytui.metrics.history import Cell, Tier, columns_of
from deploytui.session.gauge_detail import GaugePage
from deploytui.session.view import DetailView
from deploytui.ui.command import COMMANDS, GROUPS
from deploytui.ui.paint.detail import detail, label_width, labelled, wrap
from deploytui.ui.paint.gauge import bound_of
from deploytui.ui.paint.skin import Line, Piece, Role, Skin
from deploytui.ui.paint.spark import spark
from deploytui.ui.screens.dialog import Dialog

_KEYS_WIDTH = 11
_ARROWS = {"↓": "down", "↑": "up", "←": "left", "→": "right"}


class Lines(ScrollView):
    """What a painter gives for a width, line by line; the lower edge says which part of it is seen."""

    def __init__(
        self, skin: Skin, paint: Callable[[int], Sequence[Line]], *, id: str = "box", hint: str = ""
    ) -> None:
        super().__init__(id=id)
        self.skin = skin
        self._paint, self._hint = paint, hint
        self._lines: Sequence[Line] = ()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._paint(width))

    def on_resize(self) -> None:
        self.look()

    def look(self) -> None:
        """Paint again, after a change or another width."""
        self._lines = self._paint(self.size.width)
        self.virtual_size = Size(self.size.width, len(self._lines))
        self._say_part()
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._say_part()

    def _say_part(self) -> None:
        first, room, lines = round(self.scroll_y), self.size.height, len(self._lines)
        part = f"{first + 1}-{first + room} of {lines} · " if lines > room else ""
        self.border_subtitle = Content(part + self._hint)

    def render_line(self, y: int) -> Strip:
        place = y + self.scroll_offset.y
        line = self._lines[place] if place < len(self._lines) else ()
        return self.skin.strip(line, self.size.width)


class PageModal(Dialog[None]):
    """Lines to read."""

    AUTO_FOCUS = "#box"
    BINDINGS: ClassVar[list[Any]] = [
        Binding("q,enter,question_mark", "cancel", "Close", show=False),
        Binding("j", "scroll(1)", "Down", show=False),
        Binding("k", "scroll(-1)", "Up", show=False),
        Binding("space", "scroll(10)", "Page down", show=False),
    ]
    hint = "esc closes"
    width = 78

    def content(self, width: int) -> Sequence[Line]:
        """The lines, `width` cells at most."""
        raise NotImplementedError

    def make_box(self) -> Widget:
        self.lines = Lines(self.skin, self.content, hint=self.hint)
        return self.lines

    def action_scroll(self, by: int) -> None:
        self.lines.scroll_relative(y=by, animate=False)


class HelpModal(PageModal):
    """Every key, from the one table of commands; those that act now stand out from the others."""

    title_text = "Keys"

    def __init__(self, skin: Skin, live: Collection[str]) -> None:
        """`live` are the ids of the commands whose keys act now."""
        super().__init__(skin)
        self._live = live

    def content(self, width: int) -> list[list[Piece]]:
        skin = self.skin
        lines: list[list[Piece]] = []
        for group in GROUPS:
            lines.append([(group.upper(), skin.style(bold=True))])
            for command in COMMANDS:
                if command.group != group:
                    continue
                keys = command.shown or f":{command.word}"
                text = command.help.replace("`", "")
                is_live = command.id in self._live or not command.keys
                key_style = skin.style(Role.INFO, bold=True) if is_live else skin.style(Role.MUTED)
                text_style = skin.style() if is_live else skin.style(Role.MUTED)
                if skin.is_ascii:
                    keys = "".join(_ARROWS.get(sign, sign) for sign in keys)
                for index, part in enumerate(wrap(text, width - _KEYS_WIDTH - 2)):
                    name = keys if index == 0 else ""
                    lines.append([(f"  {name:<{_KEYS_WIDTH}}", key_style), (part, text_style)])
            lines.append([])
        return lines[:-1]


class DetailModal(PageModal):
    """Everything known of one item or gauge."""

    def __init__(self, skin: Skin, view: DetailView, title: str = "Details") -> None:
        super().__init__(skin)
        self._view = view
        self.title_text = title

    def content(self, width: int) -> Sequence[Line]:
        return detail(self._view, width, self.skin)


class GaugeModal(PageModal):
    """Everything known of one gauge: as it stands, its past in lines, what it asks and what came back. It goes on while it
    is open: a value that stands still there would be taken for now. `look` gives the page as it is, `trace` a tier of the
    past in so many columns."""

    title_text = "Gauge"
    width = 110

    def __init__(
        self, skin: Skin, look: Callable[[], GaugePage], trace: Callable[[Tier, int], Sequence[Cell | None]]
    ) -> None:
        super().__init__(skin)
        self._look, self._trace = look, trace

    def on_mount(self) -> None:
        self.set_interval(1.0, self.lines.look)

    def content(self, width: int) -> list[list[Piece]]:
        page, skin = self._look(), self.skin
        labels = max(
            label_width((*page.now.lines, *page.asked.lines)),
            *(cell_len(tier.name) for tier, _ in page.tiers),
        )
        title = detail(page.now, width, skin)[0]
        if page.reading is not None:  # its level beside the title, as in the pane
            level = page.reading.level
            words = f"  {skin.level_words(level)}"
            title.append((words, skin.level_style(level, bold=level is not Level.OK)))
        lines = [title, [], *labelled(page.now.lines, labels, width, skin), []]
        for tier, told in page.tiers:
            if page.reading is not None:
                cells = self._trace(tier, columns_of(tier, width - labels - 5))
                past = spark(cells, page.reading, bound_of(page.reading), skin)
                lines.append([(f" {tier.name:<{labels}}  ", skin.style(Role.MUTED)), *past])
            lines += labelled((("", told),), labels, width, skin)
        return [*lines, [], *labelled(page.asked.lines, labels, width, skin)]
