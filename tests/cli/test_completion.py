"""Completion: every command and option, in scripts their shells accept; no file name is ever expanded."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from deploytui.cli.catalog import COMMANDS, GLOBAL
from deploytui.cli.completion import script
from tests.cli.conftest import Box

ASK = """
. {script}
COMP_WORDS=({words})
COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
_deploytui
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_command_and_option_is_in_it(box: Box, shell: str) -> None:
    found = box.run("completion", shell)
    assert found.code == 0
    for command in COMMANDS:
        assert command.name in found.out
        for option in (*command.options, *GLOBAL):
            name = option.name.lstrip("-") if shell == "fish" else option.name
            assert name in found.out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_itself_accepts_it(tmp_path: Path, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    file = tmp_path / "script"
    file.write_text(script(shell))
    done = subprocess.run([shell, "-n", file], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def ask(tmp_path: Path, *words: str) -> list[str]:
    """What bash offers for the last word."""
    file = tmp_path / "script.bash"
    file.write_text(script("bash"))
    quoted = " ".join(f"'{word}'" for word in words)
    env = {"PATH": "/usr/bin:/bin", "DEPLOYTUI_STATE_DIR": str(tmp_path / "state"), "HOME": str(tmp_path)}
    done = subprocess.run(
        ["bash", "-c", ASK.format(script=file, words=quoted)],
        env=env,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    return [line for line in done.stdout.splitlines() if line]


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_offers_what_fits(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").touch()
    (tmp_path / "a.txt").touch()
    (tmp_path / "a folder").mkdir()
    assert ask(tmp_path, "deploytui", "st") == ["status"]
    assert ask(tmp_path, "deploytui", "--ascii", "st") == ["status"]
    assert ask(tmp_path, "deploytui", "--color", "") == ["auto", "always", "never"]
    assert ask(tmp_path, "deploytui", "close", "s", "--out") == ["--outcome"]
    assert "abandoned" in ask(tmp_path, "deploytui", "close", "s", "--outcome", "")
    assert sorted(ask(tmp_path, "deploytui", "check", "a")) == ["a folder", "a.yaml"]
    assert ask(tmp_path, "deploytui", "completion", "f") == ["fish"]
    assert ask(tmp_path, "deploytui", "run", "a.yaml", "--as", "") == []


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_never_expands_a_file_name(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    for name in ("good-1", "$(touch PWNED)", "`touch PWNED`", "a b", "x;touch PWNED"):
        (state / f"{name}.deploytui").touch()
    (tmp_path / "$(touch PWNED).yaml").touch()
    assert ask(tmp_path, "deploytui", "status", "") == ["good-1"]
    assert ask(tmp_path, "deploytui", "check", "$(") == ["$(touch PWNED).yaml"]
    assert not (tmp_path / "PWNED").exists()
