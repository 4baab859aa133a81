"""The rows of a phase: headings of groups, each above its items."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

RowRef = tuple[str, str]


class Rows(list[RowRef]):
    """`("group", id)` and `("item", id)`, in the order in which they are seen."""

    def __init__(self) -> None:
        super().__init__()
        self._headings: list[int] = []
        self._row_of: dict[str, int] = {}

    def add(self, group: str, items: Sequence[str]) -> None:
        """One more group, below the others."""
        self._headings.append(len(self))
        self.append(("group", group))
        self._row_of.update({item: y for y, item in enumerate(items, len(self))})
        self += [("item", item) for item in items]

    @property
    def item_count(self) -> int:
        return len(self._row_of)

    def heading(self, y: int) -> int:
        """The row of the group that row `y` is in; -1 where there is none."""
        group = bisect_right(self._headings, y) - 1
        return self._headings[group] if group >= 0 else -1

    def row_of(self, item: str) -> int | None:
        """The row of an item, or None where it is not among them."""
        return self._row_of.get(item)
