"""Everything known of one item, in the order a person asks for it. Pure."""

from __future__ import annotations

from datetime import datetime

from deploytui.base.units import left, number
from deploytui.journal.state import ItemState, ItemStatus
from deploytui.plan.index import Placed
from deploytui.plan.model import Limit
from deploytui.plan.schedule import instant
from deploytui.session.event_text import journal_row
from deploytui.session.forecast import must_end_text
from deploytui.session.label import inserted_text, item_label, level_word
from deploytui.session.moment import near
from deploytui.session.session import Session
from deploytui.session.view import DetailView


def item_detail(session: Session, item: str, now: datetime) -> DetailView:
    """The item as it stands, as it was planned, and what was said of it."""
    placed = session.index.by_id[item]
    said = session.state.items.get(item)
    lines = [("state", _state_text(session, placed, said, now))]
    lines += [(name, text) for name, text in _optional(session, placed, said, now) if text]
    rows = [journal_row(event, session.index) for event in session.tail.of_item(item)]
    lines += [("journal", f"{row.clock} {row.by} {row.text}") for row in rows]
    return DetailView(item_label(session.index, item), tuple(lines))


def _optional(
    session: Session, placed: Placed, said: ItemState | None, now: datetime
) -> list[tuple[str, str | None]]:
    spec = placed.item
    phase, group = session.index.phases[placed.phase], session.index.groups[placed.group]
    opens_at = instant(spec.not_before, session.go_live, session.zone) if spec.not_before else None
    is_ahead = said is None or said.status is ItemStatus.ACTIVE
    made = next((made for made in session.state.inserted if made.item == spec.id), None)
    return [
        ("reason", said.reason if said else None),
        ("evidence", said.evidence if said else None),
        ("unplanned", inserted_text(made, near(made.at, now)) if made else None),
        ("where", f"{phase.title} / {group.title}"),
        ("owner", spec.owner or group.owner or phase.owner),
        ("optional", spec.optional),
        ("planned", left(spec.duration_s) if spec.duration_s else None),
        ("must end by", must_end_text(session, spec.id, now) if is_ahead else None),
        ("not before", near(opens_at, now) if opens_at else None),
        ("needs", _needs(session, spec.needs)),
        ("limit", _limit_text(spec.limit)),
        ("gauge", _gauge_text(session, placed)),
        ("evidence", "required" if spec.needs_evidence and not (said and said.evidence) else None),
        ("marks", ", ".join(mark.value for mark in spec.marks) or None),
        ("every", left(spec.every_s) if spec.every_s else None),
        ("note", spec.note),
        ("link", spec.link),
        ("command", " ".join(spec.run.argv) if spec.run else None),
        ("announce", spec.announce),
        ("id", spec.id),
    ]


def _needs(session: Session, needs: tuple[str, ...]) -> str | None:
    states = []
    for need in needs:
        said = session.state.items.get(need)
        states.append(f"{item_label(session.index, need)} ({said.status.value if said else 'open'})")
    return "; ".join(states) or None


def _gauge_text(session: Session, placed: Placed) -> str | None:
    if (when := placed.item.when) is None:
        return None
    reading = session.board.reading(when.gauge)
    now_text = f"{level_word(reading.level.value)}, {reading.why}" if reading else "no data"
    return f"{when.gauge} {when.level}; now {now_text}"


def _limit_text(limit: Limit | None) -> str | None:
    return f"{limit.metric} {limit.op} {number(limit.value)} {limit.unit}".strip() if limit else None


def _state_text(session: Session, placed: Placed, said: ItemState | None, now: datetime) -> str:
    if placed.phase in session.state.set_aside:
        where = session.state.done_elsewhere
        return f"done elsewhere: {where}" if where else "not in this session: its phase was over at the start"
    if said is None:
        return "open"
    text = f"{said.status.value} by {said.by} {near(said.at, now)}"
    if said.for_:
        text += f", said {said.for_}" + (f" by {said.via}" if said.via else "")
    return text
