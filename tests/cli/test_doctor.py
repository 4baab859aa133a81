"""`doctor`: one line a thing, and a last line that says it all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from deploytui.cli.command import doctor
from deploytui.cli.command.doctor import Found
from deploytui.metrics.board import Level, Reading
from deploytui.plan.finding import Finding
from tests.cli.conftest import Box


def last(box: Box, *words: str, typed: str | None = "") -> str:
    found = box.run("doctor", *words, typed=typed)
    assert found.code == 0, found.err
    return found.out.splitlines()[-1]


def test_ready_where_everything_works(box: Box) -> None:
    assert last(box) == "ready"
    assert not [path for path in box.state.iterdir() if path.name.startswith(".doctor")]


def test_no_terminal_and_a_dumb_one_are_exceptions(box: Box) -> None:
    assert last(box, typed=None).startswith("ready, except: no terminal here")
    box.env["TERM"] = "dumb"
    assert "TERM is dumb" in last(box)


@pytest.mark.parametrize("kind", ["a file", "open to others", "nowhere"])
def test_a_store_that_cannot_keep_sessions_is_named(box: Box, kind: str) -> None:
    if kind == "a file":
        box.state.write_text("")
    elif kind == "open to others":
        box.state.mkdir()
        box.state.chmod(0o777)
    else:
        box.env["DEPLOYTUI_STATE_DIR"] = os.devnull + "/x"
    assert "sessions cannot be kept" in last(box)


def test_a_slow_disk_is_named(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(fd: int) -> None:
        box.clock.advance(2)

    monkeypatch.setattr(os, "fsync", slow)
    assert "the disk took 2000 ms" in last(box)


def test_an_old_sqlite_is_named(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploytui.journal.connection.sqlite_version", lambda: (3, 30, 1))
    assert "SQLite 3.30.1 is older than 3.37.0" in last(box)


def test_the_size_is_judged(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    from deploytui.cli.console import Console

    console = Console(env=box.env)
    for size, word in (((30, 10), "too small"), ((60, 20), "one pane"), ((120, 40), "")):
        monkeypatch.setattr(os, "get_terminal_size", lambda fd, size=size: os.terminal_size(size))
        monkeypatch.setattr(console, "stdout", type("Tty", (), {"fileno": lambda self: 1})())
        found = doctor.size(console)
        assert word in found.exception
        assert bool(word) == bool(found.exception)


def test_open_findings_of_the_lint_are_an_exception(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    findings = (Finding("a", "warning", 1, "x"), Finding("b", "info", 1, "x"))
    monkeypatch.setattr("deploytui.plan.lint.lint", lambda plan, now: findings)
    assert last(box, "ship.yaml") == "ready, except: 1 open finding, see `deploytui check`"


def test_a_checklist_and_its_gauges_are_looked_at_too(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploytui.plan.lint.lint", lambda plan, now: ())
    assert last(box, "ship.yaml") == "ready"
    text = box.checklist.read_text()
    gauges = """
variables: {app_url: {ask: base URL}}
gauges:
  up: {title: Available, target: app, source: {http: "${app_url}/health", measure: up}, every: 5s, ok: "= 1"}
  cpu: {title: "this machine: CPU", source: {host: cpu}, every: 1s, unit: "%", ok: "< 1000"}
"""
    box.checklist.write_text(text + gauges)
    found = last(box, "ship.yaml")
    assert found == "ready, except: Available: app_url is not set (--set app_url=…)"
    refused = box.run("doctor", "ship.yaml", "--set", "app_url=http://127.0.0.1:1", typed="").out
    assert "connection refused" in refused
    assert box.run("doctor", "nope.yaml").code == 2
    assert box.run("doctor", "ship.yaml", "--set", "x=1").code == 2


def test_gauges_that_are_silent_for_one_reason_are_one_exception() -> None:
    def silent(title: str, why: str) -> Reading:
        return Reading(title, title, "", "", Level.NO_DATA, why)

    found = list(doctor.gauges([silent("A", "timed out"), silent("B", "timed out"), silent("C", "401")]))
    assert [one.exception for one in found if one.exception] == ["A, B: timed out", "C: 401"]
    assert Found("gauge", "A: no data, timed out") in found


def test_missing_libraries_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_LIBRARIES", ("textual", "no-such-library"))
    assert [one.exception for one in doctor.versions()] == ["", "no-such-library not installed"]


def test_the_probe_file_is_gone_even_when_the_disk_fails(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(fd: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    assert "input/output error" in last(box)
    assert list(Path(box.state).iterdir()) == []
