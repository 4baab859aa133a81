"""Which phase the checklist shows and which of its rows: turning, filtering, and the next open item."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from deploytui.base.units import is_whole_number
from deploytui.session.view import Rows
from deploytui.ui.control.talk import Talk
from deploytui.ui.paint.checklist import counts_text
from deploytui.ui.service import Services
from deploytui.ui.widgets.checklist import Checklist


class PhaseControl:
    """`turned` is called when another phase is looked at."""

    def __init__(
        self, services: Services, talk: Talk, checklist: Checklist, turned: Callable[[str], None]
    ) -> None:
        self._services, self._talk, self._checklist, self._turned = services, talk, checklist, turned
        self.phase = services.session.current_phase() or ""
        self.query = ""
        self._seen: dict[str, str] = {}
        self.commands: Mapping[str, Callable[[], None]] = {
            "phase.previous": partial(self._turn, -1),
            "phase.next": partial(self._turn, 1),
            "phase.current": self.show_current,
            "move.next_open": self._go_to_next_open,
        }

    def show(self, phase: str, cursor: str = "") -> None:
        """Look at a phase; the cursor goes where it was there, or to the first open item."""
        if not phase:
            return
        if self._checklist.cursor_item:
            self._seen[self.phase] = self._checklist.cursor_item
        self.phase = phase
        wanted = cursor or self._seen.get(phase, "") or self._services.viewer.next_open(phase)
        self._checklist.load(self._services.viewer.checklist_rows(phase, self.query), wanted)
        self.say_on_frame()
        self._turned(phase)

    def show_current(self) -> None:
        """Back to the phase that the session is in."""
        self.show(self._services.session.current_phase() or "")

    @property
    def is_elsewhere(self) -> bool:
        """Whether another phase is looked at than the current one."""
        return self.phase != self._services.session.current_phase()

    def show_other_rows(self) -> None:
        """An item came in or went: the same phase once more, the cursor and the view where they were."""
        rows = self._services.viewer.checklist_rows(self.phase, self.query) if self.phase else Rows()
        self._checklist.load(rows, self._checklist.cursor_item, is_same=True)

    def filter(self, text: str) -> None:
        """Show only rows that match; "" shows all."""
        if text != self.query:
            cursor = self._checklist.cursor_item
            self.query = text
            self._checklist.load(self._services.viewer.checklist_rows(self.phase, text), cursor)
            self.say_on_frame()

    def ask_filter(self) -> None:
        """Filter while it is typed."""
        from deploytui.ui.screens.ask import FilterModal

        self._talk.ask(FilterModal(self._services.skin, self.query, self.filter), self._filtered)

    def _filtered(self, text: str | None) -> None:
        self.filter("" if text is None or is_whole_number(text) else text)
        if text is None or not text:
            return
        if is_whole_number(text):
            item = self._services.viewer.step(self.phase, int(text))
            if item:
                self._checklist.point_to(item)
            else:
                self._talk.refuse(f"no step {text} in this phase")
        elif not self._checklist.item_count:
            self._talk.refuse("nothing matches; esc clears the filter")

    def point_to(self, item: str) -> None:
        """Put the cursor on an item of this phase, past the filter where that hides it."""
        if not self._checklist.has_item(item):
            self.filter("")
        if self._checklist.has_item(item):
            self._checklist.point_to(item)

    def go_on_from(self, item: str) -> None:
        """The current item is done: the next open one, or where there is more."""
        if self._checklist.cursor_item != item:
            return
        after = self._services.viewer.next_open(self.phase, item)
        if after and self._checklist.has_item(after):
            self._checklist.point_to(after)
        elif not after and (ahead := self._services.viewer.next_phase(self.phase)):
            self._talk.say(f"nothing more is open here: l goes to {ahead}")

    def say_on_frame(self) -> None:
        """The checklist's frame says which phase is looked at, how far it is, and what hides a part of it."""
        viewer = self._services.viewer
        title, counts = viewer.phase_title(self.phase) if self.phase else ("", None)
        words = [f"{title} {counts_text(counts)}" if counts else ""]
        if self.phase and (looking := viewer.looking(self.phase, self._services.clock.now())):
            words.insert(0, looking)
        if self.query:
            words.insert(0, f'"{self.query}" {self._checklist.item_count} found, esc clears')
        separator = f" {self._services.skin.glyphs.separator} "
        self._checklist.say_aside(separator.join(word for word in words if word))

    def _turn(self, by: int) -> None:
        phases = self._services.viewer.phase_ids()
        if self.phase not in phases:
            return
        place = phases.index(self.phase) + by
        if 0 <= place < len(phases):
            self.show(phases[place])
        else:
            self._talk.refuse("this is the first phase" if by < 0 else "this is the last phase")

    def _go_to_next_open(self) -> None:
        viewer = self._services.viewer
        if after := viewer.next_open(self.phase, self._checklist.cursor_item):
            self.point_to(after)
        else:
            ahead = viewer.next_phase(self.phase)
            self._talk.refuse("nothing open in this phase" + (f": l goes to {ahead}" if ahead else ""))
