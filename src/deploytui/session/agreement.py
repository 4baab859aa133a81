"""The windows of a session as they were last agreed: the plan's, the go-live's, and every move since. Pure."""

from __future__ import annotations

from deploytui.journal.state import GO_LIVE, SessionState
from deploytui.plan.model import Plan
from deploytui.plan.schedule import Span, place, shift


def moved_by(state: SessionState) -> dict[str, int]:
    """How far each edge was moved in all, without go-live."""
    total: dict[str, int] = {}
    for move in state.moves:
        if move.edge != GO_LIVE:
            total[move.edge] = total.get(move.edge, 0) + move.seconds
    return total


def agreed_spans(plan: Plan, state: SessionState) -> dict[str, Span]:
    """Every window that can be placed, by phase."""
    return shift(place(plan, state.go_live or plan.go_live), moved_by(state))
