"""What importing Markdown costs beside finding its blocks alone, and whether a box costs the same in any crowd."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from markdown_it import MarkdownIt

from deploytui.plan.load import read_plan

Row = tuple[str, float, float, float]
SIZES = (1_000, 10_000, 100_000)


def document(boxes: int) -> str:
    """A checklist of so many boxes, ten under each heading, with the marks and limits that real ones have."""
    lines = ["# Bench", "**Deployment Date:** November 22, 2025, 2:00 AM UTC"]
    for number in range(boxes):
        if number % 10 == 0:
            lines.append(f"\n### Group {number} (15 minutes)\n")
        lines.append(
            f"- [ ] **Step {number}:** run `make it`, see [docs](https://docs.example/{number}) < 500ms"
        )
    return "\n".join(lines) + "\n"


def _timed_ms(work: Callable[[], object]) -> float:
    """One run, without the collector: the program pauses it while it reads."""
    gc.collect()
    gc.disable()
    began = time.perf_counter()
    try:
        work()
        return (time.perf_counter() - began) * 1000
    finally:
        gc.enable()


def measure(*, is_quick: bool = False) -> list[Row]:
    """Floor: markdown-it finding the blocks, without inline text. Seen: from the bytes to a plan."""
    read_plan(document(10).encode(), "warm.md")
    rows: list[Row] = []
    each_us: list[float] = []
    for boxes in SIZES[: 2 if is_quick else 3]:
        text = document(boxes)
        parser = MarkdownIt("commonmark").enable("table").disable("inline")
        floor = _timed_ms(lambda text=text, parser=parser: parser.parse(text))
        seen = _timed_ms(lambda text=text: read_plan(text.encode(), "bench.md"))
        rows.append((f"import of {boxes:,} boxes in Markdown, ms (blocks alone)", floor, seen, seen / floor))
        each_us.append(seen * 1000 / boxes)
    rows.append(
        ("  a box among the most, µs (among 1,000)", each_us[0], each_us[-1], each_us[-1] / each_us[0])
    )
    return rows
