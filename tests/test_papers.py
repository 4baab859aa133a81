"""The papers name what there is: files, rooms, commands, and the files that hand a tick on."""

from __future__ import annotations

import re
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

from deploytui.cli.program import SECTIONS
from tests.ui.bridge import bridge

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "deploytui"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
PAPERS = (ARCHITECTURE, ROOT / "CONTRIBUTING.md")
# What only a real terminal and a real file go through: the pilot has neither.
OUTSIDE = frozenset(
    {f"ui/terminal/{name}.py" for name in ("driver", "paste", "key_parser", "output")}
    | {"journal/sqlite_store.py", "journal/codec.py"}
)
_CODE = re.compile(r"`([^`\n]+)`")
_BLOCK = re.compile(r"^ {4}(\S.*)$", re.MULTILINE)
_CALL = re.compile(r"(?:make|\./run) \S.*?(?=\./run |, make |$)")
_PATH = re.compile(r"[\w./-]+(\.(py|md|yaml|tcss)|/)")
_ROOM = re.compile(r"^\| `(\w+)/`", re.MULTILINE)
_WAY = re.compile(r"<!-- the way of a tick -->\n(.*?)<!-- end -->", re.DOTALL)


def missing(text: str) -> list[str]:
    """The files and folders that a paper names and that are nowhere: below the top, the source, or a room."""
    named = [word for word in _CODE.findall(text) if _PATH.fullmatch(word)]
    places = (ROOT, SOURCE, *(path for path in SOURCE.iterdir() if path.is_dir()))
    return [name for name in named if not any((place / name).exists() for place in places)]


def unknown_commands(text: str) -> list[str]:
    """The lines of a shell that call what there is not: a target, a tool, a module, a command or a test."""
    lines = [line.partition("#")[0] for line in (*_CODE.findall(text), *_BLOCK.findall(text))]
    calls = [call.strip() for line in lines for call in _CALL.findall(line)]
    return [call for call in calls if not _is_known(call.rstrip(",").split())]


def _is_known(words: list[str]) -> bool:
    match words:
        case ["make", target]:
            return re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE) is not None
        case ["./run", "deploytui", command, *_]:
            return any(command in names for names in SECTIONS.values())
        case ["./run", "python", "-m", module, *_]:
            return find_spec(module) is not None
        case ["./run", "python", path, *_]:
            return (ROOT / path).exists()
        case ["./run", "pytest", *paths]:
            return all((ROOT / path).exists() for path in paths)
        case ["./run", "mypy" | "lint-imports" | "ruff", *_]:
            return True
        case _:
            return False


def way_of_a_tick(text: str) -> list[str]:
    """The files that the paper says hand a tick on."""
    found = _WAY.search(text)
    return re.findall(r"^\d+\. `([^`]+)`", found[1], re.MULTILINE) if found else []


def test_what_the_papers_name_is_there() -> None:
    for paper in PAPERS:
        text = paper.read_text("utf-8")
        assert missing(text) == [], paper
        assert unknown_commands(text) == [], paper


def test_every_room_is_described() -> None:
    rooms = {path.name for path in SOURCE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert set(_ROOM.findall(ARCHITECTURE.read_text("utf-8"))) == rooms


def test_the_readme_leads_to_both() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert [paper for paper in PAPERS if f"]({paper.relative_to(ROOT).as_posix()})" not in text] == []


async def crossed_by_a_tick() -> set[str]:
    """Our files in which anything was called while an item was ticked, on any thread."""
    crossed: set[str] = set()
    is_on = False

    def note(frame: FrameType, event: str, _arg: object) -> None:
        path = frame.f_code.co_filename
        if is_on and event == "call" and path.startswith(str(SOURCE)):
            crossed.add(Path(path).relative_to(SOURCE).as_posix())

    threading.setprofile(note)  # the writer's thread is made below
    try:
        async with bridge() as night:
            sys.setprofile(note)
            is_on = True
            await night.press("space")
            is_on = False
            assert "[✓] 01" in night.row("exec.1")
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return crossed


async def test_a_tick_goes_the_way_that_the_paper_has() -> None:
    text = ARCHITECTURE.read_text("utf-8")
    way = way_of_a_tick(text)
    assert len(set(way)) == len(way) > 0
    assert f"These are {len(way)};" in text
    crossed = await crossed_by_a_tick()
    assert set(way) - OUTSIDE <= crossed
    assert "ui/theme.py" not in crossed, "the control: not every file is crossed"


def test_the_look_finds_what_is_not_there() -> None:
    """The control."""
    assert missing("see `journal/no_such.py` and `plan/model.py`") == ["journal/no_such.py"]
    said = "`make tea`, `make check`, `./run pytest tests/nowhere` and `./run mypi`\n\n    ./run deploytui fly  # up\n"
    assert unknown_commands(said) == [
        "make tea", "./run pytest tests/nowhere", "./run mypi", "./run deploytui fly"
    ]  # fmt: skip
    assert way_of_a_tick("1. `ui/app.py`: no list of the way") == []
