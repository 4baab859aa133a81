"""The night from its journal alone: outcome, planned and actual, what was skipped, failed and moved, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from deploytui.base.units import iso, left, over, write_duration
from deploytui.journal.fact import DriverTook, NoteAdded, PhaseEntered
from deploytui.journal.state import Accepted, ItemState, ItemStatus
from deploytui.report.baseline import Compared, baselines
from deploytui.session.forecast import worked_s
from deploytui.session.label import edge_name, item_label
from deploytui.session.rules import status_of
from deploytui.session.session import Session
from deploytui.session.transition import behind_name
from deploytui.session.view import Counts


class PhaseNight(Struct, frozen=True):
    """One phase as it was planned and as it went. `first_at` and `last_at` are its first and last act."""

    id: str
    title: str
    planned_start_at: datetime | None
    planned_end_at: datetime | None
    first_at: datetime | None
    last_at: datetime | None
    overrun_s: int
    counts: Counts


class Unplanned(Struct, frozen=True):
    """An item that was inserted during the night: below what, when, by and for whom, and what became of it."""

    id: str
    text: str
    below: str
    at: datetime
    by: str
    for_: str
    via: str
    state: str


class Entered(Struct, frozen=True):
    """A phase that was entered: when, by whom, how early, and what was left behind in `before` at that moment."""

    at: datetime
    by: str
    phase: str
    early_s: int
    before: str
    done: int
    open: int
    failed: int


class Night(Struct, frozen=True):
    """Everything a report says, ready to be written in any form."""

    session: str
    title: str
    mode: str
    outcome: str
    go_live: datetime | None
    opened_at: datetime | None
    closed_at: datetime | None
    head: str
    events: int
    drivers: tuple[tuple[datetime, str], ...]
    phases: tuple[PhaseNight, ...]
    set_aside: tuple[str, ...]
    done_elsewhere: str
    entered: tuple[Entered, ...]
    said: tuple[tuple[str, str, ItemState], ...]
    holds: tuple[tuple[datetime, datetime | None, str, int | None], ...]
    moves: tuple[tuple[datetime, str, int, str, str], ...]
    promises: tuple[tuple[str, datetime, str], ...]
    notes: tuple[tuple[datetime, str, str, str], ...]
    durations: tuple[tuple[str, int], ...]
    unplanned: tuple[Unplanned, ...] = ()
    baselines: tuple[Compared, ...] = ()
    accepted: tuple[Accepted, ...] = ()


def night(session: Session, head: tuple[int, str]) -> Night:
    """Read the night off the journal; needs all its events, not only those since a snapshot. `head` is the
    last one with its hash."""
    state = session.state
    events = session.events
    said = [
        (item, item_label(session.index, item), state_of)
        for item, state_of in sorted(state.items.items(), key=lambda entry: entry[1].seq)
    ]
    return Night(
        session=session.name,
        title=session.plan.title,
        mode=session.header.mode,
        outcome=state.outcome or "not closed",
        go_live=session.go_live,
        opened_at=state.opened_at,
        closed_at=state.closed_at,
        head=head[1],
        events=head[0],
        drivers=tuple((event.at, event.by) for event in events if isinstance(event.fact, DriverTook)),
        phases=tuple(_phases(session)),
        set_aside=tuple(
            definition.title for phase, definition in session.index.phases.items() if phase in state.set_aside
        ),
        done_elsewhere=state.done_elsewhere,
        entered=tuple(_entered(session)),
        said=tuple(said),
        holds=tuple(
            (hold.since, hold.ended_at, hold.reason, _late(hold.expected_at, hold.ended_at))
            for hold in state.holds
        ),
        moves=tuple(
            (move.at, edge_name(session.index, move.edge), move.seconds, move.reason, move.by)
            for move in state.moves
        ),
        promises=tuple(_promises(session)),
        notes=tuple(
            (event.at, event.by, event.fact.item, event.fact.text)
            for event in events
            if isinstance(event.fact, NoteAdded)
        ),
        durations=tuple(_durations(session)),
        unplanned=tuple(_unplanned(session)),
        baselines=tuple(baselines(session)),
        accepted=state.accepted,
    )


def _unplanned(session: Session) -> Iterator[Unplanned]:
    """Those that were taken out again too: they stand in the journal, and somebody may ask."""
    for made in session.state.inserted:
        below = item_label(session.index, made.after)
        word = "taken out again" if made.is_withdrawn else status_of(session.state, made.item).value
        yield Unplanned(made.item, made.text, below, made.at, made.by, made.for_, made.via, word)


def _late(expected_at: datetime | None, ended_at: datetime | None) -> int | None:
    if expected_at is None or ended_at is None:
        return None
    return max(0, int((ended_at - expected_at).total_seconds()))


def _phases(session: Session) -> list[PhaseNight]:
    planned, agreed = session.planned_spans(), session.spans()
    found = []
    for phase, definition in session.index.phases.items():
        if phase in session.state.set_aside:
            continue
        times = [
            said.at
            for placed in session.index.of_phase(phase)
            if (said := session.state.items.get(placed.item.id)) is not None
        ]
        starts = [
            said.started_at
            for placed in session.index.of_phase(phase)
            if (said := session.state.items.get(placed.item.id)) is not None and said.started_at
        ]
        span = planned.get(phase)
        last = max(times) if times else None
        end = agreed[phase].end_at if phase in agreed else None
        found.append(
            PhaseNight(
                id=phase,
                title=definition.title,
                planned_start_at=span.start_at if span else None,
                planned_end_at=span.end_at if span else None,
                first_at=min([*times, *starts]) if times or starts else None,
                last_at=last,
                overrun_s=max(0, int((last - end).total_seconds())) if last and end else 0,
                counts=session.tally.phase(phase),
            )
        )
    return found


def _entered(session: Session) -> list[Entered]:
    index = session.index
    found = []
    for event in session.events:
        if not isinstance(fact := event.fact, PhaseEntered):
            continue
        title = index.phases[fact.phase].title if fact.phase in index.phases else fact.phase
        behind = behind_name(index, fact.before, fact.left_stage) if fact.before else ""
        counts = fact.done or 0, fact.open or 0, fact.failed or 0
        found.append(Entered(event.at, event.by, title, fact.early_s, behind, *counts))
    return found


def _promises(session: Session) -> list[tuple[str, datetime, str]]:
    found = []
    for promise in session.state.promises:
        if promise.was_kept is None:
            word = "never settled"
        elif promise.was_kept:
            word = "kept"
        else:
            word = "broken"
        found.append((promise.who, promise.due_at, word))
    return found


def _durations(session: Session) -> list[tuple[str, int]]:
    """How long each step took on the work clock, to paste back into the plan; whole minutes, rounded up."""
    found = []
    for placed in session.index.items:
        said = session.state.items.get(placed.item.id)
        if said is None or said.status is not ItemStatus.DONE or said.started_at is None:
            continue
        if placed.item.is_unplanned:
            continue
        seconds = worked_s(session.state, said.started_at, said.at)
        found.append((placed.item.id, max(60, -(-int(seconds) // 60) * 60)))
    return found


def late_text(seconds: int) -> str:
    """`6 min over`, "" for nothing."""
    return f"{over(seconds)} over" if seconds else ""


def moved_text(seconds: int) -> str:
    """`+30 min`."""
    return ("+" if seconds > 0 else "-") + left(abs(seconds))


def duration_line(item: str, seconds: int) -> str:
    """A line to paste back: `exec.3: 12m`."""
    return f"{item}: {write_duration(seconds)}"


def span_text(start: datetime | None, end: datetime | None) -> str:
    """`2025-11-22T02:00:00Z to 2025-11-22T04:00:00Z`, or a dash."""
    if start is None or end is None:
        return "-"
    same_day = start.date() == end.date() and end - start < timedelta(days=1)
    return f"{iso(start)} to {iso(end)[11:] if same_day else iso(end)}"
