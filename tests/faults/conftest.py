"""What the fault suites share: their counts are printed at the end, and a missing tool is never a silent pass."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable

import pytest

SOAK = os.environ.get("DEPLOYTUI_SOAK") == "1"
IN_CI = os.environ.get("CI") == "true"
_COUNTS = pytest.StashKey[list[str]]()


@pytest.fixture
def counted(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Say what was tried and what came of it; shown in the summary, also when all is well."""
    return request.config.stash.setdefault(_COUNTS, []).append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if counts := terminalreporter.config.stash.get(_COUNTS, []):
        terminalreporter.section("faults")
        for line in counts:
            terminalreporter.line(line)


@pytest.fixture
def strace(counted: Callable[[str], None]) -> str:
    """The path of strace. The suites name system calls as x86-64 has them."""
    found = shutil.which("strace")
    missing = "strace is not installed" if found is None else ""
    if platform.machine() != "x86_64":
        missing = "the names of system calls are those of x86-64"
    if missing or found is None:
        counted(f"skipped: {missing}")
        if IN_CI:
            pytest.fail(f"{missing}, and this suite may not be skipped here")
        pytest.skip(missing)
    return found
