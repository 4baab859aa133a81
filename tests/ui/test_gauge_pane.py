"""The gauge pane under somebody's hands: a cursor, an order, and the page of one gauge."""

from __future__ import annotations

from msgspec.structs import replace

from deploytui.plan.model import GaugeSpec, Plan
from deploytui.plan.source import HttpSource
from deploytui.ui.screens.page import Lines
from tests.session.fake import small_plan
from tests.ui.bridge import bridge
from tests.ui.night import ToldGauges, make_services, readings


def plan() -> Plan:
    specs = tuple(
        GaugeSpec(one.id, one.title, HttpSource("http://a/", "latency"), one.target, one.unit)
        for one in readings()
    )
    return replace(small_plan(), gauges=specs)


def services(gauges: ToldGauges | None = None):
    return make_services(plan(), gauges=gauges)[0]


async def test_the_cursor_moves_only_while_the_pane_has_the_keys() -> None:
    async with bridge(services=services()) as night:
        await night.press("j")
        assert night.screen.gauges.cursor == "errors"
        await night.press("3", "j", "j")
        assert night.screen.gauges.cursor == "cpu"
        assert any(line.startswith("┃▌this machine: CPU") for line in night.text.splitlines())
        await night.press("G", "j")
        assert night.screen.gauges.cursor == "disk"
        await night.press("g", "k")
        assert night.screen.gauges.cursor == "errors"
        assert night.cursor == "exec.2"


async def test_order_by_severity_and_back_is_stable() -> None:
    async with bridge(services=services()) as night:
        await night.press("3")
        order = [reading.id for reading in readings()]
        await night.press("S")
        assert "gauges worst first" in night.footer
        assert "worst first" in night.text
        assert [one.id for one in night.screen.gauges._ordered()][:2] == ["queries", "errors"]
        assert night.screen.gauges.cursor == "queries"
        await night.press("S")
        assert [one.id for one in night.screen.gauges._ordered()] == order


async def test_enter_shows_the_page_of_that_gauge_and_it_goes_on() -> None:
    gauges = ToldGauges(readings())
    gauges.answers["latency"] = '{"took": 212, "token": "sEntinel-8f2e6d5c4b3a"}'
    async with bridge(services=services(gauges)) as night:
        await night.press("3", "j", "enter")
        assert "GET https://app.example.com/latency" in night.text
        assert "last hour" in night.text
        assert '"took": 212' in night.text
        assert "sEntinel" not in night.text
        gauges.readings = tuple(
            replace(one, value=777.0) if one.id == "latency" else one for one in gauges.readings
        )
        await night.tick()
        night.app.screen.query_one(Lines).look()
        await night.settle()
        assert "777" in night.text
        await night.press("escape")
        assert "asks" not in night.text


async def test_the_page_fits_a_small_window_and_scrolls() -> None:
    gauges = ToldGauges(readings())
    gauges.answers["errors"] = "\n".join(f"line {number}" for number in range(40))
    for cols, rows in ((80, 24), (40, 12)):
        async with bridge(cols, rows, services=services(gauges)) as night:
            await night.press("3", "enter")
            assert "Error rate" in night.text
            for _ in range(8):
                await night.press("pagedown")
            assert "line 39" in night.text


async def test_what_is_said_of_the_history_stays_until_it_is_closed() -> None:
    gauges = ToldGauges(readings())
    async with bridge(services=services(gauges)) as night:
        gauges.remarks.append("gauge history is not saved: disk full")
        await night.tick()
        assert "gauge history is not saved: disk full" in night.footer
        await night.tick(30)
        assert "disk full" in night.footer
        await night.press("escape")
        assert "disk full" not in night.footer
