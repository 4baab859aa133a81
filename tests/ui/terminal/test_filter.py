"""The last filters: no control character, link or color passes them, and what Textual alone would write."""

from __future__ import annotations

import io
import re
import unicodedata

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter, Monochrome, NoColor
from textual.strip import Strip

from deploytui.ui.color import ASCII, UNICODE, ColorDepth, Glyphs
from deploytui.ui.terminal.filter import NoColorFilter, ScrubFilter, last_filters, make_console
from tests.faults.hostile import HOSTILE

BLACK = Color(0, 0, 0)
SGR_COLOR = re.compile(r"\x1b\[(?:[0-9;]*;)?(?:3[0-9]|4[0-9]|9[0-7]|10[0-7])(?:;[0-9;]*)?m")


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


@pytest.mark.parametrize("textuals", [Monochrome(), NoColor()])
def test_without_color_textual_alone_writes_greys_or_the_default_colors(textuals: LineFilter) -> None:
    strip = Strip([breach()]).apply_filter(textuals, BLACK)
    out = strip.render(make_console(ColorDepth.NONE, {"TERM": "xterm"}, io.StringIO()))
    assert SGR_COLOR.search(out) is not None


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


def test_with_ascii_no_sign_of_ours_is_left_wherever_it_stands() -> None:
    fields = [getattr(UNICODE, field.name) for field in msgspec.structs.fields(UNICODE)]
    signs = (
        "".join(value if isinstance(value, str) else "".join(value.values()) for value in fields)
        + "1 · 2 … ••"
    )
    assert drawn(ColorDepth.TRUE, Segment(signs), glyphs=ASCII).isascii()
    assert not drawn(ColorDepth.TRUE, Segment(signs)).isascii()
    assert "Ä" in drawn(ColorDepth.TRUE, Segment("Ä ✓"), glyphs=ASCII)
