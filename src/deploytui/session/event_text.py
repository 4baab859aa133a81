"""Events in words: for the journal pane, for whoever takes a session up, and for anybody who asks what happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from msgspec import Struct

from deploytui.base.units import clock_z, left, number, over
from deploytui.journal import fact
from deploytui.journal.event import Event
from deploytui.journal.fact import Fact
from deploytui.metrics.board import Level
from deploytui.plan.index import PlanIndex
from deploytui.session.act import SYSTEM
from deploytui.session.label import edge_name, item_label, item_name, level_word
from deploytui.session.moment import near
from deploytui.session.transition import entered_text
from deploytui.session.view import JournalRow

_LEVEL_GLYPH = {"ok": "✓", "watch": "▲", "breach": "✗"}
_PLAN_FILE = {
    "changed": "changed on disk, now {sha256:.12}",
    "missing": "is gone",
    "unreadable": "cannot be read, {why}",
}


class Words(Struct, frozen=True):
    """`glyph` is one of the screen's state glyphs. `counted` is what it is counted as for whoever takes a session up,
    "" where it is not told: what the program did by itself beside an act of a person is not counted again."""

    glyph: str
    text: str
    counted: str = ""
    level: Level | None = None


def journal_row(event: Event, index: PlanIndex) -> JournalRow:
    """One event as one line. An event of a newer program is shown by its name, never hidden."""
    words = _words(event.fact, event.by, index)
    said = f" (said {event.for_}{', ' + event.via if event.via else ''})" if event.for_ else ""
    clock = clock_z(event.at, seconds=True)
    return JournalRow(
        event.seq, event.at, clock, event.by or "SYS", words.glyph, words.text + said, words.level
    )


def _words(said: Fact, by: str, index: PlanIndex) -> Words:
    match said:
        case fact.SessionOpened(go_live):
            return Words(
                "▶", f"session opened, go-live {go_live}" if go_live else "session opened, no go-live"
            )
        case fact.SessionLeft():
            return Words("○", f"{by} left; nobody drives")
        case fact.SessionClosed(outcome):
            return Words("■", f"session closed: {outcome}")
        case fact.DriverTook(reason=reason):
            return Words("▶", f"{by} drives" + (f" ({reason})" if reason else ""))
        case fact.PhasesSetAside(phases, elsewhere):
            count = sum(len(index.phase_items.get(phase, ())) for phase in phases)
            where = f"were done elsewhere: {elsewhere}" if elsewhere else "are not in this session"
            return Words("-", f"{count} items of {len(phases)} earlier phases {where}")
        case fact.PhaseEntered():
            title, early, behind = entered_text(said, index)
            parts = [f"entered {title}", early, f"with {behind}" if behind else ""]
            return Words("▶", ", ".join(part for part in parts if part))
        case fact.ItemStarted(item, why_now=why):
            return Words("▶", _of_item(item, "started", why, index))
        case fact.ItemChecked(item, evidence, is_auto, why):
            return Words("✓", _of_item(item, "done", evidence or why, index), "" if is_auto else "ticked")
        case fact.ItemSkipped(item, reason):
            return Words("-", _of_item(item, "skipped", reason, index), "skipped")
        case fact.ItemFailed(item, reason):
            return Words("✗", _of_item(item, "FAILED", reason, index), "FAILED", Level.BREACH)
        case fact.ItemReasoned(item, reason):
            return Words("-", _of_item(item, "reason given", reason, index))
        case fact.ItemOverridden(item, reason):
            return Words("o", _of_item(item, "overridden", reason, index), "overridden")
        case fact.ItemUndone(item, auto=is_auto):
            return Words("-", _of_item(item, "undone", "", index), "" if is_auto else "undone")
        case fact.ItemLapsed(item, why):
            return Words("▲", _of_item(item, "NO LONGER OK", why, index))
        case fact.ItemRecovered(item):
            return Words("✓", _of_item(item, "ok again", "", index))
        case fact.ItemInserted(_, text, after):
            return Words("+", f"unplanned: {text}: inserted below {item_name(index, after)}", "inserted")
        case fact.ItemWithdrawn(item):
            return Words("-", f"{item}, which nobody had planned: taken out again")
        case fact.NoteAdded(text, item):
            text = text.replace("\n", " / ")
            return Words("■", f"{item_name(index, item)}: {text}" if item else text, "noted")
        case fact.LevelChanged(gauge, _, after, why):
            title, _ = _gauge(gauge, index)
            text = f"{title}: {level_word(after)}" + (f", {why}" if why else "")
            level = next((known for known in Level if known.value == after), None)
            counted = "breaches" if level is Level.BREACH else ""
            return Words(_LEVEL_GLYPH.get(after, "○"), text, counted, level)
        case fact.BaselineCaptured(gauge, value, _, samples, reason):
            title, unit = _gauge(gauge, index)
            why = f" replaced, {reason}" if reason else ""
            amount = f"{_amount(value)} {unit}".rstrip()
            return Words("■", f"baseline of {title}{why}: {amount} over {samples} samples")
        case fact.AlarmAcked(alarm, text):
            return Words("-", f"acknowledged: {text or alarm}")
        case fact.TriggerRaised(trigger):
            return Words("✗", f"ROLLBACK TRIGGER raised: {_trigger_name(trigger, index)}")
        case fact.TriggerCleared(trigger):
            return Words("-", f"trigger taken back: {_trigger_name(trigger, index)}")
        case fact.TriggerShelved(trigger, reason, until):
            name = _trigger_name(trigger, index)
            return Words("-", f"trigger shelved until {until[11:16]}Z, {reason}: {name}")
        case fact.HoldBegan(reason, expected_at):
            until = f", expected to end {expected_at[11:16]}Z" if expected_at else ""
            return Words("■", f"HOLD: {reason}{until}")
        case fact.HoldEnded():
            return Words("▶", "the hold is over")
        case fact.EdgeMoved(edge, seconds, reason):
            by_much = f"{'+' if seconds > 0 else '-'}{left(abs(seconds))}"
            return Words("▶", f"{edge_name(index, edge)} moved {by_much}: {reason}", "moved")
        case fact.PromiseMade(who, due_at, item):
            about = f": {item_name(index, item)}" if item else ""
            return Words("○", f"{who} promised {due_at[11:16]}Z{about}")
        case fact.PromiseSettled(kept=was_kept):
            return Words("✓", "promise kept") if was_kept else Words("▲", "promise broken")
        case fact.FindingAccepted(code, _, message, why, until):
            until = f" until {until}" if until else ""
            return Words("-", f"finding accepted{until}, {why}: {code}, {message}")
        case fact.PlanFileChanged("same"):
            return Words("✓", "the plan file is again what this session was opened with")
        case fact.PlanFileChanged(became, sha256, why):
            form = _PLAN_FILE.get(became, _PLAN_FILE["unreadable"])
            return Words(
                "▲", f"the plan file {form.format(sha256=sha256, why=why)}; the plan stays as opened"
            )
        case fact.ClockStepped(seconds, is_suspended):
            if is_suspended:
                return Words("▲", f"this machine slept for {over(seconds)}")
            way = "forward" if seconds > 0 else "back"
            return Words("▲", f"the wall clock was set {way} by {over(abs(seconds))}")
        case fact.RehearsalPaced(speed=speed):
            pace = "as fast as the clock on the wall" if speed == "1" else f"{speed} times as fast"
            return Words("▶", f"the rehearsal runs {pace}")
        case fact.Unknown(kind):
            return Words("○", f"unknown event {kind}")
        case _:
            assert_never(said)


def _of_item(item: str, verb: str, why: str, index: PlanIndex) -> str:
    text = f"{item_label(index, item)}: {verb}"
    return f"{text}, {why}" if why else text


def _gauge(gauge: str, index: PlanIndex) -> tuple[str, str]:
    """Its title and its unit."""
    known = index.gauges.get(gauge)
    return (known.title, known.unit) if known else (gauge, "")


def _amount(text: str) -> str:
    """A number of the journal as people read it; one that is none as it stands."""
    try:
        return number(float(text))
    except ValueError:
        return text


def _trigger_name(trigger: str, index: PlanIndex) -> str:
    return next((item.text for item in index.plan.rollback.triggers if item.id == trigger), trigger)


def since_text(events: Sequence[Event], index: PlanIndex, now: datetime, driver: str = "") -> str:
    """What happened while nobody was driving, or somebody else was: `since 02:10Z: 6 ticked, 1 skipped; no driver for
    47 min`. `events` end with the driver's taking of the lease; what is told is what came after the last word of the
    driver before: it left, or it died behind its last event or its gauges' last one. `driver` is who that was, where
    the events begin too late to say. "" at the very start of a session."""
    takes = [at for at, event in enumerate(events) if isinstance(event.fact, fact.DriverTook)]
    if not takes:
        return ""
    if len(takes) > 1:
        driver = events[takes[-2]].by
    elif events[0].seq == 1:
        driver = ""  # all is here, and nobody drove before
    heard = [at for at in range(takes[-1]) if driver and events[at].by in (driver, SYSTEM)]
    if not heard:
        return ""
    said, taken = events[heard[-1]], events[takes[-1]]
    after = events[heard[-1] + 1 : takes[-1]]
    counts = Counter(word for event in after if (word := _words(event.fact, event.by, index).counted))
    breaches = counts.pop("breaches", 0)  # after all that people did
    parts = [f"{count} {word}" for word, count in counts.items()]
    parts += [f"{breaches} breaches"] if breaches else []
    pause = over((taken.at - said.at).total_seconds())
    return f"since {near(said.at, now)}: {', '.join(parts) or 'nothing happened'}; no driver for {pause}"
