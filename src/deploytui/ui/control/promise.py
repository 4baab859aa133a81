"""What was said and is settled later: promises that were kept or broken, and the end of a hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from deploytui.session.act import ResumeWork, SettlePromise
from deploytui.session.moment import near
from deploytui.ui.control.proposal import Proposals
from deploytui.ui.control.talk import Talk
from deploytui.ui.desk import Desk


class PromiseControl:
    """The commands that settle."""

    def __init__(self, desk: Desk, talk: Talk, proposals: Proposals) -> None:
        self._desk, self._talk, self._proposals = desk, talk, proposals
        self.commands: Mapping[str, Callable[[], None]] = {
            "night.resume": lambda: proposals.propose(ResumeWork()),
            "night.promise_kept": partial(self._settle, was_kept=True),
            "night.promise_broken": partial(self._settle, was_kept=False),
        }

    def _settle(self, *, was_kept: bool) -> None:
        """The oldest open promise; with several, each is asked about in turn by its own name."""
        from deploytui.ui.screens.prompt import YesOrNoModal

        promise = next((made for made in self._desk.session.state.promises if made.was_kept is None), None)
        if promise is None:
            self._talk.refuse("no promise is open")
            return
        due = near(promise.due_at, self._desk.clock.now())
        word = "kept" if was_kept else "broken"
        question = YesOrNoModal(self._desk.ink, f"{promise.who} promised {due}: {word}?")
        act = SettlePromise(promise.seq, was_kept)
        self._talk.ask(question, lambda yes: self._proposals.propose(act) if yes else None)
