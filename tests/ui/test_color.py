"""How much color a terminal gets, and which glyphs."""

from __future__ import annotations

import msgspec
import pytest
from rich.cells import cell_len

from deploytui.session.view import Progress
from deploytui.ui.color import (
    ASCII,
    UNICODE,
    ColorDepth,
    Glyphs,
    choose_glyphs,
    color_depth,
)

XTERM = {"TERM": "xterm-256color"}


@pytest.mark.parametrize(
    ("mode", "env", "depth"),
    [
        ("auto", {"TERM": "xterm-256color", "COLORTERM": "truecolor"}, ColorDepth.TRUE),
        ("auto", {"TERM": "xterm-256color", "COLORTERM": "24bit"}, ColorDepth.TRUE),
        ("auto", {"TERM": "xterm-kitty"}, ColorDepth.TRUE),
        ("auto", {"TERM": "xterm-direct"}, ColorDepth.TRUE),
        ("auto", {"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, ColorDepth.TRUE),
        ("auto", {"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, ColorDepth.EIGHT_BIT),
        ("auto", XTERM, ColorDepth.EIGHT_BIT),
        ("auto", {"TERM": "tmux-256color"}, ColorDepth.EIGHT_BIT),
        ("auto", {"TERM": "xterm"}, ColorDepth.ANSI),
        ("auto", {"TERM": "screen"}, ColorDepth.ANSI),
        ("auto", {"TERM": "linux"}, ColorDepth.ANSI),
        ("auto", {"TERM": "vt100"}, ColorDepth.NONE),
        ("auto", {}, ColorDepth.NONE),
        ("auto", XTERM | {"NO_COLOR": "1"}, ColorDepth.NONE),
        ("auto", XTERM | {"NO_COLOR": "0"}, ColorDepth.NONE),
        ("auto", XTERM | {"NO_COLOR": ""}, ColorDepth.EIGHT_BIT),
        ("always", XTERM | {"NO_COLOR": "1"}, ColorDepth.EIGHT_BIT),
        ("always", {"TERM": "vt100"}, ColorDepth.ANSI),
        ("never", XTERM | {"COLORTERM": "truecolor"}, ColorDepth.NONE),
    ],
)
def test_depth(mode: str, env: dict[str, str], depth: ColorDepth) -> None:
    assert color_depth(mode, env) is depth


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_every_glyph_is_as_wide_as_it_says(glyphs: Glyphs) -> None:
    for field in msgspec.structs.fields(glyphs):
        value = getattr(glyphs, field.name)
        if isinstance(value, str):
            cells = 4 if "corners" in field.name else 7 if field.name == "steps" else 1
            assert cell_len(value) == cells, field.name
        else:
            assert {cell_len(box) for box in value.values()} == {3}, field.name


def test_ascii_is_ascii_and_an_x_never_means_failed() -> None:
    values = [getattr(ASCII, field.name) for field in msgspec.structs.fields(ASCII)]
    assert all(
        text.isascii() for value in values for text in ([value] if isinstance(value, str) else value.values())
    )
    assert ASCII.box("failed") == "[!]"
    assert ASCII.box("done") == "[x]"
    assert ASCII.box("done", is_sensed=True) == "(x)"


def test_every_state_has_its_own_box_but_those_that_say_the_same() -> None:
    for glyphs in (UNICODE, ASCII):
        states = ("open", "active", "done", "failed", "skipped", "overridden", "deferred", "saving")
        assert len({glyphs.box(state) for state in states}) == len(states)
        assert glyphs.box("skipped", is_sensed=True) == "[-]"
        assert {glyphs.of_progress(progress) for progress in Progress} >= {
            glyphs.done,
            glyphs.active,
            glyphs.open,
        }


def test_a_locale_that_cannot_carry_the_glyphs_gets_ascii() -> None:
    assert choose_glyphs(False, {"LANG": "C.UTF-8"}) is UNICODE
    assert choose_glyphs(False, {}) is UNICODE
    assert choose_glyphs(False, {"LC_ALL": "de_DE.ISO-8859-1", "LANG": "C.UTF-8"}) is ASCII
    assert choose_glyphs(True, {"LANG": "C.UTF-8"}) is ASCII
