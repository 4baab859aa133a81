"""The dashboard: what it is composed of, and whom each message goes to. Facts come from the viewer, never from here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, cast

from textual import on
from textual.binding import Binding

from deploytui.session.act import AddNote, UndoLast
from deploytui.ui.binding import bindings
from deploytui.ui.command import BY_ID, BY_KEY, COMMANDS, Command
from deploytui.ui.control.alarm import AlarmControl
from deploytui.ui.control.baseline import BaselineControl
from deploytui.ui.control.clipboard import Clipboard
from deploytui.ui.control.finding import FindingControl
from deploytui.ui.control.leaving import Leaving
from deploytui.ui.control.palette import PaletteControl
from deploytui.ui.control.permission import is_always_done, why_not, why_not_write
from deploytui.ui.control.phrase import PhraseControl
from deploytui.ui.control.promise import PromiseControl
from deploytui.ui.control.proposal import Proposals
from deploytui.ui.control.report import ReportControl
from deploytui.ui.desk import Desk
from deploytui.ui.layout import PaneName
from deploytui.ui.look import BridgeApp
from deploytui.ui.notification import BELL
from deploytui.ui.screens.session_panes import SessionPanes
from deploytui.ui.widgets.checklist import Checklist
from deploytui.ui.widgets.framed import Journal
from deploytui.ui.widgets.gauges import GaugePane
from deploytui.ui.widgets.timeline import Timeline

# What the pane that has the keys does itself.
_OF_PANES = frozenset(
    [*(command.id for command in COMMANDS if command.is_of_item), "checklist.detail",
     *(command.id for command in COMMANDS if command.id.startswith("move.") and command.id != "move.next_open")]
)  # fmt: skip


class Dashboard(SessionPanes, inherit_bindings=False):
    """The one screen of a session."""

    BINDINGS: ClassVar[list[Any]] = [
        *bindings({one.id: f"perform('{one.id}')" for one in COMMANDS if one.id not in _OF_PANES}),
        Binding("ctrl+c", "interrupt", "Leave", show=False, id="session.interrupt"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        talk = self.talk

        def item() -> str:
            return self.checklist.cursor_item

        baseline = BaselineControl(desk, talk, self.saving)
        self.proposals = Proposals(desk, talk, self.saving, baseline.capture)
        clipboard = Clipboard(desk, talk, self._copy, item)
        self.findings = FindingControl(desk, talk, self.proposals, clipboard, self.look)
        self._phrases = PhraseControl(desk, talk, self.proposals, self.findings, item)
        self._alarms = AlarmControl(desk, talk, self.proposals, self._notify, self._ring)
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

    # -- what follows from reports ----------------------------------------------------------------------

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

    def look_at_alarms(self) -> None:
        self._alarms.look()

    # -- what the app does -----------------------------------------------------------------------------

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

    def wear(self, name: str) -> None:
        """Another theme, by its name."""
        self.ink.wear(self.desk.themes[name]())
        self.bridge_app.wear(self.ink.theme)
        self.repaint_fully()

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
        message.stop()
        self.proposals.begin(message.act)

    def on_checklist_refused(self, message: Checklist.Refused) -> None:
        self.talk.refuse(message.why)

    def on_checklist_cursor_moved(self) -> None:
        self.detail.follow()

    @on(Checklist.DetailRequested)
    @on(Journal.DetailRequested)
    def _show_item(self) -> None:
        if self.checklist.cursor_item:
            self.pages.show_item(self.checklist.cursor_item)
        else:
            self.talk.refuse("no item here")

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
