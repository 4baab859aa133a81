"""The dashboard driven by keys: what is asked, what is refused, what is drawn, and that nothing is drawn too early."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from textual import events
from textual.widgets import Input

from deploytui.base.errors import Problem, UnusableSession
from deploytui.journal.event import Draft
from deploytui.journal.fact import ClockStepped, ItemChecked, NoteAdded
from deploytui.journal.store import Appended, Fenced, Unconfirmed
from deploytui.metrics.board import Level, LevelChange
from deploytui.session.act import SYSTEM, AddNote, CheckItem
from deploytui.session.ticket import StoreTrouble
from deploytui.ui.layout import PaneName
from deploytui.ui.paint.skin import Role
from deploytui.ui.screens.ask import FilterModal, LeaveModal, TextModal, YesOrNoModal
from deploytui.ui.screens.page import DetailModal, HelpModal
from tests.session.fake import ANA
from tests.ui.bridge import Bridge, bridge
from tests.ui.night import ToldGauges, busy_services, make_services, readings

SIZES = [(40, 12), (80, 24), (120, 40), (200, 50)]


# -- ticking -------------------------------------------------------------------------------------------


async def test_space_ticks_the_current_item_and_goes_to_the_next_open_one() -> None:
    async with bridge() as night:
        assert night.cursor == "exec.1"
        await night.press("space")
        assert "[✓] 01" in night.row("exec.1")
        assert "ANA 02:42" in night.row("exec.1")
        assert night.cursor == "exec.2"
        assert "▌[▶] 02" in night.row("exec.2")
        assert "1 of 14" in night.text


async def test_space_never_unticks_and_says_who_ticked() -> None:
    async with bridge() as night:
        await night.press("space", "k", "space")
        assert "[✓]" in night.row("exec.1")
        assert "done by ANA 02:42 · u undoes" in night.footer


async def test_what_the_footer_said_is_gone_when_it_is_hushed() -> None:
    async with bridge() as night:
        await night.press("space", "k", "space")
        night.screen.hints.hush()
        await night.settle()
        assert "space tick" in night.footer


async def test_undo_takes_back_the_last_act_and_says_which() -> None:
    async with bridge(160, 40) as night:
        await night.press("space")
        assert "u undo: tick 01" in night.footer
        await night.press("u")
        assert "[ ] 01" in night.row("exec.1")
        assert "undone" in night.footer
        assert night.session.events[-1].kind == "item.undone"


async def test_a_tick_is_not_drawn_before_it_is_on_disk() -> None:
    services, _ = make_services()
    gate = threading.Event()
    append = services.session.store.append

    def slow(*args: object) -> Appended:
        gate.wait(10)
        return append(*args)  # type: ignore[arg-type]

    services.session.store.append = slow  # type: ignore[method-assign]
    async with bridge(services=services) as night:
        night.clock.advance(1)
        await night.pilot.press("space")
        await night.pilot.pause(0.25)
        assert "[✓]" not in night.row("exec.1")
        assert "[…] 01" in night.row("exec.1")
        assert "saving…" in night.row("exec.1")
        night.clock.advance(1)
        await night.pilot.press("s")
        assert "still being saved" in night.footer
        assert night.app.screen is night.screen
        gate.set()
        await night.settle()
        assert "[✓] 01" in night.row("exec.1")


async def test_an_ordinary_save_does_not_flicker() -> None:
    async with bridge() as night:
        await night.press("space")
        assert not night.screen.saving.shown


async def test_what_is_not_saved_is_said_until_it_is_closed_and_never_drawn_as_done() -> None:
    services, _ = make_services()
    append = services.session.store.append

    def full(*args: object) -> Appended:
        raise UnusableSession("the disk is full")

    services.session.store.append = full  # type: ignore[method-assign]
    async with bridge(services=services) as night:
        await night.press("space")
        assert "[ ] 01" in night.row("exec.1")
        assert "NOT SAVED" in night.row("exec.1")
        assert night.footer.startswith(" NOT SAVED: 01 Step 1: the disk is full")
        night.screen.hints.hush()
        await night.settle()
        assert "NOT SAVED" in night.footer
        assert night.cursor == "exec.1"
        services.session.store.append = append  # type: ignore[method-assign]
        assert night.store.kept[-1].kind != "item.checked"
        await night.press("escape")
        assert "NOT SAVED" not in night.text
        await night.press("space")
        assert "[✓] 01" in night.row("exec.1")


async def test_the_second_try_that_was_saved_takes_the_words_about_the_first_back_and_no_others() -> None:
    services, _ = make_services()
    append = services.session.store.append

    def full(*args: object) -> Appended:
        raise UnusableSession("the disk is full")

    services.session.store.append = full  # type: ignore[method-assign]
    async with bridge(services=services) as night:
        night.screen.talk.say_error("NOT SAVED: a note: the disk is full")
        await night.press("space")
        assert night.footer.startswith(" NOT SAVED: 01 Step 1: the disk is full")
        services.session.store.append = append  # type: ignore[method-assign]
        await night.press("space")
        assert "[✓] 01" in night.row("exec.1")
        assert night.footer.startswith(" NOT SAVED: a note: the disk is full")


async def test_a_commit_that_never_returns_is_given_up_and_its_truth_told_later() -> None:
    services, _ = make_services()
    gate = threading.Event()
    append = services.session.store.append

    def stuck(*args: object) -> Appended:
        gate.wait(10)
        return append(*args)  # type: ignore[arg-type]

    services.session.store.append = stuck  # type: ignore[method-assign]
    async with bridge(services=services) as night:
        night.clock.advance(1)
        await night.pilot.press("space")
        night.clock.advance(31)
        night.screen.tick()
        await night.pilot.pause()
        assert "NOT SAVED" in night.footer
        gate.set()
        for _ in range(200):
            await night.pilot.pause(0.01)
            if "saved after all" in night.footer:
                break
        assert "saved after all: 01 Step 1" in night.footer
        assert "[✓] 01" in night.row("exec.1")
        assert "NOT SAVED" not in night.text
        assert (
            night.cursor == "exec.1"
        )  # whoever is about to try again does not find another row under the key


def ticked(item: str) -> Draft:
    return Draft(ItemChecked(item), by="CI")


async def seen(night: Bridge, words: str) -> None:
    """Until the store's thread has looked, and what it found is drawn."""
    async with asyncio.timeout(10):
        while words not in night.text:
            night.clock.advance(1)
            await night.pilot.pause(0.02)


async def test_a_row_that_was_not_certain_says_saved_or_not_saved_and_never_both() -> None:
    services, _ = make_services()
    append = services.session.store.append

    async with bridge(services=services) as night:
        next_id = f"e{len(night.store.kept) + 1}"

        def uncertain(*args: object) -> Appended:
            raise Unconfirmed(Problem("it is not certain"), frozenset({next_id}))

        services.session.store.append = uncertain  # type: ignore[method-assign]
        await night.press("space")
        assert "[ ] 01" in night.row("exec.1")
        assert "NOT SAVED" in night.row("exec.1")
        services.session.store.append = append  # type: ignore[method-assign]
        night.store._write([ticked("exec.1")])
        await seen(night, "saved after all: 01 Step 1")
        assert "[✓] 01" in night.row("exec.1")
        assert "NOT SAVED" not in night.text


async def test_somebody_elses_tick_ends_the_words_about_ours_on_that_row() -> None:
    services, _ = make_services()
    append = services.session.store.append

    def full(*args: object) -> Appended:
        raise UnusableSession("the disk is full")

    services.session.store.append = full  # type: ignore[method-assign]
    async with bridge(services=services) as night:
        await night.press("space")
        assert "NOT SAVED" in night.row("exec.1")
        services.session.store.append = append  # type: ignore[method-assign]
        night.store._write([ticked("exec.1")])
        await seen(night, "[✓] 01")
        assert "NOT SAVED" not in night.row("exec.1")
        assert night.footer.startswith(" NOT SAVED: 01 Step 1: the disk is full")  # ours is in no journal


async def test_a_note_that_is_not_saved_says_so_beside_a_tick_that_is() -> None:
    async with bridge() as night:
        await night.press("space", "k")

        def full(*args: object) -> Appended:
            raise UnusableSession("the disk is full")

        night.store.append = full  # type: ignore[method-assign]
        night.screen.saving.submit(AddNote("text", "exec.1"))
        await night.settle()
        assert "[✓] 01" in night.row("exec.1")
        assert night.row("exec.1").rstrip(" ┃│").endswith("note NOT SAVED")
        night.screen.saving.submit(CheckItem("exec.1"))
        await night.settle()
        assert "NOT SAVED" not in night.row("exec.1")


async def test_ordered_steps_warn_and_do_not_forbid() -> None:
    async with bridge() as night:
        await night.press("j", "space")
        assert "step 01 before it is still open" in night.footer
        assert "[✓] 02" in night.row("exec.2")


# -- keys that were not meant --------------------------------------------------------------------------


async def test_a_held_space_bar_ticks_one_item() -> None:
    async with bridge() as night:
        await night.press("space", after_s=1)
        await night.press(*["space"] * 19, after_s=0.015)
        assert night.session.tally.phase("exec").done == 1


async def test_the_control_twenty_patient_spaces_tick_more_than_one() -> None:
    async with bridge() as night:
        await night.press(*["space"] * 3, after_s=1)
        assert night.session.tally.phase("exec").done == 3


async def test_a_word_meant_for_another_window_does_nothing_and_closes_what_it_opened() -> None:
    async with bridge() as night:
        seq = night.session.state.seq
        await night.press("s", after_s=1)
        await night.press(*"orry", after_s=0.05)
        assert night.app.screen is night.screen
        assert "looked like typing" in night.footer
        assert night.session.state.seq == seq


async def test_what_is_not_saved_is_said_until_it_is_closed_whatever_else_goes_wrong() -> None:
    async with bridge(160, 40) as night:
        night.screen.talk.say_error("NOT SAVED: a note: disk full")
        night.screen.reports.take(StoreTrouble("disk full"))
        night.screen.reports.take(StoreTrouble("disk full; try free some space"))
        night.screen.talk.say_error("gauge history is not saved: disk full", Role.WATCH)
        await night.settle()
        assert night.footer.startswith(" NOT SAVED: a note: disk full")
        night.screen.reports.take(StoreTrouble(""))
        await night.settle()
        assert night.footer.startswith(" NOT SAVED: a note: disk full")
        await night.press("escape")
        assert night.footer.startswith(" gauge history is not saved")
        await night.press("escape")
        assert "closes" not in night.footer


async def test_the_newest_of_what_weighs_the_same_is_said_first_and_the_same_only_once() -> None:
    async with bridge(160, 40) as night:
        for name in ("one", "two", "one"):
            night.screen.talk.say_error(f"NOT SAVED: {name}")
        await night.settle()
        assert night.footer.startswith(" NOT SAVED: one")
        await night.press("escape")
        assert night.footer.startswith(" NOT SAVED: two")
        await night.press("escape")
        assert "closes" not in night.footer


async def test_a_paste_that_is_too_long_is_cut_and_the_dialog_says_so() -> None:
    async with bridge() as night:
        await night.press("n")
        field = night.app.screen.query_one(Input)
        field.post_message(events.Paste("begin " + "x" * 20_000))
        await night.settle()
        assert len(field.value) == 16_000
        assert field.value.startswith("begin xx")
        assert "cut: it holds 16,000 characters at most" in night.text
        await night.press("y")
        assert len(field.value) == 16_000
        await night.press("backspace")
        assert "cut:" not in night.text


async def test_a_paste_is_never_a_key() -> None:
    async with bridge() as night:
        seq = night.session.state.seq
        night.app.post_message(events.Paste(" s y\nyyy "))
        await night.settle()
        assert night.session.state.seq == seq
        assert night.app.screen is night.screen


async def test_a_locked_keyboard_takes_only_its_own_key() -> None:
    async with bridge() as night:
        await night.press("L", "space", "q")
        assert "LOCKED" in night.text
        assert "L unlocks" in night.footer
        assert night.session.tally.phase("exec").done == 0
        assert night.app.screen is night.screen
        await night.press("L", "space")
        assert night.session.tally.phase("exec").done == 1


async def test_a_click_moves_the_cursor_and_never_ticks() -> None:
    async with bridge() as night:
        seq = night.session.state.seq
        await night.pilot.click("#checklist", offset=(6, 4))
        await night.settle()
        assert night.cursor == "exec.3"
        await night.pilot.click("#checklist", offset=(6, 4))
        assert night.session.state.seq == seq
        await night.pilot.click("#gauges", offset=(6, 2))
        assert night.screen.active is PaneName.GAUGES


async def test_escape_closes_and_clears_and_never_quits() -> None:
    async with bridge() as night:
        await night.press("slash")
        await night.write("step")
        await night.press("enter", "z", "3", "escape", "escape", "escape", "escape", "escape")
        assert night.screen.phases.query == ""
        assert not night.screen.is_zoomed
        assert night.screen.active is PaneName.CHECKLIST
        assert not night.app.is_leaving


# -- asking --------------------------------------------------------------------------------------------


async def test_skip_asks_why_and_a_number_picks_a_preset() -> None:
    services = busy_services()
    async with bridge(services=services) as night:
        item = night.cursor
        await night.press("s")
        assert isinstance(night.app.screen, TextModal)
        await night.press("1", "enter")
        said = night.session.state.items[item]
        assert said.status == "skipped"
        assert said.reason in (
            night.session.plan.skip_reasons[0],
            night.session.index.by_id[item].item.optional,
        )


async def test_skip_on_what_is_skipped_says_which_key_applies() -> None:
    async with bridge() as night:
        item = night.cursor
        await night.press("s")
        await night.write("not here")
        await night.press("enter")
        night.screen.checklist.point_to(item)
        await night.press("s")
        assert "skipped by ANA" in night.footer
        assert "u undoes" in night.footer


async def test_skip_without_a_reason_is_not_sent() -> None:
    async with bridge() as night:
        await night.press("s", "enter")
        assert "write a few words" in night.text
        await night.press("escape")
        assert "exec.1" not in night.session.state.items


async def test_fail_is_recorded_at_once_and_its_reason_is_due() -> None:
    async with bridge() as night:
        await night.press("f")
        assert night.session.state.items["exec.1"].status == "failed"
        await night.press("escape")
        assert "the reason is due" in night.footer
        assert "FAILED, reason due" in night.row("exec.1")


async def test_fail_with_its_reason() -> None:
    async with bridge() as night:
        await night.press("f")
        await night.write("3 errors")
        await night.press("enter")
        assert night.session.state.items["exec.1"].reason == "3 errors"
        assert "FAILED 3 errors" in night.row("exec.1")


async def test_a_half_typed_note_survives_escape() -> None:
    async with bridge() as night:
        await night.press("n")
        await night.write("Kim is")
        await night.press("escape", "n")
        await night.write(" late")
        await night.press("enter")
        assert night.session.events[-1].fact.text == "Kim is late"


async def test_the_first_act_in_another_phase_asks_in_one_line() -> None:
    async with bridge() as night:
        await night.press("l")
        assert "LOOKING AHEAD, not entered" in night.text
        seq = night.session.state.seq
        await night.press("space")
        assert isinstance(night.app.screen, YesOrNoModal)
        assert "Enter Post-Deployment now, 77 min early? 14 open in Deployment Execution." in night.footer
        await night.press("escape")
        assert night.session.state.seq == seq
        await night.press("space", "y")
        assert "post" in night.session.state.entered
        assert night.session.state.items["post.1"].status == "done"


async def test_details_and_help_open_and_close() -> None:
    async with bridge() as night:
        await night.press("enter")
        assert isinstance(night.app.screen, DetailModal)
        assert "Deployment Execution / Deployment Steps" in night.text
        await night.press("q", "question_mark")
        assert isinstance(night.app.screen, HelpModal)
        assert "tick the current item" in night.text
        await night.press("escape")
        assert night.app.screen is night.screen


async def test_help_shows_which_keys_act_now() -> None:
    async with bridge(120, 50) as night:

        def color(words: str) -> object:
            strip = next(
                strip for strip in night.app.screen._compositor.render_strips() if words in strip.text
            )
            return next(one.style.color for one in strip if one.style and words in one.text)

        await night.press("question_mark")
        tick, note = color("tick the current item"), color("note on the current item")
        await night.press("escape", "4", "question_mark")
        assert tick == note == color("note on the current item")
        assert color("tick the current item") != tick


async def test_the_palette_does_what_was_chosen() -> None:
    async with bridge() as night:
        await night.press("colon")
        await night.write("freeze")
        await night.press("enter")
        assert "FROZEN 02:42" in night.text


async def test_leaving_a_rehearsal_does_not_promise_a_way_back() -> None:
    services, _ = make_services()
    services.back = ""
    async with bridge(services=services) as night:
        await night.press("q")
        assert "A rehearsal ends here" in night.text
        assert "Back with" not in night.text
        assert "stays open" not in night.text


async def test_leaving_asks_and_the_session_stays_open() -> None:
    async with bridge() as night:
        await night.press("q")
        assert isinstance(night.app.screen, LeaveModal)
        assert "deploytui resume night" in night.text
        await night.press("escape")
        assert not night.app.is_leaving
        await night.press("ctrl+c")
        assert "once more" in night.footer
        await night.press("ctrl+c")
        assert isinstance(night.app.screen, LeaveModal)


async def test_leaving_names_what_is_not_saved() -> None:
    services, _ = make_services()
    gate = threading.Event()
    append = services.session.store.append

    def stuck(*args: object) -> Appended:
        gate.wait(20)
        return append(*args)  # type: ignore[arg-type]

    services.session.store.append = stuck  # type: ignore[method-assign]
    async with bridge(services=services) as night:
        night.clock.advance(1)
        await night.pilot.press("space")
        night.clock.advance(1)
        await night.pilot.press("q")
        for _ in range(60):
            await night.pilot.pause(0.05)
            if isinstance(night.app.screen, LeaveModal) and "NOT SAVED" in night.text:
                break
        assert "NOT SAVED yet" in night.text
        assert "01 Step 1" in night.text
        await night.pilot.press("enter")
        assert isinstance(night.app.screen, LeaveModal)  # with something unsaved, only y leaves
        gate.set()


# -- looking -------------------------------------------------------------------------------------------


async def test_filter_shows_matches_and_slash_7_jumps() -> None:
    async with bridge() as night:
        await night.press("slash")
        assert isinstance(night.app.screen, FilterModal)
        await night.write("logs")
        assert night.screen.checklist.item_count == 1
        await night.press("escape")
        assert night.screen.checklist.item_count > 10
        await night.press("slash")
        await night.write("7")
        await night.press("enter")
        assert night.cursor == "exec.7"
        await night.press("slash")
        await night.write("١")
        await night.press("enter")
        assert "nothing matches" in night.text


async def test_moving_skips_headings_and_holds_at_the_ends() -> None:
    async with bridge() as night:
        await night.press("k")
        assert night.cursor == "exec.1"
        await night.press("G")
        assert night.cursor == "val.2b"
        await night.press("j", "g")
        assert night.cursor == "exec.1"
        await night.press(*"jjjjjjjjjj")
        assert night.cursor == "val.1"


async def test_dot_goes_to_the_next_open_item() -> None:
    async with bridge() as night:
        await night.press("space", "space", "g", "full_stop")
        assert night.cursor == "exec.3"


async def test_panes_are_chosen_by_number_and_tab() -> None:
    async with bridge() as night:
        await night.press("2")
        assert "┏━ 2 Timeline" in night.text
        await night.press("tab", "tab", "tab", "tab")
        assert "┏━ 1 Checklist" in night.text
        await night.press("shift+tab")
        assert "┏" not in night.text


@pytest.mark.parametrize("size", SIZES)
async def test_the_screen_is_complete_at_every_size(size: tuple[int, int]) -> None:
    async with bridge(*size, services=busy_services()) as night:
        lines = night.text.splitlines()
        assert len(lines) == size[1]
        assert "PROD" in lines[0]
        assert "EXECUTION" in lines[1]
        assert "ROLLBACK" in lines[2]
        assert lines[-1].rstrip().endswith("? help")
        wanted = ["Checklist"] if size[0] < 80 else ["Checklist", "Timeline", "Gauges", "Journal"]
        assert all(any(name in line for line in lines) for name in wanted)
        assert ("Details" in night.text) is (size[0] >= 200)


async def test_details_follow_the_cursor_in_the_third_column() -> None:
    async with bridge(200, 50) as night:
        await night.press("j")
        await night.pilot.pause(0.2)
        assert "exec.2" in night.text


async def test_a_window_too_small_takes_no_item_keys() -> None:
    async with bridge(20, 5) as night:
        assert night.text.splitlines()[0].startswith("20×5, needs 40×12")
        await night.press("space", "s", "u")
        assert night.session.tally.phase("exec").done == 0
        assert night.app.screen is night.screen


async def test_resizing_keeps_the_cursor_in_sight() -> None:
    async with bridge(120, 40) as night:
        await night.press("G")
        await night.pilot.resize_terminal(60, 14)
        await night.settle()
        assert night.row("val.2b")


# -- time, gauges, others --------------------------------------------------------------------------------


async def test_nothing_is_painted_when_nothing_changed() -> None:
    async with bridge() as night:
        await night.tick(0)
        painted = []
        for pane in (*night.screen._panes, night.screen.checklist):
            refresh = pane.refresh
            pane.refresh = lambda *a, _r=refresh, _n=pane.id, **k: (painted.append(_n), _r(*a, **k))[1]  # type: ignore[method-assign]
        night.screen.tick()
        assert painted == []
        night.clock.advance(1)
        night.screen.tick()
        assert set(painted) <= {"identity", "gauges", "alarm", "checklist", "timeline", "stages"}
        assert "identity" in painted
        assert "journal" not in painted


async def test_a_frozen_screen_stands_still_but_keys_still_show() -> None:
    async with bridge() as night:
        await night.press("p")
        before = night.text.splitlines()[0]
        await night.tick(60)
        assert night.text.splitlines()[0] == before
        assert "FROZEN" in before
        await night.press("space")
        assert "[✓] 01" in night.row("exec.1")
        await night.press("p")
        assert "FROZEN" not in night.text


async def test_gauges_start_behind_the_first_frame_and_end_with_the_app() -> None:
    gauges = ToldGauges(readings())
    services, _ = make_services(gauges=gauges)
    async with bridge(services=services) as night:
        await night.pilot.pause()
        assert gauges.is_running
        assert "Error rate" in night.text
    assert not gauges.is_running


async def test_level_changes_are_journaled_by_the_system() -> None:
    gauges = ToldGauges(readings())
    services, clock = make_services(gauges=gauges)
    async with bridge(services=services) as night:
        gauges.told = [LevelChange("errors", Level.OK, Level.WATCH, "0.42 %", clock.now())]
        await night.tick()
        event = night.session.events[-1]
        assert (event.kind, event.by) == ("gauge.level_changed", "SYS")


async def test_what_others_append_is_shown() -> None:
    async with bridge() as night:
        night.store._write([Draft(NoteAdded(text="from a script"), by="CI")])
        for _ in range(100):
            night.clock.advance(1)
            await night.pilot.pause(0.01)
            if "from a script" in night.text:
                break
        assert "from a script" in night.text


def fence(night: Bridge) -> None:
    from deploytui.journal.store import Lease

    def fenced(*args: object) -> Appended:
        raise Fenced

    night.store.current = Lease(night.store.current.epoch + 1, None, 0)
    night.store.append = fenced  # type: ignore[method-assign]


async def lose_the_lease(night: Bridge) -> None:
    fence(night)
    await night.press("space")


async def test_a_lost_lease_makes_a_follower_with_a_banner_and_no_tick() -> None:
    async with bridge() as night:
        await lose_the_lease(night)
        assert "[✓]" not in night.row("exec.1")
        assert not night.session.is_driving
        assert "FOLLOWING" in night.text.splitlines()[0]
        assert "read-only" in night.footer or "NOT SAVED" in night.footer
        await night.press("escape", "escape", "space")
        assert "read-only" in night.footer


async def test_what_the_program_itself_saw_is_no_work_that_was_lost() -> None:
    async with bridge() as night:
        fence(night)
        night.screen.saving.submit(ClockStepped(30, suspended=True), SYSTEM)
        await night.settle()
        assert not night.session.is_driving
        assert "NOT SAVED" not in night.text


async def test_a_follower_may_look_but_not_write() -> None:
    services, _ = make_services()
    services.session.is_driving = False
    async with bridge(services=services) as night:
        seq = night.session.state.seq
        for key in ("space", "s", "f", "n", "u", "b"):
            await night.press(key)
            assert night.app.screen is night.screen
        assert night.session.state.seq == seq
        assert "space tick" not in night.footer
        await night.press("j", "enter")
        assert isinstance(night.app.screen, DetailModal)


# -- the shared screen -----------------------------------------------------------------------------------


async def test_masking_is_on_and_a_chip_counts_it() -> None:
    async with bridge() as night:
        night.session.perform(AddNote("call +49 170 1234567"), ANA)
        night.screen._follow_up()
        await night.tick()
        assert "1234567" not in night.text
        assert "1 masked" in night.text


async def test_unmasking_counts_down_and_ends() -> None:
    async with bridge() as night:
        night.session.perform(AddNote("call +49 170 1234567"), ANA)
        night.screen._follow_up()
        night.screen.perform("screen.unmask")
        await night.settle()
        assert "1234567" in night.text
        assert "UNMASKED 30 s" in night.text
        await night.tick(10)
        assert "UNMASKED 20 s" in night.text
        await night.tick(21)
        assert "1234567" not in night.text
        assert "UNMASKED" not in night.text


async def test_what_is_copied_is_masked_too(monkeypatch: pytest.MonkeyPatch) -> None:
    async with bridge() as night:
        copied: list[str] = []
        monkeypatch.setattr(night.app, "copy_to_clipboard", copied.append)
        night.session.perform(CheckItem("exec.1"), ANA)
        await night.press("y", "Y")
        assert "SalesSync" in copied[0]
        assert "Step" in copied[1]


async def test_another_theme_repaints_everything() -> None:
    async with bridge() as night:
        night.screen.wear("bridge-light")
        await night.settle()
        grounds = {
            segment.style.bgcolor.get_truecolor().hex
            for strip in night.app.screen._compositor.render_strips()
            for segment in strip
            if segment.style and segment.style.bgcolor
        }
        assert grounds == {"#ffffff"}


async def test_zoom_gives_the_pane_the_whole_screen_and_back() -> None:
    async with bridge() as night:
        await night.press("3")
        assert "1 Checklist" in night.text
        await night.press("z")
        assert "1 Checklist" not in night.text
        assert night.text.splitlines()[3].startswith("┏━ 3 Gauges  S worst first ━━")
        assert len(night.text.splitlines()[3].rstrip()) == 120
        await night.press("z")
        assert "1 Checklist" in night.text


async def test_only_the_pane_with_the_keys_has_heavy_sides() -> None:
    async with bridge() as night:
        assert "┃ ▌[ ] 01" in night.row("exec.1")
        await night.press("2")
        assert "│ ▌[ ] 01" in night.row("exec.1")
        await night.press("1")
        assert "┃ ▌[ ] 01" in night.row("exec.1")


async def test_a_small_terminal_shows_one_pane_and_tab_the_next() -> None:
    async with bridge(60, 16) as night:
        assert "Step 1" in night.text
        await night.press("2")
        assert "Step 1" not in night.text
        assert "NOW" in night.text
        await night.press("1")
        assert "Step 1" in night.text


async def test_the_last_tick_of_a_phase_says_how_to_go_on() -> None:
    async with bridge(120, 40) as night:
        for item in list(night.session.index.of_phase("exec"))[:-1]:
            night.session.perform(CheckItem(item.item.id), ANA)
        night.screen.phases.show("exec")
        await night.press("G", "space")
        assert "nothing more is open here: l goes to Post-Deployment" in night.footer
        await night.press("full_stop")
        assert "nothing open in this phase: l goes to Post-Deployment" in night.footer


async def test_a_defect_in_a_look_is_said_and_the_next_look_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async with bridge(120, 40) as night:
        real, looks = night.screen._records.look, list[object]()

        def look(*args: Any) -> object:
            looks.append(args)
            if len(looks) == 1:
                raise RuntimeError("a defect")
            return real(*args)

        monkeypatch.setattr(night.screen._records, "look", look)
        for _ in range(400):
            await asyncio.sleep(0.01)
            if len(looks) > 1:
                break
        assert len(looks) > 1
        assert night.app._exception is None
