"""The lint of a session's plan: asked late, and what was accepted as lines for the plan. Neither delays a start."""

from __future__ import annotations

from collections.abc import Sequence

from deploytui.base.mask import Mask
from deploytui.plan.finding import Finding
from deploytui.plan.load import YAML_SUFFIXES
from deploytui.session.finding import as_finding
from deploytui.session.session import Session


def lint_of(session: Session) -> Sequence[Finding]:
    """What the lint says of the plan as it was opened: a T that has passed since is no finding of tonight."""
    from deploytui.plan.lint import lint

    state = session.state
    index = None if state.inserted else session.index  # a large plan is not looked through twice
    return lint(session.plan, index, state.planned_go_live, state.opened_at)


def accepted_lines(session: Session, mask: Mask) -> list[str]:
    """What was accepted in the session, masked, for whoever keeps the plan; nothing where nothing was."""
    if not (accepted := mask.value(session.state.accepted)):
        return []
    from deploytui.plan.lint import acceptance_lines

    is_yaml = session.header.plan_name.lower().endswith(YAML_SUFFIXES)
    where = "in the plan" if is_yaml else "in the YAML that `deploytui import` makes of the plan"
    lines = [f"accepted in this session; to accept it for good, paste below `accept:` {where}:"]
    for one in accepted:
        lines += acceptance_lines(as_finding(one), one.by, one.why, one.until or None)
    return lines
