"""What counts as pasted: bracketed or not, cut anywhere by the ends of reads, and never for ever."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from deploytui.ui.terminal.key_parser import MAX_PASTE, PasteSplitter, Piece

START, END = "\x1b[200~", "\x1b[201~"


def feed(*reads: str, every_s: float = 0.001) -> list[Piece]:
    splitter = PasteSplitter()
    return [piece for at, read in enumerate(reads) for piece in splitter.feed(read, 10 + at * every_s)]


def pasted(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces if piece.is_paste)


def typed(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces if not piece.is_paste)


def test_single_keys_and_sequences_are_typed() -> None:
    for read in (
        "a",
        " ",
        "\x1b",
        "\x1b[A",
        "\x1b[97;;97u",
        "\x1bOP",
        "jjjjjjjj",
        "\x1b[<35;10;10M" * 20,
        "é",
    ):
        assert feed(read) == [Piece(read, False)]


def test_eight_printable_characters_are_typed_and_nine_are_a_paste() -> None:
    assert feed("yyyyyyyy") == [Piece("yyyyyyyy", False)]
    assert feed("yyyyyyyyy") == [Piece("yyyyyyyyy", True)]
    assert feed("y\ry\ry\ry\ry") == [Piece("y\ny\ny\ny\ny", True)]


def test_a_bracketed_paste_of_one_key_is_a_paste() -> None:
    assert feed(f"{START}y\ryyy{END}") == [Piece("y\nyyy", True)]
    assert feed(f"j{START}y{END}k") == [Piece("j", False), Piece("y", True), Piece("k", False)]


def test_the_marks_may_be_cut_anywhere() -> None:
    whole = f"j{START}all of it{END}k"
    for one in range(len(whole)):
        for two in range(one, len(whole)):
            pieces = feed(whole[:one], whole[one:two], whole[two:])
            assert pasted(pieces) == "all of it"
            # A mark that is cut behind its first or second character leaves that much for the escape key.
            assert typed(pieces) in ("jk", "j\x1bk", "j\x1b[k")


def test_the_end_of_a_long_paste_that_was_not_bracketed_is_no_typing() -> None:
    assert typed(feed("x" * 4096, "x" * 4096, "yy")) == ""
    assert typed(feed("x" * 4096, "y", every_s=1)) == "y"


def test_keys_inside_a_paste_are_gone_and_reports_stay() -> None:
    pieces = feed("rm -rf /tmp/x\x1b[B\x1b[?2026;2$y\x1b[I\r")
    assert pasted(pieces) == "rm -rf /tmp/x\n"
    assert typed(pieces) == "\x1b[?2026;2$y\x1b[I"


def test_a_paste_is_clean_and_bounded() -> None:
    assert feed(f"{START}a\x1b]0;x\x07\x00b{END}") == [Piece("a␛]0;x␇␀b", True)]
    assert len(pasted(feed(START, *["x" * 4096] * 100, END))) == MAX_PASTE


def test_a_paste_that_never_ends_gives_the_keyboard_back() -> None:
    splitter = PasteSplitter()
    assert splitter.feed(f"{START}lost", 10.0) == []
    assert splitter.feed("more", 10.3) == []
    assert splitter.feed("j", 10.8) == [Piece("lostmore", True), Piece("j", False)]


@given(st.lists(st.text(alphabet="a\x1b[201~; ]\x07M", max_size=40), max_size=8))
def test_nothing_fails_and_no_paste_holds_a_control_character(reads: list[str]) -> None:
    pieces = feed(*reads)
    assert all(char.isprintable() or char == "\n" for char in pasted(pieces))
    assert START not in typed(pieces)


def test_hostile_input_takes_no_time() -> None:
    for read in (
        "\x1b]" * 32_000,
        "\x1b[" * 32_000,
        "\x1bP" + "x" * 64_000,
        "\x1b[" + "1;" * 32_000,
        START * 10_000,
    ):
        started_s = time.perf_counter()
        feed(read)
        assert time.perf_counter() - started_s < 1.0
