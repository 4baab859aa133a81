"""The front door: help, versions, unknown words, exit codes, defects."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from types import SimpleNamespace

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
from deploytui.cli.catalog import COMMANDS
from deploytui.cli.usage import markdown_table
from tests.cli.conftest import Box


def test_the_version(box: Box) -> None:
    assert box.run("--version").out == f"deploytui {__version__}\n"


def test_help_names_every_command(box: Box) -> None:
    found = box.run("--help")
    assert found.code == 0
    assert all(f"  {command.name} " in found.out for command in COMMANDS)


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_each_command_has_help_with_its_arguments(box: Box, command: str) -> None:
    found = box.run(command, "--help")
    assert found.code == 0
    assert f"deploytui {command}" in found.out
    assert "--allow-network-fs" in found.out


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_each_command_has_a_module_with_a_docstring_and_run(command: SimpleNamespace) -> None:
    from importlib import import_module

    module = import_module(f"deploytui.cli.command.{command.module}")
    assert module.__doc__
    assert callable(module.run)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["statsu"], "`deploytui status`"),
        (["sessions", "--jsn"], "--json"),
        (["sessions", "extra"], "one argument too many"),
        (["tick"], "SESSION, ITEM"),
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


@pytest.mark.parametrize(
    ("error", "code"),
    [(UsageError, 2), (InvalidChecklist, 2), (Refused, 3), (UnsoundSession, 4), (UnusableSession, 5)],
)
def test_each_error_has_its_exit_code(
    box: Box, monkeypatch: pytest.MonkeyPatch, error: type[DeploytuiError], code: int
) -> None:
    def fail(console: object, args: object) -> int:
        raise error("no")

    monkeypatch.setattr(sessions_command, "run", fail)
    found = box.run("sessions")
    assert (found.code, found.err) == (code, "error: no\n")


def test_a_defect_leaves_a_private_file_and_one_line(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(console: object, args: object) -> int:
        secret_local = "hunter2-hunter2"
        raise KeyError(secret_local)

    monkeypatch.setattr(sessions_command, "run", fail)
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
    def fail(console: object, args: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(sessions_command, "run", fail)
    assert box.run("sessions").code == 130


def test_the_table_of_commands_for_the_readme() -> None:
    table = markdown_table()
    assert all(f"deploytui {command.name}" in table for command in COMMANDS)
    assert table.count("\n") == len(COMMANDS) + 3


def test_a_state_folder_that_cannot_be_made_is_no_second_defect(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(console: object, args: object) -> int:
        raise RuntimeError

    monkeypatch.setattr(sessions_command, "run", fail)
    box.env["DEPLOYTUI_STATE_DIR"] = os.devnull + "/state"
    found = box.run("sessions")
    assert found.code == 70
    assert "could not be written" in found.err


def test_a_table_of_commands_in_the_readme_is_this_one() -> None:
    readme = (Path(__file__).parent.parent.parent / "README.md").read_text("utf-8")
    assert "| command | does |" not in readme or markdown_table() in readme
