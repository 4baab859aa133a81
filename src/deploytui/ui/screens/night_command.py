"""The keys of the night: promises settled, overrides, alarms, the decision card. Rules decide; the reason is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploytui.session.act import (
    AckAlarm,
    Act,
    OverrideItem,
    ResumeWork,
    SettlePromise,
)
from deploytui.session.alarm import alarms, is_acked
from deploytui.session.card import card_text, decision_card
from deploytui.session.moment import near
from deploytui.ui.screens.begun import ask_text

if TYPE_CHECKING:
    from deploytui.ui.screens.dashboard import Dashboard


class NightCommands:
    """The commands that are about time and decisions rather than one item's box."""

    def __init__(self, screen: Dashboard) -> None:
        self._screen = screen

    def _send(self, act: Act, draft: str = "") -> None:
        screen, desk = self._screen, self._screen.desk
        if why := desk.session.refusal(act, desk.by):
            screen.refuse(why)
        else:
            screen.saving.submit(act, draft=draft)

    def do_night_resume(self) -> None:
        self._send(ResumeWork())

    def do_night_promise_kept(self) -> None:
        self._settle(True)

    def do_night_promise_broken(self) -> None:
        self._settle(False)

    def _settle(self, was_kept: bool) -> None:
        """The oldest open promise; with several, each is asked about in turn by its own name."""
        from deploytui.ui.screens.prompt import Question

        screen, desk = self._screen, self._screen.desk
        promise = next((made for made in desk.session.state.promises if made.was_kept is None), None)
        if promise is None:
            screen.refuse("no promise is open")
            return
        due = near(promise.due_at, desk.clock.now())
        word = "kept" if was_kept else "broken"
        question = Question(screen.ink, f"{promise.who} promised {due}: {word}?")
        act = SettlePromise(promise.seq, was_kept)
        screen.ask(question, lambda yes: self._send(act) if yes else None)

    def do_alarm_ack(self) -> None:
        desk = self._screen.desk
        found = alarms(desk.session, desk.clock.now())
        if not found:
            self._screen.refuse("no alarm is shown")
        elif is_acked(desk.session, found[0]):
            self._screen.refuse("every alarm is acknowledged")
        else:
            self._send(AckAlarm(found[0].key, found[0].short))

    def do_alarm_triggers(self) -> None:
        from deploytui.ui.screens.page import DetailModal

        screen, desk = self._screen, self._screen.desk
        view = desk.viewer.triggers_detail(desk.clock.now())
        screen.ask(DetailModal(screen.ink, view), lambda _: None)

    def do_checklist_override(self) -> None:
        screen = self._screen
        item = screen.checklist.cursor_item
        if not item:
            screen.refuse("no item here")
            return
        desk = screen.desk
        if why := desk.session.refusal(OverrideItem(item, "not asked yet"), desk.by):
            screen.refuse(why)
            return
        lead = desk.session.index.by_id[item].item.text
        hint = "enter overrides, counted apart · esc goes back"
        key = f"override {item}"

        def send(reason: str) -> None:
            self._send(OverrideItem(item, reason), key)

        ask_text(screen, key, "o", "Override", "why:", send, lead=lead, hint=hint)

    def do_session_card(self) -> None:
        from deploytui.ui.screens.page import DetailModal

        screen, desk = self._screen, self._screen.desk
        card = decision_card(desk.session, desk.clock.now())
        screen.ask(DetailModal(screen.ink, card, "Decision card"), lambda _: None)

    def do_session_copy_card(self) -> None:
        screen, desk = self._screen, self._screen.desk
        screen.app.copy_to_clipboard(card_text(decision_card(desk.session, desk.clock.now())))
        screen.say("the decision card is copied")
