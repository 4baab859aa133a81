"""What happened while nobody was driving, or while somebody else was: told to whoever takes up a session. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from deploytui.base.units import over
from deploytui.journal.event import Event
from deploytui.journal.fact import DriverTook
from deploytui.session.act import SYSTEM
from deploytui.session.event_text import counted_word
from deploytui.session.moment import near


def since_text(events: Sequence[Event], now: datetime, driver: str = "") -> str:
    """`since 02:10Z: 6 ticked, 1 skipped; no driver for 47 min`. `events` end with the driver's taking of the
    lease; what is told is what came after the last driver's last word. `driver` is who that was, where the events
    begin too late to say. "" at the very start of a session."""
    taken = next(
        (at for at in range(len(events) - 1, -1, -1) if isinstance(events[at].fact, DriverTook)), None
    )
    if taken is None:
        return ""
    before = events[:taken]
    if events[0].seq == 1:
        driver = ""  # all is here: who drove before is told by the events, or nobody did
    last = _last_word(before, driver)
    if last is None:
        return ""
    said = before[last]
    after = before[last + 1 :]
    counts = Counter(word for event in after if (word := counted_word(event.fact)))
    breaches = counts.pop("breaches", 0)  # after all that people did
    parts = [f"{count} {word}" for word, count in counts.items()]
    if breaches:
        parts.append(f"{breaches} breaches")
    pause = over((events[taken].at - said.at).total_seconds())
    return f"since {near(said.at, now)}: {', '.join(parts) or 'nothing happened'}; no driver for {pause}"


def _last_word(events: Sequence[Event], driver: str) -> int | None:
    """Where the driver before was last heard: it left, or it died behind its last event or its gauges' last one."""
    driver = next((event.by for event in reversed(events) if isinstance(event.fact, DriverTook)), driver)
    if not driver:
        return None
    return next((at for at in range(len(events) - 1, -1, -1) if events[at].by in (driver, SYSTEM)), None)
