"""What the fault suites share: their counts are printed at the end, and a missing tool is never a silent pass."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

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


@pytest.fixture
def small_disk(tmp_path: Path, counted: Callable[[str], None]) -> Iterator[Path]:
    """A file system of 4 MiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "tmpfs", str(disk)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        why = done.stderr.strip() if done.returncode else ""
    except FileNotFoundError:
        why = "no mount command"
    if why:
        counted(
            f"a real full disk and a real read-only one: 0 rounds, skipped: mounting is not permitted ({why})"
        )
        pytest.skip(why)
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path) -> Path:
    """Take all the space there is; the file to delete for having it again."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return filler
