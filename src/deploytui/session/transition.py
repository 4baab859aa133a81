"""From one phase or stage to the next: the windows as they were last agreed, what is left behind, how early it is. Pure.

The counts are those of the stage that is left, or of the phase where the stage stays the same.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from deploytui.base.units import left
from deploytui.journal.fact import PhaseEntered
from deploytui.journal.state import GO_LIVE, ItemStatus, SessionState
from deploytui.plan.index import PlanIndex
from deploytui.plan.model import Plan
from deploytui.plan.schedule import Span, place, shift


def agreed_spans(plan: Plan, state: SessionState) -> dict[str, Span]:
    """Every window that can be placed, by phase: the plan's, moved with go-live and by every move since."""
    moved: Counter[str] = Counter()
    for move in state.moves:
        if move.edge != GO_LIVE:
            moved[move.edge] += move.seconds
    return shift(place(plan, state.go_live or plan.go_live), moved)


def entering(index: PlanIndex, state: SessionState, phase: str, now: datetime) -> PhaseEntered:
    """What entering `phase` now means. `early_s` is 0 where its window has begun or it has none, and `before` "" where
    one goes back into an earlier phase: that leaves nothing behind."""
    stage, span = index.stage_of[phase], agreed_spans(index.plan, state).get(phase)
    early_s = int((span.start_at - now).total_seconds()) if span is not None and now < span.start_at else 0
    order = [name for name in index.phases if name not in state.set_aside]
    earlier = order[: order.index(phase)] if phase in order else []
    if not earlier:
        return PhaseEntered(phase, stage.value, early_s=early_s)
    # One comes from the last phase before it that was entered, else from the nearest in this session.
    before = ([name for name in earlier if name in state.entered] or earlier)[-1]
    was = index.stage_of[before]
    behind = [before] if was is stage else [name for name in order if index.stage_of[name] is was]
    said = (state.items.get(placed.item.id) for name in behind for placed in index.of_phase(name))
    counts = Counter(one.status if one else ItemStatus.OPEN for one in said)
    open_ = counts[ItemStatus.OPEN] + counts[ItemStatus.ACTIVE]
    left_stage = "" if was is stage else was.value
    done, failed = counts[ItemStatus.DONE], counts[ItemStatus.FAILED]
    return PhaseEntered(phase, stage.value, before, done, open_, failed, left_stage, early_s)


def left_behind(open_: int, failed: int, name: str) -> str:
    """`12 open and 1 FAILED in Execution`; "" when nothing is left."""
    words = [f"{open_} open"] * bool(open_) + [f"{failed} FAILED"] * bool(failed)
    return f"{' and '.join(words)} in {name}" if words else ""


def early_text(early_s: int) -> str:
    """`77 min early`; "" when it is time."""
    return f"{left(early_s)} early" if early_s else ""


def entered_text(entered: PhaseEntered, index: PlanIndex) -> tuple[str, str, str]:
    """The phase by its title, how early it is and what is left behind, both "" where that is nothing."""
    phase = index.phases.get(entered.phase)
    name = behind_name(index, entered.before, entered.left_stage)
    behind = left_behind(entered.open or 0, entered.failed or 0, name)
    return phase.title if phase else entered.phase, early_text(entered.early_s), behind


def entering_question(entered: PhaseEntered, index: PlanIndex) -> str:
    """`Enter Post-Deployment now, 77 min early? 12 open in Execution.`"""
    title, early, behind = entered_text(entered, index)
    text = f"Enter {title} now{', ' + early if early else ''}?"
    return f"{text} {behind}." if behind else text


def behind_name(index: PlanIndex, before: str, left_stage: str) -> str:
    """The stage that is left by its heading where it has several phases, else the phase by its title."""
    several = [phase for phase, stage in index.stage_of.items() if stage.value == left_stage]
    if left_stage and len(several) > 1:
        return index.stage_of[several[0]].heading
    known = index.phases.get(before)
    return known.title if known else before
