"""What all other keys do: moving, phases, panes, filter, copy, freeze, lock, help, palette, leaving."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from deploytui.base.units import clock_z, is_whole_number
from deploytui.ui.layout import REACHED, PaneName
from deploytui.ui.paint.ink import Role

if TYPE_CHECKING:
    from deploytui.ui.screens.dashboard import Dashboard
    from deploytui.ui.widgets.framed import FramedPane

UNMASK_S = 30.0
LEAVING_WAITS_S = 2.0
_FAR = 1_000_000
_COMMAND = "command"  # where a begun command is kept


class ViewCommands:
    """The commands that only look. None changes the session."""

    def __init__(self, screen: Dashboard) -> None:
        self._screen = screen

    # -- moving ----------------------------------------------------------------------------------------

    def _framed(self) -> FramedPane | None:
        """The pane that scrolls instead of the checklist, if one has the keys."""
        screen = self._screen
        return {
            PaneName.GAUGES: screen.gauges,
            PaneName.JOURNAL: screen.journal,
        }.get(screen.active)

    def _pick(self, by: int) -> None:
        """Another phase in the timeline, which the checklist follows; looking changes nothing."""
        screen = self._screen
        if (phase := screen.timeline.neighbor(by)) and phase != screen.phase:
            screen.show_phase(phase)

    def _move(self, lines: int, *, page: int = 0) -> None:
        if self._screen.active is PaneName.TIMELINE:
            self._pick(lines or page * max(1, self._screen.timeline.size.height // 3))
            return
        pane = self._framed()
        if pane is not None:
            pane.scroll_lines(lines or page * max(1, pane.size.height - 1))
            return
        if page:
            self._screen.checklist.page(page)
        else:
            self._screen.checklist.step(lines)
        self._screen.show_detail_soon()

    def do_move_down(self) -> None:
        self._move(1)

    def do_move_up(self) -> None:
        self._move(-1)

    def do_move_page_down(self) -> None:
        self._move(0, page=1)

    def do_move_page_up(self) -> None:
        self._move(0, page=-1)

    def do_move_top(self) -> None:
        self._jump(to_end=False)

    def do_move_bottom(self) -> None:
        self._jump(to_end=True)

    def _jump(self, *, to_end: bool) -> None:
        if self._screen.active is PaneName.TIMELINE:
            self._pick(_FAR if to_end else -_FAR)
            return
        pane = self._framed()
        if pane is not None:
            pane.scroll_lines(_FAR if to_end else -_FAR)
            return
        self._screen.checklist.jump(to_end)
        self._screen.show_detail_soon()

    def do_move_next_open(self) -> None:
        screen = self._screen
        after = screen.desk.viewer.next_open(screen.phase, screen.checklist.cursor_item)
        if not after:
            ahead = screen.desk.viewer.next_phase(screen.phase)
            screen.refuse("nothing open in this phase" + (f": l goes to {ahead}" if ahead else ""))
            return
        if not screen.checklist.has_item(after):
            screen.filter("")
        screen.checklist.point_to(after)
        screen.show_detail_soon()

    # -- phases ----------------------------------------------------------------------------------------

    def _turn(self, by: int) -> None:
        screen = self._screen
        phases = screen.desk.viewer.phase_ids()
        if screen.phase not in phases:
            return
        place = phases.index(screen.phase) + by
        if 0 <= place < len(phases):
            screen.show_phase(phases[place])
        else:
            screen.refuse("this is the first phase" if by < 0 else "this is the last phase")

    def do_phase_previous(self) -> None:
        self._turn(-1)

    def do_phase_next(self) -> None:
        self._turn(1)

    def do_phase_current(self) -> None:
        if phase := self._screen.desk.session.current_phase():
            self._screen.show_phase(phase)

    def do_checklist_filter(self) -> None:
        from deploytui.ui.screens.prompt import FilterPrompt

        screen = self._screen
        screen.activate(PaneName.CHECKLIST)
        screen.ask(FilterPrompt(screen.ink, screen.query_text, screen.filter), self._filtered)

    def _filtered(self, text: str | None) -> None:
        screen = self._screen
        if text is None or not text:
            screen.filter("")
        elif is_whole_number(text):
            screen.filter("")
            item = screen.desk.viewer.step(screen.phase, int(text))
            if item:
                screen.checklist.point_to(item)
                screen.show_detail_soon()
            else:
                screen.refuse(f"no step {text} in this phase")
        else:
            screen.filter(text)
            if not screen.checklist.item_count:
                screen.refuse("nothing matches; esc clears the filter")

    # -- panes -----------------------------------------------------------------------------------------

    def do_pane_checklist(self) -> None:
        self._screen.activate(PaneName.CHECKLIST)

    def do_pane_timeline(self) -> None:
        self._screen.activate(PaneName.TIMELINE)

    def do_pane_gauges(self) -> None:
        self._screen.activate(PaneName.GAUGES)

    def do_pane_journal(self) -> None:
        self._screen.activate(PaneName.JOURNAL)

    def do_pane_next(self) -> None:
        self._cycle(1)

    def do_pane_previous(self) -> None:
        self._cycle(-1)

    def _cycle(self, by: int) -> None:
        place = REACHED.index(self._screen.active) + by
        self._screen.activate(REACHED[place % len(REACHED)])

    def do_pane_zoom(self) -> None:
        self._screen.zoom()

    # -- copying ---------------------------------------------------------------------------------------

    def do_session_copy_status(self) -> None:
        desk = self._screen.desk
        self._copy(desk.viewer.status_line(desk.clock.now()), "the status is copied")

    def do_session_copy_row(self) -> None:
        screen = self._screen
        item = screen.checklist.cursor_item
        if not item:
            screen.refuse("no item here")
            return
        row = screen.desk.viewer.item_row(item, screen.desk.clock.now())
        text = f"[{row.status}] {row.number} {row.label}  {row.right}"
        self._copy(" ".join(text.split()), "the row is copied")

    def _copy(self, text: str, said: str) -> None:
        self._screen.app.copy_to_clipboard(text)
        self._screen.say(said)

    # -- the screen itself -----------------------------------------------------------------------------

    def do_screen_help(self) -> None:
        from deploytui.ui.screens.page import HelpModal

        self._screen.ask(HelpModal(self._screen.ink), lambda _: None)

    def do_screen_palette(self) -> None:
        from deploytui.ui.screens.palette import Palette

        screen = self._screen
        drafts = screen.desk.drafts
        palette = Palette(
            screen.ink,
            list(screen.desk.themes),
            drafts.offered(_COMMAND),
            lambda text: drafts.keep(_COMMAND, text),
        )
        screen.ask(palette, self._chosen)

    def _chosen(self, command_id: str | None) -> None:
        from deploytui.ui.screens.palette import THEME

        drafts = self._screen.desk.drafts
        if command_id is None:
            if drafts.offered(_COMMAND):
                self._screen.say("the text is kept: : goes on with it")
            return
        drafts.keep(_COMMAND, "")
        if command_id.startswith(THEME):
            self._screen.wear(command_id.removeprefix(THEME))
        else:
            command_id, _, said = command_id.partition(" ")
            self._screen.action_perform(command_id, said)

    def do_screen_freeze(self) -> None:
        screen = self._screen
        screen.frozen_at = "" if screen.frozen_at else clock_z(screen.desk.clock.now(), seconds=True)
        screen.thaw_or_freeze()

    def do_screen_lock(self) -> None:
        """From the palette; the key itself is the guard's, which must see it among the others."""
        guard = self._screen.desk.guard
        guard.is_locked = not guard.is_locked
        self._screen.show_chips()
        self._screen.say("keyboard locked; L unlocks" if guard.is_locked else "keyboard unlocked")

    def do_screen_unmask(self) -> None:
        screen = self._screen
        if screen.ink.is_unmasked:
            screen.mask_again()
            return
        screen.unmasked_until_s = screen.desk.machine.monotonic_s() + UNMASK_S
        screen.ink.is_unmasked = True
        screen.repaint_fully()
        screen.show_chips()
        screen.say(f"what is masked is shown for {UNMASK_S:.0f} s", Role.WATCH)

    def do_screen_suspend(self) -> None:
        self._screen.app.action_suspend_process()

    def do_screen_dismiss(self) -> None:
        """esc: the nearest thing that can be closed or cleared, never the program."""
        screen = self._screen
        if screen.last_row.dismiss():
            return
        if screen.query_text:
            screen.filter("")
        elif screen.is_zoomed:
            screen.zoom(is_back=True)
        elif screen.phase != screen.desk.session.current_phase():
            self.do_phase_current()
        else:
            screen.activate(PaneName.CHECKLIST)

    # -- leaving ---------------------------------------------------------------------------------------

    def do_session_leave(self) -> None:
        self._screen.run_worker(self._leave(), exit_on_error=False)

    async def _leave(self) -> None:
        """What is being saved gets two seconds; then it is named, and the answer decides."""
        from deploytui.ui.screens.leave import LeaveModal

        screen, desk = self._screen, self._screen.desk
        waited_s = 0.0
        while desk.writer.pending and waited_s < LEAVING_WAITS_S:
            await asyncio.sleep(0.05)
            waited_s += 0.05
        unsaved = screen.saving.names(desk.writer.pending)
        modal = LeaveModal(
            screen.ink, desk.back, unsaved, is_driving=desk.session.is_driving, fault=desk.session.fault
        )
        screen.ask(modal, self._left)

    def _left(self, answer: bool | None) -> None:
        if answer:
            self._screen.leave()
