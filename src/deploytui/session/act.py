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
    item: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class StartItem:
    item: str


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
class CloseSession:
    outcome: str


Act = (
    CheckItem
    | StartItem
    | SkipItem
    | FailItem
    | ReasonItem
    | UndoLast
    | AddNote
    | EnterPhase
    | SetAside
    | RecordLevel
    | CloseSession
)
