"""The rows of a phase, headings and items, as two columns: each row is put together when it is looked at."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import overload

RowRef = tuple[str, str]


class Rows(Sequence[RowRef]):
    """`("group", id)` and `("item", id)`, each group above its items. `position` tells the order of the items."""

    def __init__(self, position: Callable[[str], int | None] = lambda item: None) -> None:
        self._position = position
        self._groups: list[str] = []
        self._headings: list[int] = []  # the row of each group, and how many items stand above it
        self._above: list[int] = []
        self.items: list[str] = []

    def add(self, group: str, items: Sequence[str]) -> None:
        """One more group, below the others."""
        self._headings.append(len(self))
        self._above.append(len(self.items))
        self._groups.append(group)
        self.items += items

    def __len__(self) -> int:
        return len(self._groups) + len(self.items)

    @overload
    def __getitem__(self, y: int) -> RowRef: ...

    @overload
    def __getitem__(self, y: slice) -> list[RowRef]: ...

    def __getitem__(self, y: int | slice) -> RowRef | list[RowRef]:
        if isinstance(y, slice):
            return [self[row] for row in range(len(self))[y]]
        row = range(len(self))[y]
        group = bisect_right(self._headings, row) - 1
        if self._headings[group] == row:
            return "group", self._groups[group]
        return "item", self.items[row - group - 1]

    def heading(self, y: int) -> int:
        """The row of the group that row `y` is in; -1 where there is none."""
        group = bisect_right(self._headings, y) - 1
        return self._headings[group] if group >= 0 else -1

    def row_of(self, item: str) -> int | None:
        """The row of an item, or None where it is not among them."""
        position = self._position(item)
        if position is None:
            return None
        at = bisect_left(self.items, position, key=self._place)
        if at == len(self.items) or self.items[at] != item:
            return None
        return at + bisect_right(self._above, at)

    def _place(self, item: str) -> int:
        found = self._position(item)
        return -1 if found is None else found
