"""Events in words: for the journal pane, for whoever takes a session up, and for anybody who asks what happened."""

from __future__ import annotations

from typing import assert_never

from deploytui.base.units import clock_z, left, number, over
from deploytui.journal.event import Event
from deploytui.journal.fact import (
    AlarmAcked,
    BaselineCaptured,
    ClockStepped,
    DriverTook,
    EdgeMoved,
    Fact,
    FindingAccepted,
    HoldBegan,
    HoldEnded,
    ItemChecked,
    ItemFailed,
    ItemInserted,
    ItemLapsed,
    ItemOverridden,
    ItemReasoned,
    ItemRecovered,
    ItemSkipped,
    ItemStarted,
    ItemUndone,
    ItemWithdrawn,
    LevelChanged,
    NoteAdded,
    PhaseEntered,
    PhasesSetAside,
    PlanFileChanged,
    PromiseMade,
    PromiseSettled,
    RehearsalPaced,
    SessionClosed,
    SessionLeft,
    SessionOpened,
    TriggerCleared,
    TriggerRaised,
    TriggerShelved,
    Unknown,
)
from deploytui.metrics.board import Level
from deploytui.plan.index import PlanIndex
from deploytui.session.label import edge_name, item_label, item_name, level_word
from deploytui.session.transition import behind_name, early_text, left_behind
from deploytui.session.view import JournalRow

_LEVEL_GLYPH = {"ok": "✓", "watch": "▲", "breach": "✗"}

Words = tuple[str, str]  # one of the screen's state glyphs, and the text


def journal_row(event: Event, index: PlanIndex) -> JournalRow:
    """One event as one line. An event of a newer program is shown by its name, never hidden."""
    glyph, text = _words(event.fact, event.by, index)
    level: Level | None = None
    match event.fact:
        case LevelChanged() as fact:
            level = next((known for known in Level if known.value == fact.after), None)
        case ItemFailed():
            level = Level.BREACH
    said = f" (said {event.for_}{', ' + event.via if event.via else ''})" if event.for_ else ""
    clock = clock_z(event.at, seconds=True)
    return JournalRow(event.seq, event.at, clock, event.by or "SYS", glyph, text + said, level)


def counted_word(fact: Fact) -> str:
    """What it is counted as for whoever takes a session up: `ticked`; "" where it is not told. What the program did by
    itself beside an act of a person is not counted again."""
    match fact:
        case ItemChecked(auto=is_auto):
            return "" if is_auto else "ticked"
        case ItemUndone(auto=is_auto):
            return "" if is_auto else "undone"
        case ItemSkipped():
            return "skipped"
        case ItemFailed():
            return "FAILED"
        case ItemOverridden():
            return "overridden"
        case ItemInserted():
            return "inserted"
        case NoteAdded():
            return "noted"
        case EdgeMoved():
            return "moved"
        case LevelChanged(after=after):
            return "breaches" if after == "breach" else ""
        case (
            SessionOpened() | SessionLeft() | SessionClosed() | DriverTook() | PhasesSetAside() | PhaseEntered()
            | ItemStarted() | ItemReasoned() | ItemLapsed() | ItemRecovered() | ItemWithdrawn() | BaselineCaptured()
            | AlarmAcked() | TriggerRaised() | TriggerCleared() | TriggerShelved() | HoldBegan() | HoldEnded()
            | PromiseMade() | PromiseSettled() | FindingAccepted() | PlanFileChanged() | ClockStepped()
            | RehearsalPaced() | Unknown()
        ):  # fmt: skip
            return ""
        case _:
            assert_never(fact)


def _words(fact: Fact, by: str, index: PlanIndex) -> Words:
    match fact:
        case SessionOpened(go_live):
            return "▶", f"session opened, go-live {go_live}" if go_live else "session opened, no go-live"
        case SessionLeft():
            return "○", f"{by} left; nobody drives"
        case SessionClosed(outcome):
            return "■", f"session closed: {outcome}"
        case DriverTook(reason=reason):
            return "▶", f"{by} drives" + (f" ({reason})" if reason else "")
        case PhasesSetAside() as fact:
            return _set_aside(fact, index)
        case PhaseEntered() as fact:
            return _entered(fact, index)
        case ItemStarted(item, why_now=why):
            return "▶", _of_item(item, "started", why, index)
        case ItemChecked(item, evidence, why_now=why):
            return "✓", _of_item(item, "done", evidence or why, index)
        case ItemSkipped(item, reason):
            return "-", _of_item(item, "skipped", reason, index)
        case ItemFailed(item, reason):
            return "✗", _of_item(item, "FAILED", reason, index)
        case ItemReasoned(item, reason):
            return "-", _of_item(item, "reason given", reason, index)
        case ItemOverridden(item, reason):
            return "o", _of_item(item, "overridden", reason, index)
        case ItemUndone(item):
            return "-", _of_item(item, "undone", "", index)
        case ItemLapsed(item, why):
            return "▲", f"{item_label(index, item)}: NO LONGER OK, {why}"
        case ItemRecovered(item):
            return "✓", _of_item(item, "ok again", "", index)
        case ItemInserted(_, text, after):
            return "+", f"unplanned: {text}: inserted below {item_name(index, after)}"
        case ItemWithdrawn(item):
            return "-", f"{item}, which nobody had planned: taken out again"
        case NoteAdded(text, item):
            text = text.replace("\n", " / ")
            return "■", f"{item_name(index, item)}: {text}" if item else text
        case LevelChanged() as fact:
            return _level(fact, index)
        case BaselineCaptured() as fact:
            return _baseline(fact, index)
        case AlarmAcked(alarm, text):
            return "-", f"acknowledged: {text or alarm}"
        case TriggerRaised(trigger):
            return "✗", f"ROLLBACK TRIGGER raised: {_trigger_name(trigger, index)}"
        case TriggerCleared(trigger):
            return "-", f"trigger taken back: {_trigger_name(trigger, index)}"
        case TriggerShelved(trigger, reason, until):
            return "-", f"trigger shelved until {until[11:16]}Z, {reason}: {_trigger_name(trigger, index)}"
        case HoldBegan(reason, expected_at):
            return "■", f"HOLD: {reason}" + (
                f", expected to end {expected_at[11:16]}Z" if expected_at else ""
            )
        case HoldEnded():
            return "▶", "the hold is over"
        case EdgeMoved(edge, seconds, reason):
            sign = "+" if seconds > 0 else "-"
            return "▶", f"{edge_name(index, edge)} moved {sign}{left(abs(seconds))}: {reason}"
        case PromiseMade(who, due_at, item):
            about = f": {item_name(index, item)}" if item else ""
            return "○", f"{who} promised {due_at[11:16]}Z{about}"
        case PromiseSettled(kept=was_kept):
            return ("✓", "promise kept") if was_kept else ("▲", "promise broken")
        case FindingAccepted() as fact:
            until = f" until {fact.until}" if fact.until else ""
            return "-", f"finding accepted{until}, {fact.why}: {fact.code}, {fact.message}"
        case PlanFileChanged() as fact:
            return _plan_file(fact)
        case ClockStepped(seconds, is_suspended):
            if is_suspended:
                return "▲", f"this machine slept for {over(seconds)}"
            return (
                "▲",
                f"the wall clock was set {'forward' if seconds > 0 else 'back'} by {over(abs(seconds))}",
            )
        case RehearsalPaced(speed=speed):
            pace = "as fast as the clock on the wall" if speed == "1" else f"{speed} times as fast"
            return "▶", f"the rehearsal runs {pace}"
        case Unknown(kind):
            return "○", f"unknown event {kind}"
        case _:
            assert_never(fact)


def _of_item(item: str, verb: str, why: str, index: PlanIndex) -> str:
    text = f"{item_label(index, item)}: {verb}"
    return f"{text}, {why}" if why else text


def _set_aside(fact: PhasesSetAside, index: PlanIndex) -> Words:
    count = sum(len(index.phase_items.get(phase, ())) for phase in fact.phases)
    what = f"{count} items of {len(fact.phases)} earlier phases"
    if fact.elsewhere:
        return "-", f"{what} were done elsewhere: {fact.elsewhere}"
    return "-", f"{what} are not in this session"


def _entered(fact: PhaseEntered, index: PlanIndex) -> Words:
    phase = index.phases.get(fact.phase)
    text = f"entered {phase.title if phase else fact.phase}"
    if early := early_text(fact.early_s):
        text += f", {early}"
    behind = left_behind(fact.open or 0, fact.failed or 0, behind_name(index, fact.before, fact.left_stage))
    return "▶", f"{text}, with {behind}" if behind else text


def _level(fact: LevelChanged, index: PlanIndex) -> Words:
    gauge = index.gauges.get(fact.gauge)
    text = f"{gauge.title if gauge else fact.gauge}: {level_word(fact.after)}"
    return _LEVEL_GLYPH.get(fact.after, "○"), f"{text}, {fact.why}" if fact.why else text


def _baseline(fact: BaselineCaptured, index: PlanIndex) -> Words:
    gauge = index.gauges.get(fact.gauge)
    title, unit = (gauge.title, gauge.unit) if gauge else (fact.gauge, "")
    why = f" replaced, {fact.reason}" if fact.reason else ""
    value = f"{_amount(fact.value)} {unit}".rstrip()
    return "■", f"baseline of {title}{why}: {value} over {fact.samples} samples"


def _amount(text: str) -> str:
    """A number of the journal as people read it; one that is none as it stands."""
    try:
        return number(float(text))
    except ValueError:
        return text


def _trigger_name(trigger: str, index: PlanIndex) -> str:
    return next((item.text for item in index.plan.rollback.triggers if item.id == trigger), trigger)


def _plan_file(fact: PlanFileChanged) -> Words:
    match fact.became:
        case "same":
            return "✓", "the plan file is again what this session was opened with"
        case "changed":
            return "▲", f"the plan file changed on disk, now {fact.sha256[:12]}; the plan stays as opened"
        case "missing":
            return "▲", "the plan file is gone; the plan stays as opened"
        case _:
            return "▲", f"the plan file cannot be read, {fact.why}; the plan stays as opened"
