"""Tab in bash, zsh and fish themselves: the script that `deploytui completion` prints, in an interactive shell."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import PLAN, Box
from tests.e2e.terminal import Terminal

SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'eval "$(deploytui completion bash)"'),
    "zsh": (["zsh", "-f", "-i"], 'autoload -U compinit; compinit -u -D; eval "$(deploytui completion zsh)"'),
    "fish": (
        ["fish", "--no-config", "-i"],
        "function fish_prompt; echo 'ready> '; end; deploytui completion fish | source",
    ),
}
TYPED = (
    ("deploytui stat", "deploytui status"),
    ("deploytui close night --outc", "deploytui close night --outcome"),
    ("deploytui close night --outcome aba", "deploytui close night --outcome abandoned"),
    ("deploytui status ni", "deploytui status night"),
    ("deploytui tick night pre.b", "deploytui tick night pre.backup"),
    ("deploytui check sh", "deploytui check ship.yaml"),
    ("deploytui check fol", "deploytui check folder/"),
    ("deploytui report night --output ti", "deploytui report night --output ticket.txt"),
)


@pytest.mark.parametrize("shell", SHELLS)
def test_tab_completes_and_what_a_file_is_called_is_not_run(tmp_path: Path, shell: str) -> None:
    argv, script = SHELLS[shell]
    if shutil.which(argv[0]) is None:
        pytest.skip(f"{shell} is not installed")
    box = Box(tmp_path, {"DEPLOYTUI_STATE_DIR": str(tmp_path / "state"), "LOGNAME": "ana"})
    box.checklist.write_text(PLAN)
    box.session("night")
    (box.root / "folder").mkdir()
    (box.root / "ticket.txt").touch()
    (box.root / "odd").mkdir()
    (box.root / "odd" / "$(touch PWNED).yaml").touch()
    env = {
        **box.env,
        "HOME": str(box.root),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PS1": "ready> ",
        "INPUTRC": "/dev/null",
    }
    with Terminal(argv, env=env, cwd=box.root) as terminal:
        terminal.send(f"{script}; echo so'urced'\r")
        terminal.wait_for("\nsourced")
        terminal.wait_for(line(""))
        for typed, completed in TYPED:
            terminal.send(f"{typed}\t")
            terminal.wait_for(line(completed))
            terminal.send("\x15")
            terminal.wait_for(line(""))
        terminal.send("deploytui check odd/\t")
        terminal.wait_for(line("deploytui check odd/" + r"\$\(touch\ PWNED\).yaml"))
        terminal.send("\r")
        terminal.wait_for("error: odd/$(touch PWNED).yaml")
    assert not (box.root / "PWNED").exists()


def line(text: str) -> Callable[[Terminal], bool]:
    """The line that is typed now is this one."""
    return lambda terminal: terminal.text.rstrip().rpartition("\n")[2].rstrip() == f"ready> {text}".rstrip()
