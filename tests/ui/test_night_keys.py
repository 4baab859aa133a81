"""The keys of the night: promise, override, card, baseline, acknowledge, triggers, hold and move."""

from __future__ import annotations

from msgspec.structs import replace

from deploytui.base.clock import AcceleratedClock
from deploytui.base.errors import UnusableSession
from deploytui.journal.state import ItemStatus
from deploytui.metrics.baseline import Captured
from deploytui.plan.model import Item
from tests.session.fake import GO_LIVE, holder, small_plan
from tests.ui.bridge import bridge
from tests.ui.night import EIGHT_PAST, ToldGauges, make_services


async def say(night, command: str, *words: str) -> None:
    """A command by its id, and what is typed into its dialog."""
    night.screen.perform(command)
    await night.settle()
    for text in words:
        await say_into(night, text)


async def say_into(night, text: str) -> None:
    """Into the dialog that a key has opened; a person takes a moment before."""
    night.clock.advance(1)
    for char in text:
        await night.pilot.press("space" if char == " " else char)
    await night.pilot.press("enter")
    await night.settle()


async def test_a_promise_is_noted_and_settled() -> None:
    async with bridge() as night:
        await night.press("e")
        await say_into(night, "10 Kim")
        promise = night.session.state.promises[0]
        assert (promise.who, promise.item) == ("Kim", "exec.1")
        night.screen.perform("night.promise_kept")
        await night.settle()
        await night.press("y")
        assert night.session.state.promises[0].was_kept is True


async def test_what_cannot_be_read_says_the_form_and_is_kept() -> None:
    async with bridge() as night:
        await night.press("e")
        await say_into(night, "soon Kim")
        assert "expected minutes and who" in night.text
        assert night.app.screen is not night.screen  # the dialog stays
        assert night.session.state.promises == ()
        assert night.services.drafts.offered("Promise") == "soon Kim"


async def test_what_a_rule_forbids_is_said_in_the_dialog_and_can_be_mended() -> None:
    async with bridge() as night:
        await say(night, "night.move", "end -3h agreed")
        assert "would end before it starts" in night.text
        assert not night.session.state.moves
        for _ in range(len("-3h agreed")):
            await night.pilot.press("backspace")
        await say_into(night, "+30m agreed")
        assert night.session.state.moves[0].seconds == 1800
        assert night.app.screen is night.screen


async def test_an_override_asks_why_and_is_counted_apart() -> None:
    async with bridge() as night:
        await night.press("o")
        await say_into(night, "known")
        said = night.session.state.items["exec.1"]
        assert (said.status, said.reason) == (ItemStatus.OVERRIDDEN, "known")
        assert "[o] 01" in night.row("exec.1")


async def test_the_card_shows_forward_back_and_by_when() -> None:
    async with bridge() as night:
        await night.press("c")
        assert "decide by" in night.text
        assert "called now it ends" in night.text


async def test_hold_and_move_from_the_palette() -> None:
    async with bridge() as night:
        await say(night, "night.hold", "10m waiting")
        assert night.session.state.hold.reason == "waiting"
        await say(night, "night.resume")
        assert night.session.state.hold is None
        before = night.session.spans()["exec"].end_at
        await say(night, "night.move", "end +30m agreed")
        assert (night.session.spans()["exec"].end_at - before).total_seconds() == 1800


async def typed(night, text: str) -> None:
    """A command with its words, typed into the palette."""
    await night.press("colon")
    await say_into(night, text)


async def test_a_word_and_its_phrase_work_at_once() -> None:
    async with bridge() as night:
        await typed(night, "hold 10m waiting for the DBA")
        assert night.session.state.hold.reason == "waiting for the DBA"
        await typed(night, "resume")
        assert night.session.state.hold is None
        before = night.session.spans()["exec"].end_at
        await typed(night, "move end +30m agreed with Kim")
        assert (night.session.spans()["exec"].end_at - before).total_seconds() == 1800
        assert night.session.state.moves[0].reason == "agreed with Kim"
        await typed(night, "promise 10 Kim")
        assert night.session.state.promises[0].who == "Kim"


async def test_a_phrase_that_is_not_whole_asks_for_the_rest_and_keeps_what_was_typed() -> None:
    async with bridge() as night:
        await typed(night, "move end +30m")
        assert "such as end +30m agreed" in night.text
        assert not night.session.state.moves
        await say_into(night, "agreed")
        assert (night.session.state.moves[0].edge, night.session.state.moves[0].reason) == (
            "exec.end",
            "agreed",
        )


async def test_a_phrase_that_a_rule_forbids_says_so() -> None:
    async with bridge() as night:
        await typed(night, "move end -3h agreed")
        assert "would end before it starts" in night.footer
        await typed(night, "move nope.end +3h agreed")
        assert "there is no edge" in night.footer
        assert not night.session.state.moves


async def test_the_palette_shows_what_enter_would_do() -> None:
    async with bridge() as night:
        await night.press("colon")
        await night.write("hold 10m")
        assert "Hold the work: 10m" in night.text
        assert "hold: how long and why (10m waiting for the DBA)" in night.text
        await night.press("escape")
        assert night.session.state.hold is None


async def test_a_word_is_still_a_search_and_other_words_are_too() -> None:
    async with bridge() as night:
        await night.press("colon")
        await night.write("hold")
        assert "Hold the work" in night.text
        await night.press("ctrl+u")
        await night.write("decision card")
        assert "Decision card" in night.text


async def test_a_live_session_has_no_speed_and_a_rehearsal_takes_it_from_the_palette() -> None:
    services, clock = make_services()
    async with bridge(services=services) as night:
        await typed(night, "speed 180")
        assert "this is a live session" in night.footer
        fast = AcceleratedClock(clock, clock.now(), 60)
        services.clock = fast
        await typed(night, "speed 180")
        assert fast.speed == 180
        pace = night.session.state.pace
        assert (pace.speed, pace.at, pace.real_at) == (180, fast.now(), clock.now())
        assert "180 times as fast" in night.footer
        for odd in ("9000", "1_0", "١٢"):
            await typed(night, f"speed {odd}")
            assert "how many times as fast" in night.text
            assert fast.speed == 180
            await night.press("escape")


async def test_a_follower_cannot_say_a_phrase() -> None:
    async with bridge() as night:
        night.session.is_driving = False
        await typed(night, "hold 10m waiting")
        assert "following, read-only" in night.footer
        assert night.session.state.hold is None


async def test_an_alarm_is_acknowledged_once() -> None:
    async with bridge() as night:
        assert "a ack" in night.text
        for _ in range(4):
            await night.press("a")
        assert "every alarm is acknowledged" in night.footer
        assert night.session.state.acked


async def test_the_baseline_is_captured_before_execution_and_locked_in_it() -> None:
    gauges = ToldGauges()
    gauges.captured = {
        "latency": Captured(212.0, 8.0, 40),
        "queries": "2 samples, a baseline needs 5 or more",
    }
    services, _ = make_services(at=GO_LIVE, gauges=gauges, entered="pre")
    async with bridge(services=services) as night:
        await night.press("B")
        assert "queries: 2 samples" in night.footer
        assert night.session.state.baselines["latency"].value == 212.0
        assert gauges.baselines["latency"].value == 212.0
    services, _ = make_services(at=EIGHT_PAST, gauges=gauges)
    async with bridge(services=services) as night:
        await night.press("B")
        assert "latency" not in night.session.state.baselines


async def test_the_baseline_is_replaced_from_the_palette_with_a_reason() -> None:
    gauges = ToldGauges()
    gauges.captured = {"latency": Captured(212.0, 8.0, 40)}
    services, _ = make_services(at=GO_LIVE, gauges=gauges, entered="pre")
    async with bridge(services=services) as night:
        await say(night, "baseline.replace")
        assert "B captures one" in night.footer
        await night.press("B", "B")
        assert "captured 02:00Z by ANA" in night.footer
        gauges.captured = {"latency": Captured(230.0, 8.0, 12)}
        await say(night, "baseline.replace", "the cache was cold")
        found = night.session.state.baselines["latency"]
        assert (found.value, found.reason) == (230.0, "the cache was cold")
        assert found.first.value == 212.0
        assert gauges.baselines["latency"].value == 230.0
        assert "only 12 samples" in night.footer
        gauges.captured = {"latency": "2 samples, a baseline needs 5 or more"}
        await say(night, "baseline.replace")
        assert "latency: 2 samples" in night.footer
    services, _ = make_services(at=EIGHT_PAST, gauges=gauges)
    async with bridge(services=services) as night:
        await night.press("B")
        await say(night, "baseline.replace")
        assert not night.session.state.baselines


async def test_a_trigger_is_raised_by_its_number() -> None:
    plan = small_plan()
    plan = replace(plan, rollback=replace(plan.rollback, triggers=(Item("rb.loss", "Data loss occurring"),)))
    services, _ = make_services(plan)
    async with bridge(services=services) as night:
        await say(night, "alarm.raise", "1")
        assert "ROLLBACK TRIGGER Data loss" in night.text
        night.screen.perform("alarm.triggers")
        await night.settle()
        assert "1 FIRED" in night.text


async def test_whoever_takes_a_session_up_is_told_what_happened() -> None:
    services, clock = make_services()
    services.session.leave(services.by)
    clock.advance(120)
    services.session.take_lease(holder())
    async with bridge(services=services) as night:
        assert "since 02:42Z: nothing happened; no driver for 2 min" in night.footer


async def test_what_is_not_saved_is_called_by_its_own_name() -> None:
    services, _ = make_services()

    def full(*args: object) -> None:
        raise UnusableSession("the disk is full")

    services.session.store.append = full  # type: ignore[method-assign]
    async with bridge(services=services) as night:
        await say(night, "night.hold", "10m waiting")
        assert "NOT SAVED: a hold: the disk is full" in night.footer


async def test_leaving_a_stage_asks_and_the_answer_can_be_read_where_it_is_narrow() -> None:
    async with bridge(80, 24) as night:
        await night.press("l", "space")
        assert "Enter Post-Deployment now, 77 min early? 14 open in Deployment Exec" in night.footer
        assert night.footer.rstrip().endswith("y / esc")
        await night.press("escape")
        assert "post" not in night.session.state.entered
        await night.press("space", "y")
        entered = next(event for event in night.session.events if getattr(event.fact, "phase", "") == "post")
        assert (entered.by, entered.fact.open, entered.fact.early_s // 60) == ("ANA", 14, 77)
        assert night.session.state.items["post.1"].status is ItemStatus.DONE
