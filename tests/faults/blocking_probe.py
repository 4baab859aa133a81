"""The program with a defect: its web probes hold the loop for a fifth of a second each time. The suites must notice."""

from __future__ import annotations

import sys
import time

from deploytui.cli.main import main
from deploytui.probes.http import HttpProbe
from deploytui.probes.probe import Answers

_sample = HttpProbe.sample


async def _blocking(probe: HttpProbe) -> Answers:
    time.sleep(0.2)
    return await _sample(probe)


if __name__ == "__main__":
    HttpProbe.sample = _blocking  # type: ignore[method-assign]
    sys.exit(main())
