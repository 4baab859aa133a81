"""The bars: what each leaves out first, and what it never leaves out."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from textual.strip import Strip

from deploytui.metrics.board import Level
from deploytui.plan.model import StageName
from deploytui.session.view import AlarmView, Counts, IdentityView, Progress, StageView
from deploytui.ui.command import BY_ID, footer_commands
from deploytui.ui.paint import bar
from deploytui.ui.paint.bar import Chips, Notice
from deploytui.ui.paint.skin import Role
from tests.ui.drawn import skin, width_of

AT = datetime(2025, 11, 22, 0, 5, tzinfo=UTC)
WHO = IdentityView(
    environment="PROD", title="SalesSync 4.2", mode="live", is_driving=True, driver="ANA", driver_since=AT,
    driver_note="", date="Sat 22 Nov", zone_clock=("02:42:07", "UTC"), local_clock=("03:42:07", "CET"), local_date=None,
)  # fmt: skip
STAGES = (
    StageView(StageName.PRE_DEPLOY, "Pre-deploy", Progress.DONE, Counts(done=5), None, None),
    StageView(StageName.EXECUTION, "Execution", Progress.CURRENT, Counts(done=6, open=12),
              datetime(2025, 11, 22, 4, 0, tzinfo=UTC), 4673.0, is_current=True),
    StageView(StageName.POST_DEPLOY, "Post-deploy", Progress.OPEN, Counts(open=21)),
)  # fmt: skip
ALARM = AlarmView(
    Level.WATCH, "WATCH error rate 0.42 % (2 of 476), ok < 0.1, for 37 s", "WATCH error rate, 37 s", 1, "a ack",
    "ROLLBACK FITS UNTIL 03:25Z, 42 min left", "ROLLBACK FITS UNTIL 03:25Z, 42 min",
)  # fmt: skip
WIDTHS = [40, 60, 80, 100, 120, 160, 200]


def parts(strip: Strip) -> list[str]:
    """What stands in a bar, apart by two spaces or more."""
    return re.split(r" {2,}", strip.text.strip())


def test_identity_as_drawn_at_120() -> None:
    strip = bar.identity(WHO, Chips(), 120, skin())
    assert parts(strip) == [
        "PROD", "SalesSync 4.2", "driver ANA since 00:05Z", "Sat 22 Nov", "02:42:07 UTC", "03:42:07 CET",
    ]  # fmt: skip
    assert strip.text.endswith("CET ")


def test_identity_as_drawn_at_80() -> None:
    assert bar.identity(WHO, Chips(), 80, skin()).text == (
        " PROD  SalesSync 4.2  driver ANA since 00:05Z          Sat 22 Nov  02:42:07 UTC "
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_the_clock_and_the_driver_are_always_there(width: int) -> None:
    long = replace(WHO, title="A very long name of a very large system of systems", driver="MARGARETE")
    for view in (WHO, long):
        strip = bar.identity(view, Chips(hidden=2), width, skin())
        assert width_of(strip) == width
        assert "02:42:07 UTC" in strip.text
        assert view.driver in strip.text


def test_who_only_follows_is_told_so() -> None:
    assert "FOLLOWING, driver ANA" in bar.identity(replace(WHO, is_driving=False), Chips(), 120, skin()).text


def test_a_rehearsal_says_so_first() -> None:
    assert bar.identity(replace(WHO, mode="rehearsal"), Chips(), 80, skin()).text.startswith(
        " REHEARSAL PROD"
    )


def test_frozen_replaces_the_clock() -> None:
    text = bar.identity(WHO, Chips(frozen="02:42:07Z"), 120, skin()).text
    assert "FROZEN 02:42:07Z" in text
    assert "UTC" not in text


def test_chips_say_what_is_locked_masked_and_for_how_long_it_is_not() -> None:
    assert Chips(is_locked=True, hidden=3).words() == ["LOCKED", "3 masked"]
    assert Chips(hidden=3, unmasked_s=27).words() == ["UNMASKED 27 s"]


def test_bars_are_reverse_video_so_that_they_stay_without_colour() -> None:
    assert all(segment.style and segment.style.reverse for segment in bar.identity(WHO, Chips(), 80, skin()))
    styles = {segment.text.strip(): segment.style for segment in bar.stages(STAGES, "", 120, skin())}
    current = next(style for words, style in styles.items() if words.startswith("▶ EXECUTION"))
    assert current is not None
    assert current.reverse


def test_stages_as_drawn_at_120() -> None:
    assert parts(bar.stages(STAGES, "go-live +42 min", 120, skin())) == [
        "✓ PRE-DEPLOY 5 of 5",
        "▶ EXECUTION 6 of 18, ends 04:00Z, 77 min left",
        "○ POST-DEPLOY 0 of 21",
        "go-live +42 min",
    ]


@pytest.mark.parametrize("width", WIDTHS)
def test_calm_stages_lose_their_counts_before_the_current_one_does(width: int) -> None:
    strip = bar.stages(STAGES, "go-live +42 min", width, skin())
    assert width_of(strip) == width
    assert "EXECUTION 6 of 18" in strip.text
    if width >= 80:
        assert "77 min left" in strip.text


def test_a_failure_is_said_in_its_stage() -> None:
    failed = replace(STAGES[1], progress=Progress.FAILED, counts=Counts(done=6, failed=1, open=11))
    text = bar.stages((STAGES[0], failed), "", 120, skin()).text
    assert "✗ EXECUTION 6 of 18 · 1 FAILED" in text


def test_a_stage_that_is_not_in_the_session_counts_nothing() -> None:
    aside = replace(STAGES[0], progress=Progress.SET_ASIDE, counts=Counts(set_aside=88), earlier=88)
    wide, middle = (bar.stages((aside, *STAGES[1:]), "", width, skin()).text for width in (140, 100))
    assert "PRE-DEPLOY 88 not in this session" in wide
    assert "PRE-DEPLOY set aside" in middle
    assert "0 of 0" not in wide + middle


def test_a_stage_that_is_over_says_by_how_much() -> None:
    late = replace(STAGES[1], left_s=-301.0)
    assert "6 min over" in bar.stages((late,), "", 120, skin()).text


def test_alarm_as_drawn() -> None:
    assert parts(bar.alarm(ALARM, 160, skin())) == [
        "▲ WATCH error rate 0.42 % (2 of 476), ok < 0.1, for 37 s (+1)",
        "a ack",
        "ROLLBACK FITS UNTIL 03:25Z, 42 min left",
    ]
    assert parts(bar.alarm(ALARM, 80, skin())) == [
        "▲ WATCH error rate, 37 s (+1)",
        "ROLLBACK FITS UNTIL 03:25Z, 42 min left",
    ]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_last_minute_to_roll_back_is_never_dropped(width: int) -> None:
    strip = bar.alarm(ALARM, width, skin())
    assert width_of(strip) == width
    assert "ROLLBACK FITS UNTIL 03:25Z" in strip.text
    assert "▲ WATCH" in strip.text
    assert "+1" in strip.text


def test_calm_is_information_not_an_empty_row() -> None:
    calm = AlarmView(None, "no alarms, 7 gauges fresh, oldest 3 s", "no alarms")
    strip = bar.alarm(calm, 80, skin())
    assert strip.text.strip() == "no alarms, 7 gauges fresh, oldest 3 s"
    assert not any(segment.style and segment.style.reverse for segment in strip)


def test_where_the_whole_alarm_does_not_fit_its_reason_is_cut_between_words() -> None:
    reason = "2 series match: narrow the query to one, or put sum() or max() around it"
    view = AlarmView(Level.NO_DATA, f"NO DATA rows: {reason}, for 30 s", "NO DATA rows, 30 s", 9, "a ack")
    whole = len(view.text) + len(" (+9)") + 8
    rows = {width: bar.alarm(view, width, skin()).text.rstrip() for width in range(40, whole + 1)}
    assert rows[whole] == f" ○ {view.text} (+9)"
    assert rows[whole - 1] == f" ○ NO DATA rows, 30 s: {reason} (+9)"
    assert rows[60] == " ○ NO DATA rows, 30 s: 2 series match: narrow the … (+9)"
    assert rows[40] == " ○ NO DATA rows, 30 s (+9)"


@pytest.mark.parametrize("width", range(40, 201, 7))
@pytest.mark.parametrize("undo", ["", "tick 06", "fail No errors in logs of the whole night and more"])
def test_help_is_in_the_footer_at_every_width(width: int, undo: str) -> None:
    strip = bar.hints(footer_commands("checklist", BY_ID), undo, None, width, skin())
    assert width_of(strip) == width
    assert strip.text.rstrip().endswith("? help")
    assert "space tick" in strip.text


@pytest.mark.parametrize("width", WIDTHS)
def test_a_notice_never_hides_help(width: int) -> None:
    for stays in (False, True):
        notice = Notice("NOT SAVED: 07 Run smoke tests: disk full " * 4, Role.BREACH, stays)
        strip = bar.hints(footer_commands("checklist", BY_ID), "", notice, width, skin())
        assert width_of(strip) == width
        assert strip.text.startswith(" NOT SAVED: 07")
        assert strip.text.rstrip().endswith("? help")
        assert ("esc closes" in strip.text) is stays


def test_the_footer_says_what_undo_would_undo_where_there_is_room() -> None:
    assert (
        "u undo: tick 06" in bar.hints(footer_commands("checklist", BY_ID), "tick 06", None, 160, skin()).text
    )


def test_too_small_says_what_is_needed() -> None:
    assert bar.too_small(20, 5, skin()).text.strip() == "20×5, needs 40×12"
    assert bar.too_small(39, 12, skin(is_ascii=True)).text.strip() == "too small: 39x12, needs 40x12"


PAST = replace(
    ALARM, rollback="ROLLBACK NOW ENDS 04:06Z, 6 min after Deployment Execution; before 06:00Z if started by 05:25Z",
    rollback_short="ROLLBACK NOW ENDS 04:06Z, 6 min over; before 06:00Z if started by 05:25Z",
    rollback_least="ROLLBACK NOW ENDS 04:06Z, 6 min over", rollback_level=Level.WATCH,
)  # fmt: skip


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (200, "6 min after Deployment Execution; before 06:00Z if started by 05:25Z"),
        (120, "6 min over; before 06:00Z if started by 05:25Z"),
        (80, "6 min over"),
    ],
)
def test_past_the_last_minute_both_the_alarm_and_the_limit_can_be_read(width: int, words: str) -> None:
    text = bar.alarm(PAST, width, skin()).text
    assert words in text
    assert "WATCH error rate, 37 s (+1)" in text or "for 37 s (+1)" in text


@pytest.mark.parametrize("width", WIDTHS)
def test_a_hold_is_said_at_every_width(width: int) -> None:
    assert "ON HOLD" in bar.identity(replace(WHO, is_held=True), Chips(), width, skin()).text
    assert "ON HOLD" not in bar.identity(WHO, Chips(), width, skin()).text


def test_a_hold_says_until_when_where_there_is_room() -> None:
    held = replace(WHO, is_held=True, held_until="03:11Z")
    assert bar.identity(held, Chips(), 120, skin()).text.startswith(
        " ON HOLD until 03:11Z · PROD  SalesSync 4.2"
    )
    assert bar.identity(held, Chips(), 80, skin()).text.startswith(" ON HOLD PROD  ")
