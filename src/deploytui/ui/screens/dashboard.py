"""The dashboard: what it is composed of, and whom each message goes to. Facts come from the viewer, never from here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, cast

from textual.binding import Binding

from deploytui.session.act import AddNote, UndoLast
from deploytui.ui.command import BY_ID, BY_KEY, COMMANDS, Command
from deploytui.ui.control.alarm import AlarmControl
from deploytui.ui.control.baseline import BaselineControl
from deploytui.ui.control.finding import FindingControl
from deploytui.ui.control.phrase import PhraseControl
from deploytui.ui.control.proposal import Proposals, is_always_done, why_not, why_not_write
from deploytui.ui.control.report import ReportControl
from deploytui.ui.layout import PaneName
from deploytui.ui.look import BridgeApp
from deploytui.ui.notification import BELL
from deploytui.ui.screens.session_panes import SessionPanes
from deploytui.ui.service import Services
from deploytui.ui.widgets.checklist import ACTS
from deploytui.ui.widgets.pane import bindings
from deploytui.ui.widgets.timeline import Timeline

LEAVING_WAITS_S = 2.0
TWICE_S = 2.0
_BEGUN = "command"  # where a begun command is kept
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

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        talk = self.talk

        baseline = BaselineControl(services, talk, self.saving)
        self.proposals = Proposals(services, talk, self.saving, baseline.capture)
        self.findings = FindingControl(services, talk, self.proposals, self.look)
        self._phrases = PhraseControl(services, talk, self.proposals, self.findings, self.current_item)
        self._alarms = AlarmControl(services, talk, self.proposals, self._notify, self._ring)
        self._interrupted_s = -10.0
        self.reports = ReportControl(
            services,
            talk,
            self.saving,
            self.earlier,
            self.phases,
            changed=self._items_changed,
            look=self._driver_changed,
            journal_read=self._journal_read,
            repaint=self.checklist.repaint_fully,
        )
        self.does: Mapping[str, Callable[[], object]] = {
            **self.phases.commands, **baseline.commands, **self.findings.commands,
            **self._phrases.commands, **self._alarms.commands, **self.presentation.commands,
            "checklist.note": lambda: self.proposals.propose(AddNote("", self.current_item())),
            "checklist.undo": lambda: self.proposals.propose(UndoLast()),
            "checklist.filter": self._filter,
            **self.pane_commands, **self.pages.commands, "gauges.order": self._order_gauges,
            "session.leave": lambda: self.run_worker(self._ask_to_leave(), exit_on_error=False),
            "screen.palette": self._ask_command, "screen.dismiss": self._dismiss,
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
        self.skin.wear(self.services.themes[name]())
        self.bridge_app.wear(self.skin.theme)
        self.repaint_fully()

    # -- keys ------------------------------------------------------------------------------------------

    def takes(self, key: str) -> bool:
        """Whether a key may go on to what it is bound to; where not, the last row says why."""
        command = BY_KEY.get(key)
        return command is None or self._may(command)

    def _may(self, command: Command) -> bool:
        if self.is_too_small:
            return is_always_done(command)
        if why := why_not(self.services, command, self.active):
            self.talk.refuse(why)
        return not why

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What only the driver may is not offered to anybody else."""
        is_act = action == "propose" or (action == "perform" and BY_ID[str(parameters[0])].needs_driver)
        return not is_act or not why_not_write(self.services)

    def action_perform(self, command_id: str) -> None:
        """A key of the screen's own."""
        self.does[command_id]()

    def action_propose(self, word: str) -> None:
        """A key asks for an act on the current item; whether it may be is the session's to say."""
        if item := self.current_item():
            self.proposals.propose(ACTS[word](item))
        else:
            self.talk.refuse("no item here to insert below" if word == "insert" else "no item here")

    def action_show_item(self) -> None:
        if item := self.current_item():
            self.pages.show_item(item)
        else:
            self.talk.refuse("no item here")

    def action_show_gauge(self) -> None:
        self.pages.show_gauge(self.gauges.cursor)

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

    def _ask_command(self) -> None:
        """The palette. A phrase that was begun behind a command's word is kept."""
        from deploytui.ui.screens.palette import THEME, PaletteModal

        drafts = self.services.drafts

        def chosen(answer: str | None) -> None:
            if answer is None:
                if drafts.offered(_BEGUN):
                    self.talk.say("the text is kept: : goes on with it")
                return
            drafts.keep(_BEGUN, "")
            if answer.startswith(THEME):
                self.wear(answer.removeprefix(THEME))
            else:
                command_id, _, said = answer.partition(" ")
                self.perform(command_id, said)

        palette = PaletteModal(
            self.skin,
            list(self.services.themes),
            drafts.offered(_BEGUN),
            lambda text: drafts.keep(_BEGUN, text),
        )
        self.talk.ask(palette, chosen)

    async def _run_in_pane(self, command_id: str) -> None:
        """What the pane that has the keys has bound under this id."""
        for active in self.active_bindings.values():
            if active.binding.id == command_id:
                await self.app.run_action(active.binding.action, default_namespace=active.node)
                return
        self.talk.refuse("the pane that has the keys does not do that: 1 goes to the checklist")

    def action_interrupt(self) -> None:
        """ctrl+c: once it says what it would do, twice within two seconds it asks to leave."""
        now_s = self.services.machine.monotonic_s()
        if now_s - self._interrupted_s < TWICE_S:
            self.perform("session.leave")
        else:
            self._interrupted_s = now_s
            self.talk.say("ctrl+c once more leaves; the session stays open")

    async def _ask_to_leave(self) -> None:
        """What is being saved gets two seconds; then it is named, and the answer decides."""
        from deploytui.ui.screens.ask import LeaveModal

        services, waited_s = self.services, 0.0
        while services.writer.pending and waited_s < LEAVING_WAITS_S:
            await asyncio.sleep(0.05)
            waited_s += 0.05
        unsaved = self.saving.names(services.writer.pending)
        modal = LeaveModal(
            self.skin,
            services.back,
            unsaved,
            is_driving=services.session.is_driving,
            fault=services.session.fault,
        )
        self.talk.ask(modal, lambda answer: self.bridge_app.leave(0, "left") if answer else None)

    # -- what panes ask for ----------------------------------------------------------------------------

    def on_checklist_cursor_moved(self) -> None:
        self.detail.follow()

    def on_timeline_picked(self, message: Timeline.Picked) -> None:
        if message.phase != self.phases.phase:
            self.phases.show(message.phase)

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
