"""Whose name goes into the journal."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Box


def note_by(box: Box, *words: str, typed: str | None = None) -> str:
    box.session("s")
    found = box.run("note", "s", "hello", *words, typed=typed)
    assert found.code == 0, found.err
    listed = box.run("status", "s")
    return listed.out


def test_the_login_name(box: Box) -> None:
    assert "ana" in note_by(box)


def test_as_overrules_it_and_is_cleaned(box: Box) -> None:
    assert "Bo\N{SYMBOL FOR ESCAPE}[31m" in note_by(box, "--as", " Bo\x1b[31m ")


@pytest.mark.parametrize("account", ["root", "deploy", "ubuntu", "ec2-user", "admin", "jenkins"])
def test_a_role_account_is_nobody_for_a_script(box: Box, account: str) -> None:
    box.session("s")
    box.env["LOGNAME"] = account
    found = box.run("note", "s", "hello")
    assert found.code == 2
    assert "--as" in found.err


def test_a_role_account_is_asked_for_a_name(box: Box) -> None:
    box.env["LOGNAME"] = "root"
    assert "Kim" in note_by(box, typed="Kim\n")


def test_sudo_proposes_who_called_it(box: Box) -> None:
    box.env |= {"LOGNAME": "root", "SUDO_USER": "bo"}
    assert "bo" in note_by(box, typed="\n")


@pytest.mark.parametrize("typed", ["", "\n"])
def test_no_answer_is_no_name(box: Box, typed: str) -> None:
    box.session("s")
    box.env["LOGNAME"] = "root"
    assert box.run("note", "s", "hello", typed=typed).code == 2


def test_an_empty_name_is_refused(box: Box) -> None:
    box.session("s")
    assert box.run("note", "s", "hello", "--as", "  ").code == 2
