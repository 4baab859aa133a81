"""A broken deploytui for the negative control of a file that is written over: it never looks whether it is the same one.

`python blind_store.py WORDS…`, as `deploytui WORDS…`.
"""

from __future__ import annotations

import sys

from deploytui.cli.main import main
from deploytui.journal.overwrite import Overwrite

if __name__ == "__main__":
    Overwrite.contradicts = lambda found, seq, prev, rows: False  # type: ignore[method-assign]
    Overwrite.check = lambda found: None  # type: ignore[method-assign]
    sys.exit(main())
