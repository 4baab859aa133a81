"""What is kept of the work that is left is what counting every item again would say, whatever happened."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from deploytui.base.errors import Refused
from deploytui.journal.state import ItemStatus
from deploytui.plan.index import Placed
from deploytui.session.act import (
    Act,
    CheckItem,
    FailItem,
    InsertItem,
    OverrideItem,
    SkipItem,
    StartItem,
    UndoLast,
)
from deploytui.session.forecast import work_left, work_left_in
from deploytui.session.item_rules import status_of
from deploytui.session.progress import Effort
from deploytui.session.session import Session
from deploytui.session.viewer import Viewer
from tests.session.fake import ANA, opened
from tests.session.test_night_clock import timed_plan

ITEMS = ("pre.1", "pre.2", "exec.1", "exec.2", "exec.3", "val.2", "val.2a", "post.1", "day1.1")
ACTS = st.sampled_from(ITEMS).flatmap(
    lambda item: st.sampled_from(
        [CheckItem(item), StartItem(item), SkipItem(item, "no"), FailItem(item, "3 errors"),
         OverrideItem(item, "yes"), InsertItem("one more", item), UndoLast()]
    )
)  # fmt: skip


@given(st.lists(st.tuples(ACTS, st.integers(0, 400)), max_size=25))
def test_the_kept_work_is_the_counted_work(acts: list[tuple[Act, int]]) -> None:
    session, clock = opened(plan=timed_plan(known=8))
    for act, later_s in acts:
        try:
            session.perform(act, ANA)
        except Refused:
            continue
        clock.advance(later_s)
        now = clock.now()
        for phase in session.index.phases:
            counted = work_left(session.state, session.index.of_phase(phase), now)
            kept = work_left_in(session, phase, now)
            assert (kept.items, kept.unknown) == (counted.items, counted.unknown)
            assert abs(kept.seconds - counted.seconds) < 1e-6
            anew = Effort(session.index, session.state).of(phase)
            assert anew == session.effort.of(phase)
            for placed in session.index.of_phase(phase):
                assert Viewer(session).next_open(phase, placed.item.id) == walked(session, placed)


def walked(session: Session, after: Placed) -> str:
    """The next open item, by asking every item of the phase in turn."""
    items = [] if after.phase in session.state.set_aside else list(session.index.of_phase(after.phase))
    if not items:
        return ""
    place = items.index(after) + 1
    for placed in items[place:] + items[:place]:
        if status_of(session.state, placed.item.id) in (ItemStatus.OPEN, ItemStatus.ACTIVE):
            return placed.item.id
    return ""


def test_the_next_open_item_is_found_without_asking_the_done_ones() -> None:
    session, _ = opened(plan=timed_plan())
    for step in range(1, 9):
        session.perform(CheckItem(f"exec.{step}"), ANA)
    asked: list[int] = []

    class Counted(list[Placed]):
        def __getitem__(self, at: Any) -> Any:
            asked.append(at)
            return super().__getitem__(at)

    session.index.items = Counted(session.index.items)
    assert Viewer(session).next_open("exec") == "exec.9"
    assert len(asked) == 1
