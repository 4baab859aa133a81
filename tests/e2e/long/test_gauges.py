"""Gauges in a real terminal: their past comes back with the session, and a new alarm is told outside the picture."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal
from tests.e2e.test_sessions import env, script, terminal

__all__ = ["env"]

PLAN = """\
deploytui: 1
title: Gauges
gauges:
  load: {title: This load, source: {host: load}, every: 1s, ok: "> 100000"}
stages:
  pre-deploy:
    - {phase: Prepare, id: pre, window: T-2h .. T, groups: [{group: G, id: g, items: [{id: pre.a, text: Do it}]}]}
  execution: []
  post-deploy: []
"""


def steps(path: Path) -> list[tuple[int, int]]:
    """The steps of ten seconds by their numbers, and how many rows there are of each."""
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        found = db.execute("SELECT number, count(*) FROM step WHERE step_s=10 GROUP BY number").fetchall()
        return [(int(number), int(count)) for number, count in found]
    finally:
        db.close()


def left_after_an_answer(env: dict[str, str], tmp_path: Path, *words: str) -> None:
    with terminal(env, tmp_path, *words) as night:
        night.wait_for("▲ WATCH this load", 20)
        night.signal(15)
        assert night.wait() == 143


def test_a_resumed_session_has_its_gauges_past_and_a_follower_never_writes_it(
    env: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "ship.yaml").write_text(PLAN)
    file = tmp_path / "state" / "s.samples"
    left_after_an_answer(env, tmp_path, "run", "ship.yaml", "--go-live", "now+1h", "--session", "s")
    first = steps(file)
    assert first
    before = file.read_bytes()
    left_after_an_answer(env, tmp_path, "watch", "s")
    assert file.read_bytes() == before
    left_after_an_answer(env, tmp_path, "resume", "s")
    assert len(steps(file)) > len(first) or steps(file) == first
    assert set(first) <= set(steps(file))
    file.write_bytes(b"somebody wrote over it")
    with terminal(env, tmp_path, "resume", "s") as night:
        night.wait_for("gauge history begins anew")
        night.wait_for("▲ WATCH this load", 20)
        night.signal(15)
        assert night.wait() == 143
    assert steps(file)
    assert (tmp_path / "state" / "s.samples.old").read_bytes() == b"somebody wrote over it"
    assert "sound: " in script(env, tmp_path, "verify", "s")


@pytest.mark.parametrize(("term", "is_told"), [("xterm-256color", True), ("linux", False)])
def test_a_new_alarm_is_told_where_the_terminal_takes_it(
    env: dict[str, str], tmp_path: Path, term: str, is_told: bool
) -> None:
    words = ["run", "ship.yaml", "--go-live", "now+1h", "--session", "s"]
    with terminal({**env, "TERM": term}, tmp_path, *words) as night:
        night.wait_for("driver ana")
        night.send("f")
        night.wait_for("esc leaves it due")
        night.send("\x1b")
        night.wait_for("▲ FAILED")
        night.wait_for(seconds_passed(3), 10)
        assert (b"\x1b]9;deploytui s: FAILED" in night.raw) is is_told
        assert night.raw.count(b"]9;") == int(is_told)
        assert b"\a" not in night.raw
        assert "]9;" not in night.text
        assert "deploytui s:" not in night.text


def seconds_passed(count: int) -> Callable[[Terminal], bool]:
    """Until the screen's clock has shown so many different seconds."""
    seen: set[str] = set()

    def look(night: Terminal) -> bool:
        seen.add(night.text.splitlines()[0])
        return len(seen) > count

    return look
