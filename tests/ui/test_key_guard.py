"""Which keys count: repeats, typing meant for another window, ticks that were not seen yet, the lock."""

from __future__ import annotations

import string
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from deploytui.ui.key_guard import Answer, KeyGuard

STATE = frozenset({"space", "s", "f", "u", "n", "b", "o", "d", "e", "i", "a", "R", "H"})
NAMES = {" ": "space"}


def press(guard: KeyGuard, key: str, at_s: float) -> Answer:
    return guard.decide(key, key in STATE, at_s).answer


def type_text(guard: KeyGuard, text: str, at_s: float = 100.0, every_s: float = 0.08) -> list[str]:
    """The keys of `text` that were allowed."""
    keys = [NAMES.get(char, char) for char in text]
    return [key for at, key in enumerate(keys) if press(guard, key, at_s + at * every_s) is Answer.ALLOWED]


class Ticker:
    """A list that is ticked at every allowed space and painted `paint_s` later."""

    def __init__(self, *, is_ordered: bool = False, paint_s: float = 0.02) -> None:
        self.guard = KeyGuard()
        self.is_ordered = is_ordered
        self.paint_s = paint_s
        self.ticked = 0
        self.messages: list[str] = []
        self._paints: list[float] = []

    def space(self, at_s: float) -> None:
        while self._paints and self._paints[0] <= at_s:
            self.guard.tick_painted(self._paints.pop(0))
        verdict = self.guard.decide("space", True, at_s)
        if verdict.is_allowed:
            self.ticked += 1
            self.guard.tick_accepted("step 06 is done; press again for 07", is_ordered=self.is_ordered)
            self._paints.append(at_s + self.paint_s)
        elif verdict.message:
            self.messages.append(verdict.message)


def test_twenty_spaces_in_300_ms_tick_one_item() -> None:
    ticker = Ticker()
    for number in range(20):
        ticker.space(10 + number * 0.015)
    assert ticker.ticked == 1
    assert ticker.messages == []


@given(st.floats(0.001, 0.249), st.integers(2, 200))
def test_a_held_key_ticks_once_however_long(every_s: float, count: int) -> None:
    ticker = Ticker()
    for number in range(count):
        ticker.space(10 + number * every_s)
    assert ticker.ticked == 1


@given(st.lists(st.floats(0.0, 2.0), min_size=2, max_size=40), st.booleans(), st.floats(0.0, 1.0))
def test_between_two_ticks_the_first_was_seen_long_enough(
    gaps_s: list[float], is_ordered: bool, paint_s: float
) -> None:
    ticker = Ticker(is_ordered=is_ordered, paint_s=paint_s)
    at_s, ticks_s = 10.0, []
    for gap_s in gaps_s:
        at_s += gap_s
        before = ticker.ticked
        ticker.space(at_s)
        if ticker.ticked > before:
            ticks_s.append(at_s)
    least_s = paint_s + (0.7 if is_ordered else 0.3)
    assert all(later - earlier >= least_s - 1e-9 for earlier, later in pairwise(ticks_s))


def test_the_next_step_waits_until_the_last_one_was_seen() -> None:
    ticker = Ticker(is_ordered=True)
    ticker.space(10.0)
    ticker.space(10.5)
    assert (ticker.ticked, ticker.messages) == (1, ["step 06 is done; press again for 07"])
    ticker.space(10.8)
    assert ticker.ticked == 2


def test_a_tick_that_is_not_painted_yet_holds_the_next() -> None:
    guard = KeyGuard()
    assert press(guard, "space", 10) is Answer.ALLOWED
    guard.tick_accepted("saving the last tick")
    assert guard.decide("space", True, 20).message == "saving the last tick"
    guard.tick_painted(20.1)
    assert press(guard, "space", 20.5) is Answer.ALLOWED


def test_a_refused_tick_does_not_hold_the_next() -> None:
    guard = KeyGuard()
    assert press(guard, "space", 10) is Answer.ALLOWED
    assert press(guard, "space", 10.26) is Answer.ALLOWED


def test_other_keys_that_change_state_do_not_repeat_and_moves_do() -> None:
    guard = KeyGuard()
    assert [press(guard, "u", 10 + at * 0.03) for at in range(3)] == ["allowed", "ignored", "ignored"]
    guard = KeyGuard()
    assert {press(guard, "j", 10 + at * 0.03) for at in range(30)} == {Answer.ALLOWED}


def test_words_meant_for_another_window_do_nothing() -> None:
    for text in (
        "kubectl get pods",
        "sudo systemctl restart x",
        "git status",
        "restart server",
        "ls -la",
        "no, wait",
    ):
        guard = KeyGuard()
        allowed = type_text(guard, text)
        assert len([key for key in allowed if key in STATE]) <= 1, text
        assert allowed[1:] == [] or not set(allowed) & STATE, text


def test_typing_is_named_and_counted() -> None:
    guard = KeyGuard()
    messages = [
        guard.decide(key, key in STATE, 10 + at * 0.1).message for at, key in enumerate("usual words!!!")
    ]
    assert messages[0] == ""
    assert messages[1] == "looked like typing: 1 key ignored"
    assert messages[-1] == "looked like typing: 13 keys ignored"


def test_after_a_second_of_quiet_keys_count_again() -> None:
    guard = KeyGuard()
    type_text(guard, "sudo", 10)
    assert press(guard, "j", 10.24 + 0.99) is Answer.TYPING
    assert press(guard, "space", 10.24 + 0.99 + 0.99) is Answer.TYPING
    assert press(guard, "space", 10.24 + 0.99 + 0.99 + 1.0) is Answer.ALLOWED


def test_moving_and_ticking_in_one_go_is_no_typing() -> None:
    guard = KeyGuard()
    assert type_text(guard, "jj j", every_s=0.1) == ["j", "j", "space", "j"]
    guard = KeyGuard()
    keys = ("down", "space", "up", "enter")
    assert {press(guard, key, 10 + at * 0.1) for at, key in enumerate(keys)} == {Answer.ALLOWED}
    guard = KeyGuard()
    assert "u" not in type_text(guard, "ku")


def test_leaving_is_never_refused() -> None:
    guard = KeyGuard()
    type_text(guard, "sudo")
    assert press(guard, "ctrl+q", 100.3) is Answer.ALLOWED
    guard = KeyGuard()
    press(guard, "L", 10)
    assert press(guard, "ctrl+c", 12) is Answer.ALLOWED


def test_the_lock_refuses_all_but_itself() -> None:
    guard = KeyGuard()
    assert guard.decide("L", False, 10).message == "keyboard locked; L unlocks"
    assert guard.decide("space", True, 12).message == "the keyboard is locked; L unlocks"
    assert press(guard, "j", 14) is Answer.REFUSED
    assert guard.decide("L", False, 16).message == "keyboard unlocked"
    assert press(guard, "space", 18) is Answer.ALLOWED


def test_an_l_inside_a_word_neither_locks_nor_unlocks() -> None:
    for text in ("Linux", "HELLO", "LL ok", "aL"):
        for is_locked in (False, True):
            guard = KeyGuard()
            guard.is_locked = is_locked
            type_text(guard, text)
            assert guard.is_locked is is_locked, text


@given(st.text(alphabet=string.ascii_letters + " ./-", min_size=2, max_size=60), st.floats(0.01, 0.24))
def test_of_any_fast_text_at_most_the_first_state_key_counts(text: str, every_s: float) -> None:
    guard = KeyGuard()
    allowed = type_text(guard, text, every_s=every_s)
    states = [key for key in allowed if key in STATE]
    # One key that repeats is not typing, and the repeats do not count; moving and ticking is how one works.
    assert len(states) <= 1 or set(text) <= set("jk ")


def test_without_the_guard_the_same_text_would_do_much() -> None:
    assert sum(NAMES.get(char, char) in STATE for char in "sudo systemctl restart x") > 5
