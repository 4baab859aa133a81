"""The dashboard: what it is composed of, and whom each message goes to. Facts come from the viewer, never from here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.geometry import Region
from textual.strip import Strip

from deploytui.metrics.history import Cell, Tier
from deploytui.session.act import AddNote, UndoLast
from deploytui.session.view import Glance, ItemRow
from deploytui.ui import layout
from deploytui.ui.binding import bindings
from deploytui.ui.command import BY_ID, BY_KEY, COMMANDS, Command
from deploytui.ui.control.alarm import AlarmControl
from deploytui.ui.control.baseline import BaselineControl
from deploytui.ui.control.clipboard import Clipboard
from deploytui.ui.control.earlier_event import EarlierEvents
from deploytui.ui.control.finding import FindingControl
from deploytui.ui.control.leaving import Leaving
from deploytui.ui.control.page import PageControl
from deploytui.ui.control.palette import PaletteControl
from deploytui.ui.control.permission import is_always_done, why_not, why_not_write
from deploytui.ui.control.phase import PhaseControl
from deploytui.ui.control.phrase import PhraseControl
from deploytui.ui.control.presentation import Presentation
from deploytui.ui.control.promise import PromiseControl
from deploytui.ui.control.proposal import Proposals
from deploytui.ui.control.report import ReportControl
from deploytui.ui.control.saving import Saving
from deploytui.ui.control.system_record import SystemRecords
from deploytui.ui.control.talk import Talk
from deploytui.ui.desk import Desk
from deploytui.ui.layout import PaneName
from deploytui.ui.look import BridgeApp
from deploytui.ui.notification import BELL
from deploytui.ui.screens.pane_screen import PaneScreen
from deploytui.ui.widgets.bar import AlarmRow, IdentityBar, StageBar, TooSmall
from deploytui.ui.widgets.checklist import Checklist
from deploytui.ui.widgets.footer import KeyHints
from deploytui.ui.widgets.framed import Detail, Journal
from deploytui.ui.widgets.gauges import GaugePane
from deploytui.ui.widgets.pane import Pane
from deploytui.ui.widgets.timeline import Timeline

if TYPE_CHECKING:
    from deploytui.ui.screens.dialog import Dialog

FOLLOW_UP_S = 0.01
# What the pane that has the keys does itself.
_OF_PANES = frozenset(
    [*(command.id for command in COMMANDS if command.is_of_item), "checklist.detail",
     *(command.id for command in COMMANDS if command.id.startswith("move.") and command.id != "move.next_open")]
)  # fmt: skip


class Dashboard(PaneScreen, inherit_bindings=False):
    """The one screen of a session."""

    BINDINGS: ClassVar[list[Any]] = [
        *bindings({one.id: f"perform('{one.id}')" for one in COMMANDS if one.id not in _OF_PANES}),
        Binding("ctrl+c", "interrupt", "Leave", show=False, id="session.interrupt"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.ink = desk, desk.ink
        self._tick_soon: asyncio.TimerHandle | None = None
        self._follow_soon: asyncio.TimerHandle | None = None
        self._is_following_up = False
        self._glance: Glance | None = None
        self._records = SystemRecords(desk)
        ink, viewer = desk.ink, desk.viewer
        self.hints = KeyHints(ink, viewer.undo_label, self._errors_read)
        self.talk = talk = Talk(desk, self.hints, self._open)
        self.saving = Saving(desk, talk, self._redraw, self.call_after_refresh)
        self.earlier = EarlierEvents(desk, talk)
        self.pages = PageControl(desk, talk)
        self._make_panes()
        self._make_controls()

    def _make_panes(self) -> None:
        desk, ink = self.desk, self.ink
        self.identity, self.stages, self.alarm = IdentityBar(ink), StageBar(ink), AlarmRow(ink)
        self.checklist = Checklist(
            ink,
            desk.viewer.group_row,
            self._item_row,
            lambda item: self.saving.unsaved.get(item, ""),
            lambda: not why_not_write(desk),
        )
        self.gauges = GaugePane(ink, self._trace)
        self.timeline = Timeline(ink, self.gauges.lines_at)
        self.journal = Journal(ink, self.earlier.rows, lambda: desk.session.state.seq)
        self.detail = Detail(ink, lambda: self.pages.detail_of(self.checklist.cursor_item))
        self.too_small = TooSmall(ink)
        self._panes: tuple[Pane, ...] = (
            self.identity, self.stages, self.alarm, self.timeline, self.gauges, self.journal, self.detail,
            self.hints, self.too_small,
        )  # fmt: skip
        panes = (self.checklist, self.timeline, self.gauges, self.journal, self.alarm)
        self.reached = dict(zip(layout.REACHED, panes, strict=True))

    def _make_controls(self) -> None:
        desk, talk = self.desk, self.talk

        def item() -> str:
            return self.checklist.cursor_item

        self.phases = PhaseControl(desk, talk, self.checklist, self._phase_turned)
        baseline = BaselineControl(desk, talk, self.saving)
        self.proposals = Proposals(desk, talk, self.saving, baseline.capture)
        clipboard = Clipboard(desk, talk, self._copy, item)
        self.findings = FindingControl(desk, talk, self.proposals, clipboard, self.look)
        self._phrases = PhraseControl(desk, talk, self.proposals, self.findings, item)
        self._alarms = AlarmControl(desk, talk, self.proposals, self._notify, self._ring)
        self.presentation = Presentation(
            desk, talk, changed=self.show_chips, thawed=self._thaw, repaint=self.repaint_fully
        )
        self._leaving = Leaving(desk, talk, self.saving, lambda: self.bridge_app.leave(0, "left"))
        self.reports = ReportControl(
            desk,
            talk,
            self.saving,
            self.earlier,
            self.phases,
            changed=self._items_changed,
            look=self._driver_changed,
            journal_read=self._journal_read,
            repaint=self.checklist.repaint_fully,
        )
        palette = PaletteControl(desk, talk, self.perform, self.wear)
        self.does: Mapping[str, Callable[[], object]] = {
            **self.phases.commands, **baseline.commands, **clipboard.commands, **self.findings.commands,
            **self._phrases.commands, **self._alarms.commands, **self.presentation.commands,
            **PromiseControl(desk, talk, self.proposals).commands,
            "checklist.note": lambda: self.proposals.begin(AddNote("", item())),
            "checklist.undo": lambda: self.proposals.begin(UndoLast()),
            "checklist.filter": self._filter,
            **self.pane_commands, **self.pages.commands, "gauges.order": self._order_gauges,
            "session.leave": lambda: self.run_worker(self._leaving.ask(), exit_on_error=False),
            "screen.palette": palette.open, "screen.dismiss": self._dismiss,
            "screen.suspend": self._suspend,
        }  # fmt: skip

    def compose(self) -> ComposeResult:
        # What is to be seen is known before the panes are laid out: the first frame is the whole one.
        self._records.measure(self.desk.clock.now())
        self.look()
        self.phases.show(self.phases.phase)
        self.fit(self.app.size)
        yield from (self.identity, self.stages, self.alarm, self.hints, self.journal)
        yield Vertical(self.timeline, self.gauges, id="left")
        yield from (self.detail, self.checklist, self.too_small)

    def on_mount(self) -> None:
        self._tick_later()
        self._alarms.look()
        self.call_after_refresh(self.show_chips)
        self.earlier.tell_since()

    def on_unmount(self) -> None:
        for handle in (self._tick_soon, self._follow_soon):
            if handle is not None:
                handle.cancel()

    def render_lines(self, crop: Region) -> list[Strip]:
        """What no pane covers: nothing, at no cost."""
        return [Strip.blank(crop.width, self.ink.style())] * crop.height

    # -- what is shown ---------------------------------------------------------------------------------

    def _trace(self, gauge: str, tier: Tier, columns: int, steps: int) -> Sequence[Cell | None]:
        return self.desk.gauges.history.trace(gauge, tier, self.desk.clock.now(), columns, steps)

    def _item_row(self, item: str) -> ItemRow:
        row = self.desk.viewer.item_row(item, self.desk.clock.now())
        if item in self.saving.shown:
            return replace(row, status="saving", right="saving" + self.ink.glyphs.cut)
        return row

    def _errors_read(self) -> None:
        self.saving.forget_unsaved()

    def _redraw(self, items: Collection[str]) -> None:
        self.checklist.update_items(items)

    def _items_changed(self, items: frozenset[str]) -> None:
        self.checklist.update_items(items)
        self.follow_up()
        if self.checklist.cursor_item in items:
            self.detail.follow()

    def _driver_changed(self) -> None:
        self.look()
        self.refresh_bindings()

    def _journal_read(self) -> None:
        self.journal.repaint()
        self.detail.follow()

    def _phase_turned(self, phase: str) -> None:
        self.timeline.point_to(phase)
        self.look()
        self.detail.follow()

    def look(self) -> None:
        """Read the session once and show what differs from the last time."""
        if self.presentation.frozen_at:
            return
        glance = self.desk.viewer.glance(self.desk.clock.now(), self.phases.phase)
        before, self._glance = self._glance, glance
        self.show_chips()
        if before is None or (glance.stages, glance.go_live) != (before.stages, before.go_live):
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

    def wear(self, name: str) -> None:
        """Another theme, by its name."""
        self.ink.wear(self.desk.themes[name]())
        self.bridge_app.wear(self.ink.theme)
        self.repaint_fully()

    def repaint_fully(self) -> None:
        """Everything again: another theme, or other masking."""
        self.checklist.repaint_fully()
        for pane in self._panes:
            pane.repaint_fully()

    # -- what the terminal is told ---------------------------------------------------------------------

    def _copy(self, text: str) -> None:
        self.app.copy_to_clipboard(text)

    def _notify(self, title: str, text: str) -> None:
        self.bridge_app.notify_outside(title, text)

    def _ring(self) -> None:
        self.bridge_app.tell_terminal(BELL)

    def _suspend(self) -> None:
        self.app.action_suspend_process()

    @property
    def bridge_app(self) -> BridgeApp:
        return cast(BridgeApp, self.app)

    def _open(self, dialog: Dialog[Any], then: Callable[[Any], None]) -> None:
        self.app.push_screen(dialog, then)

    # -- time ------------------------------------------------------------------------------------------

    def _tick_later(self) -> None:
        """Once a second, just after the second has changed, so that the clock never skips one."""
        rest_s = 1.0 - self.desk.machine.now().microsecond / 1e6 + 0.004
        self._tick_soon = asyncio.get_running_loop().call_later(rest_s, self._tick)

    def _tick(self) -> None:
        self._tick_later()
        self.tick()

    def tick(self) -> None:
        """One look at clock and board."""
        self._records.look(self.desk.clock.now())
        self.desk.writer.check()
        self._alarms.look()
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
            self.call_after_refresh(self._follow_up_later)

    def _follow_up_later(self) -> None:
        # What was just painted is written by a thread of its own, which must not find this one at work.
        self._follow_soon = asyncio.get_running_loop().call_later(FOLLOW_UP_S, self._follow_up)

    def _follow_up(self) -> None:
        self._is_following_up = False
        self.phases.say_on_frame()
        self.look()
        if not self.presentation.frozen_at:
            self.journal.repaint()
        self.hints.repaint()

    # -- keys ------------------------------------------------------------------------------------------

    def takes(self, key: str) -> bool:
        """Whether a key may go on to what it is bound to; where not, the last row says why."""
        command = BY_KEY.get(key)
        return command is None or self._may(command)

    def _may(self, command: Command) -> bool:
        if self.is_too_small:
            return is_always_done(command)
        if why := why_not(self.desk, command, self.active):
            self.talk.refuse(why)
        return not why

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What only the driver may is not offered to anybody else."""
        if action != "perform" or not BY_ID[str(parameters[0])].needs_driver:
            return True
        return not why_not_write(self.desk)

    def action_perform(self, command_id: str) -> None:
        """A key of the screen's own."""
        self.does[command_id]()

    def perform(self, command_id: str, said: str = "") -> None:
        """A command that was chosen in the palette, with what was typed behind its word."""
        if not self._may(BY_ID[command_id]):
            return
        if said:
            self._phrases.say(command_id, said)
        elif command_id in self.does:
            self.does[command_id]()
        else:
            self.run_worker(self._run_in_pane(command_id), exit_on_error=False)

    async def _run_in_pane(self, command_id: str) -> None:
        """What the pane that has the keys has bound under this id."""
        for active in self.active_bindings.values():
            if active.binding.id == command_id:
                await self.app.run_action(active.binding.action, default_namespace=active.node)
                return
        self.talk.refuse("the pane that has the keys does not do that: 1 goes to the checklist")

    def action_interrupt(self) -> None:
        if self._leaving.is_second_interrupt():
            self.perform("session.leave")

    # -- what panes ask for ----------------------------------------------------------------------------

    def on_checklist_act_requested(self, message: Checklist.ActRequested) -> None:
        self.proposals.begin(message.act)

    def on_checklist_refused(self, message: Checklist.Refused) -> None:
        self.talk.refuse(message.why)

    def on_checklist_cursor_moved(self) -> None:
        self.detail.follow()

    def on_checklist_detail_requested(self) -> None:
        self.pages.show_item(self.checklist.cursor_item)

    def on_timeline_picked(self, message: Timeline.Picked) -> None:
        if message.phase != self.phases.phase:
            self.phases.show(message.phase)

    def on_timeline_entered(self) -> None:
        self.activate(PaneName.CHECKLIST)

    def on_gauge_pane_detail_requested(self, message: GaugePane.DetailRequested) -> None:
        self.pages.show_gauge(message.gauge)

    def on_alarm_row_triggers_requested(self) -> None:
        self.pages.show_triggers()

    # -- what the screen does itself -------------------------------------------------------------------

    def zoom(self, *, is_back: bool = False) -> None:
        """The timeline has one step more: one stage of it."""
        if self.active is PaneName.TIMELINE and self.timeline.is_whole and not is_back:
            self.timeline.zoom(True)
            return
        super().zoom()
        self.timeline.zoom(self.is_zoomed, is_whole=self.is_zoomed)

    def _filter(self) -> None:
        self.activate(PaneName.CHECKLIST)
        self.phases.ask_filter()

    def _order_gauges(self) -> None:
        self.gauges.turn()
        self.talk.say(f"gauges {'worst first' if self.gauges.is_worst_first else 'in the order of the plan'}")

    def _dismiss(self) -> None:
        """esc: the nearest thing that can be closed or cleared, never the program."""
        if self.hints.dismiss():
            return
        if self.phases.query:
            self.phases.filter("")
        elif self.is_zoomed:
            self.zoom(is_back=True)
        elif self.phases.is_elsewhere:
            self.phases.show_current()
        else:
            self.activate(PaneName.CHECKLIST)
