"""Completion: what is offered on Tab, in click's form. `tests/e2e/test_shell.py` presses Tab in the shells themselves."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Callable

import click
import pytest

from deploytui.cli.completion import VARIABLE
from deploytui.cli.option import EVERYWHERE
from deploytui.cli.program import program
from tests.cli.conftest import Box

Tab = Callable[..., list[str]]
CONTEXT = click.Context(program, info_name="deploytui")
COMMANDS = program.list_commands(CONTEXT)
HOSTILE = ("$(touch PWNED)", "`touch PWNED`", "a b", "x;touch PWNED", "-rf", "a\nplain,b", "a\x1b[31m", "*")


@pytest.fixture
def tab(box: Box, monkeypatch: pytest.MonkeyPatch) -> Tab:
    """What click's script for bash is told about the words so far, the last of them unfinished."""

    def ask(*words: str) -> list[str]:
        monkeypatch.setenv("COMP_WORDS", shlex.join(["deploytui", *words]).removesuffix(" ''"))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        found = Box(box.root, {**box.env, VARIABLE: "bash_complete"}, box.clock).run()
        assert (found.code, found.err) == (0, "")
        return [line.removeprefix("plain,") for line in found.out.splitlines() if line]

    return ask


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_itself_accepts_the_script(box: Box, shell: str) -> None:
    found = box.run("completion", shell)
    assert (found.code, found.err) == (0, "")
    assert f"{VARIABLE}={shell}_complete" in found.out
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    done = subprocess.run([shell, "-n"], input=found.out, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_command_and_option_is_offered(tab: Tab) -> None:
    assert tab("") == COMMANDS
    everywhere = [name for param in EVERYWHERE for name in param.opts if name.startswith("--")]
    for name in COMMANDS:
        own = [option for param in program.get_command(CONTEXT, name).params for option in param.opts]
        assert set(tab(name, "--")) == {option for option in own if option.startswith("--")}
        assert set(everywhere) <= set(tab(name, "--"))


def test_what_fits_is_offered(box: Box, tab: Tab) -> None:
    box.session("night-1")
    box.session("night-2")
    (box.root / "a.txt").touch()
    (box.root / "plans").mkdir()
    (box.root / "plans" / "p.yaml").touch()
    (box.root / "checklists").mkdir()
    (box.root / "checklists" / "mine.yaml").touch()
    assert tab("st") == ["status"]
    assert tab("--ascii", "st") == ["status"]
    assert tab("--color", "") == ["auto", "always", "never"]
    assert tab("close", "s", "--out") == ["--outcome"]
    assert "abandoned" in tab("close", "s", "--outcome", "")
    assert tab("completion", "f") == ["fish"]
    assert tab("run", "ship.yaml", "--as", "") == []
    assert tab("status", "ni") == ["night-1", "night-2"]
    assert tab("status", "--store", str(box.root), "ni") == []
    assert tab("tick", "night-1", "exec") == ["exec.1", "exec.2"]
    assert tab("tick", "none", "exec") == []
    assert tab("note", "night-1", "--item", "pre.b") == ["pre.backup"]
    assert tab("note", "--item", "pre.b") == []
    assert tab("check", "m") == ["mine"]
    assert {"ship.yaml", "state/"} <= set(tab("check", "s"))
    assert tab("check", "plans/") == ["plans/p.yaml"]
    assert {"mine", "ship.yaml", "plans/"} <= set(tab("check", ""))


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        (("check", "pla"), "pla"),  # only a folder fits, and what comes after it is not known yet
        (("status", "./n"), "./n"),
        (("check", "nothing/"), "nothing/"),
        (("report", "s", "--output", "o"), "o"),
        (("sessions", "--store", ""), ""),
    ],
)
def test_the_shell_is_left_to_find_files(box: Box, tab: Tab, words: tuple[str, ...], typed: str) -> None:
    (box.root / "plans").mkdir()
    assert tab(*words) == [f"file,{typed}"]


def test_no_name_of_a_file_reaches_the_shell_unless_it_is_plain(box: Box, tab: Tab) -> None:
    box.session("good-1")
    for name in HOSTILE:
        (box.state / f"{name}.deploytui").touch()
    assert tab("status", "") == ["good-1"]
    assert tab("recover", "") == ["good-1"]
    for name in HOSTILE:
        file = box.root / f"{name}.yaml"
        file.touch()
        assert tab("check", "") == ["file,"], name
        file.unlink()
    assert "ship.yaml" in tab("check", "")


def test_a_shell_that_is_not_known_is_a_mistake(box: Box) -> None:
    box.env[VARIABLE] = "csh_complete"
    found = box.run()
    assert (found.code, found.out) == (2, "")
    assert "bash, zsh or fish" in found.err
