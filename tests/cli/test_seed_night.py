"""The seed's day at 02:42:07Z and at 03:31Z: what `status` says of it, from a session file as it lies on the disk."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploytui.base.clock import FrozenClock
from deploytui.journal.lease import this_process
from deploytui.journal.sqlite import create
from deploytui.journal.store import Header
from deploytui.plan.load import read_plan
from deploytui.session.act import By, CheckItem
from deploytui.session.session_rules import opening
from tests.cli.conftest import Box
from tests.session.fake import Driven

SEED = Path(__file__).parents[2] / "checklists" / "salessync.yaml"
GO_LIVE = datetime(2025, 11, 22, 2, 0, tzinfo=UTC)
ANA = By("ANA")


@pytest.fixture
def night(box: Box) -> Box:
    """Five boxes of the preparation and six steps ticked, the last one at 02:36."""
    source = SEED.read_bytes()
    plan = read_plan(source, "salessync.yaml").plan
    box.clock = FrozenClock(GO_LIVE - timedelta(minutes=55))
    header = Header(
        session="night", title=plan.title, plan_name="salessync.yaml", plan_path=str(SEED),
        plan_sha256=hashlib.sha256(source).hexdigest(), mode="live", created_at=box.clock.now(), program="0.1.0",
    )  # fmt: skip
    drafts = opening(ANA, GO_LIVE, "pre", ("infra", "staging", "preprod"))
    path = box.state / "night.deploytui"
    store = create(path, header, source, clock=box.clock, holder=this_process("ANA"), opening=drafts)
    session = Driven(plan, store, box.clock, store.events())
    session.drive(store.lease().epoch)
    for item in [placed.item.id for placed in session.index.of_phase("pre")]:
        box.clock.advance(600)
        session.perform(CheckItem(item), ANA)
    box.clock.advance((GO_LIVE - box.clock.now()).total_seconds())
    for item in [placed.item.id for placed in session.index.of_phase("exec")][:6]:
        box.clock.advance(360)
        session.perform(CheckItem(item), ANA)
    session.leave(ANA)
    store.close()
    return box


def at(night: Box, clock: str) -> None:
    wanted = datetime.fromisoformat(f"2025-11-22T{clock}").replace(tzinfo=UTC)
    night.clock.advance((wanted - night.clock.now()).total_seconds())


def test_at_0242_it_is_execution_with_77_minutes_left_and_a_rollback_fits_until_0325(night: Box) -> None:
    at(night, "02:42:07")
    found = night.run("status", "night", "--json").data
    assert (found["now"], found["stage"], found["phase"]) == ("2025-11-22T02:42:07Z", "execution", "exec")
    assert found["window"] == {
        "start": "2025-11-22T02:00:00Z",
        "end": "2025-11-22T04:00:00Z",
        "remaining_s": 77 * 60 + 53,
        "overrun_s": 0,
    }
    assert found["roll_back_by"] == "2025-11-22T03:25:00Z"  # 35 minutes of budgets, not the stated 30
    assert found["roll_back_by_last"] == "2025-11-22T05:25:00Z"
    states = [item["state"] for item in found["items"] if item["id"].startswith("exec.")]
    assert (states.count("done"), len(states)) == (6, 18)
    assert found["counts"]["set_aside"] == 83
    text = night.run("status", "night").out
    assert "Execution   6 of 18 done" in text
    assert "phase     Deployment Execution, 77 min left" in text
    assert "rollback  ROLLBACK FITS UNTIL 03:25Z, 42 min left" in text


def test_at_0331_a_rollback_would_end_at_0406_and_fits_before_0600_if_started_by_0525(night: Box) -> None:
    at(night, "03:31:00")
    found = night.run("status", "night", "--json").data
    assert (found["stage"], found["window"]["remaining_s"]) == ("execution", 29 * 60)
    assert (found["roll_back_by"], found["roll_back_by_last"]) == (
        "2025-11-22T03:25:00Z",
        "2025-11-22T05:25:00Z",
    )
    text = night.run("status", "night").out
    assert (
        "ROLLBACK NOW ENDS 04:06Z, 6 min after Deployment Execution; before 06:00Z if started by 05:25Z"
        in text
    )


def test_the_control_another_minute_says_something_else(night: Box) -> None:
    at(night, "02:43:01")
    assert "76 min left" in night.run("status", "night").out
