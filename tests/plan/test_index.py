"""Where items stand: by id and by position."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from deploytui.plan.index import PlanIndex
from deploytui.plan.model import Group, Item, Phase, Plan, Stage, StageName


@given(st.lists(st.lists(st.text(max_size=4), max_size=12), max_size=6), st.text(max_size=4))
def test_every_item_is_found_by_id_and_by_position(texts: list[list[str]], other: str) -> None:
    seen: set[str] = set()
    groups = []
    for number, group in enumerate(texts):
        fresh = [text for text in dict.fromkeys(group) if text not in seen]
        seen.update(fresh)
        nested = tuple(Item(f"{text} below", text) for text in fresh[:1])
        items = tuple(
            Item(text, text, is_ordered=True, items=nested if at == 0 else ())
            for at, text in enumerate(fresh)
        )
        groups.append(Group(f"group {number}", "", items))
    phase = Phase("p", "P", tuple(groups))
    empty = [Stage(StageName.EXECUTION, ()), Stage(StageName.POST_DEPLOY, ())]
    index = PlanIndex(Plan("x", (Stage(StageName.PRE_DEPLOY, (phase,)), *empty)))  # type: ignore[arg-type]
    expected = {placed.item.id: position for position, placed in enumerate(index.items)}
    assert {item: placed.position for item, placed in index.by_id.items()} == expected
    assert len(index.items) == len(index.by_id) == len(expected)
    for position, placed in enumerate(index.items):
        assert placed == index.by_id[placed.item.id] == index.items[position]
        assert placed.position == position
        assert placed.item in index.groups[placed.group].items or placed.depth == 1
        assert placed.parent == ("" if placed.depth == 0 else placed.item.text)
    assert (other in index.by_id) == (other in expected)
