"""Keys out of bytes: what is known comes through, what is not is dropped whole and never pressed letter by letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.message import Message

from deploytui.ui.terminal.key_parser import KeyParser


def keys(messages: list[Message]) -> list[str]:
    return [message.key for message in messages if isinstance(message, events.Key)]


def pressed(*reads: str) -> list[str]:
    parser = KeyParser()
    return [key for read in reads for key in keys(parser.feed(read))]


def test_keys_as_terminals_send_them() -> None:
    assert pressed("j", " ", "\x1b[A", "\x1bOA", "\x1b[1;5C", "\x1b[97;;97u", "\x1b[[A", "é", "\r") == [
        "j", "space", "up", "up", "ctrl+right", "a", "f1", "é", "enter",
    ]  # fmt: skip


def test_every_sequence_textual_knows_still_comes_through() -> None:
    for sequence in ANSI_SEQUENCES_KEYS:
        if sequence.startswith("\x1b") and len(sequence) > 2:
            assert pressed(sequence) == keys(list(XTermParser().feed(sequence))), repr(sequence)


def test_a_sequence_cut_by_the_end_of_a_read_is_put_together() -> None:
    assert pressed("\x1b", "[A") == pressed("\x1b[", "A") == ["up"]
    assert pressed("\x1b[1;", "5C") == ["ctrl+right"]


UNKNOWN = [
    "\x1b[25;2q", "\x1b[9999999z", "\x1b[?1;2c", "\x1b[>1;4000;20c", "\x1b[0n", "\x1b[4;600;800t", "\x1b[?62;9;c",
    "\x1b]11;rgb:0b0b/0f0f/1414\x1b\\", "\x1b]52;c;ZXZpbA==\x07", "\x1bP1+r544e=78\x1b\\", "\x1b_Gi=1;OK\x1b\\",
    "\x1b[1114112u", "\x1b[" + "9" * 3000 + "u", "\x1b[<" + "9" * 6000 + ";1;1M", "\x1b[48;0;0;0;0t",
]  # fmt: skip


@pytest.mark.parametrize("sequence", UNKNOWN, ids=lambda sequence: repr(sequence[:12]))
def test_what_is_unknown_presses_nothing_and_the_next_key_counts(sequence: str) -> None:
    assert pressed(sequence, "j") == ["j"]
    assert pressed(f"{sequence}j") == ["j"]


def test_textual_alone_would_press_letters() -> None:
    alone = XTermParser()
    letters = list(alone.feed("\x1b]11;rgb:0b0b/0f0f/1414\x1b\\" * 2))
    assert len(keys(letters)) > 20


def test_the_mouse_and_focus_come_through_and_claimed_sizes_do_not() -> None:
    parser = KeyParser()
    messages = parser.feed("\x1b[<0;3;4M\x1b[I\x1b[48;50;200;500;2000t\x1b[9;9R\x1b[M !!")
    assert [type(message) for message in messages] == [events.MouseDown, events.AppFocus]


def test_of_a_storm_of_focus_only_the_last_counts() -> None:
    messages = KeyParser().feed("\x1b[I\x1b[O" * 300 + "\x1b[I" + "j")
    assert [type(message) for message in messages] == [events.AppFocus, events.Key]


def test_characters_that_nobody_types_are_no_keys() -> None:
    assert pressed("\x1b[55296u", "\x1b[97;;8203u", "\x1b[97;;8238u", "\u200b", "j") == ["j"]


@given(st.lists(st.text(alphabet="\x1b[]OPM0129;:<?~uMmRtj\x07\\\ud800é", max_size=30), max_size=10))
def test_no_input_fails_and_a_key_afterwards_counts(reads: list[str]) -> None:
    parser = KeyParser()
    for read in reads:
        parser.feed(read)
    parser.feed("\x1b[A")
    assert keys(parser.feed("j"))[-1:] == ["j"] or keys(parser.feed("j"))[-1:] == ["j"]
