"""How much colour, which glyphs, and that no control character, link or colour passes the last filters."""

from __future__ import annotations

import io
import re
import unicodedata

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

from deploytui.session.view import Progress
from deploytui.ui.color import (
    ASCII,
    UNICODE,
    ColorDepth,
    Glyphs,
    NoColorFilter,
    ScrubFilter,
    choose_glyphs,
    color_depth,
    last_filters,
    make_console,
)
from tests.faults.hostile import HOSTILE

BLACK = Color(0, 0, 0)
SGR_COLOR = re.compile(r"\x1b\[(?:[0-9;]*;)?(?:3[0-9]|4[0-9]|9[0-7]|10[0-7])(?:;[0-9;]*)?m")
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


def drawn(depth: ColorDepth, *segments: Segment, glyphs: Glyphs = UNICODE) -> str:
    strip = Strip(segments)
    for line_filter in last_filters(depth, glyphs):
        strip = strip.apply_filter(line_filter, BLACK)
    return strip.render(make_console(depth, {"TERM": "xterm", "NO_COLOR": "1"}, io.StringIO()))


def breach() -> Segment:
    """Made anew each time: Rich writes a style in the depth it was first asked for."""
    return Segment("BREACH", Style(color="#FF8577", bgcolor="#0B0F14", bold=True, reverse=True))


def test_without_colour_bold_and_reverse_stay_and_no_colour_is_written() -> None:
    out = drawn(ColorDepth.NONE, breach(), Segment(" x", Style(color="default", bgcolor="red")))
    assert SGR_COLOR.search(out) is None
    assert "\x1b[1;7mBREACH" in out


def test_without_colour_a_cursor_is_still_seen() -> None:
    cursor, plain = Style(color="#0B0F14", bgcolor="#F2F5F7"), Style(color="#F2F5F7", bgcolor="#0B0F14")
    filtered = NoColorFilter().apply([Segment("c", cursor), Segment("p", plain)], Color(11, 15, 20))
    assert [segment.style.reverse for segment in filtered if segment.style is not None] == [True, None]


def test_each_depth_is_written_as_such() -> None:
    assert "38;2;255;133;119" in drawn(ColorDepth.TRUE, breach())
    assert "38;5;" in drawn(ColorDepth.EIGHT_BIT, breach())
    assert SGR_COLOR.search(drawn(ColorDepth.ANSI, breach())) is not None
    assert "38;" not in drawn(ColorDepth.ANSI, breach())


def unsafe(text: str) -> list[str]:
    return [char for char in text if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")]


@given(st.text(st.characters(), max_size=80))
def test_no_control_or_format_character_passes(text: str) -> None:
    filtered = ScrubFilter().apply([Segment(text, Style())], BLACK)
    assert unsafe("".join(segment.text for segment in filtered)) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_no_escape_of_the_hostile_texts_is_rendered(text: str) -> None:
    out = drawn(ColorDepth.NONE, Segment(text, Style(link="http://evil/")))
    assert unsafe(out) == []
    # The check can fail: unfiltered, the escapes of the list reach the terminal.
    raw = Strip([Segment(text, Style())]).render(make_console(ColorDepth.NONE, {}, io.StringIO()))
    assert bool(unsafe(text)) == bool(unsafe(raw))


def test_links_go_and_what_textual_knows_of_a_cell_stays() -> None:
    style = Style(link="http://evil/", meta={"offset": (1, 2)})
    (segment,) = ScrubFilter().apply([Segment("x", style)], BLACK)
    assert segment.style is not None
    assert segment.style.link is None
    assert segment.style.meta == {"offset": (1, 2)}
    (segment,) = NoColorFilter().apply([Segment("x", style)], BLACK)
    assert segment.style is not None
    assert segment.style.meta == {"offset": (1, 2)}


def test_clean_segments_pass_untouched() -> None:
    segment = Segment("✓ Pre-Deployment │", Style(bold=True))
    assert ScrubFilter().apply([segment], BLACK)[0] is segment


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


def test_with_ascii_no_sign_of_ours_is_left_wherever_it_stands() -> None:
    fields = [getattr(UNICODE, field.name) for field in msgspec.structs.fields(UNICODE)]
    signs = (
        "".join(value if isinstance(value, str) else "".join(value.values()) for value in fields)
        + "1 · 2 … ••"
    )
    assert drawn(ColorDepth.TRUE, Segment(signs), glyphs=ASCII).isascii()
    assert not drawn(ColorDepth.TRUE, Segment(signs)).isascii()
    assert "Ä" in drawn(ColorDepth.TRUE, Segment("Ä ✓"), glyphs=ASCII)


def test_a_locale_that_cannot_carry_the_glyphs_gets_ascii() -> None:
    assert choose_glyphs(False, {"LANG": "C.UTF-8"}) is UNICODE
    assert choose_glyphs(False, {}) is UNICODE
    assert choose_glyphs(False, {"LC_ALL": "de_DE.ISO-8859-1", "LANG": "C.UTF-8"}) is ASCII
    assert choose_glyphs(True, {"LANG": "C.UTF-8"}) is ASCII
