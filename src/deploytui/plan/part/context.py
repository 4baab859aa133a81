"""What the builders of one plan share: the report, the ids, the references, the stated go-live, the count."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from deploytui.plan.node import Node
from deploytui.plan.part.ids import Ids, References
from deploytui.plan.part.report import Report

MAX_ITEMS = 100_000


class Context(Struct):
    report: Report
    ids: Ids
    references: References
    go_live: datetime | None = None
    # What the gauges speak about.
    targets: frozenset[str] = frozenset()
    items: int = 0

    def count_item(self, node: Node) -> None:
        """One more item; past the bound reading ends here, with all that was found so far."""
        self.items += 1
        if self.items > MAX_ITEMS:
            found, most = f"more than {MAX_ITEMS:,} items", f"at most {MAX_ITEMS:,}"
            self.report.add(node, found, most, try_="splitting it")
            self.report.close()
