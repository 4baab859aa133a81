"""`check`, `schema` and where checklists are found."""

from __future__ import annotations

import pytest

from deploytui.plan.finding import Finding
from deploytui.plan.model import Acceptance
from tests.cli.conftest import PLAN, Box


def test_the_shipped_checklist_counts_all_its_boxes(box: Box) -> None:
    found = box.run("check", "salessync", "--json")
    assert found.code == 0
    assert found.data["counts"] == {
        "items": 201, "plan": 160, "rollback_triggers": 6, "rollback_steps": 16, "criteria": 19,
    }  # fmt: skip


def test_a_person_reads_the_same(box: Box) -> None:
    found = box.run("check", "salessync")
    assert found.code == 0
    assert "201: 160 in the stages (88 + 18 + 54), 6 triggers, 16 rollback steps, 19 criteria" in found.out
    assert "T-2h .. T" in found.out


def test_a_path_comes_before_a_name_and_the_working_folder_before_the_bundled_one(box: Box) -> None:
    own = box.root / "checklists"
    own.mkdir()
    (own / "salessync.yaml").write_text(PLAN)
    assert "Ship it" in box.run("check", "salessync").out
    (box.root / "salessync").write_text("no checklist")
    assert box.run("check", "salessync").code == 2


@pytest.mark.parametrize("word", ["nope", "salesync", "no/such/file.yaml", "", "."])
def test_what_is_no_checklist_is_exit_2(box: Box, word: str) -> None:
    found = box.run("check", word)
    assert found.code == 2
    assert found.err.startswith("error: ")
    assert "Traceback" not in found.err


def test_the_nearest_name_is_proposed(box: Box) -> None:
    assert "salessync.yaml" in box.run("check", "salesync").err


def test_every_problem_is_a_line_and_with_json_a_finding(box: Box) -> None:
    box.checklist.write_text(
        PLAN.replace("title: Ship it", "titel: Ship it").replace("id: exec\n", "id: pre\n")
    )
    found = box.run("check", "ship.yaml", "--json")
    assert found.code == 2
    lines = found.err.splitlines()
    assert len(lines) >= 2
    assert all(line.startswith("error: ") and "ship.yaml" in line for line in lines)
    findings = found.data["findings"]
    assert len(findings) == len(lines)
    assert {finding["severity"] for finding in findings} == {"error"}
    assert any(finding["line"] == 2 and "title" in finding["message"] for finding in findings)


@pytest.mark.parametrize(("severity", "code"), [("error", 1), ("warning", 1), ("info", 0)])
def test_strict_is_exit_1_for_what_is_not_only_information(
    box: Box, monkeypatch: pytest.MonkeyPatch, severity: str, code: int
) -> None:
    finding = Finding("no-gate", severity, 7, "no gate before execution", proposal="add a gate", number=1)
    monkeypatch.setattr("deploytui.plan.lint.lint", lambda plan, now: (finding,))
    assert box.run("check", "ship.yaml").code == 0
    found = box.run("check", "ship.yaml", "--strict")
    assert found.code == code
    assert f"1 {severity}: line 7: no-gate: no gate before execution\n      add a gate\n" in found.out


def test_an_accepted_finding_says_who_took_it_and_is_not_open(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted = Acceptance("no-gate", "ANA", "first install")
    finding = Finding("no-gate", "error", 7, "no gate", number=1, accepted=accepted)
    monkeypatch.setattr("deploytui.plan.lint.lint", lambda plan, now: (finding,))
    found = box.run("check", "ship.yaml", "--strict")
    assert found.code == 0
    assert "accepted by ANA: first install" in found.out


def test_findings_of_one_kind_are_explained_once(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    findings = tuple(
        Finding(
            code, "warning", line, f"message {line}", meaning=f"{code} means", proposal="mend it", number=line
        )
        for line, code in enumerate(("a", "b", "a"), 1)
    )
    monkeypatch.setattr("deploytui.plan.lint.lint", lambda plan, now: findings)
    lines = box.run("check", "ship.yaml").out.splitlines()[-7:]
    assert lines == [
        "  1 warning: line 1: a: message 1", "  3 warning: line 3: a: message 3", "      a means", "      mend it",
        "  2 warning: line 2: b: message 2", "      b means", "      mend it",
    ]  # fmt: skip


def test_the_lint_speaks(box: Box) -> None:
    found = box.run("check", "salessync", "--json").data
    assert "rollback" in " ".join(finding["code"] for finding in found["findings"])
    assert box.run("check", "salessync", "--strict").code == 1


def test_the_schema_is_json(box: Box) -> None:
    found = box.run("schema")
    assert found.code == 0
    assert found.data["$schema"].startswith("https://json-schema.org/")
