"""The commands on gauges: their order, the page of one, and the baseline that others are compared with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from deploytui.metrics.baseline import Captured
from deploytui.metrics.history import Cell, Tier
from deploytui.session.act import CaptureBaseline
from deploytui.ui.screens.begun import ask_text

if TYPE_CHECKING:
    from deploytui.session.gauge_detail import GaugePage
    from deploytui.ui.screens.dashboard import Dashboard

_REPLACING = "baseline"


class GaugeCommands:
    """What a person does with the gauges."""

    def __init__(self, screen: Dashboard) -> None:
        self._screen = screen

    def do_gauges_order(self) -> None:
        gauges = self._screen.gauges
        gauges.turn()
        order = "worst first" if gauges.is_worst_first else "in the order of the plan"
        self._screen.say(f"gauges {order}")

    def do_baseline_capture(self) -> None:
        self._capture("")

    def do_baseline_replace(self) -> None:
        """Asks why: what was captured first stays in the journal, and the report shows both."""
        screen, desk = self._screen, self._screen.desk
        known = desk.session.state.baselines
        if not known:
            screen.refuse("no baseline is captured yet: B captures one")
            return
        gauge, captured = next(
            ((gauge, one) for gauge, one in desk.gauges.capture().items() if gauge in known), ("", "")
        )
        if isinstance(captured, str):
            screen.refuse(
                f"{gauge}: {captured}" if gauge else "no gauge of this plan is compared with a baseline"
            )
            return
        if why := desk.session.refusal(_act(gauge, captured, "not asked yet"), desk.by):
            screen.refuse(why)
            return
        lead = "the first baseline stays in the journal"
        title = "Replace the baseline"
        ask_text(screen, _REPLACING, f": {title.lower()}", title, "why:", self._capture, lead=lead)

    def _capture(self, reason: str) -> None:
        """What can be captured is sent; the footer says what could not, or what rests on few samples."""
        screen, desk = self._screen, self._screen.desk
        captured = desk.gauges.capture()
        said = []
        for gauge, found in captured.items():
            if isinstance(found, str):
                said.append(f"{gauge}: {found}")
                continue
            act = _act(gauge, found, reason)
            if why := desk.session.refusal(act, desk.by):
                said.append(f"{gauge}: {why}")
                continue
            screen.saving.submit(act, draft=_REPLACING if reason else "")
            if found.is_few:
                said.append(f"{gauge}: only {found.samples} samples")
        if said or not captured:
            screen.refuse("; ".join(said) or "no gauge of this plan is compared with a baseline")


def _act(gauge: str, found: Captured, reason: str) -> CaptureBaseline:
    return CaptureBaseline(gauge, found.value, found.spread, found.samples, reason)


def show_gauge(screen: Dashboard) -> None:
    """The page of the gauge under the cursor."""
    from deploytui.session.gauge_detail import gauge_page
    from deploytui.ui.screens.gauge_page import GaugeModal

    desk = screen.desk
    gauge, history = screen.gauges.cursor, desk.gauges.history
    if not gauge:
        screen.refuse("this plan has no gauges")
        return

    def look() -> GaugePage:
        return gauge_page(desk.session, gauge, history, desk.gauges.asked(gauge), desk.clock.now())

    def trace(tier: Tier, columns: int) -> Sequence[Cell | None]:
        return history.trace(gauge, tier, desk.clock.now(), columns)

    screen.ask(GaugeModal(screen.ink, look, trace), lambda _: None)
