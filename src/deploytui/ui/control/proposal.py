"""The one way of every act of a person: whether its key counts here, proposed to the session, asked about where it says
so, refused in its words, or queued for the writer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from deploytui.plan.model import Mark
from deploytui.session.act import (
    Act,
    AddNote,
    By,
    CheckItem,
    FailItem,
    InsertItem,
    ItemWork,
    OverrideItem,
    ReasonItem,
    SkipItem,
    StartItem,
    UndoLast,
)
from deploytui.session.answer import Ask, Go, No, Question
from deploytui.session.label import item_label
from deploytui.session.rules import which_key
from deploytui.ui.command import Command
from deploytui.ui.control.saving import Saving
from deploytui.ui.control.talk import Talk
from deploytui.ui.draft import Form
from deploytui.ui.layout import PaneName
from deploytui.ui.paint.skin import Role
from deploytui.ui.service import Services

# What still works where the window is too small to see what one does.
_ALWAYS = ("session.leave", "screen.suspend", "screen.dismiss", "screen.lock")

_OF_ROWS = ("move.down", "move.up", "move.page_down", "move.page_up", "move.top", "move.bottom")


def refusal(services: Services, act: Act) -> str:
    """Why an act is forbidden now; "" where it is allowed, or a question comes first."""
    answer = services.session.propose(act)
    return answer.why if isinstance(answer, No) else ""


def why_not_write(services: Services) -> str:
    """Why nothing at all may be written from here; "" where this program drives."""
    if not services.session.is_driving:
        return f"following, read-only: {services.session.state.driver or 'nobody'} drives"
    return refusal(services, AddNote("-"))


def why_not(services: Services, command: Command, active: PaneName) -> str:
    """Why a command is not done while this pane has the keys; the rules of an act are asked when it is proposed."""
    why = why_not_write(services) if command.needs_driver else ""
    if not why and command.is_of_item and active is not PaneName.CHECKLIST:
        return "that acts in the checklist: 1 goes there"
    if not why and active is PaneName.ALARM and command.id in _OF_ROWS:
        return "there is one row here: 1 goes to the checklist"
    return why


def is_always_done(command: Command) -> bool:
    """Whether it is done also where the window is too small."""
    return command.id in _ALWAYS


class Proposals:
    """`on_baseline` is called behind the tick of an item that marks the baseline."""

    def __init__(
        self, services: Services, talk: Talk, saving: Saving, on_baseline: Callable[[], None]
    ) -> None:
        self._services, self._talk, self._saving, self._on_baseline = services, talk, saving, on_baseline

    def propose(self, act: Act, draft: str = "", by: By | None = None) -> None:
        """Send an act as far as the session allows; `draft` is where the text is kept that it was made of. What is
        still being saved is waited for: until it is known, nothing is right."""
        writer = self._services.writer
        match self._services.session.propose(act):
            case _ if isinstance(act, UndoLast) and writer.pending:
                self._talk.refuse("still being saved")
            case _ if isinstance(act, ItemWork) and writer.is_saving(act.item):
                self._talk.refuse("still being saved")
            case No(why):
                self._talk.refuse(why)
            case Ask(Question.PHASE, text) as asked:
                self._talk.ask_yes(text, lambda: self.propose(asked.answered(), draft, by))
            case Ask(question, text) as asked:
                form = self._form(question, text, act)
                self._talk.ask_text(form, lambda text: self.propose(asked.answered(text), form.draft, by))
            case Go(caution, changes_nothing):
                self._go(act, draft, by, caution, changes_nothing=changes_nothing)

    def _go(self, act: Act, draft: str, by: By | None, caution: str, *, changes_nothing: bool) -> None:
        if changes_nothing and isinstance(act, CheckItem):
            self._talk.say(
                f"done by {self._row_right(act.item)} {self._services.skin.glyphs.separator} u undoes"
            )
            return
        if changes_nothing and isinstance(act, SkipItem | OverrideItem):
            self._talk.refuse(which_key(self._services.session.state.items[act.item]))
            return
        if caution:
            self._talk.say(caution, Role.WATCH)
        if not changes_nothing:
            self._saving.submit(act, by, draft)
        if isinstance(act, CheckItem):
            self._after_tick(act.item)
        elif isinstance(act, FailItem):
            self._ask_why_failed(act.item)

    def _after_tick(self, item: str) -> None:
        """The next tick waits until this one was seen; a press before that says which would be next."""
        index = self._services.session.index
        placed = index.by_id[item]
        if Mark.BASELINE in placed.item.marks:
            self._on_baseline()
        after = index.next_step(item)
        name = f"step {placed.number:02d}" if placed.number else "the last item"
        again = f"press again for {after.number:02d}" if after else "press again"
        self._services.guard.tick_accepted(f"{name} is done; {again}", is_ordered=placed.number > 0)

    def _ask_why_failed(self, item: str) -> None:
        """A failure is recorded at once: the reason is asked while it is being saved, and is due if it is not given."""
        act = ReasonItem(item)
        form = self._form(Question.REASON, "", act)
        # Queued behind the failure itself, so that a slow disk cannot put them in the wrong order.
        self._talk.ask_text(
            form,
            lambda reason: self._saving.submit(ReasonItem(item, reason), draft=form.draft),
            given_up=lambda: self._talk.say("failed; the reason is due: f adds it", Role.WATCH),
        )

    # -- words -----------------------------------------------------------------------------------------

    def _form(self, question: Question, text: str, act: Act) -> Form:
        """How a text is asked for, by the act that it is for."""
        match act:
            case CheckItem(item) | StartItem(item) if question is Question.LOCK:
                again = "space" if isinstance(act, CheckItem) else "b"
                hint = "enter passes the lock · esc goes back"
                return Form("Locked", "why now:", f"lock {item}", again, text, hint)
            case SkipItem(item):
                hint = "enter skips · esc goes back"
                presets = self._skip_reasons(item)
                return Form("Skip", "why:", f"skip {item}", "s", self._label(item), hint, presets)
            case ReasonItem(item):
                hint = "recorded already · enter adds why · esc leaves it due"
                return Form("Failed", "why:", f"fail {item}", "f", self._label(item), hint)
            case OverrideItem(item):
                hint = "enter overrides, counted apart · esc goes back"
                lead = self._services.session.index.by_id[item].item.text
                return Form("Override", "why:", f"override {item}", "o", lead, hint)
            case InsertItem(after):
                hint = "enter inserts · esc keeps the text for later"
                lead = f"below {item_label(self._services.session.index, after)}"
                return Form("Unplanned item", "what:", "insert", "i", lead, hint, width=84)
            case AddNote(_, item):
                hint = "enter saves · esc keeps the text for later"
                lead = self._label(item) if item else ""
                return Form("Note", "note:", f"note {item}", "n", lead, hint, width=84, max_length=16_000)
            case _:
                return Form(type(act).__name__, "why:", type(act).__name__, ":", text)

    def _skip_reasons(self, item: str) -> Sequence[str]:
        session = self._services.session
        optional = session.index.by_id[item].item.optional
        return [*([optional] if optional else []), *session.plan.skip_reasons]

    def _label(self, item: str) -> str:
        row = self._services.viewer.item_row(item, self._services.clock.now())
        return f"{row.number} {row.label}".strip()

    def _row_right(self, item: str) -> str:
        return self._services.viewer.item_row(item, self._services.clock.now()).right
