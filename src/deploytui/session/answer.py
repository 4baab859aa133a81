"""What a session answers to an act that was proposed: go on, ask this first, or no, because. Pure."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from deploytui.base.errors import Refused
from deploytui.base.text import clean_line, shorten
from deploytui.session.act import Act

LINE_MAX = 2_000


class Question(StrEnum):
    """What is to be asked: all but `PHASE` want a text, `PHASE` a yes."""

    LOCK = "lock"
    PHASE = "phase"
    REASON = "reason"
    TEXT = "text"
    WHO = "who"


# The field of an act that the answer fills.
_FIELDS = {Question.LOCK: "why_now", Question.REASON: "reason", Question.TEXT: "text", Question.WHO: "who"}


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
        if self.question is Question.PHASE:
            return replace(self.act, enters_phase=True)
        return replace(self.act, **{_FIELDS[self.question]: text})


class No(Struct, frozen=True):
    """A rule forbids it now; `why` says what to do instead."""

    why: str


Answer = Go | Ask | No


def line(text: str) -> str:
    """A text that somebody typed, as one clean line that is not too long."""
    return shorten(clean_line(text).strip(), LINE_MAX)


def required(text: str, what: str, question: Question = Question.REASON) -> str:
    """The same of a text that must not be empty."""
    if not (text := line(text)):
        raise Unanswered(question, f"{what} is needed")
    return text
