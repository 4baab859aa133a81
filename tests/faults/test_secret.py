"""Secrets through the whole program: they go in by every door, and come out by none.

The session file is also opened by SQLite alone: closing a second descriptor of it would drop SQLite's locks.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Box, box
from tests.e2e.terminal import Terminal
from tests.e2e.test_sessions import PROGRAM, SRC

IN_ENV = "sEntinel-env-4c1d9a7b3e"
IN_SET = "sEntinel-set-8f2e6d5c4b"
IN_USERINFO = "sEntinel-user-1a2b3c4d5e"
IN_QUERY = "sEntinel-query-9e8d7c6b5a"
__all__ = ["box"]
SENTINELS = (IN_ENV, IN_SET, IN_USERINFO, IN_QUERY)
ROOM = SRC / "deploytui"

PLAN = f"""\
deploytui: 1
title: Secrets
variables:
  from_env: {{env: SHIP_TOKEN, secret: true}}
  from_set: {{secret: true, ask: a token}}
gauges:
  one: {{title: One, source: {{http: "http://ana:{IN_USERINFO}@127.0.0.1:9/h?token={IN_QUERY}", measure: up}}, ok: "= 1"}}
  two: {{title: Two, source: {{http: "http://127.0.0.1:9/h?key=${{from_env}}", measure: status}}, ok: "= 200"}}
  three: {{title: Three, source: {{http: "http://127.0.0.1:9/${{from_set}}", measure: latency}}, unit: ms, ok: "< 5"}}
stages:
  pre-deploy:
    - {{phase: Prepare, id: pre, window: T-2h .. T, groups: [{{group: G, id: g, items: [{{id: pre.a, text: Do it}}]}}]}}
  execution: []
  post-deploy: []
"""


@pytest.fixture
def told(box: Box) -> Box:
    (box.root / "ship.yaml").write_text(PLAN)
    box.env["SHIP_TOKEN"] = IN_ENV
    return box


def hits(text: str) -> list[str]:
    return [sentinel for sentinel in SENTINELS if sentinel in text]


COMMANDS = (
    ("check", "ship.yaml"),
    ("check", "ship.yaml", "--json"),
    ("print", "ship.yaml"),
    ("probe", "ship.yaml", "--set", f"from_set={IN_SET}"),
    ("probe", "ship.yaml", "--json", "--set", f"from_set={IN_SET}"),
    ("doctor", "ship.yaml", "--set", f"from_set={IN_SET}"),
    ("run", "ship.yaml", "--set", f"from_set={IN_SET}"),
    ("status", "nothing"),
)


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[:3])[:30])
def test_no_command_prints_a_secret(told: Box, words: tuple[str, ...]) -> None:
    found = told.run(*words)
    assert hits(found.out + found.err) == []


def test_the_control_finds_one_where_it_is_printed() -> None:
    assert hits(json.dumps({"url": f"http://h/?token={IN_QUERY}"})) == [IN_QUERY]


def test_a_night_leaves_none_on_the_terminal_in_the_session_or_beside_it(tmp_path: Path) -> None:
    """What was given, not what the checklist itself says: the journal keeps the checklist byte for byte."""
    (tmp_path / "ship.yaml").write_text(PLAN)
    state = tmp_path / "state"
    env = {
        "PYTHONPATH": str(SRC),
        "DEPLOYTUI_STATE_DIR": str(state),
        "LOGNAME": "ana",
        "SHIP_TOKEN": IN_ENV,
    }
    words = ["run", "ship.yaml", "--go-live", "now+1h", "--session", "s", "--set", f"from_set={IN_SET}"]
    with Terminal([*PROGRAM, *words], cols=120, rows=40, env=env, cwd=tmp_path) as night:
        night.wait_for("Type yes")
        night.send("yes\r")
        night.wait_for("driver ana")
        night.wait_for("refused", 20)
        night.send("3")
        night.send("\r")
        night.wait_for("esc closes")
        night.signal(15)
        assert night.wait() == 143
        seen = night.raw.decode("utf-8", "replace")
    assert hits(seen) == []
    kept = (state / "s.deploytui").read_bytes().decode("latin-1")
    assert [one for one in (IN_ENV, IN_SET) if one in kept] == []
    assert IN_QUERY in kept  # the control: the checklist's own text is there, so the reading works
    others = [path for path in state.rglob("*") if path.is_file() and path.suffix != ".deploytui"]
    assert [path.name for path in others if hits(path.read_bytes().decode("latin-1"))] == []


# -- who opens the session file ------------------------------------------------------------------------

OPENING = {"open", "read_bytes", "read_text", "write_bytes", "write_text"}
COPYING = {"copyfile", "copy", "copy2"}  # of shutil; other things are copied too
# Each of these opens something else: a theme, /proc, the checklist, a token, /dev/null, a report; and `recover`,
# which copies a damaged file before it connects to anything; and a file that only locks are tried on,
# and the half-typed texts beside the session.
KNOWN = {
    "base/crash.py",
    "base/small_file.py",
    "cli/console.py",
    "cli/trust.py",
    "journal/draft_store.py",
    "journal/lease.py",
    "journal/lock_trial.py",
    "journal/place.py",
    "journal/recover.py",
    "plan/load.py",
    "probes/supervisor.py",
    "ui/terminal/output.py",
    "ui/theme.py",
}


def openers(source: str) -> list[int]:
    """The lines of a module that open a file by themselves."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        match called:
            case ast.Name("open"):
                found.append(node.lineno)
            case ast.Attribute(ast.Name("shutil"), attr) if attr in COPYING:
                found.append(node.lineno)
            case ast.Attribute(_, attr) if attr in OPENING:
                found.append(node.lineno)
    return found


def test_no_other_module_opens_files() -> None:
    found = {
        str(path.relative_to(ROOM)): lines
        for path in sorted(ROOM.rglob("*.py"))
        if (lines := openers(path.read_text())) and str(path.relative_to(ROOM)) not in KNOWN
    }
    assert found == {}


def test_the_lint_above_sees_an_open() -> None:
    assert openers("from pathlib import Path\nPath('s.deploytui').read_bytes()\nopen('x')\n") == [2, 3]
