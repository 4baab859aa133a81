"""The lint at the dashboard: asked behind the first frame, one line, a page on request, accepted by name."""

from __future__ import annotations

import threading

from deploytui.plan.finding import Finding
from deploytui.ui.control.finding import ACCEPTING
from deploytui.ui.screens.dashboard import Dashboard
from deploytui.ui.screens.page import DetailModal
from tests.session.test_finding import FOUND
from tests.ui.bridge import Bridge, bridge
from tests.ui.night import ToldGauges, make_services


async def looked(night: Bridge) -> None:
    """The answer of the lint is there."""
    for _ in range(200):
        if night.session.findings._found:
            break
        await night.pilot.pause(0.01)
    await night.settle()


def desk_of(found: tuple[Finding, ...] = FOUND):  # type: ignore[no-untyped-def]
    services, _ = make_services(gauges=ToldGauges())
    services.lint = lambda: found
    return services


async def test_one_line_says_how_many_and_no_page_opens_by_itself() -> None:
    for cols, rows in ((80, 24), (120, 40)):
        async with bridge(cols, rows, services=desk_of()) as night:
            await looked(night)
            assert isinstance(night.app.screen, Dashboard)
            assert "3 findings not accepted, :findings" in night.text.splitlines()[2]


async def test_the_first_frame_does_not_wait_for_the_lint() -> None:
    services = desk_of()
    gate = threading.Event()

    def slow() -> tuple[Finding, ...]:
        gate.wait(10)
        return FOUND

    services.lint = slow
    async with bridge(services=services) as night:
        assert "findings" not in night.text
        await night.press("space")
        assert "[✓] 01" in night.row("exec.1")
        gate.set()
        await looked(night)
        assert "3 findings not accepted" in night.text


async def command(night: Bridge, words: str) -> None:
    await night.press("colon")
    await night.write(words)
    await night.press("enter")


async def test_the_page_lists_each_with_code_severity_line_meaning_and_proposal() -> None:
    found = (Finding("no-gate", "warning", 12, "no gate", None, "somebody begins alone", "add a gate", 1),)
    async with bridge(services=desk_of(found + FOUND[1:])) as night:
        await looked(night)
        await command(night, "findings")
        assert isinstance(night.app.screen, DetailModal)
        for part in ("1 warning", "line 12, no-gate: no gate", "somebody begins alone", "add a gate", "4 info",
                     "by Kim: known", "3 not accepted, 1 accepted, 1 for information"):  # fmt: skip
            assert part in night.text


async def test_one_is_accepted_with_reason_and_name_and_its_line_for_the_plan_is_shown_and_copied() -> None:
    async with bridge(services=desk_of()) as night:
        await looked(night)
        await command(night, "accept 2 old machines until 2099-01-01")
        assert "2 two-limits: CPU 50 and 60" in night.text
        for _ in range(3):
            await night.press("backspace")
        await night.write("Kim")
        await night.press("enter")
        event = night.session.events[-1]
        assert (event.kind, event.by, event.for_) == ("finding.accepted", "ANA", "Kim")
        assert "2 findings not accepted" in night.text.splitlines()[2]
        await command(night, "findings")
        line = '- {code: "two-limits", item: "crit.cpu", by: "Kim"'
        assert line in night.text
        assert "to paste below" in night.text
        await night.press("escape")
        await command(night, "copy the accepted")
        assert line in night.app.clipboard


async def test_what_cannot_be_accepted_says_why() -> None:
    async with bridge(services=desk_of()) as night:
        await looked(night)
        for text, why in (
            ("77 known", "there is no finding 77: :findings lists them"),
            ("4 known", "finding 4 is for information only"),
            ("5 known", "finding 5 is accepted already, by Kim"),
            ("two known", "expected its number and why"),
            ("1 known until 2001-01-01", "2001-01-01 is past"),
        ):
            night.services.drafts.keep(ACCEPTING, "")
            await command(night, "accept")
            await night.write(text)
            await night.press("enter")
            assert why in night.text
            if night.app.screen is not night.screen:  # what cannot be read can be written anew
                await night.press("escape")
    async with bridge(services=desk_of(FOUND[3:])) as night:
        await looked(night)
        await command(night, "accept")
        assert "no finding wants to be accepted" in night.footer


async def test_a_plan_without_findings_says_so_and_the_row_says_nothing() -> None:
    async with bridge(services=desk_of(())) as night:
        await command(night, "findings")
        assert "the lint has found nothing in this plan" in night.text
        assert "not accepted, :findings" not in night.text
