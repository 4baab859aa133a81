"""What leaves the dashboard shows no secret: the panes and pages, the window's title, notifications, copies."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from deploytui.base.mask import DOT, Mask, NoMask
from deploytui.cli.beginning import hidden_texts
from deploytui.plan.lint import lint
from deploytui.plan.load import read_plan
from deploytui.ui.app import DashboardApp
from deploytui.ui.question import QuestionApp
from deploytui.ui.screens.ask import LeaveModal
from deploytui.ui.terminal.app import GuardedApp
from tests.planted import IN_ENV, LISTED, Secrets, acts, hits, plan_text, planter
from tests.ui.bridge import Bridge
from tests.ui.drawn import skin
from tests.ui.night import ToldGauges, make_services, readings

SAMPLE: Secrets = [
    ("kim@example.com", "kim@example.com"), ("https://u:pw12345@h/x", "pw12345"), ("tel:+49 30 1234567", "30 1234567"),
    ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", "16C7e42F292c6912E7710c838347Ae178B4a"), (LISTED, LISTED), (IN_ENV, IN_ENV),
]  # fmt: skip
KEYS = ("2", "z", "3", "enter", "escape", "4", "z", "1", "enter", "escape", "c", "escape", "q", "escape")


class Heard(dict[str, str]):
    """What came out, by where."""

    def add(self, name: str, text: str) -> None:
        self[name] = self.get(name, "") + text + "\n"


def told(plant: Callable[[], str]) -> ToldGauges:
    """Gauges whose every text is one of the planted."""
    found = [
        replace(one, id=name, title=plant(), target=plant(), unit=plant()[:9], why=plant())
        for name, one in zip(("one", "two"), readings(), strict=False)
    ]
    gauges = ToldGauges(found)
    gauges.answers = {"one": plant(), "two": plant()}
    return gauges


async def everything(planted: Secrets, monkeypatch: pytest.MonkeyPatch, *, is_masked: bool = True) -> Heard:
    """A night full of secrets, gone through from pane to page, and all that left it."""
    heard, plant = Heard(), planter(planted)
    plan = read_plan(plan_text(plant).encode(), "ship.yaml").plan
    services, clock = make_services(plan, gauges=told(plant), entered="pre", set_aside=())
    services.skin.mask = Mask(hidden_texts(plan, {}, {"SHIP_KEY": IN_ENV})) if is_masked else NoMask()
    services.session.header = replace(services.session.header, title=plant())
    services.lint = lambda: lint(plan)
    for act, by in acts(plant):
        services.session.perform(act, by)
    monkeypatch.setattr(GuardedApp, "set_terminal_title", lambda self, title: heard.add("title", title))
    monkeypatch.setattr(
        GuardedApp, "tell_terminal", lambda self, sequence: heard.add("notification", sequence)
    )
    app = DashboardApp(services, env={"TERM": "xterm-256color"})
    async with app.run_test(size=(160, 40)) as pilot:
        night = Bridge(app, pilot, services, clock)
        await night.settle()
        for key in KEYS:
            heard.add("screen", night.text)
            await night.press(key)
        await night.tick(700)  # a promise is overdue
        heard.add("screen", night.text)
        for name in ("status", "row", "card", "accepted"):
            night.screen.perform(f"session.copy_{name}")
            heard.add(f"copied {name}", app.clipboard)
        night.screen.perform("session.findings")
        await night.settle()
        heard.add("screen", night.text)
    return heard


async def test_nothing_that_leaves_the_dashboard_shows_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = await everything(SAMPLE, monkeypatch)
    assert {name: found for name, text in heard.items() if (found := hits(text, SAMPLE))} == {}


async def test_the_control_without_a_mask_every_way_out_shows_some(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = await everything(SAMPLE, monkeypatch, is_masked=False)
    assert set(heard) == {
        "title", "notification", "screen", "copied status", "copied row", "copied card", "copied accepted"
    }  # fmt: skip
    assert {name for name, text in heard.items() if not hits(text, SAMPLE)} == set()


async def test_the_title_of_a_question_is_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = Heard()
    monkeypatch.setattr(GuardedApp, "set_terminal_title", lambda self, title: heard.add("title", title))
    dialog = LeaveModal(skin(), "", (), is_driving=True)
    dialog.skin.mask, dialog.title_text = Mask(), "Leave kim@example.com?"
    async with QuestionApp(dialog).run_test():
        assert heard["title"] == f"deploytui: Leave {DOT * 15}?\n"


async def test_what_is_seen_elsewhere_is_masked_while_the_screen_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard = Heard()
    monkeypatch.setattr(GuardedApp, "tell_terminal", lambda self, sequence: heard.add("told", sequence))
    services, _ = make_services()
    services.skin.is_unmasked = True
    app = DashboardApp(services, env={"TERM": "xterm-256color"})
    async with app.run_test():
        app.notify_outside("deploytui", "ask kim@example.com")
        app.copy_to_clipboard("ask kim@example.com")
        assert heard["told"] == f"\x1b]9;deploytui: ask {DOT * 15}\x1b\\\n"
        assert app.clipboard == "ask kim@example.com"
        services.skin.is_unmasked = False
        app.copy_to_clipboard("ask kim@example.com")
        assert app.clipboard == f"ask {DOT * 15}"
