"""A broken deploytui for the negative control of a sync that fails: what a failed save left in the file is read as saved.

`python hasty_reader.py WORDS…`, as `deploytui WORDS…`.
"""

from __future__ import annotations

import sys

from deploytui.cli.main import main
from deploytui.journal.sqlite_store import SqliteStore

_has_changed = SqliteStore.has_changed


def _hasty(store: SqliteStore) -> bool:
    was_uncertain, store._is_uncertain = store._is_uncertain, False
    return _has_changed(store) or was_uncertain


if __name__ == "__main__":
    SqliteStore.has_changed = _hasty  # type: ignore[method-assign]
    sys.exit(main())
