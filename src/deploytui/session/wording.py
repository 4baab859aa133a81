"""Events in words, for the journal pane and for anybody who asks what happened."""

from __future__ import annotations

import re
from collections.abc import Callable

from deploytui.base.units import clock_z, left, number, over
from deploytui.journal.event import Event, Kind
from deploytui.journal.state import Inserted
from deploytui.metrics.board import Level
from deploytui.plan.index import Placed, PlanIndex
from deploytui.session.transition import behind_name, early_text, left_behind
from deploytui.session.view import Counts, JournalRow

_STEP = re.compile(r"step 0*(\d{1,4})\s*[:.)]\s+(?=\S)", re.IGNORECASE)
_LEVEL_WORD = {"no_data": "no data", "planned_stop": "planned stop"}
_LEVEL_GLYPH = {"ok": "✓", "watch": "▲", "breach": "✗"}


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


def _item(verb: str, glyph: str) -> Callable[[Event, PlanIndex], tuple[str, str]]:
    def words(event: Event, index: PlanIndex) -> tuple[str, str]:
        reason = event.text("reason") or event.text("evidence") or event.text("why_now")
        text = f"{item_label(index, event.text('item'))}: {verb}"
        return glyph, f"{text}, {reason}" if reason else text

    return words


def _opened(event: Event, index: PlanIndex) -> tuple[str, str]:
    go_live = event.text("go_live")
    return "▶", f"session opened, go-live {go_live}" if go_live else "session opened, no go-live"


def _undone(event: Event, index: PlanIndex) -> tuple[str, str]:
    return "-", f"{item_label(index, event.text('item'))}: undone"


def _inserted(event: Event, index: PlanIndex) -> tuple[str, str]:
    return "+", f"unplanned: {event.text('text')}: inserted below {item_name(index, event.text('after'))}"


def _withdrawn(event: Event, index: PlanIndex) -> tuple[str, str]:
    return "-", f"{event.text('item')}, which nobody had planned: taken out again"


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


def _note(event: Event, index: PlanIndex) -> tuple[str, str]:
    item = event.text("item")
    text = event.text("text").replace("\n", " / ")
    return "■", f"{item_name(index, item)}: {text}" if item else text


def _level(event: Event, index: PlanIndex) -> tuple[str, str]:
    gauge = next((spec for spec in index.plan.gauges if spec.id == event.text("gauge")), None)
    after = event.text("after")
    title = gauge.title if gauge else event.text("gauge")
    why = event.text("why")
    text = f"{title}: {level_word(after)}"
    return _LEVEL_GLYPH.get(after, "○"), f"{text}, {why}" if why else text


def _took(event: Event, index: PlanIndex) -> tuple[str, str]:
    reason = event.text("reason")
    return "▶", f"{event.by} drives" + (f" ({reason})" if reason else "")


def _entered(event: Event, index: PlanIndex) -> tuple[str, str]:
    phase = index.phases.get(event.text("phase"))
    text = f"entered {phase.title if phase else event.text('phase')}"
    if early := early_text(event.number("early_s")):
        text += f", {early}"
    name = behind_name(index, event.text("from"), event.text("from_stage"))
    behind = left_behind(event.number("open"), event.number("failed"), name)
    return "▶", f"{text}, with {behind}" if behind else text


def _set_aside(event: Event, index: PlanIndex) -> tuple[str, str]:
    named = event.payload.get("phases")
    phases = named if isinstance(named, list) else []
    count = sum(len(index.phase_items.get(phase, ())) for phase in phases)
    what = f"{count} items of {len(phases)} earlier phases"
    if elsewhere := event.text("elsewhere"):
        return "-", f"{what} were done elsewhere: {elsewhere}"
    return "-", f"{what} are not in this session"


def _trigger_name(event: Event, index: PlanIndex) -> str:
    named = event.text("trigger")
    return next((item.text for item in index.plan.rollback.triggers if item.id == named), named)


def _shelved(event: Event, index: PlanIndex) -> tuple[str, str]:
    until = event.text("until")[11:16]
    return "-", f"trigger shelved until {until}Z, {event.text('reason')}: {_trigger_name(event, index)}"


def _lapsed(event: Event, index: PlanIndex) -> tuple[str, str]:
    return "▲", f"{item_label(index, event.text('item'))}: NO LONGER OK, {event.text('why')}"


def _baseline(event: Event, index: PlanIndex) -> tuple[str, str]:
    gauge = next((spec for spec in index.plan.gauges if spec.id == event.text("gauge")), None)
    title, unit = (gauge.title, gauge.unit) if gauge else (event.text("gauge"), "")
    why = f" replaced, {event.text('reason')}" if event.text("reason") else ""
    value = f"{_amount(event.text('value'))} {unit}".rstrip()
    return "■", f"baseline of {title}{why}: {value} over {event.number('samples')} samples"


def _amount(text: str) -> str:
    """A number of the journal as people read it; one that is none as it stands."""
    try:
        return number(float(text))
    except ValueError:
        return text


def _hold(event: Event, index: PlanIndex) -> tuple[str, str]:
    expected = event.text("expected_at")
    return "■", f"HOLD: {event.text('reason')}" + (
        f", expected to end {expected[11:16]}Z" if expected else ""
    )


def _moved(event: Event, index: PlanIndex) -> tuple[str, str]:
    seconds = event.number("seconds")
    sign = "+" if seconds > 0 else "-"
    return (
        "▶",
        f"{edge_name(index, event.text('edge'))} moved {sign}{left(abs(seconds))}: {event.text('reason')}",
    )


def edge_name(index: PlanIndex, edge: str) -> str:
    """`the end of Deployment Execution` for `exec.end`."""
    phase, _, end = edge.rpartition(".")
    known = index.phases.get(phase)
    return f"the {end} of {known.title}" if known else edge


def _promised(event: Event, index: PlanIndex) -> tuple[str, str]:
    item = event.text("item")
    about = f": {item_name(index, item)}" if item else ""
    return "○", f"{event.text('who')} promised {event.text('due_at')[11:16]}Z{about}"


def _settled(event: Event, index: PlanIndex) -> tuple[str, str]:
    return ("✓", "promise kept") if event.payload.get("kept") is True else ("▲", "promise broken")


def _accepted(event: Event, index: PlanIndex) -> tuple[str, str]:
    until = f" until {event.text('until')}" if event.text("until") else ""
    return "-", f"finding accepted{until}, {event.text('why')}: {event.text('code')}, {event.text('message')}"


def _plan_file(event: Event, index: PlanIndex) -> tuple[str, str]:
    match event.text("became"):
        case "same":
            return "✓", "the plan file is again what this session was opened with"
        case "changed":
            return (
                "▲",
                f"the plan file changed on disk, now {event.text('sha256')[:12]}; the plan stays as opened",
            )
        case "missing":
            return "▲", "the plan file is gone; the plan stays as opened"
        case _:
            return "▲", f"the plan file cannot be read, {event.text('why')}; the plan stays as opened"


def _stepped(event: Event, index: PlanIndex) -> tuple[str, str]:
    seconds = event.number("seconds")
    if event.payload.get("suspended") is True:
        return "▲", f"this machine slept for {over(seconds)}"
    return "▲", f"the wall clock was set {'forward' if seconds > 0 else 'back'} by {over(abs(seconds))}"


def _paced(event: Event, index: PlanIndex) -> tuple[str, str]:
    speed = event.text("speed")
    pace = "as fast as the clock on the wall" if speed == "1" else f"{speed} times as fast"
    return "▶", f"the rehearsal runs {pace}"


_WORDS: dict[str, Callable[[Event, PlanIndex], tuple[str, str]]] = {
    Kind.SESSION_OPENED: _opened,
    Kind.SESSION_LEFT: lambda event, index: ("○", f"{event.by} left; nobody drives"),
    Kind.SESSION_CLOSED: lambda event, index: ("■", f"session closed: {event.text('outcome')}"),
    Kind.DRIVER_TOOK: _took,
    Kind.PHASES_SET_ASIDE: _set_aside,
    Kind.PHASE_ENTERED: _entered,
    Kind.ITEM_STARTED: _item("started", "▶"),
    Kind.ITEM_CHECKED: _item("done", "✓"),
    Kind.ITEM_SKIPPED: _item("skipped", "-"),
    Kind.ITEM_FAILED: _item("FAILED", "✗"),
    Kind.ITEM_REASONED: _item("reason given", "-"),
    Kind.ITEM_OVERRIDDEN: _item("overridden", "o"),
    Kind.ITEM_UNDONE: _undone,
    Kind.ITEM_INSERTED: _inserted,
    Kind.ITEM_WITHDRAWN: _withdrawn,
    Kind.NOTE_ADDED: _note,
    Kind.LEVEL_CHANGED: _level,
    Kind.ITEM_LAPSED: _lapsed,
    Kind.ITEM_RECOVERED: lambda event, index: (
        "✓",
        f"{item_label(index, event.text('item'))}: ok again",
    ),
    Kind.BASELINE_CAPTURED: _baseline,
    Kind.ALARM_ACKED: lambda event, index: (
        "-",
        f"acknowledged: {event.text('text') or event.text('alarm')}",
    ),
    Kind.TRIGGER_RAISED: lambda event, index: (
        "✗",
        f"ROLLBACK TRIGGER raised: {_trigger_name(event, index)}",
    ),
    Kind.TRIGGER_CLEARED: lambda event, index: ("-", f"trigger taken back: {_trigger_name(event, index)}"),
    Kind.TRIGGER_SHELVED: _shelved,
    Kind.HOLD_BEGAN: _hold,
    Kind.HOLD_ENDED: lambda event, index: ("▶", "the hold is over"),
    Kind.EDGE_MOVED: _moved,
    Kind.PROMISE_MADE: _promised,
    Kind.PROMISE_SETTLED: _settled,
    Kind.FINDING_ACCEPTED: _accepted,
    Kind.PLAN_FILE_CHANGED: _plan_file,
    Kind.CLOCK_STEPPED: _stepped,
    Kind.REHEARSAL_PACED: _paced,
}


def journal_row(event: Event, index: PlanIndex) -> JournalRow:
    """One event as one line. An event of a newer program is shown by its name, never hidden."""
    words = _WORDS.get(event.kind)
    glyph, text = words(event, index) if words else ("○", f"unknown event {event.kind}")
    level: Level | None = None
    if event.kind == Kind.LEVEL_CHANGED:
        level = next((known for known in Level if known.value == event.text("after")), None)
    if event.kind == Kind.ITEM_FAILED:
        level = Level.BREACH
    said = f" (said {event.for_}{', ' + event.via if event.via else ''})" if event.for_ else ""
    clock = clock_z(event.at, seconds=True)
    return JournalRow(event.seq, event.at, clock, event.by or "SYS", glyph, text + said, level)
