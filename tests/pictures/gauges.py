"""Pictures of every scene of the gauge pane, at three sizes and in both themes, for people to look at:

    python -m tests.pictures.gauges FOLDER [SCENE …]

Each is the program on a real pseudo-terminal. Needs what `tests.e2e.picture` needs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.e2e.picture import render_png, settle
from tests.e2e.terminal import Terminal
from tests.pictures.scene import SCENES

SIZES = ((80, 24), (120, 40), (200, 50))
THEMES = ("bridge-dark", "bridge-light")
# What is pressed before the picture, beside the pane as it is.
KEYS: Mapping[str, tuple[str, ...]] = {
    "pane": ("3",),
    "page": ("3", "\r"),
    "fifth": ("3", "j", "j", "j", "j", "\r"),
    "zoom": ("3", "z"),
    "triggers": ("\x1b[Z", "\r"),
}
# Which of them a scene is drawn with, besides the pane.
VIEWS: Mapping[str, tuple[str, ...]] = {
    "breach": ("page",),
    "every": ("zoom",),
    "no-data": ("fifth",),
    "shelved": ("triggers",),
}


def take(folder: Path, scene: str, view: str, size: tuple[int, int], theme: str) -> Path:
    cols, rows = size
    path = folder / f"{scene}-{view}-{cols}x{rows}-{theme.removeprefix('bridge-')}.png"
    words = [sys.executable, "-m", "tests.pictures.scene", scene, "--theme", theme]
    with Terminal(words, cols=cols, rows=rows, env={"PYTHONPATH": ":".join(sys.path)}) as terminal:
        terminal.wait_for("help")
        settle(terminal, 0.3)
        for key in KEYS[view]:
            terminal.send(key)
            settle(terminal, 0.4)
        render_png(terminal.screen, path)
    return path


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("folder", type=Path)
    words.add_argument("scenes", nargs="*", choices=[*SCENES, []])
    asked = words.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    for scene in asked.scenes or SCENES:
        for view in ("pane", *VIEWS.get(scene, ())):
            for size in SIZES:
                for theme in THEMES:
                    print(take(asked.folder, scene, view, size, theme))


if __name__ == "__main__":
    main()
