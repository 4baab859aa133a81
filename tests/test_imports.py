"""The rooms may only import as the house says, and the commands that scripts call stay light."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CHECKLIST = "checklists/salessync.yaml"
HEAVY = ("textual", "rich", "httpx", "httpcore", "anyio", "ssl", "psutil", "asyncio")
WATCH = """
import sys
from deploytui.cli.main import main
code = main(sys.argv[2:])
loaded = [name for name in sys.argv[1].split(",") if name in sys.modules]
print("LOADED", *loaded, file=sys.stderr)
sys.exit(code)
"""


def _loaded(tmp_path: Path, heavy: tuple[str, ...], *words: str) -> tuple[int, list[str]]:
    """The exit code of a command in a process of its own, and which of `heavy` it had imported at its end."""
    env = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "DEPLOYTUI_STATE_DIR": str(tmp_path),
        "LOGNAME": "ana",
    }
    done = subprocess.run([sys.executable, "-c", WATCH, ",".join(heavy), *words], env=env, cwd=tmp_path,
                          capture_output=True, text=True, stdin=subprocess.DEVNULL)  # fmt: skip
    last = done.stderr.splitlines()[-1].split()
    assert last[0] == "LOADED", done.stderr
    return done.returncode, last[1:]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, f"check {CHECKLIST}"),
        (0, f"check {CHECKLIST} --json"),
        (0, "schema"),
        (0, "sessions"),
        (0, "--version"),
        (2, "status nosuch"),
        (2, "tick nosuch exec.1"),
    ],
)
def test_commands_for_scripts_import_no_screen_and_no_network(tmp_path: Path, code: int, words: str) -> None:
    argv = [str(ROOT / word) if word == CHECKLIST else word for word in words.split()]
    assert _loaded(tmp_path, HEAVY, *argv) == (code, [])


def test_the_version_is_answered_without_what_reads_a_checklist_or_a_journal(tmp_path: Path) -> None:
    assert _loaded(tmp_path, ("yaml", "sqlite3", "immutables", "argparse"), "--version") == (0, [])


def test_control_a_module_that_is_imported_is_seen(tmp_path: Path) -> None:
    assert _loaded(tmp_path, ("deploytui.cli.main",), "--version") == (0, ["deploytui.cli.main"])


def test_the_contracts_between_the_rooms_are_kept() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]
