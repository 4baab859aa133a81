"""Capturing the baseline that gauges are compared with, before execution."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from deploytui.metrics.baseline import Captured
from deploytui.session.act import CaptureBaseline
from deploytui.ui.control.proposal import refusal
from deploytui.ui.control.saving import Saving
from deploytui.ui.control.talk import Talk
from deploytui.ui.draft import Form
from deploytui.ui.service import Services

_REPLACING = "baseline"
_TITLE = "Replace the baseline"
_NOTHING = "no gauge of this plan is compared with a baseline"


class BaselineControl:
    """One act a gauge; what can be captured is."""

    def __init__(self, services: Services, talk: Talk, saving: Saving) -> None:
        self._services, self._talk, self._saving = services, talk, saving
        self.commands: Mapping[str, Callable[[], None]] = {
            "baseline.capture": self.capture,
            "baseline.replace": self._replace,
        }

    def _replace(self) -> None:
        """Asks why: what was captured first stays in the journal, and the report shows both."""
        services = self._services
        if not (known := services.session.state.baselines):
            self._talk.refuse("no baseline is captured yet: B captures one")
            return
        gauge, captured = next(
            ((gauge, one) for gauge, one in services.gauges.capture().items() if gauge in known), ("", "")
        )
        if isinstance(captured, str):
            self._talk.refuse(f"{gauge}: {captured}" if gauge else _NOTHING)
            return
        if why := refusal(self._services, _act(gauge, captured, "not asked yet")):
            self._talk.refuse(why)
            return
        lead = "the first baseline stays in the journal"
        form = Form(_TITLE, "why:", _REPLACING, f": {_TITLE.lower()}", lead)
        self._talk.ask_text(form, self.capture)

    def capture(self, reason: str = "") -> None:
        """What can be captured is sent; the footer says what could not, or what rests on few samples."""
        services = self._services
        captured = services.gauges.capture()
        said = []
        for gauge, found in captured.items():
            if isinstance(found, str):
                said.append(f"{gauge}: {found}")
            elif why := refusal(services, act := _act(gauge, found, reason)):
                said.append(f"{gauge}: {why}")
            else:
                self._saving.submit(act, draft=_REPLACING if reason else "")
                if found.is_few:
                    said.append(f"{gauge}: only {found.samples} samples")
        if said or not captured:
            self._talk.refuse("; ".join(said) or _NOTHING)


def _act(gauge: str, found: Captured, reason: str) -> CaptureBaseline:
    return CaptureBaseline(gauge, found.value, found.spread, found.samples, reason)
