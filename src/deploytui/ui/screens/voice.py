"""What an alarm does beyond its row: a notification for each new one, and a bell for whoever wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploytui.session.alarm import acked_keys, alarms, gauge_key
from deploytui.session.alarm_news import AlarmNews
from deploytui.ui.notification import BELL
from deploytui.ui.paint.ink import Role

if TYPE_CHECKING:
    from deploytui.ui.screens.dashboard import Dashboard


class Voice:
    """Looked at once a second. The bell is off until it is asked for."""

    def __init__(self, screen: Dashboard) -> None:
        self._screen = screen
        levels = screen.desk.session.state.levels
        self._news = AlarmNews({gauge_key(gauge): known.level for gauge, known in levels.items()})
        self._is_on = True
        self._has_bell = False

    def look(self) -> None:
        """Tell of the worst new alarm, with a count of the others; and say what became of the gauges' file."""
        screen, desk = self._screen, self._screen.desk
        if remark := desk.gauges.remark():
            screen.say_error(remark, Role.WATCH)
        session = desk.session
        found = alarms(session, desk.clock.now())
        news = self._news.news(found, acked_keys(session, found), desk.machine.monotonic_s())
        if not news:
            return
        if self._is_on:
            more = f" (+{len(news) - 1})" if len(news) > 1 else ""
            mark = "" if session.header.mode == "live" else f"{session.header.mode.upper()} "
            screen.desk_app.notify_outside(f"deploytui {session.name}", mark + news[0].text + more)
        if self._has_bell:
            screen.desk_app.tell_terminal(BELL)

    def do_alarm_notify(self) -> None:
        self._is_on = not self._is_on
        self._screen.say(f"notifications of new alarms are {'on' if self._is_on else 'off'}")

    def do_alarm_bell(self) -> None:
        self._has_bell = not self._has_bell
        self._screen.say(f"the bell for new alarms is {'on' if self._has_bell else 'off'}")
