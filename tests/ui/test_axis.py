"""The axis of the whole plan: weeks and the night's hours are both readable on it, and it says that its scale changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from deploytui.plan.model import Edge, Phase, Window
from deploytui.session.axis import ENLARGED, WHOLE, axes
from deploytui.session.view import Axis
from deploytui.ui.paint.axis import cell_of, ruler
from tests.session.fake import GO_LIVE, opened, small_plan
from tests.ui.drawn import skin, text
from tests.ui.night import seed_plan

HOUR = timedelta(hours=1)


def whole(set_aside: tuple[str, ...] | None = None, now: datetime = GO_LIVE) -> Axis:
    plan = seed_plan()
    first = tuple(phase.id for _, phase in plan.phases())[:3]
    session, _ = opened(plan=plan, at=now, set_aside=first if set_aside is None else set_aside)
    found = axes(session, now, "exec")
    assert found is not None
    return found[1]


@pytest.mark.parametrize("room", [26, 34, 52, 120])
@pytest.mark.parametrize("set_aside", [None, ()])
def test_every_phase_of_the_seed_has_columns_of_its_own(room: int, set_aside: tuple[str, ...] | None) -> None:
    axis = whole(set_aside)
    session, _ = opened(plan=seed_plan(), set_aside=set_aside or ())
    for phase, span in session.spans().items():
        if axis.holds(span.start_at):
            columns = cell_of(span.end_at, axis, room) - cell_of(span.start_at, axis, room)
            assert columns >= (2 if room < 40 else 4) or span.length > 24 * HOUR, phase
            assert columns >= 1, phase
    night = cell_of(GO_LIVE + 4 * HOUR, axis, room) - cell_of(GO_LIVE - 2 * HOUR, axis, room)
    assert night >= room * 0.55


def test_it_says_that_its_scale_changes_and_where() -> None:
    axis = whole()
    assert axis.title == ENLARGED
    drawn = text(ruler(axis, 104, skin())).split()
    assert drawn[:2] == ["22", "Nov"]
    assert drawn[-5:] == ["|06:00", "23", "Nov", "29", "Nov"]
    both = text(ruler(whole(()), 104, skin()))
    assert both.count("|") == 2  # before the night there are weeks too


def test_a_plan_of_one_night_keeps_one_scale() -> None:
    session, _ = opened(set_aside=("infra", "day1"))
    found = axes(session, GO_LIVE, "exec")
    assert found is not None
    assert (found[1].title, found[1].knots) == (WHOLE, ())


@given(
    st.lists(st.integers(1, 40 * 24 * 60), min_size=1, max_size=6),
    st.integers(-3000, 60_000),
    st.integers(8, 160),
)
@settings(deadline=None)
def test_later_is_never_further_left_whatever_the_windows(ends: list[int], now: int, room: int) -> None:
    plan = small_plan()
    before, execution, after = plan.stages
    phases = tuple(
        Phase(f"p{n}", f"P{n}", (), Window(Edge(offset_s=0), Edge(offset_s=end * 60)))
        for n, end in enumerate(ends)
    )
    session, _ = opened(plan=replace(plan, stages=(before, execution, replace(after, phases=phases))))
    at = GO_LIVE + timedelta(minutes=now)
    found = axes(session, at, "exec")
    assert found is not None
    axis = found[1]
    length = axis.end_at - axis.start_at
    instants = sorted(
        [axis.start_at + length * part / 97 for part in range(98)] + [knot for knot, _ in axis.knots]
    )
    cells = [cell_of(instant, axis, room) for instant in instants]
    assert cells == sorted(cells)
    assert (cells[0], cells[-1]) == (0, room)
    assert all(0 <= one <= other <= 1 for (_, one), (_, other) in pairwise(axis.knots))
    assert len(text(ruler(axis, room, skin()))) == room
