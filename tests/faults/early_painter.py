"""A broken deploytui for the kill suite's negative control: it paints a tick as done before it is saved.

`python early_painter.py WORDS…`, as `deploytui WORDS…`.
"""

from __future__ import annotations

import sys
import time
from typing import Any

LATE_S = 0.3


def break_it() -> None:
    """What is being saved looks done, at once, and the disk takes its time."""
    from deploytui.session.journal_writer import JournalWriter
    from deploytui.ui.color import UNICODE
    from deploytui.ui.control import saving

    saving.SHOWN_AFTER_S = 0.0
    boxes: Any = UNICODE.boxes
    boxes["saving"] = UNICODE.boxes["done"]
    commit = JournalWriter.commit

    def late(self: JournalWriter, act: Any, by: Any) -> Any:
        time.sleep(LATE_S)
        return commit(self, act, by)

    JournalWriter.commit = late  # type: ignore[method-assign]


if __name__ == "__main__":
    from deploytui.cli.main import main

    break_it()
    sys.exit(main())
