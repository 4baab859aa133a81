"""Inserting an unplanned item at the dashboard: asked, drawn once durable, seen by whoever follows."""

from __future__ import annotations

from deploytui.base.errors import UnusableSession
from deploytui.journal.fact import ItemInserted
from deploytui.journal.store import Appended
from deploytui.session.ticket import Foreign
from deploytui.ui.screens.ask import TextModal
from tests.session.fake import ANA
from tests.ui.bridge import bridge
from tests.ui.night import make_services


async def test_i_asks_and_the_new_item_is_current_marked_and_counted_apart() -> None:
    async with bridge() as night:
        await night.press("j", "i")
        assert isinstance(night.app.screen, TextModal)
        assert "below 02 Step 2" in night.text
        await night.write("restart the cache")
        await night.press("enter")
        assert night.cursor == "unplanned.1"
        assert "[ ] + unplanned: restart the cache" in night.row("unplanned.1")
        assert "Execution 0 of 14 · unplanned 0 of 1" in night.text
        lines = night.text.splitlines()
        place = next(at for at, line in enumerate(lines) if "+ unplanned" in line)
        assert "02 Step 2" in lines[place - 1]
        assert "03 Step 3" in lines[place + 1]
        await night.press("space")
        assert "[✓] + unplanned: restart the cache" in night.row("unplanned.1")
        assert "Execution 0 of 14 · unplanned 1 of 1" in night.text
        assert night.cursor == "exec.3"


async def test_u_takes_it_out_and_the_cursor_goes_to_the_row_above() -> None:
    async with bridge(160, 40) as night:
        await night.press("j", "i")
        await night.write("oops")
        await night.press("enter")
        assert "u undo: insert unplanned: oops" in night.footer
        await night.press("u")
        assert "+ unplanned" not in night.text.split("Journal")[0]
        assert night.cursor == "exec.2"
        assert "taken out again" in night.footer


async def test_a_half_typed_text_survives_esc_and_a_disk_that_does_not_save() -> None:
    services, _ = make_services()
    append = services.session.store.append

    def full(*args: object) -> Appended:
        raise UnusableSession("the disk is full")

    async with bridge(services=services) as night:
        await night.press("i")
        await night.write("restart")
        await night.press("escape")
        assert "the text is kept" in night.footer
        services.session.store.append = full  # type: ignore[method-assign]
        await night.press("i", "enter")
        assert "NOT SAVED: an unplanned item" in night.footer
        assert "+ unplanned" not in night.text
        services.session.store.append = append  # type: ignore[method-assign]
        await night.press("escape", "i")
        assert "restart" in night.text
        await night.press("enter")
        assert "+ unplanned: restart" in night.text


async def test_what_another_program_inserts_comes_in_without_moving_the_view() -> None:
    async with bridge(80, 24) as night:
        await night.press("G")
        lines, cursor = night.text.splitlines(), night.cursor
        assert night.screen.checklist.scroll_offset.y > 0
        made = ItemInserted("unplanned.1", "from a script", "exec.1")
        night.store.append(len(night.store.kept), lambda new: [ANA.draft(made)], None)
        night.screen.reports.take(Foreign(night.session.core.poll()))
        await night.settle()
        assert night.cursor == cursor
        seen = [at for at, line in enumerate(night.text.splitlines()) if "▌" in line]
        assert seen == [at for at, line in enumerate(lines) if "▌" in line]
        await night.press("g", "j")
        assert "+ unplanned: from a script" in night.row("unplanned.1")
        assert night.cursor == "unplanned.1"


async def test_a_filter_does_not_hide_what_was_just_inserted() -> None:
    async with bridge() as night:
        await night.press("slash")
        await night.write("step 3")
        await night.press("enter", "i")
        await night.write("other")
        await night.press("enter")
        assert night.cursor == "unplanned.1"
        assert "+ unplanned: other" in night.row("unplanned.1")
        assert "01 Step 1" in night.text


async def test_nothing_is_asked_where_nothing_may_be_inserted() -> None:
    async with bridge() as night:
        night.session.is_driving = False
        await night.press("i")
        assert not isinstance(night.app.screen, TextModal)
        assert "following, read-only" in night.footer
    async with bridge() as night:
        await night.press("slash")
        await night.write("zzz")
        await night.press("enter", "i")
        assert "no item here to insert below" in night.footer
