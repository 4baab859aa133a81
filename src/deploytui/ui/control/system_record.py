"""What the program itself writes into the journal, looked at once a second: gauges, sensed items, clock, plan file."""

from __future__ import annotations

from datetime import datetime

from deploytui.journal.fact import LevelChanged, PlanFileChanged
from deploytui.plan.watch import Became, Seen
from deploytui.session.act import SYSTEM, Act, By
from deploytui.session.measuring import ClockWatch, Measuring
from deploytui.ui.service import Services


class SystemRecords:
    """Only the driver's program writes; whoever follows sees it in the journal."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._measuring = Measuring(services.session, services.gauges)
        self._clock_watch = ClockWatch(services.machine.now(), services.machine.monotonic_s())
        self._told: Seen | None = None

    def measure(self, now: datetime) -> list[LevelChanged]:
        """The gauges as they are now; what they went to since the last time."""
        return self._measuring.look(now)

    def look(self, now: datetime) -> None:
        """One look at everything; what is new goes to the store."""
        services = self._services
        session = services.session
        levels = self.measure(now)
        step = self._clock_watch.look(services.machine.now(), services.machine.monotonic_s())
        if not session.is_driving:
            return
        if step is not None:
            self._submit(step)
        for sensed in services.viewer.sensing.look(
            session.state, session.board, now, services.clock.monotonic_s()
        ):
            self._submit(sensed)
        for level in levels:
            self._submit(level)
        self._look_at_plan_file()

    def _look_at_plan_file(self) -> None:
        """Said once, however often it is seen: also across a resume, from what the journal says already."""
        watch, state = self._services.plan_file, self._services.session.state
        seen = watch.seen if watch else None
        if seen is None or seen == self._told or state.is_closed:
            return
        self._told = seen
        known = state.plan_file
        if known is None:
            is_new = seen.became is not Became.SAME
        else:
            is_new = (seen.became, seen.sha256, seen.why) != (known.became, known.sha256, known.why)
        if is_new:
            self._submit(PlanFileChanged(seen.became.value, seen.sha256, seen.why))

    def _submit(self, act: Act) -> None:
        self._services.writer.submit(act, By(SYSTEM))
