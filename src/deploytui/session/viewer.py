"""A session as rows to draw. Everything a screen or a report shows is made here, from state, plan, board and now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec.structs import replace

from deploytui.base.units import left, number
from deploytui.journal.state import ItemState, ItemStatus
from deploytui.plan.index import Placed
from deploytui.plan.model import Mark
from deploytui.session.alarm import acked_gauges, alarm_view
from deploytui.session.axis import axes
from deploytui.session.event_text import journal_row, since_text
from deploytui.session.forecast import worked_s
from deploytui.session.item_detail import item_detail
from deploytui.session.label import (
    item_name,
    item_text,
    level_word,
    unplanned_words,
)
from deploytui.session.moment import hour, near
from deploytui.session.outlook import Outlook
from deploytui.session.rules import status_of
from deploytui.session.sensing import Sensing
from deploytui.session.session import Session
from deploytui.session.timeline import (
    go_live_text,
    identity_view,
    stage_bars,
    stage_views,
    timeline_rows,
)
from deploytui.session.trigger import Trigger, triggers_now
from deploytui.session.view import Counts, DetailView, Glance, GroupRow, ItemRow, JournalRow, Rows

_UNREAD = datetime(1970, 1, 1, tzinfo=UTC)


class Viewer:
    """The reading side of one session, on the thread that draws."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.sensing = Sensing(session.index)
        self._outlook = Outlook(session)

    def glance(self, now: datetime, shown_phase: str = "") -> Glance:
        """All that changes with time alone."""
        session = self._session
        stages = stage_views(session, now)
        return Glance(
            identity=identity_view(session, now),
            stages=stages,
            go_live=go_live_text(session, now),
            alarm=alarm_view(session, now),
            timeline=timeline_rows(session, now, self._outlook.look(now)),
            stage_bars=stage_bars(session, stages, now),
            axes=axes(session, now, shown_phase),
            readings=session.board.readings,
            acked=acked_gauges(session),
        )

    # -- the checklist ---------------------------------------------------------------------------------

    def phase_ids(self) -> list[str]:
        """Every phase in the order of the plan; set-aside ones too, so that they can be looked at."""
        return list(self._session.index.phases)

    def next_phase(self, phase: str) -> str:
        """The title of the phase after this one; "" behind the last."""
        phases = list(self._session.index.phases.values())
        places = [place for place, one in enumerate(phases[:-1]) if one.id == phase]
        return phases[places[0] + 1].title if places else ""

    def phase_title(self, phase: str) -> tuple[str, Counts]:
        return self._session.index.phases[phase].title, self._session.tally.phase(phase)

    def looking(self, phase: str, now: datetime) -> str:
        """What the pane says of a phase that is not the current one; "" for the current one."""
        session = self._session
        if phase in session.state.set_aside:
            return "done elsewhere" if session.state.done_elsewhere else "not in this session"
        if phase == session.current_phase(now) or phase in session.state.entered:
            return ""
        return "LOOKING AHEAD, not entered"

    def checklist_rows(self, phase: str, query: str = "") -> Rows:
        """Group headings and items of a phase; with a query only the items that match it."""
        index = self._session.index
        wanted = query.casefold()
        rows = Rows()
        for group in index.phases[phase].groups:
            positions: Sequence[int] = index.group_items[group.id]
            if wanted:
                positions = [at for at in positions if _matches(index.items[at], wanted)]
            shown = [index.items[at].item.id for at in positions]
            if shown:
                rows.add(group.id, shown)
        return rows

    def step(self, phase: str, wanted: int) -> str:
        """The item that is step `wanted` of the phase's first ordered group that has it, or ""."""
        for placed in self._session.index.of_phase(phase):
            if placed.number == wanted:
                return placed.item.id
        return ""

    def next_open(self, phase: str, after: str = "") -> str:
        """The next open or active item after `after`, from the top when there is none below; "" when none is."""
        session = self._session
        if phase in session.state.set_aside:
            return ""
        places = session.index.phase_items[phase]
        known = session.index.by_id.get(after)
        start = places.start if known is None else known.position + 1
        for at in (*range(start, places.stop), *range(places.start, start)):
            item: str = session.index.items[at].item.id
            if status_of(session.state, item) in (ItemStatus.OPEN, ItemStatus.ACTIVE):
                return item
        return ""

    def group_row(self, group: str) -> GroupRow:
        found = self._session.index.groups[group]
        return GroupRow(group, found.title, found.owner or "", self._session.tally.group(group))

    def item_row(self, item: str, now: datetime) -> ItemRow:
        """One line of the checklist as it stands."""
        session = self._session
        placed = session.index.by_id[item]
        said = session.state.items.get(item)
        spec = placed.item
        return ItemRow(
            id=item,
            status=session.status_word(item),
            number="+" if spec.is_unplanned else f"{placed.number:02d}" if placed.number else "",
            label=_label(placed, said),
            right=self._right(placed, said, now),
            depth=placed.depth,
            is_sensed=spec.when is not None and spec.when.ticks == "self",
            sub=self._sub_counts(placed),
            flags=_flags(placed, session.state.item_notes.get(item, 0)),
        )

    def _sub_counts(self, placed: Placed) -> str:
        """`2 of 5` for an item that has items below it: ticking it never ticks those."""
        planned = [sub for sub in placed.item.items if not sub.is_unplanned]
        if not planned:
            return ""
        states = [self._session.state.items.get(sub.id) for sub in planned]
        done = sum(1 for said in states if said and said.status is ItemStatus.DONE)
        return f"{done} of {len(states)}"

    def _right(self, placed: Placed, said: ItemState | None, now: datetime) -> str:
        zone = self._session.zone
        if (lapse := self._session.state.lapsed.get(placed.item.id)) is not None:
            return f"NO LONGER OK since {hour(lapse.since, zone)}"
        if said is not None and self._session.is_only_here(said.seq):
            return f"ONLY HERE, {said.for_ or said.by} {hour(said.at, zone)}"
        if said is not None and said.status is not ItemStatus.ACTIVE:
            return f"{said.for_ or said.by} {hour(said.at, zone)}"
        if said is not None:
            taken = worked_s(self._session.state, said.started_at or said.at, now)
            planned = placed.item.duration_s
            spent = f"{max(0, int(taken // 60))} of {-(-planned // 60)} min" if planned else left(taken)
            return f"{spent} {said.by} {hour(said.at, zone)}"
        return self._sensed_value(placed)

    def _sensed_value(self, placed: Placed) -> str:
        """The live value beside an open item that is bound to a gauge."""
        if (when := placed.item.when) is None:
            return ""
        if (reading := self._session.board.reading(when.gauge)) is None:
            return "no data"
        word = level_word(reading.level.value)
        held_s = self.sensing.held_s(placed.item.id, self._session.clock.monotonic_s())
        if held_s is not None and held_s < when.for_s:
            word = f"{word} for {int(held_s)} of {when.for_s} s"
        if reading.value is None:
            return word
        return f"{number(reading.value)} {reading.unit} {word}".replace("  ", " ")

    # -- the journal and details -----------------------------------------------------------------------

    def journal_rows(self, limit: int, skip: int = 0) -> tuple[JournalRow, ...]:
        """The newest rows first; `skip` leaves out that many of the newest. No look depends on how long it is."""
        session = self._session
        last = session.state.seq - skip
        first = max(1, last - limit + 1)
        rows = []
        for seq, event in enumerate(session.tail.between(first, last), first):
            row = _unread(seq) if event is None else journal_row(event, session.index)
            rows.append(row if session.header.mode == "live" else replace(row, text=f"REHEARSAL {row.text}"))
        return tuple(reversed(rows))

    def item_detail(self, item: str, now: datetime) -> DetailView:
        """Everything known of an item."""
        return item_detail(self._session, item, now)

    def triggers_detail(self, now: datetime) -> DetailView:
        """All rollback triggers, those that no gauge watches too."""
        session = self._session
        found = triggers_now(session.plan, session.state, session.board, now)
        lines: list[tuple[str, str]] = []
        fired = frozenset(2 * at for at, trigger in enumerate(found) if trigger.stands is Trigger.FIRED)
        for place, trigger in enumerate(found, 1):
            stands = trigger.stands.value
            label = f"{place} {stands.upper() if trigger.stands is Trigger.FIRED else stands}"
            lines += [(label, trigger.label), ("", trigger.text)]
        return DetailView("Rollback triggers", tuple(lines) or (("", "this plan has none"),), fired)

    # -- one line --------------------------------------------------------------------------------------

    def since(self, now: datetime) -> str:
        """What happened before this driver took the session up; "" for a follower, at the very start, and as long as
        the events that say it are not all read."""
        session = self._session
        if not session.is_driving:
            return ""
        return since_text(session.tail.since_led(), session.index, now, session.drove_before)

    def undo_label(self) -> str:
        """What `u` would undo: `tick 06`; "" when there is nothing."""
        state = self._session.state
        if not state.undoable:
            return ""
        _, item = state.undoable[-1]
        said = state.items.get(item)
        verbs = {"done": "tick", "skipped": "skip", "failed": "fail", "active": "start"}
        verb = verbs.get(said.status.value, said.status.value) if said else "insert"
        placed = self._session.index.by_id.get(item)
        name = f"{placed.number:02d}" if placed and placed.number else item_name(self._session.index, item)
        return f"{verb} {name}"

    def status_line(self, now: datetime) -> str:
        """The session in one line to paste into a chat."""
        session = self._session
        parts = [session.mark + session.plan.title]
        phase = session.current_phase(now)
        if phase:
            title, counts = self.phase_title(phase)
            parts.append(f"{title} {counts.done} of {counts.total}{unplanned_words(counts)}")
            span = session.spans().get(phase)
            if span and span.holds(now):
                parts.append(
                    f"ends {near(span.end_at, now)}, {left((span.end_at - now).total_seconds())} left"
                )
        parts.append(go_live_text(session, now))
        alarm = alarm_view(session, now)
        parts.append(alarm.text)
        parts.append(
            alarm.rollback[:1] + alarm.rollback[1:].lower().replace("z", "Z") if alarm.rollback else ""
        )
        return " · ".join(part for part in parts if part)


def _unread(seq: int) -> JournalRow:
    return JournalRow(seq, _UNREAD, "        ", "", "○", f"event {seq} is being read")


def _matches(placed: Placed, wanted: str) -> bool:
    spec = placed.item
    texts = (item_text(placed), spec.text, spec.id, spec.owner or "", spec.note or "")
    return any(wanted in text.casefold() for text in texts)


def _label(placed: Placed, said: ItemState | None) -> str:
    text = item_text(placed)
    if said is None:
        return text
    if said.status is ItemStatus.FAILED:
        return f"FAILED {said.reason}: {text}" if said.reason else f"FAILED, reason due: {text}"
    if said.status is ItemStatus.SKIPPED:
        return f"skipped, {said.reason}: {text}"
    return text


def _flags(placed: Placed, notes: int) -> str:
    """Short words behind the label: what is special about this line."""
    spec = placed.item
    words = [f"{notes} note" + ("s" if notes > 1 else "")] if notes else []
    if spec.gate:
        words.append("gate")
    if spec.needs_evidence:
        words.append("evidence")
    words += [mark.value for mark in spec.marks if mark is not Mark.BASELINE]
    return ", ".join(words)
