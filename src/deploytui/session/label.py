"""What things are called on the screen and in reports: items, levels, edges, counts."""

from __future__ import annotations

import re

from deploytui.journal.state import Inserted
from deploytui.plan.index import Placed, PlanIndex
from deploytui.session.view import Counts

_STEP = re.compile(r"step 0*(\d{1,4})\s*[:.)]\s+(?=\S)", re.IGNORECASE)
_LEVEL_WORD = {"no_data": "no data", "planned_stop": "planned stop"}


def level_word(level: str) -> str:
    """`no data` for `no_data`."""
    return _LEVEL_WORD.get(level, level)


def item_text(placed: Placed) -> str:
    """The item's text; its own "Step 7:" is left out where the number stands beside it anyway."""
    text = placed.item.text
    if placed.item.is_unplanned:
        return f"unplanned: {text}"
    if placed.number and (match := _STEP.match(text)) and int(match[1]) == placed.number:
        return text[match.end() :]
    return text


def item_name(index: PlanIndex, item: str) -> str:
    """`step 06` where steps have numbers, else the item's own text."""
    placed = index.by_id.get(item)
    if placed is None:
        return item
    return f"step {placed.number:02d}" if placed.number else item_text(placed)


def item_label(index: PlanIndex, item: str) -> str:
    """`06 Verify services are running`, or the text alone."""
    placed = index.by_id.get(item)
    if placed is None:
        return item
    return f"{placed.number:02d} {item_text(placed)}" if placed.number else item_text(placed)


def inserted_text(made: Inserted, at: str) -> str:
    """`inserted by ANA 02:31Z, said Kim by phone`."""
    text = f"inserted by {made.by} {at}"
    return text + (f", said {made.for_}" + (f" by {made.via}" if made.via else "") if made.for_ else "")


def unplanned_words(counts: Counts) -> str:
    """` · unplanned 1 of 2 done`, "" where nothing was inserted. Behind the planned numbers, never in them."""
    apart = counts.unplanned
    if apart is None or not apart.total:
        return ""
    failed = f", {apart.failed} FAILED" if apart.failed else ""
    return f" · unplanned {apart.done} of {apart.total}{failed}"


def edge_name(index: PlanIndex, edge: str) -> str:
    """`the end of Deployment Execution` for `exec.end`."""
    phase, _, end = edge.rpartition(".")
    known = index.phases.get(phase)
    return f"the {end} of {known.title}" if known else edge
