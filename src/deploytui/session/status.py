"""Where a session stands, for scripts and for people without the dashboard. The JSON fields are promises."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from deploytui.base.units import iso, left, over
from deploytui.journal.state import SessionState
from deploytui.journal.store import Lease
from deploytui.session.alarm import alarms, roll_back_by, rollback_text
from deploytui.session.label import item_label, level_word, unplanned_words
from deploytui.session.session import Session
from deploytui.session.view import Counts
from deploytui.session.viewer import Viewer

_COUNTS = ("total", "done", "skipped", "failed", "overridden", "deferred", "active", "open", "set_aside")
_SAID = {"by": "by", "for": "for_", "via": "via", "reason": "reason", "evidence": "evidence"}
Head = tuple[int, str]  # the last event and its hash


def status_payload(
    session: Session, now: datetime, lease: Lease, is_alive: bool, head: Head
) -> dict[str, Any]:
    """`status --json`. Items and counts cover the three stages; `is_alive` is what the caller knows of the driver."""
    state = session.state
    phase = session.current_phase(now)
    limits = roll_back_by(session)
    counts = session.tally.everything()
    return {
        "session": session.name,
        "plan": {"title": session.plan.title, "sha256": session.header.plan_sha256},
        "mode": session.header.mode,
        "state": state_word(state),
        "outcome": state.outcome or None,
        "now": iso(now),
        "go_live": iso(session.go_live) if session.go_live else None,
        "driver": driver_payload(state, lease, is_alive),
        "stage": session.index.stage_of[phase].value if phase else None,
        "phase": phase,
        "window": _window(session, phase, now),
        "roll_back_by": iso(limits[0].start_by) if limits else None,
        "roll_back_by_last": iso(limits[1].start_by) if limits else None,
        "counts": counts_payload(counts),
        "unplanned": counts_payload(counts.unplanned or Counts()),
        "items": [_item(session, placed.item.id) for placed in session.index.items],
        "gauges": [_gauge(session, spec.id, now, is_alive) for spec in session.plan.gauges],
        "alarms": [alarm.text for alarm in alarms(session, now)],
        "last_seq": head[0],
        "head": head[1],
    }


def state_word(state: SessionState) -> str:
    """How a session goes on, as scripts read it."""
    if state.is_closed:
        return "closed"
    return "held" if state.hold else "running"


def counts_payload(counts: Counts) -> dict[str, int]:
    """The counts as scripts read them; `total` leaves out what was set aside."""
    return {name: getattr(counts, name) for name in _COUNTS}


def driver_payload(state: SessionState, lease: Lease, is_alive: bool) -> dict[str, Any] | None:
    """Who drives, as scripts read it; None for nobody."""
    if lease.holder is None:
        return None
    since = state.driver_since
    return {"name": lease.holder.name, "since": iso(since) if since else None, "alive": is_alive}


def _window(session: Session, phase: str | None, now: datetime) -> dict[str, Any] | None:
    span = session.spans().get(phase) if phase else None
    if span is None:
        return None
    seconds = (span.end_at - now).total_seconds()
    return {
        "start": iso(span.start_at),
        "end": iso(span.end_at),
        "remaining_s": max(0, int(seconds)),
        "overrun_s": max(0, int(-seconds)),
    }


def _item(session: Session, item: str) -> dict[str, Any]:
    placed, said = session.index.by_id[item], session.state.items.get(item)
    return {
        "id": item,
        "text": placed.item.text,
        "state": session.status_word(item),
        "unplanned": placed.item.is_unplanned,
        "at": iso(said.at) if said else None,
        **{name: getattr(said, field, None) or None for name, field in _SAID.items()},
    }


def _gauge(session: Session, gauge: str, now: datetime, is_alive: bool) -> dict[str, Any]:
    """What the journal last said of a gauge. Without a living driver nobody measures: that is no data."""
    spec, known = session.index.gauges[gauge], session.state.levels.get(gauge)
    level, why = "no_data", "the journal knows no change of its level yet"
    if known is not None:
        why = f"nobody measures now; last known {level_word(known.level)}, {known.why}"
        level, why = (known.level, known.why) if is_alive else (level, why)
    return {
        "id": gauge,
        "title": spec.title,
        "target": spec.target or None,
        "value": None,
        "unit": spec.unit or None,
        "level": level,
        "why": why,
        "age_s": None,
        "in_level_s": max(0, int((now - known.at).total_seconds())) if known and is_alive else None,
    }


def status_text(session: Session, now: datetime, lease: Lease, is_alive: bool) -> list[str]:
    """The same on one screen of text."""
    state = session.state
    counts = session.tally.everything()
    lines = [f"{session.mark}{session.name}: {session.plan.title}"]
    lines.append(f"  state     {'closed, ' + state.outcome if state.is_closed else state_word(state)}")
    lines.append(f"  driver    {_driver_text(session, lease, is_alive, now)}")
    if session.go_live:
        seconds = (session.go_live - now).total_seconds()
        ahead = f"in {left(seconds)}" if seconds > 0 else f"{left(-seconds)} ago"
        lines.append(f"  go-live   {iso(session.go_live)} ({ahead})")
    viewer = Viewer(session)
    for stage in viewer.glance(now).stages:
        lines.append(f"  {stage.title:<11} {count_words(stage.counts)}")
    if phase := session.current_phase(now):
        lines.append(f"  phase     {session.index.phases[phase].title}{_window_text(session, phase, now)}")
        if item := viewer.next_open(phase):
            lines.append(f"  next      {item_label(session.index, item)}")
    lines.append(f"  total     {count_words(counts)}")
    if rollback := rollback_text(session, now)[0]:
        lines.append(f"  rollback  {rollback}")
    for alarm in alarms(session, now):
        lines.append(f"  alarm     {alarm.text}")
    rows = viewer.journal_rows(5)
    lines += [
        f"  {'journal' if not at else '':<9} {row.clock} {row.by} {row.text}" for at, row in enumerate(rows)
    ]
    return lines


def head_text(head: Head) -> str:
    """The last of those lines, apart because no mask may touch it: it is compared with what was noted elsewhere."""
    return f"  head      {head[1][:12]} at event {head[0]}"


def count_words(counts: Counts) -> str:
    """`6 of 18 done · 1 skipped · 1 FAILED`."""
    words = [f"{counts.done} of {counts.total} done"]
    for name in ("skipped", "failed", "overridden", "deferred"):
        if count := getattr(counts, name):
            words.append(f"{count} {'FAILED' if name == 'failed' else name}")
    if counts.set_aside:
        words.append(f"{counts.set_aside} earlier, not in this session")
    return " · ".join(words) + unplanned_words(counts)


def _driver_text(session: Session, lease: Lease, is_alive: bool, now: datetime) -> str:
    if lease.holder is None:
        at = session.state.driver_left_at
        return (
            f"nobody, {session.state.driver} left {over((now - at).total_seconds())} ago" if at else "nobody"
        )
    since = session.state.driver_since
    text = lease.holder.name + (f" since {iso(since)}" if since else "")
    return text if is_alive else f"{text}, but that program is gone"


def _window_text(session: Session, phase: str, now: datetime) -> str:
    if (span := session.spans().get(phase)) is None:
        return ""
    if now < span.start_at:
        return f", starts in {left((span.start_at - now).total_seconds())}"
    seconds = (span.end_at - now).total_seconds()
    return f", {left(seconds)} left" if seconds >= 0 else f", ended {over(-seconds)} ago"
