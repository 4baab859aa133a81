"""The panes' painters: widths that hold, states that are said in sign and word, and texts that stay texts."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from textual.strip import Strip

from deploytui.base.mask import Mask, NoMask
from deploytui.base.text import clean_block, clean_line
from deploytui.journal.state import ItemStatus
from deploytui.metrics.board import Level
from deploytui.session.view import Counts, DetailView, GroupRow, ItemRow, JournalRow, Progress, TimelineRow
from deploytui.ui.color import ASCII, UNICODE
from deploytui.ui.paint.checklist import counts_text, group, item
from deploytui.ui.paint.detail import detail, wrap
from deploytui.ui.paint.gauge import gauges
from deploytui.ui.paint.journal import journal
from deploytui.ui.paint.skin import Role, Skin, measure
from deploytui.ui.paint.timeline import choose, timeline
from tests.faults.hostile import HOSTILE
from tests.ui.drawn import skin, text, texts, width_of
from tests.ui.night import readings, theme

ROW = ItemRow("exec.7", "active", "07", "Run smoke tests", "3 of 10 min ANA 02:39")
AT = datetime(2025, 11, 22, 2, 42, 7, tzinfo=UTC)
STATUSES = [*(status.value for status in ItemStatus), "set_aside", "saving"]


# -- the checklist -------------------------------------------------------------------------------------


def test_rows_as_drawn() -> None:
    done = replace(ROW, status="done", number="06", label="Verify services", right="ANA 02:36")
    assert text(item(done, 60, skin())) == "  [✓] 06 Verify services                          ANA 02:36 "
    assert text(item(ROW, 60, skin(), is_current=True)) == (
        " ▌[▶] 07 Run smoke tests              3 of 10 min ANA 02:39 "
    )
    steps = GroupRow("steps", "Deployment Steps", "", Counts(done=6, open=4))
    assert text(group(steps, 60, skin())) == " DEPLOYMENT STEPS                                   6 of 10 "


def test_the_current_row_is_one_reverse_bar_of_the_whole_width() -> None:
    line = item(ROW, 60, skin(), is_current=True)
    assert all(style.reverse for _, style in line)
    assert measure(line) == 60


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("is_ascii", [False, True])
def test_every_state_has_a_mark_of_its_own_left_of_the_label(status: str, is_ascii: bool) -> None:
    drawn = text(item(replace(ROW, status=status), 60, skin(is_ascii=is_ascii)))
    mark = drawn[2:5]
    others = {
        text(item(replace(ROW, status=other), 60, skin(is_ascii=is_ascii)))[2:5]
        for other in STATUSES
        if other not in (status, "skipped", "set_aside")
    }
    assert (mark[0], mark[2]) == ("[", "]")
    assert mark not in others
    assert mark != "[X]"


def test_what_a_gauge_says_has_round_boxes() -> None:
    assert text(item(replace(ROW, status="open", is_sensed=True), 60, skin())).startswith("  ( ) 07")


def test_not_saved_is_said_at_the_row() -> None:
    assert text(item(ROW, 60, skin(), unsaved="NOT SAVED")).endswith(" NOT SAVED ")


def test_depth_moves_the_label_and_never_the_edge() -> None:
    line = item(replace(ROW, depth=2), 60, skin())
    assert text(line).startswith("      [▶]")
    assert measure(line) == 60


def test_counts_never_hide_a_failure() -> None:
    counts = Counts(done=6, overridden=1, deferred=1, failed=1, open=1)
    assert counts_text(counts) == "6 of 10 · 1 overridden · 1 deferred · 1 FAILED"


# -- gauges --------------------------------------------------------------------------------------------


def test_gauges_as_drawn() -> None:
    lines = texts(gauges(readings()[:2], 40, 10, skin()))
    assert lines == [
        " Error rate     0.42 % ▲ WATCH          ",
        "  ▕|█             |    2 of 476    37 s ",
        " Response time  212 ms ✓ OK             ",
        "  ▕██████         |       < 500  12 min ",
    ]


def test_no_data_is_said_in_words_and_has_no_bar() -> None:
    silent = next(reading for reading in readings() if reading.level is Level.NO_DATA)
    head, body = texts(gauges([silent], 40, 4, skin()))
    assert "- ○ NO DATA" in head
    assert body.strip() == "no answer within 3 s"
    assert "█" not in head + body


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, None])
def test_what_is_no_number_is_no_bar(value: float | None) -> None:
    lines = texts(gauges([replace(readings()[1], value=value)], 40, 4, skin()))
    assert not any("█" in line for line in lines)


@pytest.mark.parametrize("value", [0.0, 0.05, 0.1, 0.100001, 0.2, 4.9, 5.0, 5.1, 80.0])
def test_the_bar_ends_on_the_true_side_of_each_limit(value: float) -> None:
    reading = replace(readings()[0], value=value, level=Level.OK, hits=None, total=None)
    bar = texts(gauges([reading], 60, 4, skin()))[1]
    filled = bar.rfind("█")
    for limit, mark in zip((0.1, 5.0), [place for place, char in enumerate(bar) if char == "|"], strict=True):
        assert (filled > mark) is (value > limit)


def test_bounds_are_fixed_a_small_change_is_no_cliff() -> None:
    one, other = (
        texts(gauges([replace(readings()[1], value=value)], 40, 4, skin()))[1] for value in (400.0, 401.0)
    )
    assert one == other


def test_where_not_all_fit_the_worst_are_shown_and_the_rest_counted() -> None:
    lines = texts(gauges(readings(), 40, 4, skin()))
    assert len(lines) == 4
    assert "Error rate" in lines[0]
    assert any("NO DATA" in line for line in lines)
    assert any("STALE" in line for line in lines)
    assert "+3 more" in lines[-1]
    assert "not ok" not in lines[-1]
    two = texts(gauges(readings(), 40, 2, skin()))
    assert "+5 more, 2 not ok" in two[-1]


def test_titles_that_begin_alike_are_told_apart_by_their_ends() -> None:
    lines = texts(gauges(readings(), 30, 6, skin()))
    assert any("CPU" in line for line in lines)
    assert any("memory" in line for line in lines)
    assert all("▲ WATCH" in line or "○" in line or "✓ OK" in line for line in lines)
    one, other = (replace(readings()[0], title=title) for title in ("Error rate", "Prometheus: error rate"))
    heads = [line.split("  ")[0].strip().casefold() for line in texts(gauges([one, other], 29, 2, skin()))]
    assert heads[0] != heads[1]


def test_titles_come_before_the_whole_words_of_levels() -> None:
    stopped = [replace(one, level=Level.PLANNED_STOP) for one in readings()]
    assert any("PLANNED STOP" in line for line in texts(gauges(stopped, 60, 6, skin())))
    lines = texts(gauges(stopped, 42, 6, skin()))
    assert [one.title for one, line in zip(stopped, lines, strict=True) if one.title not in line] == []
    assert all("■ STOP" in line for line in lines)


def test_spare_lines_go_to_values_before_silence() -> None:
    lines = texts(gauges(readings(), 40, 10, skin()))
    assert len(lines) == 10
    assert sum("▕" in line for line in lines) == 4
    assert not any("no answer" in line for line in lines)


@pytest.mark.parametrize("width", [26, 30, 38, 44, 52, 120])
@pytest.mark.parametrize("height", [1, 3, 6, 12, 30])
def test_gauge_lines_keep_the_width(width: int, height: int) -> None:
    for line in gauges(readings(), width, height, skin()):
        assert measure(line) <= width


# -- timeline, journal, detail ---------------------------------------------------------------------------

ROWS = (
    TimelineRow("mark", "earlier: 83, not in this session", progress=Progress.SET_ASIDE),
    TimelineRow("phase", "Pre-Deployment", AT, "00:00", Progress.DONE, "2 h 00"),
    TimelineRow(
        "phase", "Execution", AT, "02:00", Progress.CURRENT, "77 min left", fraction=0.35, is_current=True
    ),
    TimelineRow("now", "NOW", AT, "02:42"),
    TimelineRow("mark", "rollback fits until", AT, "03:25", sign="!"),
    TimelineRow("phase", "Post-Deployment", AT, "04:00", Progress.OPEN, "in 77 min"),
)


def test_timeline_as_drawn() -> None:
    assert [line.rstrip() for line in texts(line for _, line in timeline(ROWS, 46, skin()))] == [
        "       ─ earlier: 83, not in this session",
        " 00:00 ✓ Pre-Deployment                2 h 00",
        " 02:00 ▶ Execution  ███           77 min left",
        " 02:42 ── NOW ───────────────────────────────",
        " 03:25 ! rollback fits until",
        " 04:00 ○ Post-Deployment            in 77 min",
    ]


@pytest.mark.parametrize("height", range(1, 6))
def test_now_and_the_current_phase_stay_when_it_is_tight(height: int) -> None:
    kinds = [(row.kind, row.is_current) for row in choose(ROWS, height)]
    assert len(kinds) == height
    assert ("now", False) in kinds
    assert height < 2 or ("phase", True) in kinds


def test_an_overrun_is_not_calm() -> None:
    late = replace(ROWS[2], detail="6 min over", is_over=True)
    pen = skin()
    style = next(style for words, style in timeline([late], 40, pen)[0][1] if "over" in words)
    assert style.color == pen.style(Role.WATCH).color
    assert style.bold


def test_journal_rows_as_drawn() -> None:
    row = JournalRow(7, AT, "02:42:07Z", "SYS", "▲", "error rate 0.42 %", Level.WATCH)
    assert text(journal(row, 50, skin())).rstrip() == " 02:42:07Z SYS ▲ error rate 0.42 %"
    assert "▲" not in text(journal(row, 50, skin(is_ascii=True)))


def test_details_wrap_and_lose_nothing() -> None:
    words = " ".join(f"word{n}" for n in range(60))
    lines = texts(
        detail(DetailView("07 Run smoke tests", (("note", words), ("link", "x" * 300))), 40, skin())
    )
    assert all(len(line) <= 40 for line in lines)
    joined = "".join(line for line in lines)
    assert all(f"word{n}" in joined for n in range(60))
    assert joined.count("x") == 300


@pytest.mark.parametrize("width", [8, 20, 60])
def test_wrapping_never_exceeds_the_width(width: int) -> None:
    for words in ("東京タワー" * 20, "a " * 50, "x" * 200, "", "one\ntwo"):
        assert all(measure([(line, skin().style())]) <= width for line in wrap(words, width))


# -- foreign text ----------------------------------------------------------------------------------------


def everything(word: str, pen: Skin, width: int) -> list[Strip]:
    """One hostile text in every place where foreign text is drawn."""
    row = replace(ROW, label=word, right=word, sub=word, flags=word)
    reading = replace(readings()[0], title=word, why=word, unit=word, ok_text=word)
    lines = [
        item(row, width, pen),
        item(row, width, pen, is_current=True),
        group(GroupRow("g", word, word, Counts(done=1, open=1)), width, pen),
        *gauges([reading, replace(reading, level=Level.NO_DATA, value=None)], width, 10, pen),
        *gauges([reading], width, 1, pen),
        *(
            line
            for _, line in timeline([replace(row_, title=word, detail=word) for row_ in ROWS], width, pen)
        ),
        journal(JournalRow(1, AT, "02:42:07Z", word, "✓", word), width, pen),
        *detail(DetailView(word, (("note", word),)), width, pen),
    ]
    return [pen.strip(line, width) for line in lines]


@pytest.mark.parametrize("word", HOSTILE)
def test_hostile_text_is_drawn_literally_and_keeps_every_width(word: str) -> None:
    for cleaned in (clean_line(word), clean_block(word).replace("\n", " ")):
        for width in (30, 60, 118):
            strips = everything(cleaned, skin(), width)
            assert {width_of(strip) for strip in strips} == {width}
            assert all("\x1b" not in strip.text and "\x07" not in strip.text for strip in strips)
            assert not any(segment.style and segment.style.meta for strip in strips for segment in strip)


@pytest.mark.parametrize("word", ["[bold]x[/bold]", "[@click=app.quit]x[/]", "[WARN] disk"])
def test_markup_is_seen_as_it_was_written(word: str) -> None:
    assert word in text(item(replace(ROW, label=word), 80, skin()))
    assert word in text(journal(JournalRow(1, AT, "02:42:07Z", "ANA", "✓", word), 80, skin()))


def test_secrets_are_masked_in_every_pane_and_counted() -> None:
    secret = "call +49 170 1234567 or ana@example.com"
    pen = Skin(theme(), UNICODE, Mask())
    drawn = "".join(strip.text for strip in everything(secret, pen, 118))
    assert "1234567" not in drawn
    assert "ana@example" not in drawn
    assert pen.hidden > 10


def test_the_control_a_pen_without_mask_shows_them() -> None:
    assert "1234567" in "".join(strip.text for strip in everything("call +49 170 1234567", skin(), 118))


def test_unmasked_shows_and_masks_again() -> None:
    pen = Skin(theme(), UNICODE, Mask())
    pen.is_unmasked = True
    assert pen.foreign("ana@example.com") == "ana@example.com"
    pen.is_unmasked = False
    assert "ana@" not in pen.foreign("ana@example.com")


@pytest.mark.parametrize("width", range(1, 12))
def test_a_cut_text_is_never_wider_than_asked(width: int) -> None:
    for words in ("東京タワー東京", "plain words", "👨‍👩‍👧‍👦 family"):
        assert measure([(skin().cut(words, width), skin().style())]) <= width


def test_ascii_draws_only_ascii_signs() -> None:
    pen = Skin(theme(), ASCII, NoMask())
    lines = [item(replace(ROW, status=status), 60, pen) for status in STATUSES]
    lines += [*gauges(readings(), 60, 12, pen), *(line for _, line in timeline(ROWS, 60, pen))]
    strips = [pen.strip(line, 60) for line in lines]
    assert all(strip.text.isascii() for strip in strips), [
        strip.text for strip in strips if not strip.text.isascii()
    ]
