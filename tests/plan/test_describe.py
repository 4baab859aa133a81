"""`check --json`: every promised name, with and without a go-live."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from deploytui.plan.describe import describe
from deploytui.plan.finding import Finding, Recognized, Repair
from deploytui.plan.load import Loaded, read_plan
from tests.plan.sample import FULL

GO_LIVE = datetime(2025, 11, 22, 2, 0, tzinfo=UTC)
LOADED = read_plan(FULL.encode(), "full.yaml")


def phases(described: dict[str, Any]) -> dict[str, Any]:
    return {phase["id"]: phase for stage in described["stages"] for phase in stage["phases"]}


def test_the_names_are_the_promised_ones() -> None:
    found = describe(LOADED)
    assert list(found) == [
        "title", "go_live", "stages", "rollback", "criteria", "contacts", "signoffs", "notes", "counts",
        "unboxed", "findings", "recognized", "repairs",
    ]  # fmt: skip
    assert [stage["stage"] for stage in found["stages"]] == ["pre-deploy", "execution", "post-deploy"]
    phase = phases(found)["exec"]
    assert list(phase) == ["id", "title", "window", "groups"]
    assert list(phase["window"]) == ["start", "end", "start_offset_s", "end_offset_s"]
    assert list(phase["groups"][0]) == ["id", "title", "items"]
    assert list(found["rollback"]) == ["triggers", "stages", "limit_s", "sum_s"]
    assert list(found["rollback"]["stages"][0]) == ["id", "title", "budget_s", "items"]
    assert list(found["criteria"][0]) == ["title", "kind", "items"]
    assert list(found["contacts"][0]) == ["team", "role", "name", "phone", "email"]
    assert list(found["signoffs"][0]) == ["when", "role", "name"]
    assert list(found["notes"][0]) == ["kind", "text", "line"]


def test_an_item_says_all_it_is() -> None:
    item = phases(describe(LOADED))["exec"]["groups"][0]["items"][3]
    assert item == {
        "id": "exec.8",
        "text": "Response times < 500ms",
        "line": item["line"],
        "ordered": True,
        "optional": None,
        "owner": None,
        "every": None,
        "limit": {"metric": "Response times", "op": "<", "value": 500.0, "unit": "ms"},
        "when": {"gauge": "latency", "is": "ok", "for_s": 60, "ticks": "self"},
        "run": None,
        "marks": [],
        "items": [],
    }


def test_every_box_is_counted_those_inside_others_too() -> None:
    counts = describe(LOADED)["counts"]
    assert counts == {"items": 19, "plan": 13, "rollback_triggers": 2, "rollback_steps": 3, "criteria": 1}


def test_placeholders_are_null() -> None:
    assert describe(LOADED)["contacts"] == [
        {"team": "Deployment Team", "role": "DBA", "name": None, "phone": "+1 555 0100", "email": None}
    ]


def test_without_a_go_live_the_offsets_stand() -> None:
    found = describe(LOADED)
    assert found["go_live"] is None
    assert phases(found)["infra"]["window"] == {
        "start": None, "end": None, "start_offset_s": -18 * 86400, "end_offset_s": -13 * 86400,
    }  # fmt: skip


def test_with_a_go_live_the_windows_are_instants() -> None:
    found = describe(LOADED, GO_LIVE)
    assert found["go_live"] == "2025-11-22T02:00:00Z"
    assert phases(found)["exec"]["window"] == {
        "start": "2025-11-22T02:00:00Z", "end": "2025-11-22T04:00:00Z", "start_offset_s": 0, "end_offset_s": 7200,
    }  # fmt: skip
    # Days are those of the plan's zone, Europe/Berlin.
    assert phases(found)["infra"]["window"]["start"] == "2025-11-03T23:00:00Z"
    assert phases(found)["infra"]["window"]["end"] == "2025-11-08T23:00:00Z"


def test_the_stated_go_live_counts_and_another_moves_everything() -> None:
    text = FULL.replace("zone: Europe/Berlin", "go_live: 2025-11-22T02:00Z").replace(
        "window: T .. T+2h", "window: 2025-11-22T02:00Z .. 2025-11-22T04:00Z"
    )
    loaded = read_plan(text.encode(), "x.yaml")
    assert phases(describe(loaded))["exec"]["window"]["end"] == "2025-11-22T04:00:00Z"
    moved = describe(loaded, datetime(2025, 12, 1, tzinfo=UTC))
    assert phases(moved)["exec"]["window"]["end"] == "2025-12-01T02:00:00Z"


def test_instants_without_a_go_live_are_themselves() -> None:
    text = FULL.replace("window: T .. T+2h", "window: 2025-11-22T02:00Z .. 2025-11-22T04:00Z")
    loaded = read_plan(text.encode(), "x.yaml")
    assert phases(describe(loaded))["exec"]["window"] == {
        "start": "2025-11-22T02:00:00Z", "end": "2025-11-22T04:00:00Z", "start_offset_s": None, "end_offset_s": None,
    }  # fmt: skip
    assert phases(describe(loaded, GO_LIVE))["exec"]["window"]["end_offset_s"] == 7200


def test_remarks_are_passed_on() -> None:
    loaded = Loaded(
        LOADED.plan, b"", "", "x.yaml", None,
        (Finding("no-gate", "warning", 3, "no gate"),), (Recognized(4, "APPROVED", "claim"),), (Repair(5, "‚òê", "☐"),),
    )  # fmt: skip
    found = describe(loaded)
    (finding,) = found["findings"]
    assert (finding["code"], finding["severity"], finding["line"]) == ("no-gate", "warning", 3)
    assert (finding["message"], finding["item"], finding["accepted"]) == ("no gate", None, None)
    assert found["recognized"] == [{"line": 4, "text": "APPROVED", "as": "claim"}]
    assert found["repairs"] == [{"line": 5, "found": "‚òê", "became": "☐"}]


def test_it_is_json() -> None:
    assert json.loads(json.dumps(describe(LOADED, GO_LIVE), allow_nan=False)) == describe(LOADED, GO_LIVE)
