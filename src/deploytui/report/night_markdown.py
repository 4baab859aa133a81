"""The report of a night as Markdown: what a change ticket or a review wants to read."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import convert

from deploytui.base.mask import Mask
from deploytui.base.units import left, number, over, write_duration
from deploytui.metrics.baseline import FEW_SAMPLES
from deploytui.plan.finding import Finding
from deploytui.plan.lint import acceptance_lines
from deploytui.report.escape import escape, escape_block, table
from deploytui.report.night import Night
from deploytui.session.status import count_words
from deploytui.session.transition import early_text, left_behind
from deploytui.session.view import Counts

_SPOKEN = ("skipped", "failed", "overridden")


def night_markdown(found: Night, mask: Mask) -> str:
    """Every part that has something to say, in the order of a review. Masked here, before anything is escaped."""
    night = mask.value(found)
    # An id is an address in JSON; here it is read by people only.
    night = {**night, "notes": [{**one, "item": mask.text(one["item"] or "")} for one in night["notes"]]}
    parts = [
        _head(night),
        _table("Phases", "Phase|Planned|Actual|Overrun|Items", map(_phase, night["phases"])),
        _table("Phases entered", "At|Phase|Who|Early|Left behind", map(_entered, night["entered"])),
        _list(
            "Skipped, failed, overridden",
            [
                f"{one['state']}: {escape(one['text'])}: {escape(one['reason'] or 'no reason was given')} "
                f"({escape(one['by'] or '')}, {one['at']})"
                for one in night["items"]
                if one["state"] in _SPOKEN
            ],
        ),
        _table(
            "Unplanned, counted apart",
            "Item|Inserted below|Who|At|State",
            ([one["text"], one["below"], _who(one), one["at"], one["state"]] for one in night["unplanned"]),
        ),
        _table("Holds", "Since|Until|Reason|Longer than announced", map(_hold, night["holds"])),
        _table(
            "Moved by agreement",
            "At|Edge|By|Reason|Who",
            (
                [one["at"], one["edge"], _moved(one["seconds"]), one["reason"], one["by"]]
                for one in night["moves"]
            ),
        ),
        _table("Promises", "Who|Due|Outcome", (one.values() for one in night["promises"])),
        _table(
            "Baselines",
            "Gauge|Middle|Spread|Samples|At|By|Replaced because",
            map(_baseline, night["baselines"]),
        ),
        _list("Notes", map(_note, night["notes"])),
        _table(
            "Items",
            "Item|State|Who|At|Evidence or reason",
            (
                [one["text"], one["state"], _who(one), one["at"], one["evidence"] or one["reason"]]
                for one in night["items"]
            ),
        ),
        _pasted(
            "## Durations of this night, to paste into the plan",
            [f"{item}: {write_duration(seconds)}" for item, seconds in night["durations_s"].items()],
        ),
        *_accepted(night["findings_accepted"]),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _table(title: str, head: str, rows: Iterable[Iterable[str | None]]) -> list[str]:
    """A part with a table, nothing where that has no rows. A dash stands for what is not known."""
    cells = [[escape("-" if cell is None else cell) for cell in row] for row in rows]
    return [f"## {title}", "", *table(head.split("|"), cells)] if cells else []


def _list(title: str, texts: Iterable[str]) -> list[str]:
    lines = [f"- {text}" for text in texts]
    return [f"## {title}", "", *lines] if lines else []


def _pasted(title: str, lines: list[str]) -> list[str]:
    return [title, "", "```yaml", *lines, "```"] if lines else []


def _head(night: Night) -> list[str]:
    mark = "REHEARSAL: " if night["mode"] == "rehearsal" else ""
    elsewhere = night["done_elsewhere"]
    where = f"done elsewhere: {elsewhere}" if elsewhere else "not in this session"
    facts = {
        "Session": night["session"],
        "Outcome": night["outcome"],
        "Go-live": night["go_live"],
        "Opened": night["opened_at"],
        "Closed": night["closed_at"],
        "Drivers": ", ".join(f"{one['name']} since {one['since']}" for one in night["drivers"]),
        "Earlier phases": f"{', '.join(night['set_aside'])} ({where})" if night["set_aside"] else "",
        "Journal": f"{night['events']} events, head {night['head'][:12]}",
    }
    lines = [f"- **{label}:** {escape(text or '-')}" for label, text in facts.items()]
    return [f"# {mark}{escape(night['title'])}", "", *lines]


def _phase(phase: Night) -> list[str | None]:
    counts = convert({**phase["counts"], "unplanned": phase["unplanned"]}, Counts)
    spans = [_span(**phase["planned"]), _span(**phase["actual"])]
    return [phase["title"], *spans, _late(phase["overrun_s"]), count_words(counts)]


def _entered(one: Night) -> list[str | None]:
    counts = one["counts"]
    behind = left_behind(counts["open"], counts["failed"], one["left"] or "")
    return [one["at"], one["phase"], one["by"], early_text(one["early_s"]) or None, behind or None]


def _hold(one: Night) -> list[str | None]:
    return [one["since"], one["ended"] or "still on", one["reason"], _late(one["longer_than_announced_s"])]


def _baseline(one: Night) -> list[str | None]:
    amounts = [f"{number(one[name])} {one['unit'] or ''}".rstrip() for name in ("value", "spread")]
    samples = f"{'only ' if one['samples'] < FEW_SAMPLES else ''}{one['samples']}"
    return [one["title"], *amounts, samples, one["at"], one["by"], one["reason"]]


def _note(one: Night) -> str:
    about = f" on {escape(one['item'])}" if one["item"] else ""
    return f"{one['at']} {escape(one['by'])}{about}: {escape_block(one['text'], '  ')}"


def _accepted(accepted: list[Night]) -> list[list[str]]:
    """Who took which finding of the checklist as it is; and the lines that say so in the plan itself."""
    columns = ("code", "message", "by", "why", "until", "at")
    rows = ([one[column] for column in columns] for one in accepted)
    lines = ["accept:"] if accepted else []
    for one in accepted:
        finding = Finding(one["code"], "", 0, one["message"], one["item"])
        lines += acceptance_lines(finding, one["by"], one["why"], one["until"])
    return [
        _table("Findings accepted", "Code|Finding|Who|Why|Until|At", rows),
        _pasted("To paste into the plan:", lines),
    ]


def _who(one: Night) -> str:
    return f"{one['by'] or ''}, said {one['for']}" if one["for"] else one["by"] or ""


def _late(seconds: int | None) -> str | None:
    """`6 min over`, None for nothing."""
    return f"{over(seconds)} over" if seconds else None


def _moved(seconds: int) -> str:
    """`+30 min`."""
    return ("+" if seconds > 0 else "-") + left(abs(seconds))


def _span(start: str | None, end: str | None) -> str:
    """`2025-11-22T02:00:00Z to 04:00:00Z`, or a dash."""
    if start is None or end is None:
        return "-"
    return f"{start} to {end[11:] if start[:10] == end[:10] else end}"
