"""The last row offers what acts in the pane that has the keys, at every width."""

from __future__ import annotations

import pytest

from deploytui.ui.command import BY_ID, footer_commands
from deploytui.ui.layout import REACHED, PaneName
from deploytui.ui.paint import bar
from tests.ui.bridge import bridge
from tests.ui.night import make_services


@pytest.mark.parametrize("pane", REACHED)
def test_help_is_the_last_to_go_from_the_footer(pane: PaneName) -> None:
    assert min(footer_commands(pane, BY_ID), key=lambda command: command.rank).id == "screen.help"


@pytest.mark.parametrize("pane", [pane for pane in REACHED if pane is not PaneName.CHECKLIST])
def test_another_pane_offers_nothing_that_acts_on_an_item(pane: PaneName) -> None:
    shown = footer_commands(pane, BY_ID)
    assert not [command.id for command in shown if command.is_of_item]
    for command in shown:  # what is offered is what the key is bound to
        keys = {key.replace("question_mark", "?").replace("colon", ":") for key in BY_ID[command.id].keys}
        assert command.shown.split("/")[0].split()[0] in keys


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_footer_follows_the_keys(size: tuple[int, int]) -> None:
    async with bridge(*size) as night:
        assert "space tick" in night.footer
        for key, words in (
            ("2", ("j/k pick a phase", "enter its checklist", "z zoom")),
            ("3", ("j/k pick a gauge", "enter details", "1 checklist")),
            ("4", ("j/k scroll", "g newest", "1 checklist")),
            ("tab", ("enter triggers", "a ack", "1 checklist")),
        ):
            await night.press(key)
            assert "space" not in night.footer
            assert all(word in night.footer for word in words), night.footer
            assert night.footer.rstrip().endswith("? help")
        await night.press("1")
        assert "space tick" in night.footer


@pytest.mark.parametrize("key", ["space", "s", "f", "o", "b", "i"])
async def test_a_key_of_an_item_does_nothing_while_another_pane_has_the_keys(key: str) -> None:
    async with bridge() as night:
        before = night.session.state.seq
        await night.press("2", "z", key)
        assert night.session.state.seq == before
        assert night.app.screen is night.screen
        assert "acts in the checklist: 1 goes there" in night.footer


async def test_enter_in_the_journal_shows_the_current_item_and_the_alarm_row_has_nothing_to_move() -> None:
    async with bridge() as night:
        await night.press("4", "enter")
        assert "Deployment Execution / Deployment Steps" in night.text
        await night.press("escape", "tab", "j")
        assert "there is one row here: 1 goes to the checklist" in night.footer
        assert night.cursor == "exec.1"


async def test_a_follower_is_offered_no_tick_behind_a_dialog() -> None:
    services, _ = make_services()
    services.session.is_driving = False
    async with bridge(services=services) as night:
        await night.press("enter")
        assert night.app.screen is not night.screen
        night.screen.refresh_bindings()  # what acts on the screen would be asked of the dialog now
        await night.settle()
        shown = bar.hints(night.screen.hints._commands, "", None, 120, services.skin).text
        assert "find" in shown
        assert "space tick" not in shown
