"""`deploytui probe`: every gauge of a checklist once, with its level and why. Exit 1 when one is in breach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import click

from deploytui.base.units import number
from deploytui.cli.console import Console
from deploytui.cli.option import Command, checklist_argument, json_option, setting_options, unmask_option
from deploytui.metrics.board import Level, Reading

_FINDINGS = 1


@click.command("probe", cls=Command)
@checklist_argument
@json_option
@unmask_option
@setting_options
@click.pass_obj
def command(console: Console, /, checklist: str, is_json: bool, **settings: tuple[str, ...]) -> int:
    """Every gauge of a checklist once, with its level and why; exit 1 when one is in breach."""
    from deploytui.cli.beginning import hidden_texts
    from deploytui.cli.checklist import find_checklist
    from deploytui.cli.gauge_source import read_once
    from deploytui.cli.setting import given_variables
    from deploytui.plan.load import load_plan

    path = find_checklist(console, checklist)
    loaded = load_plan(path)
    given = given_variables(console, loaded.plan.variables, settings)
    console.hide(hidden_texts(loaded.plan, given, console.env))
    readings = read_once(loaded.plan, given, console, path, loaded.source)
    if is_json:
        console.data({"gauges": [_gauge(reading) for reading in readings]})
    else:
        console.say(*_lines(readings))
    return _FINDINGS if any(reading.level is Level.BREACH for reading in readings) else 0


def _gauge(reading: Reading) -> dict[str, Any]:
    """As in `status --json`; what settles is neither ok nor in breach, and `settling` says how far it is."""
    return {
        "id": reading.id,
        "title": reading.title,
        "target": reading.target or None,
        "value": reading.value,
        "unit": reading.unit or None,
        "level": Level.WATCH.value if reading.level is Level.SETTLING else reading.level.value,
        "why": reading.why,
        "age_s": None if reading.age_s is None else int(reading.age_s),
        "in_level_s": int(reading.in_level_s),
        "settling": reading.settling or None,
    }


def _lines(readings: Sequence[Reading]) -> Iterator[str]:
    """The reason holds the value where there is one; percent worse than a baseline is shown beside it."""
    if not readings:
        yield "this checklist has no gauges"
    width = max((len(reading.title) for reading in readings), default=0)
    for one in readings:
        target = f"  [{one.target}]" if one.target else ""
        level, said = one.level.value.replace("_", " "), one.why or number(one.value or 0)
        yield f"{level:<8} {one.title:<{width}}  {said}{target}"
