"""From one phase or stage to the next: what is left behind, and how early it is. Pure.

The counts are those of the stage that is left, or of the phase where the stage stays the same.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from deploytui.base.units import left
from deploytui.journal.fact import PhaseEntered
from deploytui.journal.state import ItemStatus, SessionState
from deploytui.plan.index import PlanIndex
from deploytui.plan.schedule import Spans

_OPEN = (ItemStatus.OPEN, ItemStatus.ACTIVE)


class Transition(Struct, frozen=True):
    """Into `phase`, out of `before`. `early_s` is 0 where the window of `phase` has begun or it has none."""

    phase: str
    stage: str
    before: str = ""
    left_stage: str = ""
    done: int = 0
    open: int = 0
    failed: int = 0
    early_s: int = 0

    def fact(self) -> PhaseEntered:
        """As the journal keeps it."""
        done, open_, failed = (self.done, self.open, self.failed) if self.before else (None, None, None)
        return PhaseEntered(
            self.phase, self.stage, self.before, done, open_, failed, self.left_stage, self.early_s
        )


def transition(index: PlanIndex, state: SessionState, spans: Spans, phase: str, now: datetime) -> Transition:
    """What entering `phase` now would mean. Going back into an earlier phase leaves nothing behind."""
    stage = index.stage_of[phase]
    span = spans.get(phase)
    early_s = int((span.start_at - now).total_seconds()) if span is not None and now < span.start_at else 0
    before = _before(index, state, phase)
    if before is None:
        return Transition(phase, stage.value, early_s=early_s)
    was = index.stage_of[before]
    behind = [before] if was is stage else [
        name for name in index.phases if index.stage_of[name] is was and name not in state.set_aside
    ]  # fmt: skip
    done = open_ = failed = 0
    for name in behind:
        for placed in index.of_phase(name):
            said = state.items.get(placed.item.id)
            status = said.status if said else ItemStatus.OPEN
            done += status is ItemStatus.DONE
            open_ += status in _OPEN
            failed += status is ItemStatus.FAILED
    left_stage = "" if was is stage else was.value
    return Transition(phase, stage.value, before, left_stage, done, open_, failed, early_s)


def _before(index: PlanIndex, state: SessionState, phase: str) -> str | None:
    """The phase one comes from: the last one before it that was entered, else the nearest in this session."""
    order = [name for name in index.phases if name not in state.set_aside]
    earlier = order[: order.index(phase)] if phase in order else []
    entered = [name for name in earlier if name in state.entered]
    nearest = entered or earlier
    return nearest[-1] if nearest else None


def left_behind(open_: int, failed: int, name: str) -> str:
    """`12 open and 1 FAILED in Execution`; "" when nothing is left."""
    words = [f"{open_} open"] * bool(open_) + [f"{failed} FAILED"] * bool(failed)
    return f"{' and '.join(words)} in {name}" if words else ""


def early_text(early_s: int) -> str:
    """`77 min early`; "" when it is time."""
    return f"{left(early_s)} early" if early_s else ""


def entering_question(found: Transition, index: PlanIndex) -> str:
    """`Enter Post-Deployment now, 77 min early? 12 open in Execution.`"""
    early = early_text(found.early_s)
    text = f"Enter {index.phases[found.phase].title} now{', ' + early if early else ''}?"
    behind = left_behind(found.open, found.failed, behind_name(index, found.before, found.left_stage))
    return f"{text} {behind}." if behind else text


def behind_name(index: PlanIndex, before: str, left_stage: str) -> str:
    """The stage that is left by its heading where it has several phases, else the phase by its title."""
    several = [phase for phase, stage in index.stage_of.items() if stage.value == left_stage]
    if left_stage and len(several) > 1:
        return index.stage_of[several[0]].heading
    known = index.phases.get(before)
    return known.title if known else before
