"""The states of a night as pictures for people to look at: `python -m tests.pictures.states FOLDER [NAME…]`.

Every state at the three sizes, as PNG; needs Pillow and DejaVu Sans Mono. What they say is held by tests.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyte
from msgspec.structs import replace
from rich.segment import Segment
from textual.pilot import Pilot

from deploytui.plan.model import Plan
from deploytui.session.act import Act, CheckItem, FailItem, HoldWork, MakePromise, MoveEdge, StartItem
from deploytui.ui.app import DashboardApp
from deploytui.ui.service import Services
from deploytui.ui.widgets.framed import DETAIL_REST_S
from tests.session.fake import ANA, GO_LIVE
from tests.ui.drawn import screen_lines
from tests.ui.night import make_services, seed_plan

TEXTS = Path(__file__).parent / "states.txt"
SIZES = ((80, 24), (120, 40), (200, 50))


@dataclass(frozen=True, slots=True)
class State:
    """One state of the seed's night: how far it was worked, at which minute after go-live, and what else was done."""

    minute: float
    done: int
    acts: tuple[Act, ...] = ()
    mode: str = "live"
    keys: tuple[str, ...] = ()


STATES: Mapping[str, State] = {
    "early": State(-75, -2),
    "on-time": State(42, 6),
    "late": State(100, 4, (StartItem("exec.5"), MakePromise("Kim", 600, "exec.5"))),
    "overrun": State(126, 16, (FailItem("exec.v.perf", "p95 at 900 ms"),)),
    "past-the-last-minute": State(91, 7),
    "on-hold": State(55, 6, (HoldWork("waiting for the DBA", 1200),)),
    "moved": State(55, 6, (MoveEdge("exec.end", 1800, "agreed on the bridge"),)),
    "rehearsal": State(20, 3, mode="rehearsal"),
    "timeline": State(42, 6, keys=("2",)),
    "timeline-whole": State(42, 6, keys=("2", "z")),
    "timeline-stage": State(42, 6, keys=("2", "z", "z")),
}


def services_in(state: State, plan: Plan | None = None) -> Services:
    """The seed's night worked up to that state: `done` steps of execution, or so few boxes before it."""
    plan = plan or seed_plan()
    phases = [phase.id for _, phase in plan.phases()]
    begun = GO_LIVE + timedelta(minutes=min(-110.0, state.minute - 5))
    services, clock = make_services(plan, begun, entered="pre", set_aside=tuple(phases[:3]))
    session = services.session
    session.header = replace(session.header, mode=state.mode)
    prep = [placed.item.id for placed in session.index.of_phase("pre")]
    steps = [placed.item.id for placed in session.index.of_phase("exec")]
    until = GO_LIVE + timedelta(minutes=state.minute)

    def act(what: Act, at: datetime) -> None:
        clock.advance(max(0.0, (min(at, until) - clock.now()).total_seconds()))
        session.perform(what, ANA)

    for place, item in enumerate(prep[: state.done] if state.done < 0 else prep):
        act(CheckItem(item), begun + timedelta(minutes=15 * (place + 1)))
    for place, item in enumerate(steps[: max(0, state.done)]):
        act(CheckItem(item), GO_LIVE + timedelta(minutes=5.5 * (place + 1)))
    for what in state.acts:
        act(what, until - timedelta(minutes=4))
    clock.advance((until - clock.now()).total_seconds() + 7)
    return services


async def told(name: str, cols: int, rows: int) -> list[str]:
    """What is said of time in that state: the three bars on top, and the timeline pane."""
    state = STATES[name]
    services = services_in(state)
    app = DashboardApp(services)
    async with app.run_test(size=(cols, rows)) as pilot:
        await _press(services, pilot, state.keys)
        app.dashboard.look()  # as the next second would: whether one passed meanwhile depends on the machine
        await pilot.pause()
        lines = screen_lines(app)
        pane = app.dashboard.timeline.region
    said = [*lines[:3], *(line[pane.x : pane.right] for line in lines[pane.y : pane.bottom])]
    return "\n".join(line.rstrip() for line in said).rstrip("\n").split("\n")


def kept_texts() -> str:
    """Every state's words at the two smaller sizes, as the file beside this one has them."""
    parts = []
    for name in STATES:
        for cols, rows in SIZES[:2]:
            parts += [f"== {name} {cols}x{rows}", *asyncio.run(told(name, cols, rows)), ""]
    return "\n".join(parts)


async def _press(services: Services, pilot: Pilot[Any], keys: Sequence[str]) -> None:
    """As a person would: a second apart, and until the details are there."""
    await pilot.pause()
    for key in keys:
        services.machine.advance(1)  # type: ignore[attr-defined]
        await pilot.press(key)
        await pilot.pause()
    await pilot.pause(2 * DETAIL_REST_S)


async def shot(services: Services, cols: int, rows: int, keys: Sequence[str] = ()) -> pyte.Screen:
    """The screen as a terminal would have it."""
    app = DashboardApp(services)
    async with app.run_test(size=(cols, rows)) as pilot:
        await _press(services, pilot, keys)
        lines = [list(strip) for strip in app.screen._compositor.render_strips()]
    return _screen(lines, cols, rows)


def _screen(lines: Sequence[Sequence[Segment]], cols: int, rows: int) -> pyte.Screen:
    screen = pyte.Screen(cols, rows)
    for y, segments in enumerate(lines):
        x = 0
        for text, style, _ in segments:
            for char in text:
                ink = style.color.get_truecolor().hex if style and style.color else "#d0d0d0"
                paper = style.bgcolor.get_truecolor().hex if style and style.bgcolor else "#000000"
                screen.buffer[y][x] = pyte.screens.Char(
                    char,
                    ink[1:],
                    paper[1:],
                    bool(style and style.bold),
                    reverse=bool(style and style.reverse),
                )
                x += 1
    return screen


def main(render: Callable[[pyte.Screen, Path], None]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", default=list(STATES))
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    for name in asked.names:
        for cols, rows in SIZES:
            path = asked.folder / f"{name}-{cols}.png"
            state = STATES[name]
            render(asyncio.run(shot(services_in(state), cols, rows, state.keys)), path)
            print(path)


if __name__ == "__main__":
    from tests.e2e.picture import render_png

    main(render_png)
