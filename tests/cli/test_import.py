"""`import`: Markdown in, YAML out, and an account of what was read as what."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Box

MARKDOWN = """\
# Ship it ‚òê

Deployment date: November 24, 2026, 2:00 AM UTC

## Phase 1: Preparation

### Checks

- [ ] Back up the database
- [x] Call Kim

## Deployment Execution

- [ ] Stop the application
"""


@pytest.fixture
def source(box: Box) -> Path:
    path = box.root / "ship.md"
    path.write_text(MARKDOWN, "utf-8")
    return path


def test_a_document_without_items_is_not_run_and_says_where_its_tasks_are(box: Box, source: Path) -> None:
    source.write_text("# Ship it\n\n```\n- [ ] Back up\n- [ ] Stop\n```\n")
    found = box.run("run", "ship.md", "--as", "ANA", "--go-live", "now+1h", typed="")
    assert found.code == 2
    assert "no item, expected a box" in found.err
    assert "try `deploytui import --from-code`: there are 2 task-like lines in code" in found.err
    assert not list(box.root.glob("**/*.deploytui"))


def test_what_was_assumed_is_said_before_the_dashboard(box: Box, source: Path) -> None:
    source.write_text("# Ship it\n\n1. Back up\n2. Stop\n")
    found = box.run("run", "ship.md", "--as", "ANA", "--go-live", "never", typed="")
    assert found.code == 2
    assert "ship.md: line 1: assumed: no boxes in the document: its numbered steps are the items" in found.out


def test_the_yaml_goes_to_standard_output_and_the_account_to_standard_error(box: Box, source: Path) -> None:
    found = box.run("import", "ship.md")
    assert found.code == 0
    assert found.out.startswith("deploytui: ")
    assert "ship.md: 3 items, 3 of them in the stages" in found.err
    assert "recognized  line" in found.err
    assert "repaired    line 1:" in found.err
    (box.root / "made.yaml").write_text(found.out, "utf-8")
    counts = [box.run("check", name, "--json").data["counts"] for name in ("made.yaml", "ship.md")]
    assert counts[0] == counts[1]


def test_the_file_that_is_made_is_new(box: Box, source: Path) -> None:
    for option in ("-o", "--output"):
        name = f"made{option}.yaml"
        found = box.run("import", "ship.md", option, name)
        assert found.code == 0
        assert f"wrote {name}" in found.out
        assert box.run("check", name).code == 0
    (box.root / "precious.yaml").write_text("mine")
    assert box.run("import", "ship.md", "-o", "precious.yaml").code == 2
    assert (box.root / "precious.yaml").read_text() == "mine"
    assert box.run("import", "ship.md", "-o", "no/such/folder.yaml").code == 2


@pytest.mark.parametrize("name", ["ship.yaml", "nope.md", "binary.md", "empty.md", "."])
def test_what_is_no_markdown_is_exit_2(box: Box, name: str) -> None:
    (box.root / "binary.md").write_bytes(bytes(range(256)) * 8)
    (box.root / "empty.md").touch()
    found = box.run("import", name)
    assert found.code == 2
    assert found.err.startswith("error: ")
    assert found.out == ""


def test_a_markdown_checklist_is_found_by_name_too(box: Box, source: Path) -> None:
    (box.root / "checklists").mkdir()
    source.rename(box.root / "checklists" / "night.md")
    assert "lines recognized" in box.run("check", "night").out
