"""`deploytui sessions`: every session of the folder. A file that is not sound is named; the others are still listed."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import click

from deploytui.base.errors import DeploytuiError
from deploytui.base.mask import Mask
from deploytui.base.text import clean_line
from deploytui.base.units import iso
from deploytui.cli.beginning import hidden_texts
from deploytui.cli.console import Console
from deploytui.cli.opened import is_alive, plan_of, state_of
from deploytui.cli.option import Command, json_option, store_option, unmask_option
from deploytui.cli.shelf import name_of, shelf_of
from deploytui.journal.sqlite import open_store
from deploytui.plan.index import PlanIndex
from deploytui.session.status import counts_payload, driver_payload, state_word
from deploytui.session.tally import Tally

_COLUMNS = ("SESSION", "STATE", "DRIVER", "PROGRESS", "LAST EVENT")


@click.command("sessions", cls=Command)
@json_option
@unmask_option
@store_option
@click.pass_obj
def command(console: Console, is_json: bool, store: str | None) -> int:
    """Every session: state, driver, progress, last event."""
    shelf = shelf_of(console, store)
    plans: dict[str, tuple[PlanIndex, Mask]] = {}
    rows: list[dict[str, Any]] = []
    unsound: list[dict[str, str]] = []
    for path in shelf.files():
        try:
            rows.append(_row(console, path, plans))
        except DeploytuiError as error:
            unsound.append({"file": str(path), "why": str(error)})
            if not is_json:
                console.problems(error.problems)
    rows.sort(key=lambda row: row["last_event"]["at"], reverse=True)
    rows.sort(key=lambda row: row["state"] == "closed")
    if is_json:
        console.data({"sessions": rows, "unsound": unsound})
    elif rows:
        console.say(*_table(rows))
    elif not unsound:
        console.say(f"no sessions in {clean_line(str(shelf.folder))}")
    return 0


def _row(console: Console, path: Path, plans: dict[str, tuple[PlanIndex, Mask]]) -> dict[str, Any]:
    with closing(open_store(path, writable=False, clock=console.clock)) as store:
        header, state, lease = store.header, state_of(store), store.lease()
        last = store.events(state.seq - 1, 1)[0] if state.seq else None
        if header.plan_sha256 not in plans:
            plan = plan_of(store)
            console.hide(hidden_texts(plan, {}, console.env))
            plans[header.plan_sha256] = PlanIndex(plan), console.mask
    index, mask = plans[header.plan_sha256]
    row = {
        "session": name_of(path),
        "file": str(path),
        "title": header.title,
        "mode": header.mode,
        "state": state_word(state),
        "outcome": state.outcome or None,
        "driver": driver_payload(state, lease, is_alive(lease)),
        "counts": counts_payload(Tally(index, state).everything()),
        "last_event": {
            "seq": last.seq if last else 0,
            "at": iso(last.at if last else header.created_at),
            "kind": last.kind if last else None,
        },
    }
    return mask.value(row)


def _table(rows: list[dict[str, Any]]) -> list[str]:
    lines = [_COLUMNS, *(_cells(row) for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(_COLUMNS))]
    return [
        "  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]


def _cells(row: dict[str, Any]) -> tuple[str, str, str, str, str]:
    driver, counts, last = row["driver"], row["counts"], row["last_event"]
    name = "nobody" if driver is None else driver["name"] + ("" if driver["alive"] else " (gone)")
    failed = f", {counts['failed']} FAILED" if counts["failed"] else ""
    progress = f"{counts['done']} of {counts['total']} done{failed}"
    state = row["outcome"] or row["state"]
    return row["session"], state, name, progress, f"{last['at']} {last['kind'] or 'none'}"
