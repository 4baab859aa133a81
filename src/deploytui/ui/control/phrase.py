"""What is said in one phrase: hold, move, promise, a trigger, a finding, the speed of a rehearsal; and what ends it.

A phrase is typed into a dialog, or behind the command's word in the palette (`:move end +30m agreed`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from msgspec import Struct

from deploytui.base.clock import AcceleratedClock
from deploytui.journal.state import Pace
from deploytui.session.act import Act, RaiseTrigger, ResumeWork, SettlePromise, ShelveTrigger
from deploytui.session.moment import near
from deploytui.session.phrase import (
    ACCEPT_FORM,
    HOLD_FORM,
    MOST_SPEED,
    MOVE_FORM,
    PROMISE_FORM,
    RAISE_FORM,
    SHELVE_FORM,
    SPEED_FORM,
    numbered,
    read_acceptance,
    read_hold,
    read_move,
    read_promise,
    read_speed,
)
from deploytui.session.session_rules import paced
from deploytui.ui.command import BY_ID
from deploytui.ui.control.finding import ACCEPTING, FindingControl
from deploytui.ui.control.proposal import Proposals, refusal
from deploytui.ui.control.talk import Talk
from deploytui.ui.draft import Form
from deploytui.ui.service import Services

_SPEED = "Speed"


class Phrase(Struct, frozen=True):
    """`mean` does what was typed or gives the act that it means; its ValueError says that it cannot be read. Where it
    does something, `read` tries the same and does nothing."""

    title: str
    form: str
    mean: Callable[[str], Act | None]
    read: Callable[[str], object] | None = None


class PhraseControl:
    """The commands that take a phrase. `item` is the current one, which a promise is about."""

    def __init__(
        self,
        services: Services,
        talk: Talk,
        proposals: Proposals,
        findings: FindingControl,
        item: Callable[[], str],
    ) -> None:
        self._services, self._talk, self._proposals, self._findings = services, talk, proposals, findings
        self._item = item
        self._phrases: Mapping[str, Phrase] = {
            "night.promise": Phrase("Promise", PROMISE_FORM, self._promise),
            "night.hold": Phrase("Hold", HOLD_FORM, read_hold),
            "night.move": Phrase("Move", MOVE_FORM, self._move),
            "alarm.raise": Phrase("Raise a trigger", RAISE_FORM, self._raise),
            "alarm.shelve": Phrase("Shelve a trigger", SHELVE_FORM, self._shelve),
            "session.accept": Phrase(ACCEPTING, ACCEPT_FORM, findings.accept, read_acceptance),
            "rehearsal.speed": Phrase(_SPEED, SPEED_FORM, self._speed, read_speed),
        }
        self.commands: Mapping[str, Callable[[], None]] = {
            **{name: partial(self._ask, name) for name in self._phrases},
            "session.accept": self._accept,
            "rehearsal.speed": self._rehearsal_speed,
            "rehearsal.faster": partial(self._run_at, 2.0),
            "rehearsal.slower": partial(self._run_at, 0.5),
            "night.resume": lambda: proposals.propose(ResumeWork()),
            "night.promise_kept": partial(self._settle, was_kept=True),
            "night.promise_broken": partial(self._settle, was_kept=False),
        }

    # -- asking and saying -----------------------------------------------------------------------------

    def say(self, command_id: str, text: str) -> None:
        """Do what was typed behind the command's word; what is missing is asked for, with the text kept."""
        phrase = self._phrases[command_id]
        self._services.drafts.keep(phrase.title, text)
        try:
            act = phrase.mean(text)
        except ValueError:
            self._ask(command_id, f"{text.strip()} ")
            return
        self._send(act, phrase.title)

    def _ask(self, command_id: str, value: str = "") -> None:
        """Ask for a phrase; what cannot be read, or a rule forbids, is said in the dialog, which stays for another
        try."""
        phrase, command = self._phrases[command_id], BY_ID[command_id]
        form = phrase.form.replace("`", "")

        def check(text: str) -> str:
            try:
                if phrase.read is not None:
                    phrase.read(text)
                    return ""
                act = phrase.mean(text)
            except ValueError:
                return f"expected {form}"
            return refusal(self._services, act) if act is not None else ""

        def answered(text: str) -> None:
            self._send(phrase.mean(text), phrase.title)

        again = command.shown or f":{command.word}"
        how = Form(phrase.title, "say:", phrase.title, again, form, value=value)
        self._talk.ask_text(how, answered, check=check)

    def _send(self, act: Act | None, draft: str = "") -> None:
        if act is not None:
            self._proposals.propose(act, draft)

    def _accept(self) -> None:
        if self._findings.may_accept():
            self._ask("session.accept")

    def _rehearsal_speed(self) -> None:
        if self._rehearsed() is not None:
            self._ask("rehearsal.speed")

    # -- what phrases mean -----------------------------------------------------------------------------

    def _promise(self, text: str) -> Act:
        return read_promise(text, self._item())

    def _move(self, text: str) -> Act:
        return read_move(text, self._services.session.edge)

    def _raise(self, text: str) -> Act:
        session = self._services.session
        trigger = numbered(text, session.plan.rollback.triggers)
        said = session.state.triggers.get(trigger.id)
        return RaiseTrigger(trigger.id, said is None or said.raised_at is None)

    def _shelve(self, text: str) -> Act:
        number, _, rest = text.strip().partition(" ")
        held = read_hold(rest)
        trigger = numbered(number, self._services.session.plan.rollback.triggers)
        return ShelveTrigger(trigger.id, held.reason, held.expected_s)

    def _speed(self, text: str) -> None:
        speed = read_speed(text)
        self._services.drafts.keep(_SPEED, "")
        if (clock := self._rehearsed()) is not None:
            self._run_at(speed / clock.speed)

    def _rehearsed(self) -> AcceleratedClock | None:
        clock = self._services.clock
        if isinstance(clock, AcceleratedClock):
            return clock
        self._talk.refuse("this is a live session: its clock is the wall clock")
        return None

    def _run_at(self, factor: float) -> None:
        if (clock := self._rehearsed()) is not None:
            clock.set_speed(max(1.0, min(MOST_SPEED, clock.speed * factor)))
            services = self._services
            if services.session.is_driving:
                self._send(paced(Pace(clock.now(), services.machine.now(), clock.speed)))
            self._talk.say(f"the rehearsal runs {clock.speed:g} times as fast")

    def _settle(self, *, was_kept: bool) -> None:
        """The oldest open promise; with several, each is asked about in turn by its own name."""
        promise = next(
            (made for made in self._services.session.state.promises if made.was_kept is None), None
        )
        if promise is None:
            self._talk.refuse("no promise is open")
            return
        due, word = near(promise.due_at, self._services.clock.now()), "kept" if was_kept else "broken"
        act = SettlePromise(promise.seq, was_kept)
        self._talk.ask_yes(f"{promise.who} promised {due}: {word}?", lambda: self._proposals.propose(act))
