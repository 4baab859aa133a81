"""Acts: what a person or a script asks a session to do. Rules decide, the journal records."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class By:
    """Whose hands (`name`), and where told, who said or did it (`for_`) and how it was said (`via`)."""

    name: str
    for_: str = ""
    via: str = ""


@dataclass(frozen=True, slots=True)
class CheckItem:
    """`why_now` is the reason to act before the item's planned lock (`not_before`) opens."""

    item: str
    evidence: str = ""
    why_now: str = ""


@dataclass(frozen=True, slots=True)
class StartItem:
    item: str
    why_now: str = ""


@dataclass(frozen=True, slots=True)
class SkipItem:
    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class FailItem:
    """Recorded at once; the reason may come later (`ReasonItem`) and is due until then."""

    item: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReasonItem:
    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class OverrideItem:
    """Accept an item although its condition is not met, or although it failed."""

    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class UndoLast:
    """Take back the last act that can be; `item` names one item's last act instead."""

    item: str = ""


@dataclass(frozen=True, slots=True)
class AddNote:
    text: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class EnterPhase:
    phase: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """Phases that ended before tonight and are not part of this session."""

    phases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordLevel:
    gauge: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class SenseItem:
    """The item's gauge says it is done; `evidence` is what it said. Never the act of a person."""

    item: str
    evidence: str


@dataclass(frozen=True, slots=True)
class LapseItem:
    """A done item's gauge no longer says so. It is never unticked for that."""

    item: str
    why: str


@dataclass(frozen=True, slots=True)
class RecoverItem:
    """A lapsed item's gauge says so again."""

    item: str


@dataclass(frozen=True, slots=True)
class CaptureBaseline:
    """A gauge before the change: the middle of `samples` values and their spread, in the gauge's unit."""

    gauge: str
    value: float
    spread: float
    samples: int


@dataclass(frozen=True, slots=True)
class AckAlarm:
    """Somebody has seen it. `alarm` is the alarm's key."""

    alarm: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class RaiseTrigger:
    """A rollback trigger that no gauge watches, said to be so by a person; `is_raised` False takes it back."""

    trigger: str
    is_raised: bool = True


@dataclass(frozen=True, slots=True)
class ShelveTrigger:
    """Leave a trigger out for so long, with a reason. Nothing is shelved for ever."""

    trigger: str
    reason: str
    for_s: int


@dataclass(frozen=True, slots=True)
class HoldWork:
    """Stop the work clock. `expected_s` is how long it is announced to last."""

    reason: str
    expected_s: int


@dataclass(frozen=True, slots=True)
class ResumeWork:
    """The hold is over."""


@dataclass(frozen=True, slots=True)
class MoveEdge:
    """Move `go-live`, or a phase's `ID.start` or `ID.end`, by agreement; the first plan stays as planned."""

    edge: str
    seconds: int
    reason: str


@dataclass(frozen=True, slots=True)
class MakePromise:
    """`who` said it is done in `due_s` seconds; `item` is what it is about, where that is known."""

    who: str
    due_s: int
    item: str = ""


@dataclass(frozen=True, slots=True)
class SettlePromise:
    """Say whether the promise made by event `promise` was kept."""

    promise: int
    was_kept: bool


@dataclass(frozen=True, slots=True)
class RecordClockStep:
    """The wall clock and the monotonic clock moved apart by so many seconds."""

    seconds: int
    was_suspended: bool = False


@dataclass(frozen=True, slots=True)
class CloseSession:
    outcome: str


Act = (
    CheckItem
    | StartItem
    | SkipItem
    | FailItem
    | ReasonItem
    | OverrideItem
    | UndoLast
    | AddNote
    | EnterPhase
    | SetAside
    | RecordLevel
    | SenseItem
    | LapseItem
    | RecoverItem
    | CaptureBaseline
    | AckAlarm
    | RaiseTrigger
    | ShelveTrigger
    | HoldWork
    | ResumeWork
    | MoveEdge
    | MakePromise
    | SettlePromise
    | RecordClockStep
    | CloseSession
)
