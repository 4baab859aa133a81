"""What a session answers to an act that was proposed: go on, ask this first, or no, because. Pure."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from deploytui.base.errors import Refused
from deploytui.session.act import (
    AcceptFinding,
    Act,
    AddNote,
    CaptureBaseline,
    CheckItem,
    FailItem,
    HoldWork,
    InsertItem,
    MakePromise,
    MoveEdge,
    OverrideItem,
    ReasonItem,
    ShelveTrigger,
    SkipItem,
    StartItem,
)


class Question(StrEnum):
    """What is to be asked: all but `PHASE` want a text, `PHASE` a yes."""

    LOCK = "lock"
    PHASE = "phase"
    REASON = "reason"
    TEXT = "text"
    WHO = "who"


class Unanswered(Refused):
    """An answer is missing. Where nobody can be asked, it is refused in the words of the error; `asked` are those
    for a person who can answer."""

    def __init__(self, question: Question, why: str, asked: str = "") -> None:
        super().__init__(why)
        self.question = question
        self.asked = asked or why


class Go(Struct, frozen=True):
    """The rules allow it. `caution` is what a careful colleague would say, and is in nobody's way; with
    `changes_nothing` it is so already, and nothing would be appended."""

    caution: str = ""
    changes_nothing: bool = False


class Ask(Struct, frozen=True):
    """One question comes first. `answered` is the act to propose next."""

    question: Question
    text: str
    act: Act

    def answered(self, text: str = "") -> Act:
        """The act with the answer: a text, or for `PHASE` a yes."""
        match self.question, self.act:
            case Question.LOCK, CheckItem() | StartItem() as act:
                return replace(act, why_now=text)
            case Question.PHASE, CheckItem() | StartItem() | SkipItem() | FailItem() | OverrideItem() as act:
                return replace(act, enters_phase=True)
            case Question.TEXT, AddNote() | InsertItem() as act:
                return replace(act, text=text)
            case Question.WHO, MakePromise() as act:
                return replace(act, who=text)
            case Question.REASON, AcceptFinding() as act:
                return replace(act, why=text)
            case (
                Question.REASON,
                SkipItem()
                | ReasonItem()
                | OverrideItem()
                | HoldWork()
                | MoveEdge()
                | ShelveTrigger()
                | CaptureBaseline() as act,
            ):
                return replace(act, reason=text)
            case _:
                raise TypeError(f"{type(self.act).__name__} has no answer to {self.question}")


class No(Struct, frozen=True):
    """A rule forbids it now; `why` says what to do instead."""

    why: str


Answer = Go | Ask | No
