"""A whole night in a real terminal: worked through on a fast clock, reported, and never taken up as live."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.e2e.terminal import Terminal
from tests.e2e.test_sessions import PROGRAM, env, script

__all__ = ["env"]


def test_a_rehearsed_night_runs_to_its_end_and_is_reported(env: dict[str, str], tmp_path: Path) -> None:
    words = ["run", "ship.yaml", "--rehearse", "--speed", "600", "--session", "r"]
    with Terminal([*PROGRAM, *words], cols=120, rows=40, env=env, cwd=tmp_path) as night:
        night.wait_for("REHEARSAL")
        night.wait_for("driver ana")
        night.send(" ")
        night.wait_for("1 of 2")
        file = tmp_path / "state" / "rehearsals" / "r.deploytui"
        script(env, tmp_path, "tick", str(file), "pre.call", "--as", "CI")
        night.wait_for("2 of 2")
        night.wait_for("go-live +", 40)
        night.signal(15)
        assert night.wait() == 143
        assert "its report: deploytui report" in night.printed_after()
    report = json.loads(script(env, tmp_path, "report", str(file), "--format", "json"))
    assert report["mode"] == "rehearsal"
    assert [item["state"] for item in report["items"][:2]] == ["done", "done"]
    assert script(env, tmp_path, "report", str(file)).startswith("# REHEARSAL: ")
    refused = subprocess.run(
        [sys.executable, "-m", "tests.e2e.picture", str(tmp_path / "no.txt"), "--wait", "never resumed", "--",
         *PROGRAM, "resume", str(file), "--as", "BO"],
        env={"PATH": "/usr/bin:/bin", **env, "TERM": "xterm"}, capture_output=True, text=True,
    )  # fmt: skip
    assert "a rehearsal is never resumed" in refused.stdout
    assert json.loads(script(env, tmp_path, "sessions", "--json"))["sessions"] == []
