"""The rows of a phase: which are shown, where each stands, and below which heading."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from deploytui.session.view import RowRef, Rows


@given(st.lists(st.lists(st.booleans(), min_size=1, max_size=6), max_size=8))
def test_rows_are_the_plain_list_of_their_references(shown: list[list[bool]]) -> None:
    """Each inner list is a group, and says of each of its items whether it is shown."""
    names, plain = iter(f"i{number}" for number in range(1000)), list[RowRef]()
    known: list[str] = []
    rows = Rows()
    for number, group in enumerate(shown):
        items = [next(names) for _ in group]
        known += items
        seen = [item for item, is_shown in zip(items, group, strict=True) if is_shown]
        if seen:
            rows.add(f"g{number}", seen)
            plain += [("group", f"g{number}"), *(("item", item) for item in seen)]
    assert list(rows) == plain
    assert len(rows) == len(plain)
    assert rows[:3] == plain[:3]
    for y, (kind, ref) in enumerate(plain):
        assert rows[y] == (kind, ref)
        assert plain[rows.heading(y)][0] == "group"
        assert all(kind == "item" for kind, _ in plain[rows.heading(y) + 1 : y])
    for item in known:
        assert rows.row_of(item) == (plain.index(("item", item)) if ("item", item) in plain else None)
    assert rows.row_of("none such") is None
