"""Hostile text on a real terminal: nothing of it acts, in either direction, and the last filter holds by itself.

The texts are shown here without the cleaning that real text gets where it enters.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.faults.guarded_run import Run
from tests.faults.hostile import CONFUSING, ESCAPES, HOSTILE, MARKUP

# Those that hold a character no terminal should get from content.
RAW = [
    text
    for text in (*ESCAPES, *CONFUSING)
    if any(not (char.isprintable() or ord(char) > 0x2FFF) for char in text)
]


def echo(run: Run, count: int) -> None:
    """Show the texts one after the other, each until it was written: what it then did to the screen is asked later."""
    for number in range(count):
        run.send("M")
        run.wait_for(lambda _, sign=f"{number:03d} ".encode(): sign in run.raw)  # type: ignore[misc]


def found_raw(run: Run) -> list[str]:
    raw = bytes(run.raw)
    return [text for text in RAW if text.encode("utf-8", "replace") in raw and "\ud800" not in text]


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    path = tmp_path / "texts.json"
    path.write_text(json.dumps(HOSTILE))
    return path


def test_no_text_reaches_the_terminal_raw(texts: Path, tmp_path: Path) -> None:
    with Run(tmp_path, texts=texts, cols=100) as run:
        echo(run, len(HOSTILE))
        assert found_raw(run) == []
        assert run.title == "guarded ␛]0;evil␇ app"
        assert b"\x1b]8;" not in bytes(run.raw)
        assert b"\x1b]52;" not in bytes(run.raw)
        assert run.quit() == 0
        assert run.modes_left() == []


def test_textual_alone_passes_them_on(texts: Path, tmp_path: Path) -> None:
    with Run(tmp_path, texts=texts, cols=100, is_guarded=False) as run:
        echo(run, len(MARKUP) + len(ESCAPES))
        assert len(found_raw(run)) > 5


def test_a_click_on_markup_does_nothing(texts: Path, tmp_path: Path) -> None:
    with Run(tmp_path, texts=texts) as run:
        run.send("M")
        run.wait_for("000 [@click=app.quit]x[/]")
        for column in range(2, 30):
            run.send(f"\x1b[<0;{column};2M\x1b[<0;{column};2m")
        run.wait_for(lambda _: run.words().count("mouse") == 28)
        assert run.process.poll() is None
        assert run.quit() == 0
