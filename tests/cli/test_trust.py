"""Trust: asked once for each content, kept outside the checklist's folder, gone with any changed byte."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploytui.base.clock import FrozenClock
from deploytui.base.errors import DeploytuiError
from deploytui.cli.console import Console
from deploytui.cli.trust import commands_of, fingerprint, is_trusted, settle_trust
from deploytui.plan.load import Loaded, load_plan, read_plan
from tests.cli.conftest import NOW, PLAN, Screen
from tests.cli.test_process import environment

COMMANDS = """
gauges:
  pending: {title: Pending, source: {command: [echo, "3; rm -rf /", "$(id)"], read: number}, ok: "= 0"}
  health:
    title: Up
    source: {http: "http://app.example/health", measure: up, token_file: ~/.token, redirects: [sso.example], proxy: "http://p:3128"}
"""
RUN = PLAN.replace("text: Stop the application}", "text: Stop the application, run: {command: [make, stop]}}")


def loaded(folder: Path, text: str = RUN + COMMANDS) -> tuple[Path, Loaded]:
    folder.mkdir(exist_ok=True)
    path = folder / "ship.yaml"
    path.write_text(text)
    return path, load_plan(path)


def console(state: Path, typed: str | None) -> tuple[Console, io.StringIO]:
    kind = io.StringIO if typed is None else Screen
    out = kind()
    env = {"DEPLOYTUI_STATE_DIR": str(state), "TERM": "xterm", "LANG": "C.UTF-8"}
    return Console(
        env=env,
        cwd=state.parent,
        stdin=kind(typed or ""),
        stdout=out,
        stderr=io.StringIO(),
        clock=FrozenClock(NOW),
    ), out


def settled(
    state: Path, path: Path, found: Loaded, typed: str | None, *, flag: bool = False
) -> tuple[bool, str]:
    here, out = console(state, typed)
    return settle_trust(here, path, found.source, found.plan, flag=flag), out.getvalue()


def test_everything_is_shown_and_asked_once(tmp_path: Path) -> None:
    path, found = loaded(tmp_path / "plans")
    is_yes, shown = settled(tmp_path / "state", path, found, "yes\n")
    assert is_yes
    assert "pending          echo '3; rm -rf /' '$(id)'" in shown
    assert "exec.1           make stop" in shown
    assert "  ~/.token" in shown
    assert "  http://app.example/health" in shown
    assert "  sso.example" in shown
    assert "  http://p:3128" in shown
    assert settled(tmp_path / "state", path, found, "") == (True, "")
    (kept,) = (tmp_path / "state" / "trusted").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.parent.stat().st_mode & 0o777 == 0o700


def test_what_variables_put_in_is_shown_unless_it_is_secret(tmp_path: Path) -> None:
    declared = (
        "variables: {host: {value: db1.example}, pw: {value: sEntinel77, secret: true}, user: {env: DB_USER}, out: {ask: it},"
        " idle: {value: unused}}\n"
    )
    command = (
        "gauges: {rows: {title: Rows, source: {command: [ssh, '${host}', '${pw}', '${user}', '${out}']}}}\n"
    )
    path, found = loaded(tmp_path / "plans", RUN + declared + command)
    _, shown = settled(tmp_path / "state", path, found, "no\n")
    lines = shown.partition("It would put in:\n")[2].splitlines()
    assert [" ".join(line.split()) for line in lines[:4]] == [
        "host db1.example, or what --set says",
        "pw a secret of the checklist, or --set",
        "user what DB_USER is in the environment, or --set",
        "out what --set says",
    ]
    assert "sEntinel77" not in shown
    assert "unused" not in shown


@pytest.mark.parametrize("typed", ["\n", "y\n", "no\n", "YES\n"])
def test_anything_but_yes_is_no_and_is_asked_again(tmp_path: Path, typed: str) -> None:
    path, found = loaded(tmp_path / "plans")
    for _ in range(2):
        answer, shown = settled(tmp_path / "state", path, found, typed)
        assert (answer, "echo" in shown) == (False, True)


def test_without_a_terminal_only_the_option_trusts_and_only_for_once(tmp_path: Path) -> None:
    path, found = loaded(tmp_path / "plans")
    assert settled(tmp_path / "state", path, found, None) == (False, "")
    assert settled(tmp_path / "state", path, found, None, flag=True) == (True, "")
    assert settled(tmp_path / "state", path, found, None) == (False, "")


def test_what_looks_like_something_else_is_flagged(tmp_path: Path) -> None:
    path, found = loaded(tmp_path / "plans", (PLAN + COMMANDS).replace("echo", "еcho"))
    _, shown = settled(tmp_path / "state", path, found, "\n")
    assert "\\u0435cho" in shown
    assert "not ASCII" in shown


def test_a_plan_without_commands_asks_nothing(tmp_path: Path) -> None:
    path, found = loaded(tmp_path / "plans", PLAN)
    assert settled(tmp_path / "state", path, found, "yes\n") == (False, "")


def test_every_flipped_byte_ends_the_trust(tmp_path: Path) -> None:
    text = (RUN + COMMANDS).rstrip("\n")
    text += "\n# " + "x" * (2048 - len(text.encode()) - 4) + "\n"
    assert len(text.encode()) == 2048
    path, found = loaded(tmp_path / "plans", text)
    assert settled(tmp_path / "state", path, found, "yes\n")[0]
    here, _ = console(tmp_path / "state", None)
    untrusted = unreadable = 0
    for place in range(2048):
        flipped = bytearray(found.source)
        flipped[place] ^= 1
        try:
            plan = read_plan(bytes(flipped), "ship.yaml").plan
        except DeploytuiError:
            plan, unreadable = found.plan, unreadable + 1  # even if it were read as before
        untrusted += not is_trusted(here, path, bytes(flipped), plan, flag=False)
    assert untrusted == 2048
    assert 0 < unreadable < 2048
    # The control: the bytes that were agreed to are trusted.
    assert is_trusted(here, path, found.source, found.plan, flag=False)


def test_another_place_or_another_list_of_commands_is_another_thing(tmp_path: Path) -> None:
    path, found = loaded(tmp_path / "plans")
    other, _ = loaded(tmp_path / "elsewhere")
    assert fingerprint(path, found.source, found.plan) != fingerprint(other, found.source, found.plan)
    bare = read_plan(PLAN.encode(), "ship.yaml").plan
    assert fingerprint(path, found.source, found.plan) != fingerprint(path, found.source, bare)
    assert [name for name, _ in commands_of(found.plan)] == ["pending", "exec.1"]


def test_trust_that_comes_with_the_checklist_or_that_others_can_write_does_not_count(tmp_path: Path) -> None:
    path, found = loaded(tmp_path / "plans")
    beside = tmp_path / "plans" / "state"
    assert settled(beside, path, found, "yes\n")[0]
    assert not (beside / "trusted").exists()
    planted = beside / "trusted"
    planted.mkdir(parents=True, mode=0o700)
    (planted / fingerprint(path, found.source, found.plan)).touch(0o600)
    assert not settled(beside, path, found, None)[0]
    good = tmp_path / "state"
    assert settled(good, path, found, "yes\n")[0]
    for mode in (0o770, 0o707, 0o750):
        (good / "trusted").chmod(mode)
        assert not settled(good, path, found, None)[0]
    (good / "trusted").chmod(0o700)
    assert settled(good, path, found, None)[0]
    kept = next((good / "trusted").iterdir())
    kept.unlink()
    kept.symlink_to(path)
    assert not settled(good, path, found, None)[0]


def started(folder: Path, *words: str) -> int:
    """How many programs one run of ours started besides itself."""
    strace = shutil.which("strace")
    if strace is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no strace")
        pytest.skip("no strace here")
    log = folder / "calls"
    watched = [strace, "-f", "-qq", "-e", "trace=execve,execveat", "-o", str(log)]
    subprocess.run(
        [*watched, sys.executable, "-m", "deploytui", *words],
        env=environment(folder, {"TERM": "xterm"}),
        cwd=folder,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )
    return sum("execve" in line for line in log.read_text().splitlines()) - 1


def test_nothing_of_a_plan_runs_by_looking_at_it(tmp_path: Path) -> None:
    loaded(tmp_path)
    document = "# Ship\n\n## Deploy\n\n- [ ] `touch hacked`\n\n```\ntouch hacked\n```\n"
    (tmp_path / "plan.md").write_text(document)
    for words in (
        ("check", "ship.yaml"),
        ("print", "ship.yaml"),
        ("import", "plan.md"),
        ("watch",),
        ("status",),
        ("probe", "ship.yaml"),
        ("run", "ship.yaml", "--as", "ANA", "--trust"),
    ):
        assert started(tmp_path, *words) == 0, words
    assert not (tmp_path / "hacked").exists()
    # The control: a probe of a trusted one does.
    assert started(tmp_path, "probe", "ship.yaml", "--trust") > 0
