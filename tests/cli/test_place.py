"""Where nobody knows a home folder, or the working folder is gone: words and exit 2, and what does without goes on."""

from __future__ import annotations

import io
import pwd
from pathlib import Path

import pytest

from deploytui.cli.command import sessions
from deploytui.cli.main import main
from tests.cli.conftest import Box, Result

NOBODY = "~no.such.user/x"


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container's user: no HOME, and no entry in the system's list."""

    def unknown(_uid: int) -> None:
        raise KeyError

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)


def run_here(box: Box, *words: str) -> Result:
    """In the process's own working folder."""
    out, err = io.StringIO(), io.StringIO()
    code = main(words, env=box.env, stdin=io.StringIO(), stdout=out, stderr=err, clock=box.clock)
    return Result(code, out.getvalue(), err.getvalue())


@pytest.mark.parametrize("variable", ["DEPLOYTUI_STATE_DIR", "XDG_STATE_HOME"])
@pytest.mark.parametrize("words", [("sessions",), ("doctor",), ("status",), ("run", "ship.yaml")])
def test_a_state_folder_of_no_user_is_named(box: Box, variable: str, words: tuple[str, ...]) -> None:
    del box.env["DEPLOYTUI_STATE_DIR"]
    box.env[variable] = NOBODY
    found = box.run(*words, typed="")
    assert (found.code, found.err) == (2, f'error: {NOBODY}: {variable}: no user "no.such.user"\n')


@pytest.mark.parametrize(
    "words",
    [
        ("check", f"{NOBODY}.yaml"),
        ("run", f"{NOBODY}.yaml"),
        ("import", f"{NOBODY}.md"),
        ("status", NOBODY),
        ("sessions", "--store", NOBODY),
        ("recover", NOBODY, "new"),
        ("print", NOBODY),
    ],
)
def test_a_path_of_no_user_is_named(box: Box, words: tuple[str, ...]) -> None:
    found = box.run(*words)
    assert found.code == 2
    assert 'no user "no.such.user"' in found.err


def test_a_defect_is_told_where_there_is_no_folder_for_its_file(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**options: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(sessions.command, "callback", broken)
    box.env["DEPLOYTUI_STATE_DIR"] = NOBODY
    found = box.run("sessions")
    assert found.code == 70
    assert "ZeroDivisionError" in found.err
    assert "could not be written" in found.err


@pytest.mark.usefixtures("homeless")
def test_a_user_without_a_home_is_told_what_to_set_and_does_all_that_needs_none(box: Box) -> None:
    box.session("s")
    del box.env["XDG_CONFIG_HOME"]
    assert box.run("check", "ship.yaml").code == 0
    assert "web-service" in box.run("check", "web-servic").err  # the checklists that ship are found
    assert box.run("status", "s").code == 0
    store = box.env.pop("DEPLOYTUI_STATE_DIR")
    found = box.run("status", "s")
    assert (found.code, found.out) == (2, "")
    assert found.err == (
        "error: ~/.local/state: no home folder: HOME is not set, and this user has none; "
        "try HOME=… in the environment, or DEPLOYTUI_STATE_DIR=… for the sessions\n"
    )
    assert box.run("status", "s", "--store", store).code == 0


@pytest.mark.usefixtures("homeless")
def test_without_a_home_commands_are_not_trusted_and_the_rest_is_asked(box: Box) -> None:
    text = "gauges: {g: {title: G, source: {command: [echo, '7']}}}\n"
    box.checklist.write_text(box.checklist.read_text() + text)
    found = box.run("probe", "ship.yaml")
    assert (found.code, found.err) == (0, "")
    assert "not trusted" in found.out


def test_a_working_folder_that_was_deleted_is_named_where_it_is_needed(
    box: Box, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    box.session("s")
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    for words in (("check", "ship.yaml"), ("run", "../ship.yaml"), ("status", "./s.deploytui")):
        found = run_here(box, *words)
        assert (found.code, found.out) == (2, "")
        assert found.err == (
            f"error: {words[1]}: the working folder no longer exists; try `cd` to one that does, or the whole path\n"
        )
    for words in (("status", "s"), ("sessions",), ("doctor",), ("check", str(box.checklist)), ("--help",)):
        assert run_here(box, *words).code == 0
    box.env["PWD"] = str(gone)
    gauges = "gauges: {g: {title: G, source: {command: [./probe.sh]}}, h: {title: H, source: {command: [echo, '7']}}}\n"
    box.checklist.write_text(box.checklist.read_text() + gauges)
    found = run_here(box, "probe", str(box.checklist), "--trust")
    assert (found.code, found.err) == (0, "")
    assert found.out.count("is gone") == 2
