"""The report of a night as Markdown: what a change ticket or a review wants to read."""

from __future__ import annotations

from msgspec.structs import replace

from deploytui.base.mask import Mask
from deploytui.base.units import iso
from deploytui.plan.lint import acceptance_lines
from deploytui.report.escape import escape, escape_block, table
from deploytui.report.night import Night, duration_line, late_text, moved_text, span_text
from deploytui.session.finding import as_finding
from deploytui.session.status import count_words
from deploytui.session.transition import early_text, left_behind

_SPOKEN = ("skipped", "failed", "overridden")


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    return table(head, [[escape(cell) for cell in row] for row in rows])


def night_markdown(night: Night, mask: Mask) -> str:
    """Every part that has something to say, in the order of a review. Masked here, before anything is escaped."""
    night = replace(mask.value(night), durations=night.durations)
    parts = [
        _head(night),
        _phases(night),
        _entered(night),
        _exceptions(night),
        _unplanned(night),
        _holds(night),
        _moves(night),
        _promises(night),
        _baselines(night),
        _notes(night),
        _items(night),
        _durations(night),
        _accepted(night),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _head(night: Night) -> list[str]:
    mark = "REHEARSAL: " if night.mode == "rehearsal" else ""
    lines = [f"# {mark}{escape(night.title)}", ""]
    facts = [
        ("Session", night.session),
        ("Outcome", night.outcome),
        ("Go-live", iso(night.go_live) if night.go_live else "-"),
        ("Opened", iso(night.opened_at) if night.opened_at else "-"),
        ("Closed", iso(night.closed_at) if night.closed_at else "-"),
        ("Drivers", ", ".join(f"{name} since {iso(at)}" for at, name in night.drivers) or "-"),
        ("Earlier phases", _earlier(night)),
        ("Journal", f"{night.events} events, head {night.head[:12]}"),
    ]
    return lines + [f"- **{label}:** {escape(text)}" for label, text in facts]


def _earlier(night: Night) -> str:
    if not night.set_aside:
        return "-"
    where = f"done elsewhere: {night.done_elsewhere}" if night.done_elsewhere else "not in this session"
    return f"{', '.join(night.set_aside)} ({where})"


def _phases(night: Night) -> list[str]:
    rows = [
        [
            phase.title,
            span_text(phase.planned_start_at, phase.planned_end_at),
            span_text(phase.first_at, phase.last_at),
            late_text(phase.overrun_s) or "-",
            count_words(phase.counts),
        ]
        for phase in night.phases
    ]
    return (
        ["## Phases", "", *_table(["Phase", "Planned", "Actual", "Overrun", "Items"], rows)] if rows else []
    )


def _entered(night: Night) -> list[str]:
    rows = []
    for one in night.entered:
        behind = left_behind(one.open, one.failed, one.before) or "-"
        rows.append([iso(one.at), one.phase, one.by, early_text(one.early_s) or "-", behind])
    head = ["At", "Phase", "Who", "Early", "Left behind"]
    return ["## Phases entered", "", *_table(head, rows)] if rows else []


def _exceptions(night: Night) -> list[str]:
    found = [(label, said) for _, label, said in night.said if said.status.value in _SPOKEN]
    if not found:
        return []
    lines = ["## Skipped, failed, overridden", ""]
    for label, said in found:
        reason = escape(said.reason) if said.reason else "no reason was given"
        lines.append(f"- {said.status.value}: {escape(label)}: {reason} ({escape(said.by)}, {iso(said.at)})")
    return lines


def _unplanned(night: Night) -> list[str]:
    rows = []
    for made in night.unplanned:
        who = f"{made.by}, said {made.for_}" if made.for_ else made.by
        rows.append([made.text, made.below, who, iso(made.at), made.state])
    head = ["Item", "Inserted below", "Who", "At", "State"]
    return ["## Unplanned, counted apart", "", *_table(head, rows)] if rows else []


def _holds(night: Night) -> list[str]:
    rows = []
    for since, ended, reason, late in night.holds:
        longer = late_text(late) if late else "-"
        rows.append([iso(since), iso(ended) if ended else "still on", reason, longer])
    return (
        ["## Holds", "", *_table(["Since", "Until", "Reason", "Longer than announced"], rows)] if rows else []
    )


def _moves(night: Night) -> list[str]:
    rows = [[iso(at), edge, moved_text(seconds), reason, by] for at, edge, seconds, reason, by in night.moves]
    return ["## Moved by agreement", "", *_table(["At", "Edge", "By", "Reason", "Who"], rows)] if rows else []


def _promises(night: Night) -> list[str]:
    rows = [[who, iso(due), word] for who, due, word in night.promises]
    return ["## Promises", "", *_table(["Who", "Due", "Outcome"], rows)] if rows else []


def _baselines(night: Night) -> list[str]:
    rows = [
        [
            one.title,
            one.amount(one.value),
            one.amount(one.spread),
            one.samples_text,
            iso(one.at),
            one.by,
            one.reason or "-",
        ]
        for one in night.baselines
    ]
    head = ["Gauge", "Middle", "Spread", "Samples", "At", "By", "Replaced because"]
    return ["## Baselines", "", *_table(head, rows)] if rows else []


def _notes(night: Night) -> list[str]:
    if not night.notes:
        return []
    lines = ["## Notes", ""]
    for at, by, item, text in night.notes:
        about = f" on {escape(item)}" if item else ""
        lines.append(f"- {iso(at)} {escape(by)}{about}: {escape_block(text, '  ')}")
    return lines


def _items(night: Night) -> list[str]:
    rows = []
    for _, label, said in night.said:
        who = f"{said.by}, said {said.for_}" if said.for_ else said.by
        rows.append([label, said.status.value, who, iso(said.at), said.evidence or said.reason or "-"])
    return (
        ["## Items", "", *_table(["Item", "State", "Who", "At", "Evidence or reason"], rows)] if rows else []
    )


def _accepted(night: Night) -> list[str]:
    """Who took which finding of the checklist as it is; and the lines that say so in the plan itself."""
    if not night.accepted:
        return []
    rows = [[one.code, one.message, one.by, one.why, one.until or "-", iso(one.at)] for one in night.accepted]
    pasted = [
        line
        for one in night.accepted
        for line in acceptance_lines(as_finding(one), one.by, one.why, one.until or None)
    ]
    lines = ["## Findings accepted", "", *_table(["Code", "Finding", "Who", "Why", "Until", "At"], rows)]
    return [*lines, "", "To paste into the plan:", "", "```yaml", "accept:", *pasted, "```"]


def _durations(night: Night) -> list[str]:
    if not night.durations:
        return []
    lines = [duration_line(item, seconds) for item, seconds in night.durations]
    return ["## Durations of this night, to paste into the plan", "", "```yaml", *lines, "```"]
