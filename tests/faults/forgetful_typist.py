"""A broken deploytui for the negative control of the texts' kill suite: what is half typed never reaches the disk.

`python forgetful_typist.py WORDS…`, as `deploytui WORDS…`.
"""

from __future__ import annotations

import sys
from typing import Any


def break_it() -> None:
    """Half-typed texts survive esc, and nothing more."""
    from deploytui.journal.draft_store import DraftFile

    def save(self: DraftFile, texts: Any) -> None:
        return

    DraftFile.save = save  # type: ignore[method-assign]


if __name__ == "__main__":
    from deploytui.cli.main import main

    break_it()
    sys.exit(main())
