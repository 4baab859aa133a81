"""The wheel carries the program, its checklists and themes, and nothing that git ignores."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PARTS = (
    "src",
    "checklists",
    "themes",
    "pyproject.toml",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
    ".gitignore",
)
LEFT_BEHIND = "what was said in the night"
JUNK = shutil.ignore_patterns("__pycache__", "*.egg-info", ".*_cache")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of a copy of this checkout, in which somebody has kept a session and left other things behind."""
    copy = tmp_path_factory.mktemp("checkout")
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, copy / part, ignore=JUNK)
        else:
            shutil.copy(ROOT / part, copy / part)
    for ignored in ("checklists/night.deploytui", "themes/night.deploytui-journal", "src/deploytui/__pycache__/old.pyc",
                    "src/deploytui/build/left.py", "checklists/.venv/mine.yaml"):  # fmt: skip
        path = copy / ignored
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(LEFT_BEHIND)
    (copy / "checklists" / "mine.yaml").write_text(
        "# not ignored: shows that what is left behind would be seen\n"
    )
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"]
    subprocess.run(build, cwd=copy, check=True, capture_output=True)
    (built,) = (copy / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


def test_every_module_is_in_it(names: set[str]) -> None:
    source = ROOT / "src"
    ours = {
        str(path.relative_to(source))
        for path in source.rglob("*")
        if path.suffix in {".py", ".tcss", ".typed"}
    }
    assert "deploytui/py.typed" in ours
    assert ours <= names


@pytest.mark.parametrize(("kind", "least"), [("checklists", 2), ("themes", 2)])
def test_what_ships_beside_the_program_is_in_it(names: set[str], kind: str, least: int) -> None:
    shipped = {path.name for path in (ROOT / kind).glob("*.yaml")}
    assert len(shipped) >= least
    assert {f"deploytui/bundled/{kind}/{name}" for name in shipped} <= names


def test_nothing_that_git_ignores_is_in_it(wheel: Path, names: set[str]) -> None:
    assert "deploytui/bundled/checklists/mine.yaml" in names
    content = {name: zipfile.ZipFile(wheel).read(name) for name in names}
    assert [name for name, body in content.items() if LEFT_BEHIND.encode() in body] == []
    assert all(name.startswith(("deploytui/", "deploytui-")) for name in names)


def test_the_program_and_its_checklist_work_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    env = {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "DEPLOYTUI_STATE_DIR": str(tmp_path / "state")}
    checklist = tmp_path / "site/deploytui/bundled/checklists/salessync.yaml"
    where = subprocess.run([sys.executable, "-c", "import deploytui; print(deploytui.__file__)"], cwd=tmp_path, env=env,
                           check=True, capture_output=True, text=True).stdout  # fmt: skip
    assert where.startswith(str(tmp_path)), "the wheel must be what is tried, not this checkout"
    done = subprocess.run([sys.executable, "-m", "deploytui", "check", str(checklist), "--json"], cwd=tmp_path, env=env,
                          check=True, capture_output=True, text=True)  # fmt: skip
    assert json.loads(done.stdout)["counts"]["items"] == 201


def test_the_pins_name_no_place_and_cover_what_the_project_asks_for() -> None:
    import tomllib

    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert all(line.count("==") == 1 and "/" not in line and "@" not in line for line in lines)
    pinned = {line.split("==")[0].lower().replace("_", "-") for line in lines}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {
        "".join(c if c.isalnum() or c in "-_" else " " for c in line).split()[0].lower() for line in asked
    }
    assert names - pinned == set()
