"""Checklists for the tests of this room: one that uses the whole format, and small ones around a part."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

from deploytui.base.errors import InvalidChecklist, Problem
from deploytui.plan.load import read_plan
from deploytui.plan.model import Group, Item, Plan

FULL = (Path(__file__).parent / "full.yaml").read_text()


def read(text: str | bytes) -> Plan:
    """The plan of a YAML text."""
    source = text.encode() if isinstance(text, str) else text
    return read_plan(source, "plan.yaml").plan


def problems(text: str | bytes) -> tuple[Problem, ...]:
    """What is wrong with it; a checklist without problems fails the test."""
    try:
        read(text)
    except InvalidChecklist as error:
        return error.problems
    raise AssertionError("this checklist was accepted")


def told(text: str | bytes) -> str:
    """The problems as the user reads them."""
    return "\n".join(str(problem) for problem in problems(text))


_SMALL = """\
deploytui: 1
title: Small
{more}stages:
  pre-deploy: []
  post-deploy: []
  execution:
    - phase: Night
      id: night
      groups:
        - group: Work
          id: work
          items:
{items}
"""


def with_items(items: str, more: str = "") -> str:
    """A plan whose only group holds the YAML list `items`; `more` are further top-level lines."""
    body = indent(dedent(items).strip("\n"), " " * 12)
    return _SMALL.format(more=more, items=body)


def with_line(line: str) -> str:
    """A plan with one item and a further top-level line."""
    return with_items("- one", line + "\n")


def with_gauge(source: str, more: str = "") -> str:
    """A plan with one gauge of that source; `more` are further keys of the gauge."""
    return with_line(f"gauges: {{g: {{title: a, source: {{{source}}}{more}}}}}")


def only_group(plan: Plan) -> Group:
    return plan.stages[1].phases[0].groups[0]


def only_item(items: str, more: str = "") -> Item:
    """The first item of a plan made of `items`."""
    return only_group(read(with_items(items, more))).items[0]
