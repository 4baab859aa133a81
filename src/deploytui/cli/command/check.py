"""`deploytui check`: whether a checklist can be read, what is in it, and what is doubtful about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import click
from msgspec.structs import replace

from deploytui.base.errors import InvalidChecklist, Problem
from deploytui.base.text import clean_line
from deploytui.base.units import iso, left
from deploytui.cli.beginning import hidden_texts
from deploytui.cli.checklist import load_linted
from deploytui.cli.console import Console
from deploytui.cli.option import Command, checklist_argument, json_option, unmask_option
from deploytui.plan.describe import count_items, counts, describe
from deploytui.plan.finding import Finding
from deploytui.plan.load import Loaded
from deploytui.plan.model import Phase, Plan

_OPEN = ("error", "warning")
_FINDINGS = 1
_MOST_TITLES = 12


@click.command("check", cls=Command)
@checklist_argument
@json_option
@unmask_option
@click.option("--strict", is_flag=True, help="exit 1 when there are errors or warnings")
@click.pass_obj
def command(console: Console, checklist: str, is_json: bool, strict: bool) -> int:
    """Validate a checklist and name what is doubtful in it."""
    try:
        loaded = load_linted(console, checklist)
    except InvalidChecklist as error:
        if is_json:
            console.data({"findings": [_finding(problem) for problem in error.problems]}, "severity")
        raise
    console.hide(hidden_texts(loaded.plan, {}, console.env))
    if is_json:
        console.data(describe(loaded), "severity")
    else:
        console.say(loaded.plan.title)
        # The hash is whole, whatever is masked beside it.
        file = f"{console.shown(str(loaded.path))}  sha256 {loaded.sha256[:12]}"
        console.say_whole(*_labelled("file", [file]))
        console.say(*_lines(loaded))
    return _FINDINGS if strict and any(one.is_open for one in loaded.findings) else 0


def _finding(problem: Problem) -> dict[str, Any]:
    """A reason why it cannot be read, in the form of the findings of one that can."""
    return {
        "code": "invalid",
        "severity": "error",
        "line": problem.line,
        "col": problem.col,
        "key": problem.key,
        "message": clean_line(str(replace(problem, file=None, line=None, col=None))),
    }


def _lines(loaded: Loaded) -> list[str]:
    """What was read is what a person expects, or it is not."""
    plan = loaded.plan
    lines = _labelled("items", [_counts(loaded)])
    lines += _labelled("go-live", [f"{iso(plan.go_live)}" if plan.go_live else "asked for at the start"])
    width = max((len(phase.id) for _, phase in plan.phases()), default=0)
    for stage in plan.stages:
        phases = [_phase(phase, width) for phase in stage.phases]
        lines += _labelled(stage.name.heading.lower(), phases or ["no phases"])
    lines += _labelled("rollback", [_rollback(plan)])
    lines += _labelled("gauges", [_gauges(plan)])
    lines += _labelled("people", [f"{len(plan.contacts)} contacts, {len(plan.signoffs)} sign-offs"])
    if loaded.recognized or loaded.repairs:
        text = f"{len(loaded.recognized)} lines recognized, {len(loaded.repairs)} repaired"
        said = [f"line {one.line}: {one.as_}" for one in loaded.warnings]
        lines += _labelled("read", [f"{text}: `deploytui import` lists them", *said])
    lines += _labelled("findings", [_summary(loaded)])
    return lines + list(_finding_lines(loaded.findings))


def _gauges(plan: Plan) -> str:
    titles = [gauge.title for gauge in plan.gauges[:_MOST_TITLES]]
    more = len(plan.gauges) - len(titles)
    return ", ".join(titles) + (f", and {more} more" if more else "") if titles else "none"


def _finding_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """What is doubtful; what it leads to on the night and what to do about it stand once behind those of a kind."""
    kinds: dict[tuple[str, ...], list[Finding]] = {}
    for one in findings:
        accepted = f"accepted by {one.accepted.by}: {one.accepted.why}" if one.accepted else ""
        told = (accepted, "") if accepted else (one.meaning, one.proposal)
        kinds.setdefault((one.severity, one.code, *told), []).append(one)
    for (_, _, *texts), same in kinds.items():
        for one in same:
            where = f"line {one.line}: " if one.line else ""
            yield f"  {one.number} {one.severity}: {where}{one.code}: {one.message}"
        yield from (f"      {text}" for text in texts if text)


def _labelled(label: str, texts: list[str]) -> list[str]:
    return [f"  {label if not at else '':<12} {text}" for at, text in enumerate(texts)]


def _counts(loaded: Loaded) -> str:
    tally = counts(loaded.plan, loaded.unboxed)
    stages = " + ".join(str(sum(map(_boxes, stage.phases))) for stage in loaded.plan.stages)
    total = tally["items"] + sum(count for _, count in loaded.unboxed)
    others = "".join(f", {count} {name}" for name, count in loaded.unboxed)
    return (
        f"{total}: {tally['plan']} in the stages ({stages}), {tally['rollback_triggers']} triggers, "
        f"{tally['rollback_steps']} rollback steps, {tally['criteria']} criteria"
        + (f"; {tally['items']} boxes{others}" if others else "")
    )


def _boxes(phase: Phase) -> int:
    return sum(count_items(group.items) for group in phase.groups)


def _phase(phase: Phase, width: int) -> str:
    window = f"{phase.window.start.text} .. {phase.window.end.text}" if phase.window else "no window"
    return f"{phase.id:<{width}}  {window:<16} {_boxes(phase):>4} items  {phase.title}"


def _rollback(plan: Plan) -> str:
    rollback = plan.rollback
    stated = f", stated limit {left(rollback.limit_s)}" if rollback.limit_s else ""
    return f"{len(rollback.stages)} stages, budgets add up to {left(rollback.sum_s)}{stated}"


def _summary(loaded: Loaded) -> str:
    tally = Counter(one.severity for one in loaded.findings if one.accepted is None)
    words = [f"{tally[severity]} {severity}{'s' if tally[severity] != 1 else ''}" for severity in _OPEN]
    accepted = sum(one.accepted is not None for one in loaded.findings)
    words += [f"{tally['info']} for information"] if tally["info"] else []
    return ", ".join(words + ([f"{accepted} accepted"] if accepted else []))
