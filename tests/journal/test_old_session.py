"""Session files that were written before events were types: they open, verify, fold and read as they did then.

The files and the `.json` beside them were made by the program of that day and are never made anew: `night` has every
kind of event, `taken` was taken over twice, `rehearsal` is one, and `newer` holds what only a newer program, or no
program of ours, would write.
"""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from deploytui.base.clock import FrozenClock
from deploytui.base.mask import NoMask
from deploytui.journal import codec
from deploytui.journal.fact import Known
from deploytui.journal.integrity import verify
from deploytui.journal.sqlite import open_store
from deploytui.journal.sqlite_store import SqliteStore
from deploytui.journal.state import ItemState
from deploytui.plan.load import read_plan
from deploytui.report.night import night
from deploytui.report.night_markdown import night_markdown
from deploytui.session.event_text import journal_row, since_text
from deploytui.session.item_detail import item_detail
from tests.session.fake import Driven

FOLDER = Path(__file__).parent / "fixture"
NAMES = ("night", "taken", "rehearsal", "newer")
LATER = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def unpacked(name: str, folder: Path) -> SqliteStore:
    """The session file, opened to be read."""
    path = folder / f"{name}.deploytui"
    path.write_bytes(gzip.decompress((FOLDER / f"{name}.deploytui.gz").read_bytes()))
    path.chmod(0o600)
    return open_store(path, writable=False, clock=FrozenClock(LATER))


def said(item: ItemState) -> list[dict[str, Any]]:
    """All that was said of an item, newest first, as it was written down then."""
    ever = [msgspec.to_builtins(one) for one in (item, *reversed(item.earlier))]
    return [{key: part for key, part in one.items() if key != "earlier"} | {"before": None} for one in ever]


def told(store: SqliteStore) -> Any:
    """All that is made of a journal, as plain JSON."""
    events = store.events()
    plan = read_plan(store.plan_source, store.header.plan_name).plan
    session = Driven(plan, store, FrozenClock(LATER), events)
    rows = [journal_row(event, session.index) for event in events]
    found = night(session, store.head())
    verdict = verify(store)
    return json.loads(
        msgspec.json.encode(
            {
                "verdict": [verdict.events, verdict.head, str(verdict.broken)],
                "state": {
                    name: sorted(value)
                    if isinstance(value := getattr(session.state, name), frozenset)
                    else {item: said(said_of) for item, said_of in value.items()}
                    if name == "items"
                    else value
                    for name in sorted(session.state.__struct_fields__)
                },
                "rows": [
                    " | ".join([str(row.seq), row.clock, row.by, row.glyph, row.text, str(row.level)])
                    for row in rows
                ],
                "since": [
                    since_text(events[:seq], session.index, LATER) for seq in range(1, len(events) + 1)
                ],
                "items": {item: item_detail(session, item, LATER).lines for item in session.index.by_id},
                "report": found,
                "markdown": night_markdown(found, NoMask()).split("\n"),
            },
            enc_hook=dict,
        )
    )


@pytest.mark.parametrize("name", NAMES)
def test_it_reads_as_it_did_when_it_was_written(name: str, tmp_path: Path) -> None:
    store = unpacked(name, tmp_path)
    then = json.loads((FOLDER / f"{name}.json").read_text())
    now = told(store)
    store.close()
    for part, expected in then.items():
        assert now[part] == expected, part


@pytest.mark.parametrize("name", [name for name in NAMES if name != "newer"])
def test_what_is_written_today_is_what_was_written_then_byte_for_byte(name: str, tmp_path: Path) -> None:
    store = unpacked(name, tmp_path)
    rows = store.stored(0, 1000)
    store.close()
    assert {row.seq: codec.encode(codec.decode(row.body)) for row in rows} == {
        row.seq: row.body for row in rows
    }


def test_one_of_them_has_an_event_of_every_kind_that_was_known(tmp_path: Path) -> None:
    kinds: set[str] = set()
    for name in ("night", "rehearsal"):
        store = unpacked(name, tmp_path)
        kinds |= {event.kind for event in store.events()}
        store.close()
    assert kinds == {kind.__struct_config__.tag for kind in get_args(Known)}
