"""The JSON Schema says what the builder says: it takes every good checklist and refuses the structural mistakes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from deploytui.base.paths import bundled_dirs
from deploytui.plan import source
from deploytui.plan.key import SHAPES
from deploytui.plan.schema import json_schema
from tests.plan.sample import FULL, problems, with_gauge, with_items, with_line

SCHEMA = json_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
SHIPPED = sorted(
    path for folder in bundled_dirs("checklists") if folder.is_dir() for path in folder.glob("*.yaml")
)


def test_every_kind_of_source_is_in_the_union() -> None:
    """One that is not has a key that no checklist may use, and no match over the union would miss it."""
    kinds = {kind for kind in vars(source).values() if isinstance(kind, type) and "key" in vars(kind)}
    assert kinds == set(source.KINDS)


class EditorLoader(yaml.SafeLoader):
    """YAML as editors read it: numbers and booleans, but no dates."""


EditorLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def mistakes(text: str) -> list[str]:
    document = yaml.load(text, Loader=EditorLoader)  # a subclass of the safe one
    return [error.message for error in VALIDATOR.iter_errors(document)]


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"].endswith("2020-12/schema")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_shipped_checklists_fit(path: Path) -> None:
    assert mistakes(path.read_text()) == []


def test_the_full_checklist_fits_with_quoted_and_unquoted_scalars() -> None:
    assert mistakes(FULL) == []
    assert mistakes(FULL.replace("deploytui: 1", 'deploytui: "1"')) == []
    assert mistakes(FULL.replace('version: "4.2.0"', "version: 4.2")) == []


@pytest.mark.parametrize(
    "text",
    [
        with_line("titel: x"),
        with_items("- {text: a, ownr: b}"),
        with_items("- {id: a}"),
        with_items("- {text: a, duration: soon}"),
        with_items("- {text: a, duration: ١٢m}"),
        with_gauge("host: cpu", ", ok: '< ١٢'"),
        with_items("- {text: a, marks: [bakup]}"),
        with_items("- {text: a, when: {gauge: g, is: bad}}"),
        with_gauge("host: cpu, tcp: 'a:1'"),
        with_gauge(""),
        with_line("gauges: {G!: {title: a, source: {host: cpu}}}"),
        with_gauge("host: cpu", ", ok: '5'"),
        with_line("planned_stop: {from: a, to: b}"),
        with_line("criteria: [{title: a, kind: other, items: []}]"),
        with_line("go_live: tomorrow"),
        with_line("mask: text"),
        with_items("- a").replace("  post-deploy: []\n", ""),
        with_items("- a").replace("id: night", "window: later"),
        "deploytui: 2\ntitle: a\nstages: {pre-deploy: [], execution: [], post-deploy: []}\n",
    ],
)
def test_both_refuse_a_structural_mistake(text: str) -> None:
    assert mistakes(text)
    assert problems(text)


def _described(schema: Any) -> Iterator[tuple[str, Any]]:
    for name, shape in [("checklist", schema), *schema["$defs"].items()]:
        yield name, shape
        yield from ((f"{name}.{key}", value) for key, value in shape["properties"].items())


def test_every_key_is_described_for_the_editor() -> None:
    assert set(SCHEMA["$defs"]) == set(SHAPES) - {"checklist"}
    for name, schema in _described(SCHEMA):
        assert schema.get("description"), name
