"""The panes of a session, and what they show: looked at once a second, and soon after every change."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Region
from textual.strip import Strip

from deploytui.metrics.history import Cell, Tier
from deploytui.session.view import Glance
from deploytui.ui import layout
from deploytui.ui.control.page import PageControl
from deploytui.ui.control.phase import PhaseControl
from deploytui.ui.control.presentation import Presentation
from deploytui.ui.control.report import EarlierEvents
from deploytui.ui.control.saving import Saving
from deploytui.ui.control.system_record import SystemRecords
from deploytui.ui.control.talk import Talk
from deploytui.ui.layout import PaneName
from deploytui.ui.paint import bar
from deploytui.ui.screens.pane_screen import PaneScreen
from deploytui.ui.service import Services
from deploytui.ui.widgets.bar import AlarmRow, Bar, TooSmall
from deploytui.ui.widgets.checklist import Checklist
from deploytui.ui.widgets.footer import KeyHints
from deploytui.ui.widgets.framed import Detail, Journal
from deploytui.ui.widgets.gauges import GaugePane
from deploytui.ui.widgets.pane import Pane, later
from deploytui.ui.widgets.timeline import Timeline

FOLLOW_UP_S = 0.01


class LeftColumn(Vertical):
    """Timeline and gauges, one above the other."""

    BLANK = True  # nothing of its own is seen, and nothing is asked about it


class SessionPanes(PaneScreen, inherit_bindings=False):
    """Nothing is asked and nothing is done here."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services, self.skin = services, services.skin
        self._is_following_up = False
        self._glance: Glance | None = None
        self._records = SystemRecords(services)
        skin, viewer = services.skin, services.viewer
        self.hints = KeyHints(skin, viewer.undo_label, self._errors_read)
        self.talk = talk = Talk(services, self.hints)
        self.earlier = EarlierEvents(services, talk)
        self.saving = Saving(services, talk, self._rows_changed, self.call_after_refresh)
        self._make_panes()
        self.pages = PageControl(services, talk, self.live_commands, self.current_item)
        self.phases = PhaseControl(services, talk, self.checklist, self._phase_turned)
        self.presentation = Presentation(
            services, talk, changed=self.show_chips, thawed=self._thaw, repaint=self.repaint_fully
        )

    def _make_panes(self) -> None:
        services, skin = self.services, self.skin
        self.identity = Bar(skin, PaneName.IDENTITY, bar.identity)
        self.stages = Bar(skin, PaneName.STAGES, bar.stages)
        self.alarm = AlarmRow(skin)
        self.checklist = Checklist(
            skin,
            services.viewer.group_row,
            self.saving.row,
            lambda item: self.saving.unsaved.get(item, ""),
        )
        self.gauges = GaugePane(skin, self._trace)
        self.timeline = Timeline(skin, self.gauges.lines_at)
        self.journal = Journal(skin, self.earlier.rows, lambda: services.session.state.seq)
        self.detail = Detail(skin, lambda: self.pages.detail_of(self.checklist.cursor_item))
        self.too_small = TooSmall(skin, PaneName.TOO_SMALL)
        self._panes: tuple[Pane, ...] = (
            self.identity, self.stages, self.alarm, self.timeline, self.gauges, self.journal, self.detail,
            self.hints, self.too_small,
        )  # fmt: skip
        panes = (self.checklist, self.timeline, self.gauges, self.journal, self.alarm)
        self.reached = dict(zip(layout.REACHED, panes, strict=True))

    def compose(self) -> ComposeResult:
        # What is to be seen is known before the panes are laid out: the first frame is the whole one.
        self._records.measure(self.services.clock.now())
        self.look()
        self.phases.show(self.phases.phase)
        self.fit(self.app.size)
        yield from (self.identity, self.stages, self.alarm, self.hints, self.journal)
        yield LeftColumn(self.timeline, self.gauges)
        yield from (self.detail, self.checklist, self.too_small)

    def on_mount(self) -> None:
        self._tick_later()
        self.look_at_alarms()
        self.call_after_refresh(self.show_chips)
        self.earlier.tell_since()

    def render_lines(self, crop: Region) -> list[Strip]:
        """What no pane covers: nothing, at no cost."""
        return [Strip.blank(crop.width, self.skin.style())] * crop.height

    # -- what is shown ---------------------------------------------------------------------------------

    def _trace(self, gauge: str, tier: Tier, columns: int, steps: int) -> Sequence[Cell | None]:
        return self.services.gauges.history.trace(gauge, tier, self.services.clock.now(), columns, steps)

    def _rows_changed(self, items: Collection[str]) -> None:
        self.checklist.update_items(items)

    def _phase_turned(self, phase: str) -> None:
        self.timeline.point_to(phase)
        self.look()
        self.detail.follow()

    def _errors_read(self) -> None:
        self.saving.forget_unsaved()

    def look(self) -> None:
        """Read the session once and show what differs from the last time."""
        if self.presentation.frozen_at:
            return
        glance = self.services.viewer.glance(self.services.clock.now(), self.phases.phase)
        self._glance = glance
        self.show_chips()
        self.stages.show(glance.stages, glance.go_live)
        self.alarm.show(glance.alarm)
        self.timeline.show(glance)
        self.gauges.show(glance.readings, glance.acked)

    def show_chips(self) -> None:
        """The identity bar, with the words of the screen itself: locked, frozen, masked."""
        if self._glance is not None:
            hidden = sum(pane.hidden for pane in self._panes if pane is not self.identity)
            chips = self.presentation.chips(hidden + self.checklist.count_hidden())
            self.identity.show(self._glance.identity, chips)

    def _thaw(self) -> None:
        self.look()
        self.journal.repaint()
        self.checklist.update_seen()

    def repaint_fully(self) -> None:
        """Everything again: another theme, or other masking."""
        self.checklist.repaint_fully()
        for pane in self._panes:
            pane.repaint_fully()

    def look_at_alarms(self) -> None:
        """What is told of new alarms; the dashboard says how."""

    def current_item(self) -> str:
        """The item under the cursor; "" where there is none."""
        return self.checklist.cursor_item

    # -- time ------------------------------------------------------------------------------------------

    def _tick_later(self) -> None:
        """Once a second, just after the second has changed, so that the clock never skips one."""
        rest_s = 1.0 - self.services.machine.now().microsecond / 1e6 + 0.004

        def tick() -> None:
            self._tick_later()
            self.tick()

        later(self, rest_s, tick)

    def tick(self) -> None:
        """One look at clock and board."""
        self._records.look(self.services.clock.now())
        self.services.writer.check()
        self.look_at_alarms()
        self.presentation.look()
        self.look()
        if self.presentation.frozen_at:
            self.show_chips()
        else:
            self.checklist.update_seen()

    def follow_up(self) -> None:
        """Soon after the next frame: what follows from the rows that changed."""
        if not self._is_following_up:
            self._is_following_up = True
            # What was just painted is written by a thread of its own, which must not find this one at work.
            self.call_after_refresh(later, self, FOLLOW_UP_S, self._follow_up)

    def _follow_up(self) -> None:
        self._is_following_up = False
        self.phases.say_on_frame()
        self.look()
        if not self.presentation.frozen_at:
            self.journal.repaint()
        self.hints.repaint()
