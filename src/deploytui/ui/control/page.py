"""The pages that are only read: details of an item or gauge, the triggers, the decision card, the keys."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from deploytui.metrics.history import Cell, Tier
from deploytui.session.card import decision_card
from deploytui.session.view import DetailView
from deploytui.ui.control.talk import Talk
from deploytui.ui.desk import Desk

if TYPE_CHECKING:
    from deploytui.session.gauge_detail import GaugePage

# Dialogs are imported where they open: the first frame does not wait for them.


class PageControl:
    """Each opens over the dashboard, which goes on. `live` gives the ids of the commands whose keys act now."""

    def __init__(self, desk: Desk, talk: Talk, live: Callable[[], Collection[str]]) -> None:
        self._desk, self._talk, self._live = desk, talk, live
        self.commands: Mapping[str, Callable[[], None]] = {
            "alarm.triggers": self.show_triggers,
            "session.card": self._show_card,
            "screen.help": self._show_help,
        }

    def detail_of(self, item: str) -> DetailView | None:
        """Everything known of an item."""
        return self._desk.viewer.item_detail(item, self._desk.clock.now()) if item else None

    def show_item(self, item: str) -> None:
        """The page of an item."""
        if (view := self.detail_of(item)) is not None:
            self._show(view)

    def show_triggers(self) -> None:
        """All rollback triggers and how they stand."""
        self._show(self._desk.viewer.triggers_detail(self._desk.clock.now()))

    def show_gauge(self, gauge: str) -> None:
        """The page of a gauge; it goes on while it is open."""
        from deploytui.session.gauge_detail import gauge_page
        from deploytui.ui.screens.gauge_page import GaugeModal

        if not gauge:
            self._talk.refuse("this plan has no gauges")
            return
        desk, history = self._desk, self._desk.gauges.history

        def look() -> GaugePage:
            return gauge_page(desk.session, gauge, history, desk.gauges.asked(gauge), desk.clock.now())

        def trace(tier: Tier, columns: int) -> Sequence[Cell | None]:
            return history.trace(gauge, tier, desk.clock.now(), columns)

        self._talk.ask(GaugeModal(desk.ink, look, trace), lambda _: None)

    def _show(self, view: DetailView, title: str = "Details") -> None:
        from deploytui.ui.screens.page import DetailModal

        self._talk.ask(DetailModal(self._desk.ink, view, title), lambda _: None)

    def _show_card(self) -> None:
        self._show(decision_card(self._desk.session, self._desk.clock.now()), "Decision card")

    def _show_help(self) -> None:
        from deploytui.ui.screens.page import HelpModal

        self._talk.ask(HelpModal(self._desk.ink, self._live()), lambda _: None)
