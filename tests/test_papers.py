"""The papers name what there is: files, rooms, commands."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "deploytui"
PAPERS = ("docs/architecture.md", "CONTRIBUTING.md")
_CODE = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"[\w./-]+(\.(py|md|yaml|tcss)|/)")
_ROOM = re.compile(r"^\| `(\w+)/`", re.MULTILINE)


def missing(text: str) -> list[str]:
    """The files and folders that a paper names and that are nowhere: below the top, the source, or a room."""
    named = [word for word in _CODE.findall(text) if _PATH.fullmatch(word)]
    places = (ROOT, SOURCE, *(path for path in SOURCE.iterdir() if path.is_dir()))
    return [name for name in named if not any((place / name).exists() for place in places)]


def unknown_commands(text: str) -> list[str]:
    """What is called by `make` and is no target."""
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    return [
        name
        for name in re.findall(r"\bmake (\w+)`|^ +make (\w+)", text, re.MULTILINE)
        for name in name
        if name and name not in targets
    ]


def test_what_the_papers_name_is_there() -> None:
    for paper in PAPERS:
        text = (ROOT / paper).read_text()
        assert missing(text) == [], paper
        assert unknown_commands(text) == [], paper


def test_every_room_is_described() -> None:
    rooms = {path.name for path in SOURCE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert set(_ROOM.findall((ROOT / PAPERS[0]).read_text())) == rooms


def test_the_look_finds_what_is_not_there() -> None:
    """The control."""
    assert missing("see `journal/no_such.py` and `plan/model.py`") == ["journal/no_such.py"]
    assert unknown_commands("`make tea` and `make check`") == ["tea"]
