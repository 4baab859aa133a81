"""The dashboard: panes, what they show, and which command a key means. Facts come from the viewer, never from here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from msgspec.structs import replace
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from deploytui.metrics.history import Cell, Tier
from deploytui.session.rows import Rows
from deploytui.session.view import Glance, ItemRow
from deploytui.ui import layout
from deploytui.ui.command import BY_ID, COMMANDS
from deploytui.ui.desk import Desk
from deploytui.ui.layout import PaneName
from deploytui.ui.paint.bar import Chips
from deploytui.ui.paint.checklist import counts_text
from deploytui.ui.paint.ink import Ink, Role
from deploytui.ui.screens.finding import FindingCommands
from deploytui.ui.screens.gauge_command import GaugeCommands
from deploytui.ui.screens.insert import InsertCommands
from deploytui.ui.screens.item_command import ItemCommands
from deploytui.ui.screens.last_row import LastRow
from deploytui.ui.screens.logbook import Logbook
from deploytui.ui.screens.lookout import Lookout
from deploytui.ui.screens.night_command import NightCommands
from deploytui.ui.screens.phrase_command import PhraseCommands
from deploytui.ui.screens.saving import Saving
from deploytui.ui.screens.view_command import ViewCommands
from deploytui.ui.screens.voice import Voice
from deploytui.ui.widgets.bar import AlarmRow, IdentityBar, StageBar, TooSmall
from deploytui.ui.widgets.checklist import Checklist
from deploytui.ui.widgets.framed import Detail, Journal
from deploytui.ui.widgets.gauges import GaugePane
from deploytui.ui.widgets.pane import Pane
from deploytui.ui.widgets.timeline import Timeline

if TYPE_CHECKING:
    from deploytui.ui.app import DashboardApp
    from deploytui.ui.screens.dialog import Dialog

T = TypeVar("T")

FOLLOW_UP_S = 0.01
DETAIL_REST_S = 0.08
# What still works where the window is too small to see what one does.
_ALWAYS = ("session.leave", "screen.suspend", "screen.dismiss", "screen.lock")


class Dashboard(Screen[None], inherit_bindings=False):
    """The one screen of a session."""

    ALLOW_SELECT = False
    AUTO_FOCUS = "Checklist"
    ESCAPE_TO_MINIMIZE = False  # esc closes what is nearest first
    ALLOW_IN_MAXIMIZED_VIEW = "IdentityBar, StageBar, AlarmRow, KeyHints, TooSmall"
    HORIZONTAL_BREAKPOINTS = [*layout.WIDTHS]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [*layout.HEIGHTS]  # noqa: RUF012
    BINDINGS: ClassVar[list[Any]] = [
        Binding(",".join(command.keys), f"perform('{command.id}')", command.title, show=False, id=command.id)
        for command in COMMANDS
        if command.keys
    ] + [Binding("ctrl+c", "interrupt", "Leave", show=False, id="session.interrupt")]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.ink: Ink = desk.ink
        self.phase = desk.session.current_phase() or ""
        self.query_text = ""
        self.asked_s = -10.0
        self.frozen_at = ""
        self.unmasked_until_s = 0.0
        self.saving = Saving(self)
        self.logbook = Logbook(self)
        self.last_row = LastRow(self)
        self.is_zoomed = False
        self._detail_soon: asyncio.TimerHandle | None = None
        self._tick_soon: asyncio.TimerHandle | None = None
        self._interrupted_s = -10.0
        self._is_following_up = False
        self._follow_soon: asyncio.TimerHandle | None = None
        self._glance: Glance | None = None
        self._lookout = Lookout(desk)
        self._seen_phases: dict[str, str] = {}
        self.findings = FindingCommands(self)
        self._phrases, self._voice = PhraseCommands(self), Voice(self)
        self._commands = (
            ItemCommands(self), InsertCommands(self), NightCommands(self), GaugeCommands(self), self._phrases,
            self._voice, self.findings, ViewCommands(self),
        )  # fmt: skip
        self._make_panes()

    def _make_panes(self) -> None:
        ink, viewer = self.ink, self.desk.viewer
        self.identity = IdentityBar(ink)
        self.stages = StageBar(ink)
        self.alarm = AlarmRow(ink)
        self.checklist = Checklist(
            ink, viewer.group_row, self._item_row, lambda item: self.saving.unsaved.get(item, "")
        )
        self.gauges = GaugePane(ink, self._trace)
        self.timeline = Timeline(ink, self.gauges.lines_at)
        self.journal = Journal(ink, self.logbook.rows, lambda: self.desk.session.state.seq)
        self.detail = Detail(ink)
        self.too_small = TooSmall(ink)
        self._panes: tuple[Pane, ...] = (
            self.identity, self.stages, self.alarm, self.timeline, self.gauges, self.journal, self.detail,
            self.last_row.hints, self.too_small,
        )  # fmt: skip
        self._reached: tuple[Widget, ...] = (
            self.checklist, self.timeline, self.gauges, self.journal, self.alarm
        )  # fmt: skip
        self._main: Widget = self.checklist

    def compose(self) -> ComposeResult:
        # What is to be seen is known before the panes are laid out: the first frame is the whole one.
        self._lookout.measure(self.desk.clock.now())
        self.look()
        self.show_phase(self.phase)
        self.last_row.redraw()
        self._fit(self.app.size)
        yield from (self.identity, self.stages, self.alarm, self.last_row.hints, self.journal)
        yield Vertical(self.timeline, self.gauges, id="left")
        yield from (self.detail, self.checklist, self.too_small)

    def on_mount(self) -> None:
        self._tick_later()
        self._voice.look()
        self.call_after_refresh(self.show_chips)
        self.logbook.tell_since()

    def on_unmount(self) -> None:
        for handle in (self._tick_soon, self._detail_soon, self._follow_soon):
            if handle is not None:
                handle.cancel()
        self.last_row.stop()

    # -- layout ----------------------------------------------------------------------------------------

    def on_resize(self, event: events.Resize) -> None:
        self._fit(event.size)
        self.show_detail_soon()

    def _fit(self, size: Size) -> None:
        """The classes of this size, before Textual lays out: it looks at its breakpoints behind that, and a frame of
        the old arrangement would be seen."""
        self.update_classes(layout.classes_of(size), update=self.is_running)
        self._maximize(size)

    def _maximize(self, size: Size) -> None:
        is_alone = self.is_zoomed or not layout.fits(size, layout.COMPACT)
        self.maximized = self._main if is_alone else None

    @property
    def is_too_small(self) -> bool:
        return not layout.fits(self.app.size, layout.LEAST)

    @property
    def active(self) -> PaneName:
        """The pane that has the keys."""
        return PaneName(self.focused.id or "") if self.focused in self._reached else PaneName.CHECKLIST

    def activate(self, pane: PaneName) -> None:
        """Give a pane the keys."""
        widget = next(one for one in self._reached if one.id == pane)
        if pane in layout.NUMBERED:
            self._main = widget
            self._maximize(self.app.size)
        self.set_focus(widget, scroll_visible=False)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Keys or a click have given the focus to another pane."""
        if event.widget is not self.alarm:
            self._main = event.widget
        self.last_row.redraw()

    def zoom(self, *, is_back: bool = False) -> None:
        """The pane over the whole screen, and back; the timeline has one step more: one stage of it."""
        if self.active is PaneName.TIMELINE and self.timeline.is_whole and not is_back:
            self.timeline.zoom(True)
            return
        self.is_zoomed = not self.is_zoomed
        self.timeline.zoom(self.is_zoomed, is_whole=self.is_zoomed)
        self._maximize(self.app.size)

    def frame_checklist(self) -> None:
        """The checklist's frame says which phase is looked at, how far it is, and what hides a part of it."""
        viewer = self.desk.viewer
        title, counts = viewer.phase_title(self.phase) if self.phase else ("", None)
        words = [f"{title} {counts_text(counts)}" if counts else ""]
        if self.phase and (looking := viewer.looking(self.phase, self.desk.clock.now())):
            words.insert(0, looking)
        if self.query_text:
            words.insert(0, f'"{self.query_text}" {self.checklist.item_count} found, esc clears')
        self.checklist.say_aside(f" {self.ink.glyphs.separator} ".join(word for word in words if word))

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

    def ask(self, dialog: Dialog[T], then: Callable[[T | None], None]) -> None:
        """Open a dialog; the guard is told when, since a word typed by mistake goes on into it."""
        self.asked_s = self.desk.machine.monotonic_s()
        self.app.push_screen(dialog, then)

    def show_phase(self, phase: str, cursor: str = "") -> None:
        """Look at a phase; the cursor goes where it was there, or to the first open item."""
        if not phase:
            return
        if self.checklist.cursor_item:
            self._seen_phases[self.phase] = self.checklist.cursor_item
        self.phase = phase
        wanted = cursor or self._seen_phases.get(phase, "") or self.desk.viewer.next_open(phase)
        self.checklist.load(self.desk.viewer.checklist_rows(phase, self.query_text), wanted)
        self.frame_checklist()
        self.timeline.point_to(phase)
        self.look()
        self.show_detail_soon()

    def show_other_rows(self) -> None:
        """An item came in or went: the same phase once more, the cursor and the view where they were."""
        rows = self.desk.viewer.checklist_rows(self.phase, self.query_text) if self.phase else Rows()
        self.checklist.load(rows, self.checklist.cursor_item, is_same=True)

    def filter(self, text: str) -> None:
        """Show only rows that match; "" shows all."""
        if text != self.query_text:
            cursor = self.checklist.cursor_item
            self.query_text = text
            self.checklist.load(self.desk.viewer.checklist_rows(self.phase, text), cursor)
            self.frame_checklist()

    def look(self) -> None:
        """Read the session once and show what differs from the last time."""
        if self.frozen_at:
            return
        glance = self.desk.viewer.glance(self.desk.clock.now(), self.phase)
        before, self._glance = self._glance, glance
        self._show_identity()
        if before is None or (glance.stages, glance.go_live) != (before.stages, before.go_live):
            self.stages.show(glance.stages, glance.go_live)
        self.alarm.show(glance.alarm)
        self.timeline.show(glance)
        self.gauges.show(glance.readings, glance.acked)

    def _show_identity(self) -> None:
        if self._glance is None:
            return
        left_s = self.unmasked_until_s - self.desk.machine.monotonic_s()
        hidden = sum(pane.hidden for pane in self._panes if pane is not self.identity)
        chips = Chips(
            frozen=self.frozen_at,
            is_locked=self.desk.guard.is_locked,
            hidden=hidden + self.checklist.count_hidden(),
            unmasked_s=max(0, int(left_s + 0.999)) if self.unmasked_until_s else 0,
        )
        self.identity.show(self._glance.identity, chips)

    def show_detail_soon(self) -> None:
        """The third column follows the cursor once it rests: reading an item's history is not for every key."""
        if self._detail_soon is not None:
            self._detail_soon.cancel()
        if layout.fits(self.app.size, layout.WIDE):
            self._detail_soon = asyncio.get_running_loop().call_later(DETAIL_REST_S, self._show_detail)

    def _show_detail(self) -> None:
        item = self.checklist.cursor_item
        now = self.desk.clock.now()
        self.detail.show(self.desk.viewer.item_detail(item, now) if item else None)

    def show_chips(self) -> None:
        """The words of the screen itself changed: locked, frozen, unmasked."""
        self._show_identity()

    def thaw_or_freeze(self) -> None:
        """Frozen, nothing that changes with time is drawn; what a key does still is."""
        if self.frozen_at:
            self._show_identity()
            return
        self.look()
        self.journal.repaint()
        self.checklist.update_seen()

    def wear(self, name: str) -> None:
        """Another theme, by its name."""
        self.ink.wear(self.desk.themes[name]())
        self.desk_app.wear(self.ink.theme)
        self.repaint_fully()

    @property
    def desk_app(self) -> DashboardApp:
        return cast("DashboardApp", self.app)

    def leave(self) -> None:
        self.desk_app.leave(0, "left")

    def repaint_fully(self) -> None:
        """Everything again: another theme, or other masking."""
        self.checklist.repaint_fully()
        for pane in self._panes:
            pane.repaint_fully()

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
        desk = self.desk
        self._lookout.look(desk.clock.now())
        desk.writer.check()
        self._voice.look()
        if self.unmasked_until_s and desk.machine.monotonic_s() >= self.unmasked_until_s:
            self.mask_again()
        self.look()
        if self.frozen_at:
            self._show_identity()
        else:
            self.checklist.update_seen()

    def mask_again(self) -> None:
        self.unmasked_until_s = 0.0
        self.ink.is_unmasked = False
        self.repaint_fully()

    # -- notices ---------------------------------------------------------------------------------------

    def say(self, text: str, role: Role = Role.INFO) -> None:
        """A word in the last row, for three seconds."""
        self.last_row.say(text, role)

    def refuse(self, why: str) -> None:
        """Why a key did nothing."""
        self.last_row.say(why, Role.WATCH)

    def say_error(self, text: str, role: Role = Role.BREACH) -> None:
        """What stays until it is closed."""
        self.last_row.say_error(text, role)

    # -- keys ------------------------------------------------------------------------------------------

    def action_perform(self, command_id: str, said: str = "") -> None:
        """Every key and the palette come through here."""
        if self.is_too_small and command_id not in _ALWAYS:
            return
        self.perform(command_id, said)

    def perform(self, command_id: str, said: str = "") -> None:
        """Do a command that was asked for; `said` is what was typed behind its word."""
        command = BY_ID[command_id]
        if command.needs_driver and not self.desk.session.is_driving:
            driver = self.desk.session.state.driver or "nobody"
            self.refuse(f"following, read-only: {driver} drives")
            return
        if command.is_of_item and self.active is not PaneName.CHECKLIST:
            self.refuse("that acts in the checklist: 1 goes there")
            return
        if said:
            self._phrases.say(command_id, said)
            return
        for commands in self._commands:
            if (method := getattr(commands, command.method, None)) is not None:
                cast(Callable[[], None], method)()
                return

    def action_interrupt(self) -> None:
        """ctrl+c: once it says what it would do, twice within two seconds it asks to leave."""
        now_s = self.desk.machine.monotonic_s()
        if now_s - self._interrupted_s < 2.0:
            self.perform("session.leave")
        else:
            self._interrupted_s = now_s
            self.say("ctrl+c once more leaves; the session stays open")

    def on_checklist_pointed(self, message: Checklist.Pointed) -> None:
        """A click moves the cursor. It never ticks."""
        message.stop()
        self.checklist.point_to(message.item_id)
        self.show_detail_soon()

    def on_timeline_picked(self, message: Timeline.Picked) -> None:
        """A click on a phase looks at it, as moving there with the keys does."""
        message.stop()
        if message.phase != self.phase:
            self.show_phase(message.phase)

    # -- what follows from events ----------------------------------------------------------------------

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
        self.frame_checklist()
        self.look()
        if not self.frozen_at:
            self.journal.repaint()
        self.last_row.redraw()
