"""Which keys count: no auto-repeat, no typing meant for another window, nothing while the keyboard is locked.

Pure: the app asks `decide` for every key that is not going into a field, with the time it came, and tells
when a tick was accepted and when it was painted. Pastes never get here: the driver has told them apart.
"""

from __future__ import annotations

import re
from collections import deque
from enum import StrEnum

from msgspec import Struct

REPEAT_S = 0.25
TYPING_S = 0.3
QUIET_S = 1.0
PAINTED_S = 0.3
PAINTED_ORDERED_S = 0.7
TICK, LOCK = "space", "L"
_MOVES = frozenset({"j", "k"})
_NOT_PRINTABLE = re.compile(
    r".*\+.*|f\d+|up|down|left|right|enter|escape|tab|backspace|delete|insert|home|end|pageup|pagedown"
)


class Answer(StrEnum):
    """`IGNORED` is silent; `REFUSED` says why; `TYPING` also closes the dialog that an earlier key opened."""

    ALLOWED = "allowed"
    IGNORED = "ignored"
    REFUSED = "refused"
    TYPING = "typing"


class Verdict(Struct, frozen=True):
    answer: Answer
    message: str = ""

    @property
    def is_allowed(self) -> bool:
        return self.answer is Answer.ALLOWED


_ALLOWED = Verdict(Answer.ALLOWED)


class _Press(Struct, frozen=True):
    key: str
    changes_state: bool
    at_s: float


class KeyGuard:
    """Remembers what was pressed lately. `at_s` is monotonic."""

    def __init__(self) -> None:
        self.is_locked = False
        self._lately: deque[_Press] = deque()
        self._received_at_s: dict[str, float] = {}
        self._ignored = 0
        self._closed_until_s: float | None = None
        self._tick_words = ""
        self._tick_needs_s = 0.0
        self._tick_painted_at_s: float | None = None

    def decide(self, key: str, changes_state: bool, at_s: float) -> Verdict:
        """Whether this key, by Textual's name for it, may do what it is bound to. Leaving is never refused."""
        repeats = at_s - self._received_at_s.get(key, at_s - 60) < REPEAT_S
        if changes_state or key == LOCK:
            self._received_at_s[key] = at_s
        if key.startswith("ctrl+"):
            return _ALLOWED
        if self._is_closed(at_s) or self._looks_like_typing(key, changes_state, at_s):
            return self._close(at_s)
        if key == LOCK:
            if repeats:
                return Verdict(Answer.IGNORED)
            self.is_locked = not self.is_locked
            return Verdict(
                Answer.REFUSED, "keyboard locked; L unlocks" if self.is_locked else "keyboard unlocked"
            )
        if self.is_locked:
            return Verdict(Answer.REFUSED, "the keyboard is locked; L unlocks")
        if changes_state and repeats:
            return Verdict(Answer.IGNORED)
        return self._after_tick(at_s) if key == TICK else _ALLOWED

    def tick_accepted(self, words: str, *, is_ordered: bool = False) -> None:
        """A tick was sent to be saved. `words` answer a press that comes too early, such as
        `step 06 is done; press again for 07`."""
        self._tick_words = words
        self._tick_needs_s = PAINTED_ORDERED_S if is_ordered else PAINTED_S
        self._tick_painted_at_s = None

    def tick_painted(self, at_s: float) -> None:
        """The row shows the last tick, as done or as being saved."""
        if self._tick_painted_at_s is None:
            self._tick_painted_at_s = at_s

    def _after_tick(self, at_s: float) -> Verdict:
        if not self._tick_words:
            return _ALLOWED
        painted_at_s = self._tick_painted_at_s
        if painted_at_s is None or at_s - painted_at_s < self._tick_needs_s:
            return Verdict(Answer.REFUSED, self._tick_words)
        return _ALLOWED

    def _looks_like_typing(self, key: str, changes_state: bool, at_s: float) -> bool:
        if _NOT_PRINTABLE.fullmatch(key):
            return False
        while self._lately and at_s - self._lately[0].at_s >= TYPING_S:
            self._lately.popleft()
        press = _Press(key, changes_state or key == LOCK, at_s)
        is_typing = any(_are_typing(press, other) for other in self._lately)
        self._lately.append(press)
        return is_typing

    def _is_closed(self, at_s: float) -> bool:
        if self._closed_until_s is None:
            return False
        if at_s < self._closed_until_s:
            return True
        self._closed_until_s = None
        self._ignored = 0
        self._lately.clear()
        return False

    def _close(self, at_s: float) -> Verdict:
        if self._closed_until_s is None and any(press.key == LOCK for press in list(self._lately)[:-1]):
            self.is_locked = not self.is_locked  # the L was part of a word
        self._closed_until_s = at_s + QUIET_S
        self._ignored += 1
        keys = "1 key" if self._ignored == 1 else f"{self._ignored} keys"
        return Verdict(Answer.TYPING, f"looked like typing: {keys} ignored")


def _are_typing(one: _Press, other: _Press) -> bool:
    """Two different keys, one of which changes state. Moving and ticking in one go is how the list is worked."""
    if one.key == other.key or not (one.changes_state or other.changes_state):
        return False
    return not ({one.key, other.key} - {TICK} <= _MOVES and TICK in (one.key, other.key))
