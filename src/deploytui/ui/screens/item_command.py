"""What the item keys do: tick, start, skip, fail, note, undo, details. Rules decide; the reason is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from deploytui.plan.model import Mark
from deploytui.session.act import (
    Act,
    AddNote,
    CheckItem,
    FailItem,
    ReasonItem,
    SkipItem,
    StartItem,
    UndoLast,
)
from deploytui.session.view import DetailView
from deploytui.ui.layout import PaneName
from deploytui.ui.paint.ink import Role
from deploytui.ui.screens.begun import ask_text
from deploytui.ui.screens.gauge_command import show_gauge

if TYPE_CHECKING:
    from deploytui.ui.screens.dashboard import Dashboard

# Dialogs are imported where they open: the first frame does not wait for them.


class ItemCommands:
    """The commands on the current item."""

    def __init__(self, screen: Dashboard) -> None:
        self._screen = screen

    # -- the way of every act --------------------------------------------------------------------------

    def _current(self) -> str:
        """The current item, or "" after saying why there is none."""
        screen = self._screen
        item = screen.checklist.cursor_item
        if not item:
            screen.refuse("no item here")
        elif screen.desk.writer.is_saving(item):
            screen.refuse("still being saved")
            return ""
        return item

    def _may(self, act: Act) -> bool:
        why = self._screen.desk.session.refusal(act, self._screen.desk.by)
        if why:
            self._screen.refuse(why)
        return not why

    def _send(self, act: Act, draft: str = "") -> None:
        self._screen.saving.submit(act, draft=draft)

    def _enter_first(self, item: str, then: Callable[[], None]) -> None:
        """The first act in a phase that was not entered asks in one line; the answer enters it with the act."""
        from deploytui.ui.screens.prompt import Question

        screen = self._screen
        question = screen.desk.viewer.entering_question(item)
        if not question:
            then()
            return
        screen.ask(Question(screen.ink, question), lambda yes: then() if yes else None)

    # -- the commands ----------------------------------------------------------------------------------

    def do_checklist_tick(self) -> None:
        item = self._current()
        if not item:
            return
        screen = self._screen
        row = screen.desk.viewer.item_row(item, screen.desk.clock.now())
        if row.status == "done":
            screen.say(f"done by {row.right} {screen.ink.glyphs.separator} u undoes")
            return
        if self._ask_lock(
            item,
            "space",
            lambda reason: self._enter_first(item, lambda: self._tick(CheckItem(item, why_now=reason))),
        ):
            return
        act = CheckItem(item)
        if self._may(act):
            self._enter_first(item, lambda: self._tick(act))

    def _ask_lock(self, item: str, again: str, then: Callable[[str], None]) -> bool:
        """Whether a planned lock is in the way; then it asks why it may be passed."""
        screen = self._screen
        locked = screen.desk.session.locked_text(item)
        if not locked:
            return False
        hint = "enter passes the lock · esc goes back"
        ask_text(screen, _lock(item), again, "Locked", "why now:", then, lead=locked, hint=hint)
        return True

    def _tick(self, act: CheckItem) -> None:
        if caution := self._screen.desk.session.caution(act):
            self._screen.say(caution, Role.WATCH)
        self._send(act, _lock(act.item))
        desk = self._screen.desk
        placed = desk.session.index.by_id[act.item]
        if Mark.BASELINE in placed.item.marks:
            self._screen.perform("baseline.capture")
        after = desk.session.index.next_step(act.item)
        name = f"step {placed.number:02d}" if placed.number else "the last item"
        again = f"press again for {after.number:02d}" if after else "press again"
        words = f"{name} is done; {again}"
        desk.guard.tick_accepted(words, is_ordered=placed.number > 0)

    def do_checklist_start(self) -> None:
        item = self._current()
        act = StartItem(item)
        if item and self._ask_lock(
            item, "b", lambda reason: self._send(StartItem(item, why_now=reason), _lock(item))
        ):
            return
        if item and self._may(act):
            self._enter_first(item, lambda: self._send(act))

    def do_checklist_skip(self) -> None:
        item = self._current()
        if item and self._may(SkipItem(item, "not asked yet")):
            self._enter_first(item, lambda: self._ask_skip(item))

    def _ask_skip(self, item: str) -> None:
        screen, desk = self._screen, self._screen.desk
        spec = desk.session.index.by_id[item].item
        presets = [*([spec.optional] if spec.optional else []), *desk.session.plan.skip_reasons]
        key = f"skip {item}"
        ask_text(
            screen,
            key,
            "s",
            "Skip",
            "why:",
            lambda reason: self._skip(SkipItem(item, reason), key),
            lead=self._label(item),
            presets=presets,
            hint="enter skips · esc goes back",
        )

    def _skip(self, act: SkipItem, key: str) -> None:
        if self._may(act):
            self._send(act, key)

    def do_checklist_fail(self) -> None:
        item = self._current()
        act = FailItem(item)
        if item and self._may(act):
            self._enter_first(item, lambda: self._fail(act))

    def _fail(self, act: FailItem) -> None:
        """Recorded at once: the reason is asked while it is being saved, and is due if it is not given."""
        screen, desk = self._screen, self._screen.desk
        has_failed = desk.viewer.item_row(act.item, desk.clock.now()).status == "failed"
        if not has_failed:
            self._send(act)
        key = f"fail {act.item}"
        ask_text(
            screen,
            key,
            "f",
            "Failed",
            "why:",
            # Queued behind the failure itself, so that a slow disk cannot put them in the wrong order.
            lambda reason: self._send(ReasonItem(act.item, reason), key),
            lead=self._label(act.item),
            hint="recorded already · enter adds why · esc leaves it due",
            given_up=lambda: screen.say("failed; the reason is due: f adds it", Role.WATCH),
        )

    def do_checklist_note(self) -> None:
        screen = self._screen
        item = screen.checklist.cursor_item
        key = f"note {item}"
        ask_text(
            screen,
            key,
            "n",
            "Note",
            "note:",
            lambda text: self._send(AddNote(text, item), key),
            lead=self._label(item) if item else "",
            hint="enter saves · esc keeps the text for later",
            width=84,
            max_length=16_000,
        )

    def do_checklist_undo(self) -> None:
        if self._screen.desk.writer.pending:
            self._screen.refuse("still being saved")
            return
        act = UndoLast()
        if self._may(act):
            self._send(act)

    def do_checklist_detail(self) -> None:
        from deploytui.ui.screens.page import DetailModal

        screen = self._screen
        if screen.active is PaneName.TIMELINE:
            screen.activate(PaneName.CHECKLIST)  # the checklist shows the phase that was picked
        elif screen.active is PaneName.GAUGES:
            show_gauge(screen)
        elif screen.active is PaneName.ALARM:
            screen.perform("alarm.triggers")
        elif (view := self._item_details()) is not None:
            screen.ask(DetailModal(screen.ink, view), lambda _: None)

    def _item_details(self) -> DetailView | None:
        screen = self._screen
        item = screen.checklist.cursor_item
        if not item:
            screen.refuse("no item here")
            return None
        return screen.desk.viewer.item_detail(item, screen.desk.clock.now())

    # -- words -----------------------------------------------------------------------------------------

    def _label(self, item: str) -> str:
        row = self._screen.desk.viewer.item_row(item, self._screen.desk.clock.now())
        return f"{row.number} {row.label}".strip()


def _lock(item: str) -> str:
    """Where the text is kept that says why a lock may be passed."""
    return f"lock {item}"
