"""The one table of commands: what it says, the screen does; what the screen does, it says."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

from deploytui.ui.command import BY_ID, BY_KEY, COMMANDS, GROUPS, search, spoken
from deploytui.ui.screens.dashboard import Dashboard
from deploytui.ui.widgets import checklist
from deploytui.ui.widgets.bar import AlarmRow
from deploytui.ui.widgets.checklist import Checklist
from deploytui.ui.widgets.framed import FramedPane, Journal
from deploytui.ui.widgets.gauges import GaugePane
from deploytui.ui.widgets.timeline import Timeline
from tests.pictures.readme import key_table
from tests.ui.night import make_services


def test_ids_and_keys_are_said_once() -> None:
    assert [name for name, count in Counter(command.id for command in COMMANDS).items() if count > 1] == []
    keys = Counter(key for command in COMMANDS for key in command.keys)
    assert [key for key, count in keys.items() if count > 1] == []


def test_every_id_is_dotted_and_every_group_is_known() -> None:
    for command in COMMANDS:
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", command.id)
        assert command.group in GROUPS
        assert command.title
        assert command.help


PANES = (Checklist, Timeline, GaugePane, Journal, AlarmRow)


def bound(owner: type[DOMNode]) -> dict[str, Binding]:
    return {binding.id or "": binding for binding in owner.__dict__.get("BINDINGS", ())}


def in_panes() -> set[str]:
    """What panes do themselves."""
    return {name for pane in (*PANES, FramedPane) for name in bound(pane)}


def test_every_command_is_done_by_the_screen_or_by_a_pane_and_none_is_left_over() -> None:
    screen = Dashboard(make_services()[0])
    assert {*screen.does, *in_panes()} == set(BY_ID)
    assert not set(screen.does) & in_panes()


def test_every_key_of_the_table_is_bound_under_its_id() -> None:
    keyed = {command.id for command in COMMANDS if command.keys}
    assert {*bound(Dashboard), *in_panes()} == keyed | {"session.interrupt"}
    for owner in (Dashboard, *PANES, FramedPane):
        for name, binding in bound(owner).items():
            assert name == "session.interrupt" or binding.key == ",".join(BY_ID[name].keys)
            assert not binding.priority, "a priority key acts through dialogs"
            action = binding.action.partition("(")[0]
            doer, action = (Dashboard, action[7:]) if action.startswith("screen.") else (owner, action)
            assert callable(getattr(doer, f"action_{action}")), "a binding without an action does nothing"


def test_every_key_of_an_item_has_its_act() -> None:
    proposed = {re.fullmatch(r"screen.propose\('(\w+)'\)", one.action) for one in bound(Checklist).values()}
    assert {found[1] for found in proposed if found} == set(checklist.ACTS)


def test_nothing_needs_ctrl_alt_or_a_function_key() -> None:
    for command in COMMANDS:
        if command.keys and command.id != "screen.suspend":
            assert any(not re.fullmatch(r"(ctrl|alt)\+.*|f\d+", key) for key in command.keys), command.id


def test_what_changes_the_session_is_for_the_driver_only() -> None:
    assert all(command.needs_driver for command in COMMANDS if command.changes_state)
    assert BY_KEY["space"].changes_state
    assert not BY_KEY["j"].changes_state


@pytest.mark.parametrize(
    ("query", "first"), [("unmask", "screen.unmask"), ("tick", "checklist.tick"), ("zoom", "pane.zoom")]
)
def test_the_palette_finds_by_words(query: str, first: str) -> None:
    assert search(query)[0] is BY_ID[first]


def test_an_empty_query_finds_everything() -> None:
    assert search("") == list(COMMANDS)
    assert search("no such words") == []


def test_the_key_table_holds_every_key_that_is_shown() -> None:
    table = key_table()
    assert table.startswith("| key | does |\n|---|---|\n")
    for command in COMMANDS:
        if command.shown:
            assert command.help in table
    assert all(line.count("|") == 3 for line in table.splitlines())


def test_the_commands_need_no_textual() -> None:
    code = "import sys, deploytui.ui.command; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hold 10m waiting", ("night.hold", "10m waiting")),
        ("  MOVE  end +30m x ", ("night.move", "end +30m x")),
        ("hold", None),
        ("hold ", None),
        ("holding 10m", None),
        ("promise kept", None),  # a command of its own
        ("promise 10 kept", ("night.promise", "10 kept")),
        ("", None),
    ],
)
def test_a_command_is_spoken_by_its_word(text: str, said: tuple[str, str] | None) -> None:
    found = spoken(text)
    assert (found and (found[0].id, found[1])) == said


def test_every_word_is_one_word_of_one_command() -> None:
    words = [command.word for command in COMMANDS if command.word]
    assert len(words) == len(set(words))
    assert all(word.isalpha() and word.islower() for word in words)
    assert "`:hold`" in key_table()
