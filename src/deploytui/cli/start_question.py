"""What is asked before there is a session: when the go-live is, and what becomes of phases that are over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from deploytui.base.text import clean_line
from deploytui.base.units import over
from deploytui.cli.beginning import describe_go_live, earlier_phases, is_certain, read_go_live
from deploytui.cli.compose import Look
from deploytui.cli.console import Console
from deploytui.plan.index import PlanIndex
from deploytui.plan.model import Plan
from deploytui.plan.schedule import place
from deploytui.session.act import Earlier
from deploytui.ui.paint.skin import Skin

if TYPE_CHECKING:
    from deploytui.ui.screens.dialog import Dialog

T = TypeVar("T")

PROPOSED = "now+2h"

# Dialogs are imported where they open: a start that asks nothing does not wait for them.


def agree_go_live(console: Console, look: Look, plan: Plan, wanted: str | None) -> datetime | int:
    """T as it was given, or as it was agreed: one that is missing, past, or only a time of day is shown first."""
    now = console.clock.now()
    at = read_go_live(plan, wanted, now) if wanted is not None else plan.go_live
    if at is None or at < now:
        why = f"it was {describe_go_live(plan, at, now)}" if at else "no go-live is given"
        return ask_go_live(console, look, plan, why, PROPOSED)
    if wanted is None or is_certain(wanted):
        return at
    return ask_go_live(console, look, plan, f"{clean_line(wanted)} has no date", wanted)


def agree_earlier(console: Console, look: Look, plan: Plan, go_live: datetime | None) -> Earlier | int | None:
    """What becomes of phases that are over; None where there are none."""
    phases = earlier_phases(plan, go_live, console.clock.now())
    return ask_earlier(console, look, plan, go_live, phases) if phases else None


def ask_go_live(console: Console, look: Look, plan: Plan, why: str, proposed: str) -> datetime | int:
    """T as a person agreed to it in the dialog; an exit code where nothing shall be started."""
    from deploytui.ui.screens.start import GoLiveModal

    skin = Skin(look.theme, look.glyphs, console.mask)

    def read(text: str) -> datetime:
        return read_go_live(plan, text, console.clock.now())

    def describe(at: datetime) -> str:
        return describe_go_live(plan, at, console.clock.now())

    return _asked(console, look, GoLiveModal(skin, plan.title, why, read, describe, proposed))


def ask_earlier(
    console: Console, look: Look, plan: Plan, go_live: datetime | None, phases: Sequence[str]
) -> Earlier | int:
    """What becomes of the phases that ended before now; an exit code where nothing shall be started."""
    from deploytui.ui.screens.start import EarlierModal

    now, spans, index = console.clock.now(), place(plan, go_live), PlanIndex(plan)
    named = [
        (index.phases[phase].title, f"ended {over((now - spans[phase].end_at).total_seconds())} ago")
        for phase in phases
    ]
    boxes = sum(len(index.phase_items[phase]) for phase in phases)
    skin = Skin(look.theme, look.glyphs, console.mask)
    return _asked(console, look, EarlierModal(skin, plan.title, named, boxes))


def _asked(console: Console, look: Look, dialog: Dialog[T]) -> T | int:
    from deploytui.ui.question import QuestionApp

    app = QuestionApp(dialog, depth=look.depth, glyphs=look.glyphs, env=console.env, clock=console.clock)
    app.run()
    answer: T | None = app.answer
    return app.return_code or 0 if answer is None else answer
