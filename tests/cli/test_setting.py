"""`--set`, `--set-env` and `--set-file`: where a value may come from, what is refused, and what a `ps` would show."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import pytest

from deploytui.cli import gauge_source
from tests.cli.conftest import Box

VARIABLES = """
variables: {url: {ask: base URL}, key: {secret: true, ask: a key}, pin: {secret: true, ask: a pin}}
gauges: {up: {title: Up, source: {http: "${url}/health", measure: up}}}
"""
SEEN = "everybody here can read a --set in `ps`, and"
USE = "secret: use --set-env VAR=NAME or --set-file VAR=FILE"
COMMANDS = [("probe", "ship.yaml"), ("doctor", "ship.yaml")]


@pytest.fixture
def given(box: Box, monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, str]]:
    """The values that the gauges were asked with; nobody is asked."""
    seen: list[Mapping[str, str]] = []

    def read_once(_plan: Any, given: Mapping[str, str], *_: Any, **__: Any) -> tuple[()]:
        seen.append(given)
        return ()

    monkeypatch.setattr(gauge_source, "read_once", read_once)
    box.checklist.write_text(box.checklist.read_text() + VARIABLES)
    return seen


@pytest.mark.parametrize("words", COMMANDS)
def test_a_value_comes_from_words_the_environment_or_a_file(
    box: Box, given: list[Mapping[str, str]], words: tuple[str, ...]
) -> None:
    box.env["MY_KEY"] = " s3cret=x\n"
    (box.root / "pin").write_bytes("\t12 ü\n\r\n".encode())
    found = box.run(*words, "--set", "url=http://app", "--set-env", "key=MY_KEY", "--set-file", "pin=pin")
    assert (found.code, found.err) == (0, "")
    assert given == [{"url": "http://app", "key": " s3cret=x\n", "pin": "\t12 ü\n"}]


def test_one_line_break_at_the_end_of_a_file_is_left_out(box: Box, given: list[Mapping[str, str]]) -> None:
    for content in (b"x", b"x\n", b"x\r\n"):
        (box.root / "key").write_bytes(content)
        assert box.run("probe", "ship.yaml", "--set-file", f"key={box.root}/key").code == 0
    assert given == [{"key": "x"}] * 3


@pytest.mark.parametrize(
    ("option", "setting", "why"),
    [
        (
            "--set-env",
            "key=NO_SUCH",
            '"NO_SUCH" is not set in the environment, or empty, so key has no value',
        ),
        ("--set-env", "key=EMPTY", '"EMPTY" is not set in the environment, or empty, so key has no value'),
        ("--set-env", "key", 'found "key", expected VAR=NAME'),
        ("--set-env", "kye=MY_KEY", 'no variable "kye"; try key'),
        ("--set-file", "key", 'found "key", expected VAR=FILE'),
        ("--set-file", "kye=pin", 'no variable "kye"; try key'),
        ("--set-file", "key=none", '"none" does not exist'),
        ("--set-file", "key=empty", '"empty" is empty'),
        ("--set-file", "key=blob", '"blob" is no text in UTF-8'),
        ("--set-file", "key=long", '"long" is larger than 64 KiB'),
        ("--set-file", "key=pipe", '"pipe" is a pipe, not a regular file'),
        ("--set-file", "key=/dev/zero", '"/dev/zero" is a device, not a regular file'),
        ("--set-file", "key=~no.such.user/x", '~no.such.user/x: no user "no.such.user"'),
    ],
)
def test_what_gives_no_value_is_said_and_nobody_is_asked(
    box: Box, given: list[Mapping[str, str]], option: str, setting: str, why: str
) -> None:
    box.env |= {"EMPTY": "", "MY_KEY": "hush"}
    (box.root / "empty").write_text("\n")
    (box.root / "blob").write_bytes(b"\xff\xfe")
    (box.root / "long").write_bytes(b"x" * (64 * 1024 + 1))
    os.mkfifo(box.root / "pipe")
    found = box.run("probe", "ship.yaml", option, setting)
    assert (found.code, found.out, given) == (2, "", [])
    assert why in found.err
    assert "hush" not in found.err


def test_a_variable_takes_its_value_from_one_place(box: Box, given: list[Mapping[str, str]]) -> None:
    box.env["MY_KEY"] = "x"
    assert box.run("probe", "ship.yaml", "--set", "url=a", "--set", "url=b").code == 0
    assert given == [{"url": "b"}]
    found = box.run("probe", "ship.yaml", "--set", "key=typed", "--set-env", "key=MY_KEY")
    assert (found.code, len(given)) == (2, 1)
    assert "--set-env: key is given by --set already" in found.err


@pytest.mark.parametrize("words", COMMANDS)
def test_a_secret_that_was_typed_is_remarked_once_with_what_to_use(
    box: Box, given: list[Mapping[str, str]], words: tuple[str, ...]
) -> None:
    found = box.run(*words, "--set", "key=hush-hush", "--set", "pin=1234", "--set", "url=http://app")
    assert (found.code, len(given)) == (0, 1)
    assert found.err == f"{SEEN} key and pin are {USE}\n"
    assert box.run(*words, "--set", "key=x").err == f"{SEEN} key is {USE}\n"
    box.env["MY_KEY"] = "hush-hush"
    assert box.run(*words, "--set", "url=http://app", "--set-env", "key=MY_KEY").err == ""
