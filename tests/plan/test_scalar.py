"""What YAML 1.1 makes of unquoted text never happens here: each scalar is text, quoted or not."""

from __future__ import annotations

import pytest
import yaml

from deploytui.plan.node import Mapping, Scalar
from deploytui.plan.yaml import read_yaml
from tests.plan.sample import only_item, problems, read, with_items, with_line

TRAPS = [
    "22:30", "09:30", "1:30:00", "NO", "no", "Yes", "on", "off", "y", "true", "False", "1.10", "4.2.0", "010", "0o17",
    "0x1F", "0b11", "1_000", "+12", "-0", "1e3", ".5", "5.", ".inf", "-.INF", ".nan", "2026-06-01",
    "2026-06-01 02:00:00", "=", "12345678901234567890", "Null value", "1.0e+2",
]  # fmt: skip


@pytest.mark.parametrize("text", TRAPS)
def test_a_scalar_is_the_text_that_stands_there(text: str) -> None:
    assert only_item(f"- {{text: {text}}}").text == text
    assert only_item(f"- {text}").text == text


@pytest.mark.parametrize("text", TRAPS)
def test_quotes_change_nothing(text: str) -> None:
    bare, single, double = (only_item(f"- text: {form}") for form in (text, f"'{text}'", f'"{text}"'))
    assert bare == single == double


def test_the_traps_are_traps() -> None:
    """The control: resolved as YAML 1.1 does, most of these texts are no longer what stands there."""

    def is_kept(text: str) -> bool:
        try:
            return bool(yaml.safe_load(text) == text)
        except yaml.YAMLError:  # a lone "=" cannot even be read
            return False

    assert sum(not is_kept(text) for text in TRAPS) >= 20


def test_facts_keep_their_face() -> None:
    plan = read(with_line("facts: {version: 1.10, when: 22:30, country: NO, build: 010, day: 2026-06-01}"))
    assert plan.facts == (
        ("version", "1.10"), ("when", "22:30"), ("country", "NO"), ("build", "010"), ("day", "2026-06-01"),
    )  # fmt: skip


@pytest.mark.parametrize("form", ["", "~", "null"])
def test_nothing_is_nothing_only_without_quotes(form: str) -> None:
    root, _ = read_yaml(f"a: {form}\nb: '{form}'\n".encode(), "x.yaml")
    assert isinstance(root, Mapping)
    (_, bare), (_, quoted) = root.entries
    assert isinstance(bare, Scalar)
    assert isinstance(quoted, Scalar)
    assert (bare.is_null, quoted.is_null) == (True, False)
    assert quoted.text == form


def test_a_value_that_is_nothing_is_a_problem_of_its_field() -> None:
    (problem,) = problems(with_items("- text: one\n  owner:\n"))
    assert (problem.key, problem.found) == ("owner", "nothing")


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("rollback: {limit: 22:30}", "limit"),
        ("rollback: {limit: 30}", "limit"),
        ("rollback: {limit: 0x1F}", "limit"),
        ("rollback: {restore: NO}", "restore"),
        ("go_live: 2026-06-01", "go_live"),
        ("zone: NO", "zone"),
    ],
)
def test_a_scalar_that_does_not_fit_is_named_by_its_field(line: str, key: str) -> None:
    (problem,) = problems(with_line(line))
    assert problem.key == key
    assert problem.line == 3
