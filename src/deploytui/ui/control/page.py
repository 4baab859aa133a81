"""What is only read: the details of an item or gauge, the triggers, the decision card, the keys; and copies of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from deploytui.metrics.history import Cell, Tier
from deploytui.session.card import card_text, decision_card
from deploytui.session.view import DetailView
from deploytui.ui.control.talk import Talk
from deploytui.ui.service import Services

if TYPE_CHECKING:
    from deploytui.session.gauge_detail import GaugePage

# Dialogs are imported where they open: the first frame does not wait for them.


class PageControl:
    """Each opens over the dashboard, which goes on. `live` gives the ids of the commands whose keys act now,
    `item` the current one."""

    def __init__(
        self, services: Services, talk: Talk, live: Callable[[], Collection[str]], item: Callable[[], str]
    ) -> None:
        self._services, self._talk, self._live, self._item = services, talk, live, item
        self.commands: Mapping[str, Callable[[], None]] = {
            "alarm.triggers": self.show_triggers,
            "session.card": self._show_card,
            "screen.help": self._show_help,
            "session.copy_status": self._copy_status,
            "session.copy_row": self._copy_row,
            "session.copy_card": self._copy_card,
        }

    def detail_of(self, item: str) -> DetailView | None:
        """Everything known of an item."""
        return self._services.viewer.item_detail(item, self._services.clock.now()) if item else None

    def show_item(self, item: str) -> None:
        """The page of an item."""
        if (view := self.detail_of(item)) is not None:
            self._show(view)

    def show_triggers(self) -> None:
        """All rollback triggers and how they stand."""
        self._show(self._services.viewer.triggers_detail(self._services.clock.now()))

    def show_gauge(self, gauge: str) -> None:
        """The page of a gauge; it goes on while it is open."""
        from deploytui.session.gauge_detail import gauge_page
        from deploytui.ui.screens.page import GaugeModal

        if not gauge:
            self._talk.refuse("this plan has no gauges")
            return
        services, history = self._services, self._services.gauges.history

        def look() -> GaugePage:
            return gauge_page(
                services.session, gauge, history, services.gauges.asked(gauge), services.clock.now()
            )

        def trace(tier: Tier, columns: int) -> Sequence[Cell | None]:
            return history.trace(gauge, tier, services.clock.now(), columns)

        self._talk.ask(GaugeModal(services.skin, look, trace), lambda _: None)

    def _show(self, view: DetailView, title: str = "Details") -> None:
        from deploytui.ui.screens.page import DetailModal

        self._talk.ask(DetailModal(self._services.skin, view, title), lambda _: None)

    def _show_card(self) -> None:
        self._show(decision_card(self._services.session, self._services.clock.now()), "Decision card")

    def _show_help(self) -> None:
        from deploytui.ui.screens.page import HelpModal

        self._talk.ask(HelpModal(self._services.skin, self._live()), lambda _: None)

    def _copy_status(self) -> None:
        self._talk.copy(
            [self._services.viewer.status_line(self._services.clock.now())], "the status is copied"
        )

    def _copy_row(self) -> None:
        item = self._item()
        if not item:
            self._talk.refuse("no item here")
            return
        row = self._services.viewer.item_row(item, self._services.clock.now())
        text = f"[{row.status}] {row.number} {row.label}  {row.right}"
        self._talk.copy([" ".join(text.split())], "the row is copied")

    def _copy_card(self) -> None:
        card = decision_card(self._services.session, self._services.clock.now())
        self._talk.copy(card_text(card).split("\n"), "the decision card is copied")
