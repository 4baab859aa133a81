"""Acts: what a person or a script asks a session to do. Rules decide, the journal records.

What the program itself has seen is proposed as the fact that it is: no rule can forbid that.
"""

from __future__ import annotations

from msgspec import Struct

from deploytui.journal.event import Draft
from deploytui.journal.fact import (
    AlarmAcked,
    ClockStepped,
    Fact,
    ItemChecked,
    ItemLapsed,
    ItemRecovered,
    LevelChanged,
    PlanFileChanged,
    RehearsalPaced,
)

SYSTEM = "SYS"


class By(Struct, frozen=True):
    """Whose hands (`name`), and where told, who said or did it (`for_`) and how it was said (`via`)."""

    name: str
    for_: str = ""
    via: str = ""

    def draft(self, fact: Fact) -> Draft:
        """An event that these hands write."""
        return Draft(fact, self.name, self.for_, self.via)


class _Entering(Struct, frozen=True, kw_only=True):
    enters_phase: bool = False


class ItemWork(_Entering, frozen=True):
    """Work on one item. The first in a phase enters it; `enters_phase` says that somebody was asked, which only
    `propose` wants to know."""

    item: str


class CheckItem(ItemWork, frozen=True):
    """`why_now` is the reason to act before the item's planned lock (`not_before`) opens."""

    evidence: str = ""
    why_now: str = ""


class StartItem(ItemWork, frozen=True):
    why_now: str = ""


class SkipItem(ItemWork, frozen=True):
    reason: str = ""


class FailItem(ItemWork, frozen=True):
    """Recorded at once; the reason may come later (`ReasonItem`) and is due until then."""

    reason: str = ""


class ReasonItem(Struct, frozen=True):
    item: str
    reason: str = ""


class OverrideItem(ItemWork, frozen=True):
    """Accept an item although its condition is not met, or although it failed."""

    reason: str = ""


class UndoLast(Struct, frozen=True):
    """Take back the last act that can be; `item` names one item's last act instead."""

    item: str = ""


class InsertItem(Struct, frozen=True):
    """An item nobody planned, below the item `after`."""

    after: str
    text: str = ""


class AddNote(Struct, frozen=True):
    text: str = ""
    item: str = ""


class EnterPhase(Struct, frozen=True):
    phase: str


class Earlier(Struct, frozen=True):
    """What is to become of the phases that ended before the session began: set aside, which may mean done
    `elsewhere` (by whom, and where it is written), or shown like all others."""

    is_shown: bool = False
    elsewhere: str = ""


class CaptureBaseline(Struct, frozen=True):
    """A gauge before the change: the middle of `samples` values and their spread, in the gauge's unit. One that was
    captured already is replaced only for a `reason`."""

    gauge: str
    value: float
    spread: float
    samples: int
    reason: str = ""


class RaiseTrigger(Struct, frozen=True):
    """A rollback trigger that no gauge watches, said to be so by a person; `is_raised` False takes it back."""

    trigger: str
    is_raised: bool = True


class ShelveTrigger(Struct, frozen=True):
    """Leave a trigger out for so long, with a reason. Nothing is shelved for ever."""

    trigger: str
    reason: str
    for_s: int


class HoldWork(Struct, frozen=True):
    """Stop the work clock. `expected_s` is how long it is announced to last."""

    reason: str
    expected_s: int


class ResumeWork(Struct, frozen=True):
    """The hold is over."""


class MoveEdge(Struct, frozen=True):
    """Move `go-live`, or a phase's `ID.start` or `ID.end`, by agreement; the first plan stays as planned."""

    edge: str
    seconds: int
    reason: str


class MakePromise(Struct, frozen=True):
    """`who` said it is done in `due_s` seconds; `item` is what it is about, where that is known."""

    who: str
    due_s: int
    item: str = ""


class SettlePromise(Struct, frozen=True):
    """Say whether the promise made by event `promise` was kept."""

    promise: int
    was_kept: bool


class AcceptFinding(Struct, frozen=True):
    """A finding of the lint is taken as it is, until a day where one is given. `subject` is the id of the item or
    gauge it is about; "" takes all findings of that code."""

    code: str
    subject: str
    message: str
    reason: str
    until: str = ""


class CloseSession(Struct, frozen=True):
    outcome: str


# What a gauge says of an item; never the act of a person.
Sensed = ItemChecked | ItemLapsed | ItemRecovered
EnteringAct = CheckItem | StartItem | SkipItem | FailItem | OverrideItem
ItemAct = EnteringAct | ReasonItem | UndoLast | InsertItem | Sensed
Seen = AlarmAcked | LevelChanged | PlanFileChanged | ClockStepped | RehearsalPaced
SessionAct = (
    AddNote
    | EnterPhase
    | CaptureBaseline
    | RaiseTrigger
    | ShelveTrigger
    | HoldWork
    | ResumeWork
    | MoveEdge
    | MakePromise
    | SettlePromise
    | AcceptFinding
    | CloseSession
    | Seen
)
Act = ItemAct | SessionAct
