"""The program as a process: its streams, locales and pipes, as scripts and odd machines have them."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploytui.cli.console import Console
from tests.cli.conftest import PLAN

SRC = Path(__file__).parent.parent.parent / "src"
ODD_LOCALES = {
    "C without coercion": {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    "C": {"LC_ALL": "C"},
    "POSIX": {"LC_ALL": "POSIX", "PYTHONUTF8": "0"},
    "ASCII": {"PYTHONIOENCODING": "ascii", "LANG": "C.UTF-8"},
    "Latin-1": {"PYTHONIOENCODING": "latin-1", "LANG": "de_DE.ISO-8859-1"},
    "nothing set": {},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ship.yaml").write_text(
        PLAN.replace("Ship it", "Gerät ☐ 日本 🚀").replace("Stop", "Stoppe"), "utf-8"
    )
    return tmp_path


def environment(folder: Path, extra: dict[str, str] | None = None) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    ours = {"PYTHONPATH": str(SRC), "DEPLOYTUI_STATE_DIR": str(folder / "state"), "LOGNAME": "ana"}
    return {**kept, **ours, **(extra or {})}


def shell(
    folder: Path, command: str, extra: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """`command` in a POSIX shell where `dt` is the program."""
    dt = f'dt() {{ "{sys.executable}" -m deploytui "$@"; }}; '
    return subprocess.run(
        ["/bin/sh", "-c", dt + command],
        env=environment(folder, extra),
        cwd=folder,
        capture_output=True,
        timeout=60,
    )


@pytest.mark.parametrize("locale", ODD_LOCALES.values(), ids=ODD_LOCALES.keys())
def test_no_locale_stops_it(folder: Path, locale: dict[str, str]) -> None:
    done = shell(
        folder, "dt check ship.yaml && dt check ship.yaml --json && dt print ship.yaml; dt status", locale
    )
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert done.stderr.count(b"\n") == 1
    assert done.stdout.count(b"Ger") >= 3
    if "PYTHONIOENCODING" in locale or locale.get("PYTHONUTF8") == "0":
        assert "日".encode() not in done.stdout


@pytest.mark.parametrize(
    ("env", "encoding", "expected"),
    [
        ({"LANG": "C.UTF-8"}, "utf-8", "6 of 8 done · ☐ café…\n"),
        ({}, "utf-8", "6 of 8 done · ☐ café…\n"),
        ({"LC_ALL": "C"}, "utf-8", "6 of 8 done - [ ] café...\n"),
        ({"LANG": "de_DE.ISO-8859-1"}, "latin-1", "6 of 8 done - [ ] café...\n"),
        ({"LANG": "C.UTF-8"}, "ascii", "6 of 8 done - [ ] caf\\xe9...\n"),
    ],
)
def test_signs_of_ours_become_ascii_where_they_cannot_be_shown(
    env: dict[str, str], encoding: str, expected: str
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    Console(env=env, stdout=stream).say("6 of 8 done · ☐ café…")
    stream.seek(0)
    assert stream.read() == expected


@pytest.mark.parametrize(
    ("command", "code", "error"),
    [
        ("dt completion bash | true; exit 0", 0, b""),
        ('{ dt completion bash; echo "code $?" >&2; } | true', 0, b"code 141\n"),
        ("dt schema > /dev/full", 5, b"error: cannot write the result: no space left on device\n"),
        ("dt --version > /dev/full", 5, b"error: cannot write the result: no space left on device\n"),
        ("dt sessions >&-", 0, b""),
        ("dt sessions 2>&- <&-", 0, b""),
        ("dt nope 2>&-", 2, b""),
        ("dt --version >&-", 0, b""),
        ("mkdir gone; cd gone; rmdir ../gone; dt --version; dt sessions", 0, b""),
        ("mkdir gone; cd gone; rmdir ../gone; dt check ship.yaml", 2, None),
        ("dt run ship.yaml --go-live now < /dev/null", 2, None),
    ],
)
def test_streams_that_are_closed_full_or_gone(
    folder: Path, command: str, code: int, error: bytes | None
) -> None:
    done = shell(folder, command)
    assert done.returncode == code
    assert b"Traceback" not in done.stderr
    if error is not None:
        assert done.stderr == error


def test_an_argument_that_is_no_text(folder: Path) -> None:
    done = shell(folder, "dt status \"$(printf 'caf\\351\\033[31m')\"")
    assert done.returncode == 2
    assert b"\x1b" not in done.stderr
    done.stderr.decode("utf-8")
