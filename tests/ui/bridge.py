"""A person at the dashboard, for tests that read like a story. Time moves only when a key is pressed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot

from deploytui.base.clock import FrozenClock
from deploytui.session.session import Session
from deploytui.ui.app import DashboardApp
from deploytui.ui.screens.dashboard import Dashboard
from deploytui.ui.service import Services
from tests.session.fake import ListStore
from tests.ui.drawn import screen_text
from tests.ui.night import make_services


class Bridge:
    """The running dashboard: press keys, and see what is on the screen."""

    def __init__(self, app: DashboardApp, pilot: Pilot[Any], services: Services, clock: FrozenClock) -> None:
        self.app, self.pilot, self.services, self.clock = app, pilot, services, clock

    @property
    def session(self) -> Session:
        return self.services.session

    @property
    def store(self) -> ListStore:
        assert isinstance(self.session.store, ListStore)
        return self.session.store

    @property
    def screen(self) -> Dashboard:
        return self.app.dashboard

    @property
    def text(self) -> str:
        return screen_text(self.app)

    @property
    def footer(self) -> str:
        return self.text.splitlines()[-1]

    @property
    def cursor(self) -> str:
        return self.screen.checklist.cursor_item

    def row(self, item: str) -> str:
        """The line of an item, as it is on the screen."""
        label = self.session.index.by_id[item].item.text
        return next((line for line in self.text.splitlines() if label in line), "")

    async def press(self, *keys: str, after_s: float = 1.0) -> None:
        """Each key a second after the last one, as a person would."""
        for key in keys:
            self.clock.advance(after_s)
            await self.pilot.press(key)
            await self.settle()

    async def write(self, text: str) -> None:
        """Type into a dialog that has stood for a while."""
        self.clock.advance(1.0)
        for char in text:
            await self.pilot.press("space" if char == " " else char)
        await self.settle()

    async def settle(self) -> None:
        """Until all is saved and drawn."""
        async with asyncio.timeout(10):
            while self.services.writer.pending:
                await asyncio.sleep(0.002)
        await self.pilot.pause()
        await self.pilot.pause()

    async def tick(self, seconds: float = 1.0) -> None:
        """A moment passes, and the screen looks at its clock."""
        self.clock.advance(seconds)
        self.screen.tick()
        await self.settle()


@asynccontextmanager
async def bridge(
    cols: int = 120, rows: int = 40, services: Services | None = None, **asked: Any
) -> AsyncIterator[Bridge]:
    """The dashboard of the small plan, or of `services`, at a size."""
    if services is None:
        services, _ = make_services(**asked)
    clock = services.machine
    assert isinstance(clock, FrozenClock)
    app = DashboardApp(services)
    async with app.run_test(size=(cols, rows)) as pilot:
        night = Bridge(app, pilot, services, clock)
        await night.settle()
        yield night
