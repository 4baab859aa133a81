"""Where the phases stand: their windows, and which of the three stages each belongs to."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from deploytui.plan.markdown.arrange import Arranged, Part, stated_stage
from deploytui.plan.markdown.block import Paragraph
from deploytui.plan.markdown.calendar import Clocks, Days, at, find_days, zone_info, zone_name
from deploytui.plan.markdown.fact import Facts
from deploytui.plan.markdown.role import (
    EXEC,
    POST,
    PRE,
    stage_votes,
    without_phase_number,
)
from deploytui.plan.markdown.scale import Edge, Scale, Slot, Timed, close_slots, write_window
from deploytui.plan.markdown.when import read_title
from deploytui.plan.markdown.wording import owner_of
from deploytui.plan.markdown.words import any_of

_TIME_LINE = re.compile(rf"^\W*(?:{any_of('time')})\b[^:\w]*:\W*(?P<value>\S.*)$", re.I)


def place(arranged: Arranged, facts: Facts, heading: str) -> None:
    """Windows and stages of the phases. Each needs the other: what a `Week 1` is depends on what came before."""
    parts = arranged.parts
    if facts.go_live is None:
        _assume_go_live(arranged, facts)
    scale = Scale(facts.go_live or _some_night(parts, facts), ZoneInfo(facts.zone), facts.year)
    has_come = False
    slots: list[Slot | None] = []
    for part in parts:
        part.timed = _timed(part, scale.year)
        votes = stage_votes(part.title)
        is_after = (
            has_come
            or bool(votes[POST])
            or any(stage_votes(upper.title)[POST] for upper in part.section.above())
        )
        scale.day = _day_of(part, scale.year)
        slot = scale.slot(part.timed, is_after=is_after)
        slots.append(slot)
        has_come = (
            has_come
            or votes[EXEC] >= 1
            or (slot is not None and slot.start.offset_s is not None and slot.start.offset_s >= 0)
        )
    closed, assumed = close_slots(slots, scale)
    for place, (part, slot) in enumerate(zip(parts, closed, strict=True)):
        if slot is not None and slot.end is not None and scale.is_forward(slot):
            part.slot = slot
            if place in assumed:
                arranged.assumed.append(
                    (part.line, part.title, f"assumed: it names only a start, taken as {write_window(slot)}")
                )
    _choose_stages(parts, scale, heading)
    _take_stated_window(arranged, facts)
    for part in parts:
        rest = part.timed.rest if part.timed is not None and part.slot is not None else part.title
        part.owner = owner_of(part.title, []) or part.section.owner
        title = rest or part.title
        if not part.is_implicit:
            title = without_phase_number(title)
        for group in part.groups:
            if group.title == part.section.title:
                group.title = title
        part.title = title


def _night(parts: list[Part], facts: Facts) -> tuple[Part, Clocks] | None:
    """The part that is the deployment, where it states a time of day and the document has no date for any part."""
    timed = [(part, _timed(part, facts.year)) for part in parts]
    if any(one.days is not None or _day_of(part, facts.year) is not None for part, one in timed):
        return None
    clocked = [(part, one.clocks, stage_votes(part.title)[EXEC]) for part, one in timed if one.clocks]
    strong = next(((part, clocks) for part, clocks, vote in clocked if vote >= 1), None)
    if strong is not None:
        return strong
    # "Deployment" may be anything, unless it alone says from when to when.
    weak = [(part, clocks) for part, clocks, vote in clocked if vote > 0 and clocks.end_min is not None]
    return weak[0] if len(weak) == 1 else None


def _assume_go_live(arranged: Arranged, facts: Facts) -> None:
    """The day of the go-live is stated, its time is that of the deployment's own window."""
    found = _night(arranged.parts, facts)
    if found is None:
        return
    part, clocks = found
    if clocks.zone:
        facts.zone = zone_name(clocks.zone)
    if facts.day is not None:
        facts.go_live = at(facts.day, clocks.start_min, zone_info(clocks.zone) or ZoneInfo(facts.zone))
        facts.go_live_line = part.line
    clock = f"{clocks.start_min // 60:02d}:{clocks.start_min % 60:02d}"
    arranged.assumed.append(
        (part.line, part.title, f"assumed: its start, {clock} {facts.zone}, is the go-live, T")
    )


def _some_night(parts: list[Part], facts: Facts) -> datetime | None:
    """A night to count from where only times of day are stated: which one it is does not matter to offsets."""
    found = _night(parts, facts)
    if found is None:
        return None
    return at(date(2001, 1, 3), found[1].start_min, zone_info(found[1].zone) or ZoneInfo(facts.zone))


def _take_stated_window(arranged: Arranged, facts: Facts) -> None:
    """Where the document states its window once, above all phases, it is that of the only phase of the execution."""
    during = [part for part in arranged.parts if part.stage == EXEC]
    if facts.ends_at is None or facts.go_live is None or len(during) != 1:
        return
    if any(part.slot is not None for part in arranged.parts):
        return
    part, length = during[0], int((facts.ends_at - facts.go_live).total_seconds())
    part.slot = Slot(Edge(0), Edge(length))
    said = f"assumed: the stated window is its own, taken as {write_window(part.slot)}"
    arranged.assumed.append((part.line, part.title, said))


def _timed(part: Part, year: int | None) -> Timed:
    timed = read_title(part.section.title, year) if not part.is_implicit else Timed(part.title)
    if timed.is_timed or part.is_implicit:
        return timed
    for left in part.section.left:
        if isinstance(left.block, Paragraph):
            for line in left.block.lines:
                match = _TIME_LINE.match(line.replace("*", ""))
                if match and (stated := read_title(match["value"], year)).is_timed:
                    return replace(stated, rest=timed.rest)
    return timed


def _day_of(part: Part, year: int | None) -> Days | None:
    """The date that is spoken of: that of the nearest heading above with one."""
    for section in (part.section, *part.section.above()):
        if (days := find_days(section.title, year)) is not None:
            return days
    return None


def _choose_stages(parts: list[Part], scale: Scale, heading: str) -> None:
    """The split into before, during and after that agrees best with what the headings and windows say. Phases
    keep the order of the document, so a stage never begins again after the next one has."""
    wanted = [_votes(part, scale, heading) for part in parts]
    has_execution = any(votes[EXEC] >= 1 for votes in wanted)
    for place, votes in enumerate(wanted):
        if not any(votes):
            # What says nothing is work of the night, or preparation where the night comes later.
            comes_later = has_execution and any(later[EXEC] >= 1 for later in wanted[place + 1 :])
            votes[PRE if comes_later else EXEC] = 0.15
    first, second = _best_split(wanted)
    stated = [stated_stage(part.section) for part in parts]
    for place, (part, stage) in enumerate(zip(parts, stated, strict=True)):
        part.stage = PRE if place < first else EXEC if place < second else POST
        if stage is not None and None not in stated:
            part.stage = stage


def _best_split(wanted: list[list[float]]) -> tuple[int, int]:
    """Where the second and the third stage begin, for the largest sum of votes."""
    before = [0.0]
    during = [0.0]
    after = [0.0]
    for votes in wanted:
        before.append(before[-1] + votes[PRE])
        during.append(during[-1] + votes[EXEC])
        after.append(after[-1] + votes[POST])
    best, chosen = -1.0, (0, len(wanted))
    gain, begins = 0.0, 0
    for second in range(len(wanted) + 1):
        if before[second] - during[second] > gain:
            gain, begins = before[second] - during[second], second
        total = gain + during[second] + after[-1] - after[second]
        if total >= best:
            best, chosen = total, (begins, second)
    return chosen


def _votes(part: Part, scale: Scale, heading: str) -> list[float]:
    votes = list(stage_votes(part.section.title if not part.is_implicit else part.title))
    if not any(votes):
        for upper in part.section.above():
            upper_votes = stage_votes(upper.title)
            if upper.level and any(upper_votes) and upper.title != heading:
                votes = [vote * 0.5 for vote in upper_votes]
                break
    window = _window_votes(part, scale)
    # `T+60` below `Cutover, T to T+90` is a part of it, and not what comes after.
    if _is_inside(part, scale):
        window = (window[PRE], window[EXEC], min(window[POST], 0.3))
    for stage, vote in enumerate(window):
        votes[stage] += vote
    for stage, vote in enumerate(stage_votes(heading)):
        votes[stage] += vote * 0.3
    return votes


def _is_inside(part: Part, scale: Scale) -> bool:
    """Whether the part begins in the window of a heading above it that is the deployment's."""
    for upper in part.section.above():
        slot = read_title(upper.title, scale.year).slot if upper.level else None
        if slot is not None and slot.end is not None and part.slot is not None:
            is_deployment = scale.position(slot.start) <= 0 < scale.position(slot.end)
            return is_deployment and scale.position(part.slot.start) < scale.position(slot.end)
    return False


def _window_votes(part: Part, scale: Scale) -> tuple[float, float, float]:
    slot = part.slot
    if slot is None or slot.end is None or (scale.go_live is None and slot.start.at is not None):
        return (0.0, 0.0, 0.0)
    start, end = scale.position(slot.start), scale.position(slot.end)
    if end <= 0 and start < 0:
        return (1.0, 0.0, 0.0)
    if start > 0 or (part.timed is not None and part.timed.after is not None):
        return (0.0, 0.0, 1.0)
    return (0.0, 1.0, 0.0)
