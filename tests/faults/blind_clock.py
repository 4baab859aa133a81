"""A broken deploytui for the clock suite's negative control: it never looks at what the wall clock does.

`python blind_clock.py WORDS…`, as `deploytui WORDS…`.
"""

from __future__ import annotations

import sys
from typing import Any

from deploytui.cli.main import main
from deploytui.session.measuring import ClockWatch


def _blind(*_: Any) -> None:
    return None


if __name__ == "__main__":
    ClockWatch.look = _blind  # type: ignore[method-assign]
    sys.exit(main())
