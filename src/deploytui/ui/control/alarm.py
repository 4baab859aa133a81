"""Alarms beyond their row: acknowledging, a notification for each new one, and a bell for whoever wants it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from deploytui.journal.fact import AlarmAcked
from deploytui.session.alarm import AlarmNews, acked_keys, alarms, gauge_key, is_acked
from deploytui.ui.control.proposal import Proposals
from deploytui.ui.control.talk import Talk
from deploytui.ui.paint.skin import Role
from deploytui.ui.service import Services


class AlarmControl:
    """Looked at once a second. `notify` shows a title and a text outside of the dashboard, `ring` rings the bell, which is
    off until it is asked for."""

    def __init__(
        self,
        services: Services,
        talk: Talk,
        proposals: Proposals,
        notify: Callable[[str, str], None],
        ring: Callable[[], None],
    ) -> None:
        self._services, self._talk, self._proposals = services, talk, proposals
        self._notify, self._ring = notify, ring
        levels = services.session.state.levels
        self._news = AlarmNews({gauge_key(gauge): known.level for gauge, known in levels.items()})
        self._is_on, self._has_bell = True, False
        self.commands: Mapping[str, Callable[[], None]] = {
            "alarm.ack": self._acknowledge,
            "alarm.notify": self._turn_notifications,
            "alarm.bell": self._turn_bell,
        }

    def look(self) -> None:
        """Tell of the worst new alarm, with a count of the others; and say what became of the gauges' file."""
        services = self._services
        if remark := services.gauges.remark():
            self._talk.say_error(remark, Role.WATCH)
        session = services.session
        found = alarms(session, services.clock.now())
        news = self._news.news(found, acked_keys(session, found), services.machine.monotonic_s())
        if not news:
            return
        if self._is_on:
            more = f" (+{len(news) - 1})" if len(news) > 1 else ""
            mark = "" if session.header.mode == "live" else f"{session.header.mode.upper()} "
            self._notify(f"deploytui {session.name}", mark + news[0].text + more)
        if self._has_bell:
            self._ring()

    def _acknowledge(self) -> None:
        session = self._services.session
        found = alarms(session, self._services.clock.now())
        if not found:
            self._talk.refuse("no alarm is shown")
        elif is_acked(session, found[0]):
            self._talk.refuse("every alarm is acknowledged")
        else:
            self._proposals.propose(AlarmAcked(found[0].key, found[0].short))

    def _turn_notifications(self) -> None:
        self._is_on = not self._is_on
        self._talk.say(f"notifications of new alarms are {'on' if self._is_on else 'off'}")

    def _turn_bell(self) -> None:
        self._has_bell = not self._has_bell
        self._talk.say(f"the bell for new alarms is {'on' if self._has_bell else 'off'}")
