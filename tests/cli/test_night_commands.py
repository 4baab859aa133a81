"""`move` and `report`: an edge by agreement, and the night as a report."""

from __future__ import annotations

import json
import stat

import pytest

from tests.cli.conftest import Box


def test_a_move_is_signed_reasoned_and_kept_beside_the_plan(box: Box) -> None:
    box.session("s")
    found = box.run("move", "s", "go-live", "-10m", "--reason", "the bridge agreed", "--as", "ANA")
    assert (found.code, found.out) == (0, "go-live is now 2026-11-24T01:55:00Z\n")
    assert box.run("status", "s", "--json").data["go_live"] == "2026-11-24T01:55:00Z"


@pytest.mark.parametrize(
    ("edge", "by", "code", "why"),
    [
        ("go-live", "10m", 2, "signed duration"),
        ("go-live", "+soon", 2, "signed duration"),
        ("nope.end", "+10m", 3, "no edge"),
    ],
)
def test_a_move_that_makes_no_sense_changes_nothing(
    box: Box, edge: str, by: str, code: int, why: str
) -> None:
    box.session("s")
    before = box.run("status", "s", "--json").data["last_seq"]
    found = box.run("move", "s", edge, by, "--reason", "x", "--as", "ANA")
    assert found.code == code
    assert why in found.err
    assert box.run("status", "s", "--json").data["last_seq"] == before


def test_a_move_needs_a_reason(box: Box) -> None:
    box.session("s")
    assert box.run("move", "s", "go-live", "+10m", "--as", "ANA").code == 2


def test_the_report_is_masked_unless_asked_otherwise(box: Box) -> None:
    box.session("s")
    box.run("note", "s", "ask kim@shop.example", "--as", "ANA")
    assert "kim@shop" not in box.run("report", "s").out
    assert "kim@shop" not in box.run("report", "s", "--format", "json").out
    assert "kim@shop" in json.dumps(box.run("report", "s", "--format", "json", "--unmask").data)


def test_the_report_goes_to_a_new_private_file(box: Box) -> None:
    box.session("s")
    out = box.root / "night.md"
    assert box.run("report", "s", "-o", "night.md").code == 0
    assert out.read_text().startswith("# ")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    again = box.run("report", "s", "-o", "night.md")
    assert again.code == 2
    assert "a new name" in again.err
