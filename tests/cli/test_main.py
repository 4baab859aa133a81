"""The front door: help, versions, unknown words, exit codes, defects."""

from __future__ import annotations

import inspect
import os
import stat
from pathlib import Path

import click
import pytest

import deploytui.cli.command.sessions as sessions_command
from deploytui import __version__
from deploytui.base.errors import (
    DeploytuiError,
    InvalidChecklist,
    Refused,
    UnsoundSession,
    UnusableSession,
    UsageError,
)
from deploytui.cli.program import ACTS, SECTIONS, program
from tests.cli.conftest import Box
from tests.pictures.readme import command_table

CONTEXT = click.Context(program, info_name="deploytui")
COMMANDS = program.list_commands(CONTEXT)


def declared(name: str) -> click.Command:
    found = program.get_command(CONTEXT, name)
    assert found is not None
    return found


def test_the_version(box: Box) -> None:
    assert box.run("--version").out == f"deploytui {__version__}\n"


def test_help_names_every_command(box: Box) -> None:
    found = box.run("--help")
    assert found.code == 0
    assert all(f"  {command} " in found.out for command in COMMANDS)
    assert all(f"{section}:\n" in found.out for section in SECTIONS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_with_its_arguments(box: Box, command: str) -> None:
    found = box.run(command, "--help")
    assert found.code == 0
    assert f"deploytui {command}" in found.out
    assert "--allow-network-fs" in found.out


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_is_declared_as_its_function_takes_it(command: str) -> None:
    found = declared(command)
    assert found.name == command
    assert found.help
    given = {param.name: None for param in found.params if param.expose_value}
    if command in ACTS:  # the session is opened for it
        given = {name: value for name, value in given.items() if name not in ("name", "as_", "store")}
    inspect.signature(found.callback).bind(None, **given)  # a TypeError where one is too many or missing


def test_each_module_of_a_command_is_reached() -> None:
    folder = Path(sessions_command.__file__).parent
    made = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert made == {declared(name).callback.__module__.rpartition(".")[2] for name in COMMANDS}


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["statsu"], "`deploytui status`"),
        (["sessions", "--jsn"], "--json"),
        (["sessions", "extra"], "unexpected extra argument (extra)"),
        (["tick"], "SESSION ITEM"),
        (["tick", "s", "i", "--skip", "--undo"], "one of them"),
        (["--store", "x", "sessions"], "after it"),
        (["close", "x", "--outcome", "great"], "done-with-exceptions"),
        (["--color", "blue", "sessions"], "auto"),
        (["sessions", "--color"], "--color"),
        (["zzz"], "`deploytui --help`"),
    ],
)
def test_words_it_does_not_know_are_exit_2_with_a_hint(box: Box, words: list[str], hint: str) -> None:
    found = box.run(*words)
    assert found.code == 2
    assert found.err.startswith("error: ")
    assert found.err.count("\n") == 1
    assert hint in found.err
    assert found.out == ""


def test_global_options_stand_before_or_after_the_command(box: Box) -> None:
    for words in (["--ascii", "--color", "never", "sessions"], ["sessions", "--ascii", "--color=never"]):
        assert box.run(*words).code == 0


@pytest.mark.parametrize("text", ["- all fine", "-1 disk", "-1h", "--- cut ---", "-- 5 %"])
def test_a_note_may_begin_with_a_dash(box: Box, text: str) -> None:
    box.session("s")
    assert box.run("note", "s", text, "--as", "- ANA", "--ascii").code == 0
    report = box.run("report", "s").out
    assert text in report
    assert "- ANA" in report


def test_what_looks_like_an_option_of_note_is_one(box: Box) -> None:
    box.session("s")
    found = box.run("note", "s", "--itme", "pre.call")
    assert (found.code, found.err) == (2, 'error: no option "--itme"; try --item\n')
    assert box.run("move", "s", "go-live", "-1h", "--reason", "-1h as agreed", "--as", "ANA").code == 0
    assert "-1h as agreed" in box.run("report", "s").out


@pytest.mark.parametrize(
    ("error", "code"),
    [(UsageError, 2), (InvalidChecklist, 2), (Refused, 3), (UnsoundSession, 4), (UnusableSession, 5)],
)
def test_each_error_has_its_exit_code(
    box: Box, monkeypatch: pytest.MonkeyPatch, error: type[DeploytuiError], code: int
) -> None:
    def fail(**options: object) -> int:
        raise error("no")

    monkeypatch.setattr(sessions_command.command, "callback", fail)
    found = box.run("sessions")
    assert (found.code, found.err) == (code, "error: no\n")


def test_a_defect_leaves_a_private_file_and_one_line(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**options: object) -> int:
        secret_local = "hunter2-hunter2"
        raise KeyError(secret_local)

    monkeypatch.setattr(sessions_command.command, "callback", fail)
    found = box.run("sessions")
    assert found.code == 70
    assert found.err.count("\n") == 1
    assert "Traceback" not in found.err
    assert "hunter2" not in found.err
    files = [path for path in box.state.iterdir() if path.name.startswith("crash-")]
    assert len(files) == 1
    assert str(files[0]) in found.err
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    assert "hunter2" not in files[0].read_text()
    assert "in fail" in files[0].read_text()


def test_an_interrupt_is_130(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**options: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(sessions_command.command, "callback", fail)
    assert box.run("sessions").code == 130


def test_the_table_of_commands_for_the_readme() -> None:
    table = command_table()
    assert all(f"deploytui {command}" in table for command in COMMANDS)
    assert table.count("\n") == len(COMMANDS) + 3


def test_a_state_folder_that_cannot_be_made_is_no_second_defect(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**options: object) -> int:
        raise RuntimeError

    monkeypatch.setattr(sessions_command.command, "callback", fail)
    box.env["DEPLOYTUI_STATE_DIR"] = os.devnull + "/state"
    found = box.run("sessions")
    assert found.code == 70
    assert "could not be written" in found.err


def test_a_table_of_commands_in_the_readme_is_this_one() -> None:
    readme = (Path(__file__).parent.parent.parent / "README.md").read_text("utf-8")
    assert "| command | does |" not in readme or command_table() in readme
