"""Where the phases stand: their windows, and which of the three stages each belongs to."""

from __future__ import annotations

import re
from datetime import date, datetime
from itertools import accumulate
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from deploytui.plan.markdown.arrange import Arranged, Part, stated_stage
from deploytui.plan.markdown.block import Paragraph
from deploytui.plan.markdown.calendar import DAY_S, Days, at, find_days, zone_info, zone_name
from deploytui.plan.markdown.fact import Facts
from deploytui.plan.markdown.scale import Scale, Slot, Timed, close_slots, write_window
from deploytui.plan.markdown.section import EXEC, POST, PRE, stage_votes, without_phase_number
from deploytui.plan.markdown.when import read_title
from deploytui.plan.markdown.wording import owner_of
from deploytui.plan.markdown.words import any_of
from deploytui.plan.model import Edge

_TIME_LINE = re.compile(rf"^\W*(?:{any_of('time')})\b[^:\w]*:\W*(?P<value>\S.*)$", re.I)


def place(arranged: Arranged, facts: Facts, heading: str) -> None:
    """Windows and stages of the phases. Each needs the other: what a `Week 1` is depends on what came before."""
    parts = arranged.parts
    for part in parts:
        part.timed = _timed(part, facts.year)
    go_live = facts.go_live or _assume_go_live(arranged, facts)
    scale = Scale(go_live, ZoneInfo(facts.zone), facts.year)
    closed, assumed = close_slots(_slots(parts, scale), scale)
    for place, (part, slot) in enumerate(zip(parts, closed, strict=True)):
        part.slot = slot if slot is not None and scale.is_forward(slot) else None
        if part.slot is not None and place in assumed:
            arranged.assume(part, f"it names only a start, taken as {write_window(part.slot)}")
    _choose_stages(parts, scale, heading)
    _take_stated_window(arranged, facts)
    for part in parts:
        _name(part)


def _slots(parts: list[Part], scale: Scale) -> list[Slot | None]:
    has_come = False
    slots: list[Slot | None] = []
    for part in parts:
        titles = (part.title, *part.section.titles())
        is_after = has_come or any(stage_votes(title)[POST] for title in titles)
        scale.day = _day_of(part, scale.year)
        slot = scale.slot(part.timed, is_after=is_after)
        offset = slot.start.offset_s if slot is not None and not slot.start.is_day else None
        has_come |= stage_votes(part.title)[EXEC] >= 1 or (offset is not None and offset >= 0)
        slots.append(slot)
    return slots


def _name(part: Part) -> None:
    """The part's title without its time, and its owner."""
    title = (part.timed.rest if part.slot is not None else "") or part.title
    part.owner = owner_of(part.title, []) or part.section.owner
    part.title = title if part.is_implicit else without_phase_number(title)
    for group in part.groups:
        if group.title == part.section.title:
            group.title = part.title


def _assume_go_live(arranged: Arranged, facts: Facts) -> datetime | None:
    """The go-live is the start of the part that is the deployment, where that states a time of day and the document
    has no date for any part; its day may be stated apart."""
    parts = [(part, clocks) for part in arranged.parts if (clocks := part.timed.clocks)]
    if not parts or any(one.timed.days or _day_of(one, facts.year) for one in arranged.parts):
        return None
    strong = [(part, clocks) for part, clocks in parts if stage_votes(part.title)[EXEC] >= 1]
    # "Deployment" may be anything, unless it alone says from when to when.
    closed = ((part, clocks) for part, clocks in parts if clocks.end_min is not None)
    weak = [(part, clocks) for part, clocks in closed if stage_votes(part.title)[EXEC]]
    if not strong and len(weak) != 1:
        return None
    part, clocks = (strong or weak)[0]
    facts.zone = zone_name(clocks.zone) if clocks.zone else facts.zone
    arranged.assume(
        part,
        f"its start, {clocks.start_min // 60:02d}:{clocks.start_min % 60:02d} {facts.zone}, is the go-live, T",
    )
    # Without a day it does not matter to offsets which night it is.
    day, zone = facts.day or date(2001, 1, 3), zone_info(clocks.zone) or ZoneInfo(facts.zone)
    go_live = at(day, clocks.start_min, zone)
    if facts.day is not None:
        facts.go_live, facts.go_live_line = go_live, part.line
    return go_live


def _take_stated_window(arranged: Arranged, facts: Facts) -> None:
    """Where the document states its window once, above all phases, it is that of the only phase of the execution."""
    during = [part for part in arranged.parts if part.stage == EXEC]
    is_free = len(during) == 1 and not any(part.slot is not None for part in arranged.parts)
    if is_free and facts.ends_at is not None and facts.go_live is not None:
        length = int((facts.ends_at - facts.go_live).total_seconds())
        during[0].slot = slot = Slot(Edge(0), Edge(length))
        arranged.assume(during[0], f"the stated window is its own, taken as {write_window(slot)}")


def _timed(part: Part, year: int | None) -> Timed:
    """What the title says about time, or else a line of its own below it."""
    if part.is_implicit:
        return Timed(part.title)
    timed = read_title(part.section.title, year)
    blocks = [left.block for left in part.section.left if isinstance(left.block, Paragraph)]
    for line in (line for block in blocks for line in block.lines if not timed.is_timed):
        match = _TIME_LINE.match(line.replace("*", ""))
        if match and (stated := read_title(match["value"], year)).is_timed:
            return replace(stated, rest=timed.rest)
    return timed


def _day_of(part: Part, year: int | None) -> Days | None:
    """The date that is spoken of: that of the nearest heading above with one."""
    found = (find_days(title, year) for title in part.section.titles())
    return next((days for days in found if days is not None), None)


def _choose_stages(parts: list[Part], scale: Scale, heading: str) -> None:
    """The split into before, during and after that agrees best with what the headings and windows say. Phases
    keep the order of the document, so a stage never begins again after the next one has."""
    stated = [stated_stage(part.section) for part in parts]
    wanted = [_votes(part, scale, heading) for part in parts]
    for place, votes in enumerate(wanted):
        if not any(votes):
            # What says nothing is work of the night, or preparation where the night comes later.
            votes[PRE if any(later[EXEC] >= 1 for later in wanted[place + 1 :]) else EXEC] = 0.15
    first, second = _best_split(wanted)
    for place, (part, stage) in enumerate(zip(parts, stated, strict=True)):
        part.stage = PRE if place < first else EXEC if place < second else POST
        if stage is not None and None not in stated:
            part.stage = stage


def _best_split(wanted: list[list[float]]) -> tuple[int, int]:
    """Where the second and the third stage begin, for the largest sum of votes."""
    before, during, after = ([0.0, *accumulate(votes[stage] for votes in wanted)] for stage in range(3))
    lead = [a - b for a, b in zip(before, during, strict=True)]
    begins = [0]
    for place in range(1, len(lead)):
        begins.append(place if lead[place] > lead[begins[-1]] else begins[-1])
    # Of two that are as good the later is taken.
    _, second, first = max(
        (lead[first] + during[second] + after[-1] - after[second], second, first)
        for second, first in enumerate(begins)
    )
    return first, second


def _votes(part: Part, scale: Scale, heading: str) -> list[float]:
    votes = [*stage_votes(part.title if part.is_implicit else part.section.title)]
    if not any(votes):
        uppers = ((upper, stage_votes(upper.title)) for upper in part.section.above() if upper.level)
        inherited = (found for upper, found in uppers if any(found) and upper.title != heading)
        votes = [vote * 0.5 for vote in next(inherited, votes)]
    window = _window_votes(part, scale)
    # `T+60` below `Cutover, T to T+90` is a part of it, and not what comes after.
    if _is_inside(part, scale):
        window = (window[PRE], window[EXEC], min(window[POST], 0.3))
    return [a + b + c * 0.3 for a, b, c in zip(votes, window, stage_votes(heading), strict=True)]


def _is_inside(part: Part, scale: Scale) -> bool:
    """Whether the part begins in the window of a heading above it that is the deployment's."""
    for upper in part.section.above():
        slot = read_title(upper.title, scale.year).slot if upper.level else None
        if slot is not None and slot.end is not None and part.slot is not None:
            start, end = scale.position(slot.start), scale.position(slot.end)
            return start <= 0 < end and scale.position(part.slot.start) < end
    return False


def _window_votes(part: Part, scale: Scale) -> tuple[float, float, float]:
    slot = part.slot
    if slot is None or slot.end is None or (scale.go_live is None and slot.start.at is not None):
        return (0.0, 0.0, 0.0)
    start, end = scale.position(slot.start), scale.position(slot.end)
    # Several days that end with that of the go-live prepare it; that day alone is the deployment's.
    last = end - DAY_S if slot.end.is_day and end - start > DAY_S else end
    if last <= 0 and start < 0:
        return (1.0, 0.0, 0.0)
    return (0.0, 0.0, 1.0) if start > 0 or part.timed.after is not None else (0.0, 1.0, 0.0)
