"""The seed's day on the screen, at the sizes it is presented at: 02:42:07Z, 03:31Z, and past the last limit."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.pictures.states import STATES, services_in
from tests.ui.bridge import Bridge, bridge

SIZES = [(80, 24), (120, 40), (200, 50)]


async def at(night: Bridge, clock: str) -> None:
    wanted = datetime.fromisoformat(f"2025-11-22T{clock}").replace(tzinfo=UTC)
    await night.tick((wanted - night.clock.now()).total_seconds())


@pytest.mark.parametrize(("cols", "rows"), SIZES)
async def test_at_0242_with_six_steps_done(cols: int, rows: int) -> None:
    async with bridge(cols, rows, services_in(STATES["on-time"])) as night:
        text = night.text
        assert "02:42:07 UTC" in text
        assert "EXECUTION 6 of 18, ends 04:00Z, 77 min left" in text
        assert "ROLLBACK FITS UNTIL 03:25Z, 42 min left" in text
        assert " 03:25 ! rollback fits until" in text
        assert all(len(line) == cols for line in text.splitlines())


@pytest.mark.parametrize(("cols", "rows"), SIZES)
async def test_at_0331_the_last_minute_is_past(cols: int, rows: int) -> None:
    async with bridge(cols, rows, services_in(STATES["on-time"])) as night:
        await at(night, "03:31:00")
        assert "ROLLBACK NOW ENDS 04:06Z, 6 min" in night.text
        if cols >= 200:
            assert "6 min after Deployment Execution; before 06:00Z if started by 05:25Z" in night.text
        assert "rollback fitted" in night.text


@pytest.mark.parametrize(("cols", "rows"), SIZES)
async def test_at_0406_the_execution_is_over_and_says_by_how_much(cols: int, rows: int) -> None:
    async with bridge(cols, rows, services_in(STATES["on-time"])) as night:
        await at(night, "04:05:30")
        assert "6 min over" in night.text
        assert "POST-DEPLOY" in night.text
